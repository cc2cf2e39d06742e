"""The boot ROM of the emulated Pico: its functions give what the datasheet says."""

import json
import math
import struct
import subprocess
from pathlib import Path

import pytest

from firn_tools import programs

SRAM = 0x20000000


def bits(value):
    """A single-precision number as the word in a register."""
    return struct.unpack("<I", struct.pack("<f", value))[0]


def words(value):
    """A double-precision number as the words in two registers."""
    return list(struct.unpack("<II", struct.pack("<d", value)))


def call(*calls):
    """What calls of ROM functions, each a (name, registers), give; see call_rom.mjs."""
    programs.ensure("node")
    program = Path(__file__).parent / "rp2040" / "call_rom.mjs"
    done = subprocess.run(
        ["node", str(program)], input=json.dumps(calls), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Name, registers before the call, those after it (as many as are given).
CASES = [
    ("P3", [0], [0]),
    ("P3", [0xFFFFFFFF], [32]),
    ("P3", [0x80000001], [2]),
    ("R3", [1], [0x80000000]),
    ("R3", [0x0000FFFF], [0xFFFF0000]),
    ("L3", [0], [32]),
    ("L3", [1], [31]),
    ("L3", [0x80000000], [0]),
    ("T3", [0], [32]),
    ("T3", [0x80000000], [31]),
    ("T3", [6], [1]),
    ("SF+0", [bits(1.5), bits(2.25)], [bits(3.75)]),
    ("SF+4", [bits(1.5), bits(2.25)], [bits(-0.75)]),
    ("SF+8", [bits(0.1), bits(3.0)], [bits(0.30000001192092896)]),
    ("SF+12", [bits(1.0), bits(3.0)], [bits(1 / 3)]),
    ("SF+12", [bits(1.0), bits(0.0)], [bits(math.inf)]),
    ("SF+24", [bits(2.0)], [bits(math.sqrt(2))]),
    ("SF+28", [bits(-1.5)], [0xFFFFFFFE]),  # rounded down
    ("SF+28", [bits(1e20)], [0x7FFFFFFF]),  # and clamped
    ("SF+28", [bits(-1e20)], [0x80000000]),
    ("SF+32", [bits(1.5), 4], [24]),
    ("SF+36", [bits(4e9)], [4000000000]),
    ("SF+36", [bits(-1.0)], [0]),
    ("SF+44", [0xFFFFFFFF], [bits(-1.0)]),
    ("SF+48", [3, 1], [bits(1.5)]),
    ("SF+52", [0xFFFFFFFF], [bits(2.0**32)]),
    ("SF+72", [bits(0.5)], [bits(math.sin(0.5)), bits(math.cos(0.5))]),
    ("SF+88", [bits(1.0), bits(-1.0)], [bits(math.atan2(1, -1))]),
    ("SF+92", [0xFFFFFFFF, 0xFFFFFFFF], [bits(-1.0)]),
    ("SF+100", [0xFFFFFFFF, 0xFFFFFFFF], [bits(2.0**64)]),
    ("SF+108", [bits(-2.5)], [0xFFFFFFFD, 0xFFFFFFFF]),
    ("SF+124", [bits(1.5)], words(1.5)),
    ("SD+0", words(0.1) + words(0.2), words(0.1 + 0.2)),
    ("SD+12", words(1.0) + words(3.0), words(1 / 3)),
    ("SD+28", words(-0.5), [0xFFFFFFFF]),
    ("SD+44", [0xFFFFFFFF], words(-1.0)),
    ("SD+124", words(0.1), [bits(0.1)]),
]


@pytest.fixture(scope="module")
def results():
    return call(*[(name, registers) for name, registers, _ in CASES])["results"]


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: "%s-%d" % (CASES[n][0], n))
def test_a_function_gives_what_the_datasheet_says(results, number):
    expected = CASES[number][2]
    assert results[number][0][: len(expected)] == expected


def test_comparisons_set_the_flags_of_an_integer_comparison():
    pairs = [(1.0, 2.0), (2.0, 2.0), (2.0, 1.0), (-1.0, 1.0)]
    found = call(*[("SF+20", [bits(x), bits(y)]) for x, y in pairs])["results"]
    assert [flags for _, flags in found] == ["1000", "0110", "0010", "1000"]  # N Z C V


def test_memory_is_copied_and_filled():
    found = call(
        ("MC", [SRAM + 256, SRAM + 16, 5]),
        ("C4", [SRAM + 264, SRAM + 32, 8]),
        ("MS", [SRAM + 280, 0x1AB, 3]),
        ("S4", [SRAM + 284, 7, 4]),
    )
    expected = bytearray(256)
    expected[0:5] = bytes(range(16, 21))
    expected[8:16] = bytes(range(32, 40))
    expected[24:27] = b"\xab" * 3
    expected[28:32] = b"\x07" * 4
    assert bytes(found["memory"]) == bytes(expected)


def test_programming_flash_only_clears_bits_until_it_is_erased():
    found = call(
        ("RP", [4096, SRAM, 4]),
        ("RE", [4096, 4096]),
        ("RP", [0, SRAM + 0x50, 4]),
        ("RP", [2, SRAM + 0xA0, 4]),
    )
    programmed = bytes([0x50, 0x51, 0x52 & 0xA0, 0x53 & 0xA1, 0xA2, 0xA3])
    assert bytes(found["program"]) == programmed + b"\xff" * 14


def test_a_function_that_the_rom_lacks_is_told_by_a_zero():
    assert call(("ZZ", []))["results"] == [None]


def test_the_boot_loader_ends_the_board():
    assert "boot loader" in call(("UB", [0, 0]))["ended"]
