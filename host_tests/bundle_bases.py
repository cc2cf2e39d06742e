"""Images to make bundles on: MicroPython's own, built here, and ones that only look so."""

import struct
from pathlib import Path

from firn_tools import boards, build, partitions, uf2

BASES = Path(__file__).resolve().parent / "bases"
FLASH = 0x10000000
_SETTINGS = {"qemu": ["USER_C_MODULES="]}  # none of ours is in MicroPython's own images


def board(name):
    """The Board of the folder ``name`` in bases/."""
    return boards.Board(BASES / name)


def built(name):
    """The Path of MicroPython's own image for the board ``name`` in bases/: without our packages,
    and without files."""
    base = board(name)
    image = build.build(base, if_needed=True, settings=_SETTINGS.get(base.port, ()))
    return image.with_name("firmware.update.uf2") if base.port == "rp2" else image


def banner(version="1.25.0", machine="Raspberry Pi Pico W", chip="RP2040"):
    """What MicroPython says when it starts, as it lies in an image."""
    text = "MicroPython v%s on 2025-04-15\0\r\n\0; %s with %s\0" % (version, machine, chip)
    return text.encode()


class Program:
    """The bytes of an rp2 program in the making; ``address`` is that of the next."""

    def __init__(self):
        self.data = bytearray()

    @property
    def address(self):
        return FLASH + len(self.data)

    def add(self, data):
        """Append ``data`` (bytes), and zeros to whole words; its address."""
        address = self.address
        self.data += data + bytes(-len(data) % 4)
        return address


def rp2(
    name="Raspberry Pi Pico W",
    version="1.25.0",
    files=(0x12C000, 848 * 1024),
    romfs=None,
    family=uf2.RP2040,
    devices=None,
    more=b"",
):
    """The UF2 file of a program with the layout of MicroPython's, which cannot run.

    ``files``, ``romfs``: (offset, size) in flash; ``devices``: [(name, address, size)] in place
    of the one that ``files`` is; ``more``: further bytes of the program.
    """
    program = Program()
    program.add(b"\xa5" * 0x1D4)  # boot2 and the vectors
    markers = len(program.data)
    program.add(bytes(20))
    program.add(b"\x5a" * 1000)
    program.add(banner(version, name, "RP2350" if family == uf2.RP2350 else "RP2040"))
    # Objects of the port: type, offset, size. That of the files comes twice, as others may.
    for region in (romfs, files, romfs and files):
        if region:
            program.add(struct.pack("<3I", FLASH + 0x1234, *region))
    if devices is None:
        devices = [("MicroPython", FLASH + files[0], files[1])]
    entries = []
    text = program.add(b"v%s\0" % version.encode())
    entries.append(program.add(struct.pack("<HHII", 6, 0x5052, 0x11A9BC3A, text)))
    entries.append(program.add(struct.pack("<HHIi", 5, 0x5052, 0x68F465DE, 1)))
    # The program's variables are in flash, and the pointers to them those of RAM.
    stored, in_ram = program.address, 0x20000100
    for label, address, size in devices:
        text = program.add(label.encode() + b"\0")
        entry = struct.pack("<HHIIIIHH", 7, 0x504D, text - stored + in_ram, address, size, 0, 3, 0)
        entries.append(program.add(entry) - stored + in_ram)
    end = in_ram + program.address - stored
    first = program.address
    for entry in entries:
        program.add(struct.pack("<I", entry))
    last = program.address
    table = program.add(struct.pack("<4I", stored, in_ram, end, 0) + bytes(8))
    words = struct.pack("<5I", 0x7188EBF2, first, last, table, 0xE71AA390)
    program.data[markers : markers + 20] = words
    program.add(more)
    return uf2.make([(FLASH, bytes(program.data))], family)


ESP32_TABLE = """
nvs,      data, nvs,     0x9000,   0x6000,
phy_init, data, phy,     0xf000,   0x1000,
factory,  app,  factory, 0x10000,  0x1F0000,
vfs,      data, fat,     0x200000, 0x200000,
"""
# With a ROMFS too small for all of ours, as MicroPython's partitions-4MiB-romfs.csv has it.
ESP32_ROMFS_TABLE = ESP32_TABLE.replace("0x1F0000", "0x1D0000").replace(
    "vfs,", "romfs,    data, 0x8f,    0x1E0000, 0x20000,\nvfs,", 1
)
APP_SIZE = 0x12345


def esp32(
    chip_id,
    offset=0,
    version="1.25.0",
    table=ESP32_TABLE,
    machine="Generic ESP32 module",
    flash=2,
    after=b"",
):
    """The .bin of a bootloader, the partition ``table`` (text) and a program that cannot run.

    ``offset``: where in flash it belongs; ``flash``: log2 of its megabytes, as the bootloader's
    header has it; ``after``: what follows the program, at the start of the files' partition.
    """
    head = struct.pack("<BBBBIB3sH", 0xE9, 1, 2, flash << 4, 0x40080000, 0, bytes(3), chip_id)
    head = head.ljust(24, b"\0")
    image = bytearray(head + b"bootloader " * 1500)
    app = bytearray(head + struct.pack("<II", 0x3F400020, 256) + struct.pack("<I", 0xABCD5432))
    app += bytes(508) + banner(version, machine, "ESP32")
    app += bytes(n * 7 & 0xFF for n in range(APP_SIZE - len(app)))
    image = image.ljust(0x8000 - offset, b"\xff")
    image += partitions.to_binary(partitions.parse_csv(table))
    image = image.ljust(0x10000 - offset, b"\xff") + app
    if after:
        image = image.ljust(0x200000 - offset, b"\xff") + after
    return bytes(image)
