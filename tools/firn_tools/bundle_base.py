"""The MicroPython image that a bundle is made on: what it is for, and where its files are.

All of it is read from the image itself: a board's official images may have other layouts than
ours, and those of later releases others again.
"""

import re
import struct
from typing import NamedTuple, Optional

from . import binary_info, build_rp2, emulate, esp_image, flash_image, image_mark, uf2, versions
from . import partitions as esp_partitions
from .errors import Failure

# What every port prints when its REPL starts; sys.version has the first, sys.implementation the
# second.
_VERSION = re.compile(rb"MicroPython v(\d+)\.(\d+)\.(\d+)[\w.+-]* on \d{4}-\d\d-\d\d")
_MACHINE = re.compile(rb"([A-Z][ -~]{0,80}?) with ((?:RP2|ESP32|Cortex)[\w-]*)\0")
_ESP_UNIT = 32  # bytes, the default of VfsLfs2, as the port's _boot.py asks for no other
_BLOCK = flash_image.BLOCK_SIZE
_FULL_ROM = "%s: expected a program alone, got one with something in its ROMFS"
_FLASH_SIZES = {n: 1 << (20 + n) for n in range(8)}  # in the header of an ESP32 image


class Region(NamedTuple):
    """A part of the flash: ``offset`` from its start and ``size``, in bytes."""

    offset: int
    size: int


class Base(NamedTuple):
    """``version`` of MicroPython (three ints), ``machine`` as it names it ("" where it does not);
    the Regions ``filesystem`` and ``romfs`` (None where there is none); ``unit`` that the
    filesystem is programmed in (bytes); ``merge(parts)`` gives the file for the board, from
    [(offset in flash, bytes)]; ``ending`` of that file's name."""

    version: tuple
    machine: str
    filesystem: Region
    romfs: Optional[Region]
    unit: int
    merge: object
    ending: str


