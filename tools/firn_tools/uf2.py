"""UF2, the format of files that are dragged onto the drive of a board's boot ROM.

512-byte blocks with 256 bytes each, their address and the family of chips they are for; facts:
the format's specification and the pico-sdk's boot/uf2.h.
"""

import struct
from typing import NamedTuple

from .errors import Failure

RP2040 = 0xE48BFF56
RP2350 = 0xE48BFF59  # its ARM cores in secure mode
_ABSOLUTE = 0xE48BFF57  # a block for the RP2350's errata, of no family
FAMILIES = {RP2040: "rp2040", RP2350: "rp2350", 0xE48BFF5A: "rp2350 (RISC-V)"}

PAGE = 256
_SECTOR = 4096
_BLOCK = struct.Struct("<8I476sI")
_MAGIC = (0x0A324655, 0x9E5D5157)
_MAGIC_END = 0x0AB16F30
_NOT_MAIN_FLASH = 0x0001
_FAMILY_PRESENT = 0x2000
_EXTENSIONS_PRESENT = 0x8000
_IGNORE_BLOCK = struct.pack("<I", 0x9957E304)
_ERRATA_ADDRESS = 0x10FFFF00


class Image(NamedTuple):
    """What a UF2 file holds: ``family`` of chips (int) and [(address, bytes)] in order."""

    family: int
    segments: list

    def read(self, address, size):
        """``size`` bytes from ``address`` on; 0xff, as erased flash, where the file has none."""
        content = bytearray(b"\xff" * size)
        for start, data in self.segments:
            first, last = max(start, address), min(start + len(data), address + size)
            if first < last:
                content[first - address : last - address] = data[first - start : last - start]
        return bytes(content)


def make(segments, family):
    """The bytes of a UF2 file for chips of ``family`` from [(address, bytes)].

    Sectors are written whole, as boot ROMs erase them whole; those that would stay as they are
    after that are left out. For an RP2350 a block goes in front that its errata E10 asks for.
    """
    pages = []
    for address, data in segments:
        if address % _SECTOR:
            raise ValueError("expected an address of whole sectors, got 0x%x" % address)
        data += b"\xff" * (-len(data) % _SECTOR)
        for start in range(0, len(data), _SECTOR):
            sector = data[start : start + _SECTOR]
            if sector.count(0xFF) < _SECTOR:
                for offset in range(0, _SECTOR, PAGE):
                    pages.append((address + start + offset, sector[offset : offset + PAGE]))
    blocks = [_errata_block()] if family == RP2350 else []
    for number, (address, page) in enumerate(pages):
        words = (*_MAGIC, _FAMILY_PRESENT, address, PAGE, number, len(pages), family)
        blocks.append(_BLOCK.pack(*words, page, _MAGIC_END))
    return b"".join(blocks)


def _errata_block():
    flags = _FAMILY_PRESENT | _EXTENSIONS_PRESENT
    words = (*_MAGIC, flags, _ERRATA_ADDRESS, PAGE, 0, 2, _ABSOLUTE)
    return _BLOCK.pack(*words, b"\xef" * PAGE + _IGNORE_BLOCK, _MAGIC_END)


def parse(content, name="the file"):
    """The Image in the bytes of a UF2 file; Failure with the reason when it is none.

    Neighbouring pages are joined; blocks that are no part of the main flash are left out.
    """
    if len(content) % _BLOCK.size or not content:
        raise Failure("%s: expected UF2 blocks of 512 bytes, got %d bytes" % (name, len(content)))
    family, pages, seen = None, {}, set()
    total = None
    for start in range(0, len(content), _BLOCK.size):
        *words, data, end = _BLOCK.unpack_from(content, start)
        if tuple(words[:2]) != _MAGIC or end != _MAGIC_END:
            raise Failure("%s: expected a UF2 block at byte %d, got none" % (name, start))
        flags, address, size, number, count, of = words[2:]
        if flags & _NOT_MAIN_FLASH or not flags & _FAMILY_PRESENT or of == _ABSOLUTE:
            continue
        if family not in (None, of) or total not in (None, count):
            raise Failure("%s: expected blocks of one image, got those of several" % name)
        if size > 476 or address in pages:
            raise Failure("%s: expected whole pages, each once, at byte %d" % (name, start))
        family, total = of, count
        seen.add(number)
        pages[address] = data[:size]
    if family is None:
        raise Failure("%s: expected blocks for a family of chips, got none" % name)
    if seen != set(range(total)):
        raise Failure("%s: expected %d blocks, got %d" % (name, total, len(seen)))
    return Image(family, _joined(pages))


def _joined(pages):
    segments = []
    for address in sorted(pages):
        if segments and segments[-1][0] + len(segments[-1][1]) == address:
            segments[-1][1].extend(pages[address])
        else:
            segments.append((address, bytearray(pages[address])))
    return [(address, bytes(data)) for address, data in segments]
