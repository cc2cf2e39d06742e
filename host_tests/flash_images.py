"""Boards and images for the tests of flashing: as small as they can be, with all that is read."""

import argparse
import json
import random
import struct

from firn_tools import boards, image_mark, partitions, uf2
from firn_tools.partitions import Partition

CHIP_IDS = {"esp32": 0, "esp32s3": 9, "esp32c3": 5}
TABLE = [
    Partition("nvs", "data", "nvs", 0x9000, 0x6000),
    Partition("factory", "app", "factory", 0x10000, 0x1F0000),
    Partition("vfs", "data", "fat", 0x200000, 0x200000),
]
FLASH = 0x10000000
PICO_FILES = 0xA0000  # where the files begin, see pico()
RP2040, RP2350 = uf2.RP2040, uf2.RP2350


def options(**given):
    """The options of `firn flash`, parsed; ``given`` are others than the defaults."""
    names = {"image": None, "port": None, "drive": None, "url": None, "wait": False}
    names.update(erase=False, keep_files=False, force=False)
    return argparse.Namespace(**{**names, **given})


def _board(folder, name, **about):
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "board.json").write_text(json.dumps({"features": [], **about}))
    return boards.Board(place)


def esp(folder, name="ESP32_TEST", mcu="esp32c3", offset=0):
    """A Board with the chip ``mcu`` whose image is for flash from ``offset`` on."""
    deploy = {"flash_offset": hex(offset)}
    return _board(folder, name, port="esp32", mcu=mcu, deploy_options=deploy)


def pico(folder, name="PICO_TEST", mcu="rp2040"):
    """A Board with 2 MB of flash and files from PICO_FILES on."""
    board = _board(folder, name, port="rp2", mcu=mcu, flash_size=2 << 20)
    text = "#define MICROPY_HW_FLASH_STORAGE_BYTES (%d * 1024)\n"
    (board.folder / "mpconfigboard.h").write_text(text % (((2 << 20) - PICO_FILES) // 1024))
    return board


def noise(size, seed=1):
    """``size`` bytes that no compression makes shorter, the same each time."""
    return random.Random(seed).getrandbits(8 * size).to_bytes(size, "little")


def mark(name):
    return image_mark.mark(name, "0.1.0", "20261121", "1.25.0")


def esp_image(name="ESP32_TEST", mcu="esp32c3", offset=0, size=0x18000, table=TABLE, marked=True):
    """The bytes of a whole ESP32 image of ``size`` bytes."""
    head = struct.pack("<BBBBI", 0xE9, 2, 2, 0x20, 0x40380000)
    head += struct.pack("<BBBBH", 0, 0, 0, 0, CHIP_IDS[mcu]) + bytes(9) + b"\0"
    data = bytearray((head + noise(min(size, 0x18000) - len(head))).ljust(size, b"x"))
    data[32:36] = b"\x50\0\0\0"  # the bootloader's own description, no program's
    start = partitions.TABLE_OFFSET - offset
    data[start : start + partitions.TABLE_SIZE] = partitions.to_binary(table)
    if marked:
        text = mark(name)
        data[0x11000 : 0x11000 + len(text)] = text
    return bytes(data)


def uf2_image(name="PICO_TEST", family=RP2040, size=300000, files=b"", marked=True):
    """The bytes of a UF2 file: a program of ``size`` bytes, and ``files`` where they belong."""
    program = bytearray(noise(size))
    if marked:
        text = mark(name)
        # Across the end of a block's 256 bytes.
        program[0x10F0 : 0x10F0 + len(text)] = text
    segments = [(FLASH, bytes(program))]
    if files:
        segments.append((FLASH + PICO_FILES, files))
    return uf2.make(segments, family)
