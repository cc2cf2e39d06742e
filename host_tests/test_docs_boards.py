"""docs/boards.md: its tables are what the board folders say."""

import re

from firn_tools import boards
from targets import ROOT

PAGE = (ROOT / "docs" / "boards.md").read_text("utf-8")
# The flash of these is MicroPython's on another board or has no such parts.
WITHOUT_PARTS = {"QEMU", "UNIX", "ESP32_GENERIC_C3"}


def rows(width):
    """The cells of all table rows with ``width`` cells, without heads."""
    found = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in PAGE.splitlines() if line.startswith("|")]  # fmt: skip
    return [row for row in found if len(row) == width and not row[0].startswith("-")]


def number(size):
    return format(size, ",").replace(",", " ")


def parts(board):
    """(name, offset, size) of the parts of a board's flash."""
    if board.port == "esp32":
        return [(entry.name, entry.offset, entry.size) for entry in board.partitions()]
    offset, size = board.filesystem()
    return [("firmware", 0, offset), ("files", offset, size)]


def test_the_flash_of_each_board_is_as_its_folder_says():
    expected = [
        [name, part, hex(offset), number(size)]
        for name in boards.names()
        if name not in WITHOUT_PARTS
        for part, offset, size in parts(boards.find(name))
    ]
    found = [row for row in rows(4) if row[0] != "board"]
    assert sorted(found) == sorted(expected)
    same = boards.find("ESP32_GENERIC_C3"), boards.find("ESP32_GENERIC")
    assert same[0].partitions() == same[1].partitions()
    assert "ESP32_GENERIC_C3 has the same." in PAGE


def test_every_board_is_in_the_first_table():
    table = PAGE.split("|---|---|---|")[1].split("\n\n")[0]
    assert sorted(re.findall(r"[A-Z][A-Z0-9_]{3,}", table.replace("ESP-IDF", ""))) == sorted(
        [*boards.names(), "QEMU"]  # whose emulator is named, too
    )


def test_the_room_for_an_image_is_what_the_layout_leaves():
    found = {
        name: room for name, _, room in rows(3) if name in boards.names() and room[0].isdigit()
    }
    expected = {}
    for name in boards.names():
        board = boards.find(name)
        if board.port == "esp32":
            slots = [entry.size for entry in board.partitions() if entry.type == "app"]
            expected[name] = number(min(slots))
        elif board.port == "rp2":
            expected[name] = number(board.filesystem()[0])
    assert found == expected