def read(board, path):
    """The Base in the file ``path`` (Path), for ``board``; Failure where it is no such thing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Failure("%s: %s" % (path, (error.strerror or str(error)).lower()))
    readers = {"rp2": _read_rp2, "esp32": _read_esp32, "qemu": _read_qemu}
    if board.port not in readers:
        raise Failure("%s: there is no image to bundle with; firn build makes it" % board.name)
    return readers[board.port](board, str(path), data)


def identify(name, data):
    """(version, board's name, chip's name) of the MicroPython image ``data`` (bytes), once it is
    seen to be one that a bundle can be made on. The names are "" where it does not say them."""
    mark = image_mark.read(data)
    if mark is not None:
        raise Failure(
            "%s: expected MicroPython's own image, got one of Firn %s for %s, which has all of it"
            % (name, mark["version"], mark["board"])
        )
    found = _VERSION.search(data)
    if found is None:
        raise Failure(
            "%s: expected an image of MicroPython, got one that names no version of it" % name
        )
    version = tuple(int(number) for number in found.groups())
    if version < versions.OLDEST_MICROPYTHON:
        raise Failure(
            "%s: expected MicroPython %s or later, got %s"
            % (name, _text(versions.OLDEST_MICROPYTHON), _text(version))
        )
    machine = _MACHINE.search(data)
    board, chip = (text.decode() for text in machine.groups()) if machine else ("", "")
    return version, board.rpartition("; ")[2], chip  # both may be one string


def _text(version):
    return ".".join(map(str, version))


def _of_flash(name, region, flash_size):
    """``region``, or Failure where it is not a filesystem's."""
    if region.offset % _BLOCK or region.size % _BLOCK or region.size < 2 * _BLOCK:
        raise Failure(
            "%s: expected room for files in whole blocks of %d, got 0x%x bytes at 0x%x"
            % (name, _BLOCK, region.size, region.offset)
        )
    if region.offset + region.size > flash_size:
        raise Failure(
            "%s: expected an image for %d KB of flash, got one whose files end at %d KB"
            % (name, flash_size // 1024, (region.offset + region.size) // 1024)
        )
    return region


# rp2


def _read_rp2(board, name, data):
    if data[:4] != b"UF2\n":
        raise Failure("%s: expected a UF2 file, got another" % name)
    image = uf2.parse(data, name)
    wanted = build_rp2.FAMILIES[board.about["mcu"]]
    if image.family != wanted:
        got = uf2.FAMILIES.get(image.family, "family 0x%08x" % image.family)
        raise Failure("%s: expected an image for %s, got %s" % (name, uf2.FAMILIES[wanted], got))
    program = image_mark.joined(data)
    version, machine, chip = identify(name, program)
    # Pico and Pico W have the same chip, and their images do not run on each other.
    product = "%(vendor)s %(product)s" % board.about
    if machine.replace(" ", "") != product.replace(" ", ""):
        raise Failure("%s: expected an image for %s, got %s" % (name, product, machine or "none"))
    info = binary_info.parse(image, build_rp2.FLASH, name)
    files = [device for device in info.devices if device.name == "MicroPython"]
    if len(files) != 1:
        raise Failure(
            "%s: expected one filesystem in its binary info, got %d" % (name, len(files))
        )
    region = Region(files[0].address - build_rp2.FLASH, files[0].size)
    _of_flash(name, region, board.about["flash_size"])
    end = max(address + len(part) for address, part in image.segments) - build_rp2.FLASH
    if end > region.offset:
        raise Failure("%s: expected a program alone, got one with files after it" % name)
    program = image.read(build_rp2.FLASH, end)
    rom = _rp2_romfs(program, region)
    if rom and end > rom.offset:
        raise Failure(_FULL_ROM % name)
    return Base(
        version,
        "%s with %s" % (machine, chip),
        region,
        rom,
        flash_image.RP2_UNIT,
        lambda parts: _merge_uf2(program, parts, image.family),
        "uf2",
    )


def _rp2_romfs(program, files):
    """The Region of the ROMFS, or None.

    Binary info says nothing of it. But it ends where the files begin, and the port has an object
    of the same type for either: the words type, offset, size.
    """
    at = -1
    pattern = struct.pack("<2I", *files)
    while True:
        at = program.find(pattern, at + 1)
        if at < 0:
            return None
        kind = program[max(0, at - 4) : at]
        other = -1
        while at % 4 == 0 and len(kind) == 4:
            other = program.find(kind, other + 1)
            if other < 0:
                break
            words = program[other + 4 : other + 12]
            if other % 4 == 0 and len(words) == 8:
                offset, size = struct.unpack("<2I", words)
                if 0 < size < files.offset and offset + size == files.offset:
                    return Region(offset, size)


def _merge_uf2(program, parts, family):
    first = build_rp2.FLASH
    return uf2.make([(first, program), *((first + at, data) for at, data in parts)], family)


# ESP32


def _read_esp32(board, name, data):
    wanted, _tool, chip_name = esp_image.CHIPS[board.about["mcu"]]
    number = esp_image.chip_id(data)
    if number is None:
        raise Failure("%s: expected an image for %s, got another file" % (name, chip_name))
    if number != wanted:
        got = esp_image.chip_name(number)
        raise Failure("%s: expected an image for %s, got %s" % (name, chip_name, got))
    if esp_image.is_app(data):
        raise Failure(
            "%s: expected an image with bootloader and partition table (.bin), got the program "
            "alone (.app-bin)" % name
        )
    version, machine, chip = identify(name, data)
    start = int(str(board.about["deploy_options"]["flash_offset"]), 0)
    table = esp_image.partition_table(name, data, start)
    files = esp_partitions.filesystem(table)
    if files is None or files.name != "vfs":
        raise Failure(
            "%s: expected a partition vfs for littlefs, got %s"
            % (name, ", ".join(one.name for one in table))
        )
    flash_size = _FLASH_SIZES.get(data[3] >> 4, board.about["flash_size"])
    region = _of_flash(name, Region(files.offset, files.size), flash_size)
    data = data.rstrip(b"\xff")  # images are often as large as the flash
    if start + len(data) > region.offset:
        raise Failure("%s: expected a program alone, got one with files after it" % name)
    rom = next((one for one in table if one.type == "data" and one.name == "romfs"), None)
    if rom and data[rom.offset - start : rom.end - start].strip(b"\xff"):
        raise Failure(_FULL_ROM % name)
    return Base(
        version,
        "%s with %s" % (machine, chip) if machine else "",
        region,
        Region(rom.offset, rom.size) if rom else None,
        _ESP_UNIT,
        lambda parts: _merge_bin(data, start, parts),
        "bin",
    )


def _merge_bin(data, start, parts):
    """``data``, for flash from ``start`` on, with ``parts`` after or in it; as erased between."""
    end = max(at + len(part) for at, part in parts)
    merged = bytearray(data.ljust(end - start, b"\xff"))
    for at, part in parts:
        merged[at - start : at - start + len(part)] = part
    return bytes(merged)


# QEMU: the emulator takes program and flash as two files


def _read_qemu(board, name, data):
    if data[:4] != b"\x7fELF":
        raise Failure("%s: expected a firmware.elf, got another file" % name)
    version, machine, chip = identify(name, data)
    if not machine.startswith("QEMU"):
        raise Failure("%s: expected an image for QEMU, got %s" % (name, machine or "another"))
    return Base(
        version,
        "%s with %s" % (machine, chip),
        Region(0, emulate.FLASH_SIZE),
        None,
        flash_image.QEMU_UNIT,
        lambda parts: parts[0][1],
        "img",
    )
