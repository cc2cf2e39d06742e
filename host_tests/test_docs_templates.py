"""Runs the examples of docs/templates.md.

A page's fenced blocks are taken in their order. What follows the language says what a block is:

    ```html templates/a.html    a file of that name
    ```python                   a program; all of a page run in one namespace and one folder
    ```text output              what the last program has printed

An example that prints something has to show it, and the other way round.
"""

import io
import re
import sys
from contextlib import redirect_stdout

import pytest

from microdot.utemplate import Template
from targets import ROOT

PAGES = [ROOT / "docs" / "templates.md"]
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def run_page(text):
    """Run the examples of a page; yields (line of the block, what was printed, what is shown)."""
    namespace = {"__name__": "example"}
    printed = None
    for found in _BLOCK.finditer(text):
        language, name, block = found.groups()
        line = text.count("\n", 0, found.start()) + 1
        if name == "output":
            yield line, printed, block
            printed = None
            continue
        if printed:
            yield line, printed, "(a block of output)"
        printed = None
        if language == "python":
            output = io.StringIO()
            with redirect_stdout(output):
                exec(compile(block, "example in line %d" % line, "exec"), namespace)
            printed = output.getvalue()
        elif name:
            write(name, block)


def write(name, text):
    import os

    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name, value in (("_loader", None), ("_settings", None)):
        monkeypatch.setattr(Template, name, value)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_print_what_the_page_shows(page, folder):
    shown = 0
    for line, printed, expected in run_page(page.read_text(encoding="utf-8")):
        assert printed is not None, "line %d: expected a program before the output" % line
        assert lines(printed) == lines(expected), "line %d" % line
        shown += 1
    assert shown


def lines(text):
    """The lines without white space at their ends, and without empty ones at the end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


@pytest.mark.parametrize("text", [
    "```python\nprint(1)\n```\n```text output\n2\n```\n",
    "```text output\n2\n```\n",
    "```python\nprint(1)\n```\n```python\n```\n",
    "```python\n1 / 0\n```\n",
])  # fmt: skip
def test_a_wrong_example_is_noticed(text, folder):
    with pytest.raises((AssertionError, ZeroDivisionError)):
        for line, printed, expected in run_page(text):
            assert printed is not None, line
            assert lines(printed) == lines(expected), line
