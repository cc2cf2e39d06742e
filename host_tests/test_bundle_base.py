"""The images that bundles are made on: what is read out of them, and which are refused."""

import pytest
from bundle_bases import ESP32_ROMFS_TABLE, ESP32_TABLE, FLASH, banner, esp32, rp2
from hypothesis import given, settings
from hypothesis import strategies as st

from firn_tools import boards, bundle_base, image_mark, uf2
from firn_tools.errors import Failure

PICO, PICO_W = "Raspberry Pi Pico", "Raspberry Pi Pico W"
MARK = image_mark.mark("RPI_PICO_W", "0.1.0", "20261121", "1.25.0")


def read(board, tmp_path, data):
    path = tmp_path / "base"
    path.write_bytes(data)
    return bundle_base.read(boards.find(board), path)


def test_an_rp2_image_tells_its_version_and_where_its_files_are(tmp_path):
    base = read("RPI_PICO_W", tmp_path, rp2(version="1.29.0"))
    assert base.version == (1, 29, 0)
    assert base.machine == "Raspberry Pi Pico W with RP2040"
    assert base.filesystem == (0x12C000, 848 * 1024)
    assert base.romfs is None
    assert (base.unit, base.ending) == (256, "uf2")


def test_an_rp2_image_tells_its_romfs_by_the_ports_own_object(tmp_path):
    rom = (0xA0000, 0x8C000)
    assert read("RPI_PICO_W", tmp_path, rp2(romfs=rom)).romfs == rom


def test_the_name_of_an_rp2_board_may_have_other_spaces(tmp_path):
    data = rp2("Raspberry Pi Pico2", family=uf2.RP2350, files=(0x100000, 0x300000))
    assert read("RPI_PICO2", tmp_path, data).filesystem == (0x100000, 0x300000)


def test_an_rp2_bundle_is_the_base_with_the_parts_in_their_places(tmp_path):
    data = rp2(romfs=(0xA0000, 0x8C000))
    base = read("RPI_PICO_W", tmp_path, data)
    merged = uf2.parse(base.merge([(0x12C000, b"files" * 3000), (0xA0000, b"rom" * 100)]))
    program = uf2.parse(data).segments[0][1]
    assert merged.family == uf2.RP2040
    assert merged.read(FLASH, len(program)) == program
    assert merged.read(FLASH + 0x12C000, 15000) == b"files" * 3000
    assert merged.read(FLASH + 0xA0000, 300) == b"rom" * 100


def test_version_and_board_may_be_one_string():
    said = b"\0MicroPython v1.30.0-preview.5 on 2027-01-02; Raspberry Pi Pico with RP2040\0"
    assert bundle_base.identify("base", said) == ((1, 30, 0), PICO, "RP2040")


@pytest.mark.parametrize(
    ("board", "chip", "offset"),
    [("ESP32_GENERIC", 0, 0x1000), ("ESP32_GENERIC_S3", 9, 0), ("ESP32_GENERIC_C3", 5, 0)],
)
def test_an_esp32_image_tells_its_version_and_where_its_files_are(board, chip, offset, tmp_path):
    data = esp32(chip, offset, version="1.26.1")
    base = read(board, tmp_path, data)
    assert base.version == (1, 26, 1)
    assert base.filesystem == (0x200000, 0x200000)
    assert base.romfs is None
    assert (base.unit, base.ending) == (32, "bin")


def test_an_esp32_image_tells_its_romfs(tmp_path):
    base = read("ESP32_GENERIC_C3", tmp_path, esp32(5, table=ESP32_ROMFS_TABLE))
    assert base.romfs == (0x1E0000, 0x20000)


def test_an_esp32_image_as_large_as_the_flash_is_taken(tmp_path):
    data = esp32(5).ljust(4 << 20, b"\xff")
    assert read("ESP32_GENERIC_C3", tmp_path, data).filesystem == (0x200000, 0x200000)


RP2 = [
    ("other chip", rp2(family=uf2.RP2350), "expected an image for rp2040, got rp2350"),
    ("other processor", rp2(family=0xE48BFF5A), r"for rp2040, got rp2350 \(RISC-V\)"),
    (
        "other board",
        rp2(PICO),
        "expected an image for Raspberry Pi Pico W, got Raspberry Pi Pico$",
    ),
    ("too old", rp2(version="1.24.1"), "expected MicroPython 1.25.0 or later, got 1.24.1"),
    ("CircuitPython", rp2().replace(b"MicroPython v", b"CircuitPyth v"), "got one that names no"),
    ("with files", rp2(files=(0x1000, 0x10000), more=b"x" * 4096), "one with files after it"),
    ("no files", rp2(devices=[]), "expected one filesystem in its binary info, got 0"),
    ("more flash", rp2(files=(0x12C000, 0x400000)), "for 2048 KB of flash, got one whose"),
    ("odd place", rp2(files=(0x12C100, 0x10000)), "whole blocks of 4096, got 0x10000 bytes at"),
    ("Firn", rp2(more=MARK), "MicroPython's own image, got one of Firn 0.1.0 for RPI_PICO_W"),
    ("a full ROMFS", rp2(romfs=(0x1000, 0x12B000), more=b"x" * 8192), "something in its ROMFS"),
    ("not UF2", esp32(0), "expected a UF2 file, got another"),
    ("empty", b"", "expected a UF2 file, got another"),
    ("cut off", rp2()[:1024], r"expected \d+ blocks, got 2"),
    ("an uneven size", rp2()[:1000], "expected UF2 blocks of 512 bytes, got 1000 bytes"),
]


