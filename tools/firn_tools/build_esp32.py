"""Builds for ESP32 boards: MicroPython's own port through ESP-IDF, then one file with it all.

Neither is in a package: a full checkout of MicroPython is named with MICROPYTHON_DIR and ESP-IDF
with IDF_PATH. What is wrong with either is said before the minutes of a build.
"""

import os
import re
import shutil
from pathlib import Path

from . import flash_image, partitions, paths, sources
from .errors import Failure

# What MicroPython's port is built with beside ESP-IDF's own; Debian's sources lack some of it.
_NEEDED = ("lib/berkeley-db-1.xx/btree/bt_open.c", "lib/micropython-lib/README.md")
_NEEDED_FOR_USB = ("lib/tinyusb/src/tusb.c",)
_WITH_USB = ("esp32s2", "esp32s3")
_PORT = "ports/esp32"
# ESP-IDF's tools come into a shell through its own script.
_IN_IDF = '. "$IDF_PATH/export.sh" && exec "$@"'


def commands(board, tree, folder, settings):
    """The commands that build ``board`` from ``tree`` in ``folder``; see build.build()."""
    _check_tree(board, tree)
    _check_idf(tree)
    partition_table(board)
    variables = {
        "BOARD_DIR": board.folder,
        "BUILD": folder,
        "FROZEN_MANIFEST": board.folder / "manifest.py",
    }
    make = ["make", "-C", str(tree / _PORT), *("%s=%s" % item for item in variables.items())]
    return [["bash", "-c", _IN_IDF, "bash", *make, *settings]]


def partition_table(board):
    """The Partitions of ``board``'s own table, checked against its flash."""
    name = "boards/%s/partitions.csv" % board.name
    table = board.partitions()
    partitions.check(table, board.about["flash_size"], name)
    if partitions.filesystem(table) is None:
        raise Failure("%s: expected a partition named vfs for the files" % name)
    if not partitions.apps(table):
        raise Failure("%s: expected a partition of type app" % name)
    return table


def _check_tree(board, tree):
    with_usb = board.about["mcu"] in _WITH_USB
    sources.require(board.name, tree, _NEEDED + (_NEEDED_FOR_USB if with_usb else ()))


def _check_idf(tree):
    """Failure, with what to type, unless IDF_PATH names an ESP-IDF that ``tree`` takes."""
    advice = (
        "type: git clone -b v%s --recursive https://github.com/espressif/esp-idf && "
        "esp-idf/install.sh esp32,esp32c3,esp32s3 && export IDF_PATH=$PWD/esp-idf" % _advised(tree)
    )
    named = os.environ.get("IDF_PATH")
    if not named:
        raise Failure("IDF_PATH: expected the folder of ESP-IDF, got nothing; " + advice)
    found = idf_version(Path(named).expanduser())
    if found is None:
        raise Failure("IDF_PATH: expected the folder of ESP-IDF, got %s; %s" % (named, advice))
    least = oldest_idf(tree)
    if found < least:
        raise Failure(
            "IDF_PATH: expected ESP-IDF %s or later, got %s; %s"
            % (_text(least), _text(found), advice)
        )


def idf_version(folder):
    """The version of the ESP-IDF in ``folder`` as a tuple of three ints; None: it is not one."""
    try:
        text = (folder / "tools" / "cmake" / "version.cmake").read_text()
    except OSError:
        return None
    found = [
        re.search(r"set\(IDF_VERSION_%s (\d+)\)" % part, text)
        for part in ("MAJOR", "MINOR", "PATCH")
    ]
    if not all(found) or not (folder / "export.sh").is_file():
        return None
    return tuple(int(part.group(1)) for part in found)


def oldest_idf(tree):
    """The oldest ESP-IDF that a MicroPython tree says it takes, as a tuple of three ints."""
    file = tree / _PORT / "main" / "idf_component.yml"
    text = file.read_text() if file.is_file() else ""
    found = re.search(r"idf:\s+version: \">=(\d+)\.(\d+)\.?(\d+)?", text)
    return tuple(int(part or 0) for part in found.groups()) if found else (5, 2, 0)


def _advised(tree):
    """The version of ESP-IDF that a MicroPython tree's own guide says to take (str)."""
    file = tree / _PORT / "README.md"
    text = file.read_text(errors="replace") if file.is_file() else ""
    found = re.search(r"git clone -b v([\d.]+)", text)
    return found.group(1) if found else _text(oldest_idf(tree))


def _text(version):
    return ".".join(map(str, version))


def reason(board, text):
    """What a failed build's output says is wrong, or None."""
    small = re.search(
        r"All app partitions are too small for binary \S+ size (0x\w+).*?overflow (0x\w+)",
        text,
        re.DOTALL,
    )
    if small:
        size, over = (int(number, 16) for number in small.groups())
        return _too_large(board, size, over)
    if re.search(r"export\.sh|install\.sh", text) and "Executing action" not in text:
        return "ESP-IDF's tools are not installed; type: %s/install.sh %s" % (
            os.environ.get("IDF_PATH", "$IDF_PATH"),
            board.about["mcu"],
        )
    return None


def _too_large(board, size, over):
    return (
        "%s: the image of %d bytes is %d bytes larger than its slot in the flash; leave something "
        "out of manifest.py or give the slots more room in boards/%s/partitions.csv"
        % (board.name, size, over, board.name)
    )


def finish(board, folder):
    """Put the files of a finished build together, or Failure where one does not fit.

    ``firmware.bin`` has it all, from the bootloader to the default filesystem, for a board's first
    time; it goes to the board's flash_offset. ``firmware.app-bin`` is the application alone,
    which an update writes to a slot. ``firmware.elf`` is the linked program.
    """
    table = partition_table(board)
    built = (folder / "partition_table" / "partition-table.bin").read_bytes()
    if partitions.parse_binary(built) != table:
        raise Failure(
            "%s: the image's partition table is not that of boards/%s/partitions.csv"
            % (board.name, board.name)
        )
    application = (folder / "micropython.bin").read_bytes()
    slot = partitions.apps(table)[0]
    smallest = min(entry.size for entry in partitions.apps(table))
    if len(application) > smallest:
        raise Failure(_too_large(board, len(application), len(application) - smallest))
    flash_offset = int(board.about["deploy_options"]["flash_offset"], 0)
    full = board.image.read_bytes()[: slot.offset - flash_offset] + application
    place = partitions.filesystem(table)
    files = folder / "filesystem.img"
    flash_image.create(paths.default_site(), files, place.size)
    full = full.ljust(place.offset - flash_offset, b"\xff") + files.read_bytes()
    board.image.write_bytes(full)
    (folder / "firmware.app-bin").write_bytes(application)
    shutil.copyfile(folder / "micropython.elf", board.elf)
