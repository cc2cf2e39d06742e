"""The binary info of rp2 programs: what a tool reads out of an image."""

import struct

import pytest
from bundle_bases import FLASH, rp2
from hypothesis import given, settings
from hypothesis import strategies as st

from firn_tools import binary_info, uf2
from firn_tools.errors import Failure

DEVICES = [("MicroPython", FLASH + 0x12C000, 0xD4000), ("other", FLASH + 0x100000, 4096)]


def test_version_and_devices_are_found_also_where_the_program_copies_them_to_ram():
    info = binary_info.parse(uf2.parse(rp2(version="1.29.3", devices=DEVICES)), FLASH)
    assert info.version == "v1.29.3"
    assert info.board is None
    assert info.devices == DEVICES


def test_a_program_without_binary_info_is_refused():
    image = uf2.Image(uf2.RP2040, [(FLASH, bytes(20000))])
    with pytest.raises(Failure, match=r"base\.uf2: expected a program with binary info, got none"):
        binary_info.parse(image, FLASH, "base.uf2")


def test_an_image_without_a_program_is_refused():
    with pytest.raises(Failure, match="expected a program with binary info"):
        binary_info.parse(uf2.Image(uf2.RP2040, []), FLASH)


@pytest.mark.parametrize("word", [1, 2, 3])
@pytest.mark.parametrize("value", [0, 3, FLASH + 0x100000, 0xFFFFFFFC])
def test_a_pointer_out_of_the_program_is_damage(word, value):
    program = bytearray(uf2.parse(rp2()).segments[0][1])
    struct.pack_into("<I", program, 0x1D4 + 4 * word, value)
    with pytest.raises(Failure, match="its binary info is damaged"):
        binary_info.parse(uf2.Image(uf2.RP2040, [(FLASH, bytes(program))]), FLASH)


PROGRAM = uf2.parse(rp2(devices=DEVICES)).segments[0][1].rstrip(b"\xff")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0x1D4, len(PROGRAM) - 4), st.binary(min_size=4, max_size=4)))
)
def test_a_damaged_program_is_read_or_refused(changes):
    program = bytearray(PROGRAM)
    for at, data in changes:
        program[at : at + 4] = data
    try:
        binary_info.parse(uf2.Image(uf2.RP2040, [(FLASH, bytes(program))]), FLASH)
    except Failure:
        pass


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PROGRAM) - 1))
def test_a_program_that_is_cut_off_is_refused(size):
    with pytest.raises(Failure):
        binary_info.parse(uf2.Image(uf2.RP2040, [(FLASH, PROGRAM[:size])]), FLASH)
