import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firn_tools import uf2
from firn_tools.errors import Failure

FLASH = 0x10000000


def test_what_is_made_is_read_again():
    program = bytes(range(256)) * 33
    files = b"\xff" * 4096 + b"\1" * 4096
    made = uf2.make([(FLASH, program), (FLASH + 0xC0000, files)], uf2.RP2040)
    image = uf2.parse(made)
    assert image.family == uf2.RP2040
    assert image.read(FLASH, len(program)) == program
    assert image.read(FLASH + 0xC0000, len(files)) == files
    assert image.read(FLASH + 0x80000, 8) == b"\xff" * 8


def test_sectors_are_whole_and_erased_ones_left_out():
    made = uf2.make([(FLASH, b"\xff" * 4096 + b"x")], uf2.RP2040)
    assert len(made) == 16 * 512
    ((address, data),) = uf2.parse(made).segments
    assert (address, len(data)) == (FLASH + 4096, 4096)
    assert data == b"x" + b"\xff" * 4095


def test_blocks_are_numbered_for_their_family():
    made = uf2.make([(FLASH, bytes(4096))], uf2.RP2040)
    for number in range(16):
        words = struct.unpack_from("<8I", made, 512 * number)
        assert words[2:] == (0x2000, FLASH + 256 * number, 256, number, 16, uf2.RP2040)
        assert made[512 * number + 508 : 512 * (number + 1)] == b"\x30\x6f\xb1\x0a"


def test_rp2350_gets_the_block_its_errata_asks_for():
    made = uf2.make([(FLASH, bytes(4096))], uf2.RP2350)
    first = struct.unpack_from("<8I", made)
    assert first[2:] == (0xA000, 0x10FFFF00, 256, 0, 2, 0xE48BFF57)
    assert made[32 : 32 + 260] == b"\xef" * 256 + b"\x04\xe3\x57\x99"
    assert uf2.parse(made).segments == [(FLASH, bytes(4096))]


def test_segment_starts_with_a_sector():
    with pytest.raises(ValueError, match="whole sectors"):
        uf2.make([(FLASH + 256, b"x")], uf2.RP2040)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made[:-1], "blocks of 512 bytes"),
        (lambda made: b"", "blocks of 512 bytes"),
        (lambda made: b"x" + made[1:], "at byte 0, got none"),
        (lambda made: made[:-1] + b"x", "at byte 7680, got none"),
        (lambda made: made[:-512], "expected 16 blocks, got 15"),
        (lambda made: made + made[:512], "each once, at byte 8192"),
        (lambda made: made + uf2.make([(0, b"x")], uf2.RP2350)[512:], "those of several"),
        (lambda made: made[:8] + b"\1" + made[9:], "expected 16 blocks, got 15"),
    ],
)
def test_what_is_no_whole_file_is_named(change, said):
    made = uf2.make([(FLASH, b"x" * 4096)], uf2.RP2040)
    with pytest.raises(Failure, match=said):
        uf2.parse(change(made))


@given(st.binary(max_size=2048))
def test_any_bytes_are_an_image_or_a_failure(content):
    try:
        uf2.parse(content)
    except Failure:
        pass
