"""Builds for rp2 boards: MicroPython's own port through cmake, then one UF2 file."""

from . import flash_image, paths, uf2
from .errors import Failure

FLASH = 0x10000000  # where the chips see their flash
FAMILIES = {"rp2040": uf2.RP2040, "rp2350": uf2.RP2350}
_RADIO = "lib/cyw43-driver/src/cyw43.h"


def commands(board, tree, folder, jobs, settings):
    """The commands that build ``board`` from ``tree`` in ``folder``; see build.build()."""
    if board.has_radio and not (tree / _RADIO).exists():
        raise Failure(
            "%s: its radio needs lib/cyw43-driver, which these sources lack; name a full checkout "
            "of MicroPython with MICROPYTHON_DIR" % board.name
        )
    definitions = {
        "MICROPY_BOARD": board.name,
        "MICROPY_BOARD_DIR": board.folder,
        "MICROPY_FROZEN_MANIFEST": board.folder / "manifest.py",
        "PICO_BUILD_DOCS": 0,
        "PICO_NO_PICOTOOL": 1,
    }
    configure = ["cmake", "-S", str(tree / "ports" / "rp2"), "-B", str(folder)]
    configure += ["-D%s=%s" % item for item in definitions.items()]
    configure += ["-D" + setting for setting in settings]
    return [configure, ["cmake", "--build", str(folder), "-j%d" % jobs]]


def finish(board, folder):
    """Make the UF2 files of the built firmware.bin, or Failure where it is too large.

    ``firmware.uf2`` has the default filesystem in it, for a board's first time;
    ``firmware.update.uf2`` leaves a board's own files alone.
    """
    firmware = (folder / "firmware.bin").read_bytes()
    offset, size = board.filesystem()
    if len(firmware) > offset:
        over = len(firmware) - offset
        raise Failure(
            "%s: the image is %d bytes larger than the board's flash" % (board.name, over)
        )
    filesystem = folder / "filesystem.img"
    site = paths.root() / "firmware" / "filesystem"
    flash_image.create(site, filesystem, size, unit=flash_image.RP2_UNIT)
    family = FAMILIES[board.about["mcu"]]
    program = (FLASH, firmware)
    files = (FLASH + offset, filesystem.read_bytes())
    (folder / "firmware.update.uf2").write_bytes(uf2.make([program], family))
    board.image.write_bytes(uf2.make([program, files], family))