@pytest.mark.parametrize(("data", "reason"), [row[1:] for row in RP2], ids=[row[0] for row in RP2])
def test_an_rp2_image_that_does_not_do_is_refused_with_the_reason(data, reason, tmp_path):
    with pytest.raises(Failure, match="base: .*" + reason):
        read("RPI_PICO_W", tmp_path, data)


NO_FILES = ESP32_TABLE.replace("vfs,", "spare,")
SMALL = ESP32_TABLE.replace("0x200000\n", "0x400000\n").replace("0x200000,\n", "0x400000,\n")
ESP32 = [
    ("other chip", esp32(9), "expected an image for ESP32-C3, got ESP32-S3"),
    ("unknown chip", esp32(77), "got an unknown chip .id 77."),
    ("too old", esp32(5, version="1.22.2"), "expected MicroPython 1.25.0 or later, got 1.22.2"),
    ("no version", esp32(5).replace(b"MicroPython v", b"Espressif AT"), "names no version"),
    ("no files", esp32(5, table=NO_FILES), "expected a partition vfs for littlefs, got nvs"),
    ("more flash", esp32(5, table=SMALL), "for 4096 KB of flash, got one whose files end at 6144"),
    ("with files", esp32(5, after=b"x"), "expected a program alone, got one with files after it"),
    ("program alone", esp32(5)[0x10000:], "bootloader and partition table .*app-bin"),
    ("cut off", esp32(5)[:0x7000], "names no version"),
    ("no table", esp32(5).replace(b"\xaa\x50", b"\0\0"), "expected AA 50 at 0x0"),
    ("a damaged table", esp32(5).replace(b"vfs\0", b"vfx\0"), "its MD5 is wrong"),
    ("Firn", esp32(5, after=MARK), "expected MicroPython's own image, got one of Firn 0.1.0"),
    ("not an image", rp2(), "expected an image for ESP32-C3, got another file"),
    ("empty", b"", "expected an image for ESP32-C3, got another file"),
]


@pytest.mark.parametrize(
    ("data", "reason"), [row[1:] for row in ESP32], ids=[row[0] for row in ESP32]
)
def test_an_esp32_image_that_does_not_do_is_refused_with_the_reason(data, reason, tmp_path):
    with pytest.raises(Failure, match="base: .*(%s)" % reason):
        read("ESP32_GENERIC_C3", tmp_path, data)


def test_an_esp32_image_with_something_in_its_romfs_is_refused(tmp_path):
    data = bytearray(esp32(5, table=ESP32_ROMFS_TABLE).ljust(0x1E0000, b"\xff") + b"rom")
    with pytest.raises(Failure, match="something in its ROMFS"):
        read("ESP32_GENERIC_C3", tmp_path, bytes(data))


def test_an_image_for_the_emulator_is_one_of_its_own(tmp_path):
    elf = b"\x7fELF" + banner("1.25.0", "QEMU MPS2-AN385", "Cortex-M3")
    assert read("QEMU", tmp_path, elf).filesystem == (0, 1408 * 1024)
    with pytest.raises(Failure, match="expected an image for QEMU, got Raspberry Pi Pico W"):
        read("QEMU", tmp_path, b"\x7fELF" + banner())
    with pytest.raises(Failure, match=r"expected a firmware\.elf, got another file"):
        read("QEMU", tmp_path, banner())


def test_the_unix_image_is_built_and_not_bundled(tmp_path):
    with pytest.raises(Failure, match="UNIX: there is no image to bundle with"):
        read("UNIX", tmp_path, b"\x7fELF")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Failure, match=r"absent\.uf2: no such file or directory"):
        bundle_base.read(boards.find("RPI_PICO"), tmp_path / "absent.uf2")


BYTES = {"RPI_PICO_W": rp2(romfs=(0xA0000, 0x8C000)), "ESP32_GENERIC_C3": esp32(5)}
CHANGE = st.tuples(st.integers(0, 0x9000), st.binary(min_size=1, max_size=8))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(BYTES)), st.lists(CHANGE, max_size=4), st.integers(0, 0x20000))
def test_a_damaged_image_is_read_or_refused(tmp_path_factory, board, changes, size):
    data = bytearray(BYTES[board][: size or None])
    for at, piece in changes:
        data[at : at + len(piece)] = piece
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data)
    try:
        bundle_base.read(boards.find(board), path)
    except Failure:
        pass
