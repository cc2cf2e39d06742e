"""Builds for rp2 boards: MicroPython's own port through cmake, then one UF2 file."""

from . import flash_image, paths, sources, uf2
from .errors import Failure

FLASH = 0x10000000  # where the chips see their flash
FAMILIES = {"rp2040": uf2.RP2040, "rp2350": uf2.RP2350}
_RADIO = "lib/cyw43-driver/src/cyw43.h"


def commands(board, tree, folder, jobs, settings):
    """The commands that build ``board`` from ``tree`` in ``folder``; see build.build()."""
    if board.has_radio:
        sources.require(board.name, tree, (_RADIO,))
    definitions = {
        "MICROPY_BOARD": board.folder.name,
        "MICROPY_BOARD_DIR": board.folder,
        "MICROPY_FROZEN_MANIFEST": board.folder / "manifest.py",
        "PICO_BUILD_DOCS": 0,
        "PICO_NO_PICOTOOL": 1,
    }
    if board.variant:
        definitions["MICROPY_BOARD_VARIANT"] = board.variant
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
    flash_image.create(paths.default_site(), filesystem, size, unit=flash_image.RP2_UNIT)
    family = FAMILIES[board.about["mcu"]]
    program = (FLASH, firmware)
    files = (FLASH + offset, filesystem.read_bytes())
    (folder / "firmware.update.uf2").write_bytes(uf2.make([program], family))
    board.image.write_bytes(uf2.make([program, files], family))
