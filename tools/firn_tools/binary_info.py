"""The binary info in an rp2 program: what the pico-sdk's macros leave in it for tools.

Facts: the pico-sdk's pico/binary_info/defs.h and structure.h.
"""

import struct
from typing import NamedTuple

from .errors import Failure

_START, _END = 0x7188EBF2, 0xE71AA390
_MARKERS = struct.Struct("<5I")  # start, first pointer, end of pointers, mapping table, end
_WITHIN = 4096  # bytes of the program that the markers are in, on any chip
_MAPPING = struct.Struct("<3I")  # address in the file, where it is copied to, the end of that
_MAPPINGS = 64  # more than a program has
_ENTRIES = 4096

_STRING, _DEVICE = 6, 7  # kinds of entries
_STRUCT_STRING = struct.Struct("<HHII")  # kind, tag, id, pointer
_STRUCT_DEVICE = struct.Struct("<HHIIIIH")  # kind, tag, name, address, size, more, flags
_VERSION = 0x11A9BC3A
_BOARD = 0xB63CFFBB


class BlockDevice(NamedTuple):
    """A part of the flash that the program keeps something in: address and bytes."""

    name: str
    address: int
    size: int


class BinaryInfo(NamedTuple):
    """``version`` of the program and ``board`` (pico-sdk's name), None where it does not say, and
    its block ``devices``."""

    version: str
    board: str
    devices: list


def parse(image, start, name="the program"):
    """The BinaryInfo of the program at the address ``start`` of ``image`` (see uf2.Image).

    Failure where there is none, or it points out of the program.
    """
    memory = _Memory(image, start, name)
    first, end, table = _find_markers(memory, start)
    memory.map(table)
    if not first <= end <= first + 4 * _ENTRIES:
        raise memory.damaged()
    strings, devices = {}, []
    for pointer in range(first, end, 4):
        (entry,) = memory.unpack(struct.Struct("<I"), pointer)
        (kind,) = memory.unpack(struct.Struct("<H"), entry)
        if kind == _STRING:
            _kind, _tag, identity, text = memory.unpack(_STRUCT_STRING, entry)
            strings[identity] = memory.text(text)
        elif kind == _DEVICE:
            _kind, _tag, label, address, size = memory.unpack(_STRUCT_DEVICE, entry)[:5]
            devices.append(BlockDevice(memory.text(label) if label else "", address, size))
    return BinaryInfo(strings.get(_VERSION), strings.get(_BOARD), devices)


def _find_markers(memory, start):
    """(first pointer, end of pointers, mapping table) of the five words with the markers."""
    for address in range(start, start + _WITHIN, 4):
        try:
            words = memory.unpack(_MARKERS, address)
        except Failure:
            break
        if words[0] == _START and words[4] == _END:
            return words[1:4]
    raise Failure("%s: expected a program with binary info, got none" % memory.name)


class _Memory:
    """The program's bytes, by the addresses at which it has them when it runs."""

    def __init__(self, image, start, name):
        self.segments = [part for part in image.segments if part[0] + len(part[1]) > start]
        self.name = name
        self.mappings = []

    def map(self, table):
        """Note what the program copies from its flash to RAM when it starts."""
        for number in range(_MAPPINGS):
            source, first, end = self.unpack(_MAPPING, table + number * _MAPPING.size)
            if source == 0:
                return
            self.mappings.append((source, first, end))
        raise self.damaged()

    def damaged(self):
        return Failure("%s: its binary info is damaged" % self.name)

    def unpack(self, form, address):
        return form.unpack(self.bytes(address, form.size))

    def bytes(self, address, size):
        for source, first, end in self.mappings:
            if first <= address < end:
                address += source - first
                break
        for first, data in self.segments:
            if first <= address and address + size <= first + len(data):
                return data[address - first : address - first + size]
        raise self.damaged()

    def text(self, address, longest=256):
        """The string that ends with a zero at ``address``."""
        found = b""
        while len(found) < longest:
            byte = self.bytes(address + len(found), 1)
            if byte == b"\0":
                return found.decode("utf-8", "replace")
            found += byte
        raise self.damaged()
