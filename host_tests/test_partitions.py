"""ESP32 partition tables: the text form, the binary form and the rules."""

import pytest

from firn_tools import partitions, sources
from firn_tools.errors import Failure
from firn_tools.partitions import Partition

FACTORY = """\
# ESP-IDF's table of one application
nvs,      data, nvs,     0x9000,  0x6000,
phy_init, data, phy,     0xf000,  0x1000,
factory,  app,  factory, 0x10000, 1M,
"""
NVS = "nvs, data, nvs, 0x9000, 0x4000\n"


def problems_of(text, flash_size=None):
    with pytest.raises(Failure) as caught:
        partitions.check(partitions.parse_csv(text, "t.csv"), flash_size, "t.csv")
    return str(caught.value).splitlines()


def test_a_table_has_the_bytes_that_the_chips_own_tool_gives_it():
    data = partitions.to_binary(partitions.parse_csv(FACTORY))
    assert len(data) == 0xC00
    assert data[:32].hex() == "aa500102009000000060000" + "06e7673" + "00" * 17
    assert data[64:76].hex() == "aa500000000001000000100" + "0"
    # What ESP-IDF's gen_esp32part.py writes for this table.
    assert data[96:128].hex() == "ebeb" + "ff" * 14 + "f4ad4f4538564b5d7435b62c75b69524"
    assert set(data[128:]) == {0xFF}


@pytest.mark.parametrize(
    "text",
    [
        FACTORY,
        NVS + "otadata,data,ota,,0x2000\nota_0,app,ota_0,,1M\nota_15,app,ota_15,,64K\n",
        "a,data,0x8f,0x9000,4K,encrypted\nb,data,nvs,,0x1000,readonly\nc,0x40,7,,8K,\n",
        "a,data,fat,0x9000,4K,encrypted:readonly\n",
    ],
)
def test_both_forms_say_the_same(text):
    table = partitions.parse_csv(text)
    assert partitions.parse_csv(partitions.to_csv(table)) == table
    assert partitions.parse_binary(partitions.to_binary(table)) == table


def test_a_missing_offset_is_the_first_that_is_free_and_aligned():
    table = partitions.parse_csv("a,data,nvs,,0x3000\nb,app,factory,,1M\nc,data,,,12K\n")
    assert [(entry.offset, entry.end) for entry in table] == [
        (0x9000, 0xC000),
        (0x10000, 0x110000),
        (0x110000, 0x113000),
    ]
    assert table[2].subtype == "undefined"


def test_a_negative_size_is_the_offset_of_the_end():
    assert partitions.parse_csv("a,data,fat,0x10000,-4M\n")[0].size == 0x3F0000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,data\n", "line 1: expected name, type, subtype, offset, size, flags; got 2 fields"),
        ("\na,disk,fat,,4K\n", "line 2: type: expected app, data, bootloader, partition_table,"),
        ("a,app,slot,,4K\n", "subtype: expected factory, ota_0,"),
        ("a,app,,,4K\n", "subtype: expected factory, ota_0,"),
        ("a,data,255,,4K\n", "subtype: expected a number from 0 to 254, got 255"),
        ("a,data,fat,,much\n", "size: expected a number such as 0x10000, 64K or 1M, got 'much'"),
        ("a,data,fat,,\n", "size: expected a number"),
        ("a,data,fat,,4K,hidden\n", "flags: expected encrypted or readonly, got 'hidden'"),
    ],
)
def test_a_line_that_is_wrong_is_named(text, message):
    with pytest.raises(Failure) as caught:
        partitions.parse_csv(text, "t.csv")
    assert message in str(caught.value)
    assert str(caught.value).startswith("t.csv, line ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "expected at least one partition, got none"),
        ("a,app,factory,0x11000,4K\n", "a: expected an offset that 0x10000 divides, got 0x11000"),
        ("a,data,fat,0x9100,4K\n", "a: expected an offset that 0x1000 divides, got 0x9100"),
        ("a,data,fat,0x8000,4K\n", "a: expected an offset from 0x9000 on, got 0x8000"),
        ("a,data,fat,,5000\n", "a: expected a size that 0x1000 divides, got 0x1388"),
        ("a,data,fat,,0\n", "a: expected a size, got 0"),
        ("a,data,nvs,,0x2000\n", "a: expected at least 0x3000, got 0x2000"),
        ("a,data,ota,,0x1000\n", "a: expected a size of 0x2000, got 0x1000"),
        ("sixteen_letters_,data,fat,,4K\n", "expected a name of 1 to 15 bytes, got 16"),
        (NVS + "nvs,data,fat,,4K\n", "nvs: there are two of that name"),
        (NVS + "a,data,fat,0xc000,4K\n", "a: starts at 0xc000, before the end of nvs at 0xd000"),
        (NVS + "a,app,ota_0,,1M\n", "otadata: expected a partition data, ota beside the slot a"),
        ("a,data,ota,,8K\nb,data,ota,,8K\n", "b: there are two of data, ota"),
    ],
)
def test_a_table_against_the_rules_is_refused(text, problem):
    assert any(problem in line for line in problems_of(text))


def test_a_table_larger_than_the_flash_is_refused():
    text = NVS + "a,data,fat,0x10000,2M\n"
    assert problems_of(text, 0x200000) == [
        "t.csv: a: ends at 0x210000, after the flash's end at 0x200000"
    ]
    partitions.check(partitions.parse_csv(text), 0x210000)


def test_too_many_partitions_are_refused():
    table = [Partition("p%d" % n, "data", "fat", 0x9000 + n * 4096, 4096) for n in range(95)]
    partitions.parse_binary(partitions.to_binary(table[:94]))
    with pytest.raises(Failure, match="at most 94 entries, got 95"):
        partitions.to_binary(table)


def test_what_is_no_table_is_refused():
    good = partitions.to_binary(partitions.parse_csv(FACTORY))
    for data, message in [
        (b"", "ends after 0 bytes"),
        (good[:100], "ends after 100 bytes"),
        (b"\xff" * 0xC00, "expected at least one entry, got none"),
        (b"\xe9\x03" + good, "expected AA 50 at 0x0, got e903"),
        (good[:5] + b"\x55" + good[6:], "its MD5 is wrong"),
    ]:
        with pytest.raises(Failure, match=message):
            partitions.parse_binary(data)


def test_a_table_without_a_checksum_is_read():
    good = partitions.to_binary(partitions.parse_csv(FACTORY))
    assert len(partitions.parse_binary(good[:96] + b"\xff" * 32)) == 3


def test_the_filesystem_and_the_application_are_found():
    table = partitions.parse_csv(
        NVS + "otadata,data,ota,,8K\nota_1,app,ota_1,0x110000,1M\nota_0,app,ota_0,0x210000,1M\n"
        "factory,app,factory,0x310000,64K\nother,data,fat,,4K\nvfs,data,fat,,4K\n"
    )
    assert partitions.filesystem(table).name == "vfs"
    assert [entry.name for entry in partitions.apps(table)] == ["factory", "ota_1", "ota_0"]
    assert partitions.filesystem(table[:2]) is None


def test_every_table_of_micropython_is_read_and_right():
    found = sorted((sources.tree(fetch=False) / "ports" / "esp32").glob("partitions-*.csv"))
    assert len(found) > 3
    for file in found:
        megabytes = int(file.name.split("-")[1].split("MiB")[0])
        table = partitions.parse_csv(file.read_text(), file.name)
        partitions.check(table, megabytes << 20, file.name)
        assert partitions.filesystem(table) is not None
