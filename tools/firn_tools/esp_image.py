"""What the bytes of an ESP32 image say: the chip, what kind of image it is, its partitions.

Facts: ESP-IDF's "App Image Format" and "Partition Tables", bootloader_support's esp_app_format.h.
"""

import struct
from typing import NamedTuple

# board.json's mcu -> (chip id in the image's header, esptool's name, the name on the chip)
CHIPS = {
    "esp32": (0, "esp32", "ESP32"),
    "esp32s2": (2, "esp32s2", "ESP32-S2"),
    "esp32s3": (9, "esp32s3", "ESP32-S3"),
    "esp32c2": (12, "esp32c2", "ESP32-C2"),
    "esp32c3": (5, "esp32c3", "ESP32-C3"),
    "esp32c5": (23, "esp32c5", "ESP32-C5"),
    "esp32c6": (13, "esp32c6", "ESP32-C6"),
    "esp32h2": (16, "esp32h2", "ESP32-H2"),
    "esp32p4": (18, "esp32p4", "ESP32-P4"),
}
TABLE = 0x8000  # where in flash the partition table is, for every board of MicroPython

_MAGIC = 0xE9
_CHIP_ID = 12  # offset in the header
_DESCRIPTION = 32  # offset of what follows the headers of the image and of its first segment
_APP_MAGIC = struct.pack("<I", 0xABCD5432)
_ENTRY = struct.Struct("<2sBBII16sI")
_ENTRY_MAGIC = b"\xaa\x50"
_TABLE_SIZE = 0xC00
_APP, _DATA = 0, 1
_FILESYSTEMS = (0x81, 0x82, 0x83)  # subtypes fat, spiffs, littlefs


class Partition(NamedTuple):
    """An entry of a partition table; ``offset`` and ``size`` in bytes."""

    name: str
    kind: int
    subtype: int
    offset: int
    size: int

    @property
    def is_filesystem(self):
        return self.kind == _DATA and self.subtype in _FILESYSTEMS

    @property
    def end(self):
        return self.offset + self.size


def chip_id(data):
    """The chip id in the header of the image ``data`` (bytes), or None if it is no image."""
    if len(data) < 24 or data[0] != _MAGIC:
        return None
    return struct.unpack_from("<H", data, _CHIP_ID)[0]


def chip_name(number):
    """The name of the chip with the id ``number``."""
    for known, _tool, name in CHIPS.values():
        if known == number:
            return name
    return "an unknown chip (id %d)" % number


def is_app(data):
    """Whether ``data`` is a program alone, for one slot of a flash that has a bootloader."""
    return chip_id(data) is not None and data[_DESCRIPTION : _DESCRIPTION + 4] == _APP_MAGIC


def partitions(data, offset):
    """The Partitions of the table in ``data``, an image that is for flash from ``offset`` on.

    Empty where there is no table.
    """
    found = []
    start = TABLE - offset
    if start < 0:
        return found
    for at in range(start, min(start + _TABLE_SIZE, len(data) - _ENTRY.size + 1), _ENTRY.size):
        magic, kind, subtype, first, size, name, _flags = _ENTRY.unpack_from(data, at)
        if magic != _ENTRY_MAGIC:
            break
        text = name.rstrip(b"\0").decode("utf-8", "replace")
        found.append(Partition(text, kind, subtype, first, size))
    return found
