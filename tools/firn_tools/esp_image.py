"""What the bytes of an ESP32 image say: the chip, what kind of image it is, its partitions.

Facts: ESP-IDF's "App Image Format" and bootloader_support's esp_app_format.h.
"""

import struct

from . import partitions

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
_MAGIC = 0xE9
_CHIP_ID = 12  # offset in the header
_DESCRIPTION = 32  # offset of what follows the headers of the image and of its first segment
_APP_MAGIC = struct.pack("<I", 0xABCD5432)


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


def partition_table(name, data, offset):
    """The Partitions of the table in ``data``, an image that is for flash from ``offset`` on.

    Failure, with the file's ``name``, where its table is missing or damaged.
    """
    start = partitions.TABLE_OFFSET - offset
    return partitions.parse_binary(data[start : start + partitions.TABLE_SIZE], name)
