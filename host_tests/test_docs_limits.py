"""docs/limits.md names every limit of the framework, with the default it has."""

import os
import re
import subprocess

import pytest

from firn_tools import boards
from microdot import Request, Response, connection, files, http, http_body
from microdot.server import Server
from targets import ROOT

PAGE = (ROOT / "docs" / "limits.md").read_text()
CLASSES = {"Request": Request, "Server": Server, "Response": Response}
# Of the fixed ones: words of the row, and the constant.
FIXED = [
    ("digits of Content-Length", http._MAX_LENGTH_DIGITS),
    ("digits of a chunk's size", http_body._MAX_CHUNK_DIGITS),
    ("line before a chunk", http_body._MAX_CHUNK_LINE),
    ("trailers after", http_body._MAX_TRAILERS),
    ("unread rest of a body", connection.DRAIN_LIMIT),
    ("read for its ETag", files._CHECKSUM_LIMIT),
]


def tables():
    """(class name, attribute, the row's other cells) of every tunable on the page."""
    for section in PAGE.split("\n## ")[1:]:
        found = re.match(r".*`microdot\.(?:server\.)?(\w+)`\n", section)
        for row in re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", section) if found else ():
            yield found.group(1), row[0], row[1].split(" | ")


@pytest.mark.parametrize(("owner", "name", "cells"), list(tables()))
def test_the_defaults_are_as_the_page_says(owner, name, cells):
    assert str(getattr(CLASSES[owner], name)) == cells[0]


@pytest.mark.parametrize("owner", CLASSES)
def test_every_limit_is_on_the_page(owner):
    limits = {
        name
        for name, value in vars(CLASSES[owner]).items()
        if name[0] != "_" and not isinstance(value, bool) and isinstance(value, (int, float))
    }
    assert limits
    assert limits <= {name for one, name, _ in tables() if one == owner}


def test_the_example_sets_limits(monkeypatch):
    for owner, name in ((Request, "max_content_length"), (Server, "max_connections")):
        monkeypatch.setattr(owner, name, None)
    (example,) = re.findall(r"(?ms)^```python\n(.*?)^```$", PAGE)
    exec(example, {})
    assert (Request.max_content_length, Server.max_connections) == (1024 * 1024, 4)


@pytest.mark.parametrize(("words", "value"), FIXED)
def test_fixed_limits_are_as_the_page_says(words, value):
    (row,) = [line for line in PAGE.splitlines() if words in line]
    assert row.split(" | ")[1] == str(value)


@pytest.mark.image
def test_the_defaults_of_devices_are_as_the_page_says():
    names = [(name, cells[1]) for owner, name, cells in tables() if owner == "Server"]
    assert names
    code = "from microdot.server import Server\nfor n in %r: print(getattr(Server, n))" % (
        [name for name, _ in names],
    )
    done = subprocess.run(
        [str(boards.find("UNIX").image), "-c", code],
        env=dict(os.environ, MICROPYPATH=".frozen"), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == [default for _, default in names], done.stderr
