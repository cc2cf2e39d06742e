"""Runs the examples of docs/framework.md.

A page's fenced blocks are taken in their order. What follows the language says what a block is:

    ```python                   a program; all of a page run in one namespace and one folder
    ```css www/style.css        a file of that name
    ```http                     exchanges with the program's ``app``: lines with > are sent, lines
                                with < are what has to come back: status, headers, body
"""

import asyncio
import re
import types

import pytest
from exchange import ask

from targets import ROOT

PAGES = [ROOT / "docs" / "framework.md"]
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


def blocks(text):
    """(language, file name or None, content, line) of each fenced block."""
    for found in _BLOCK.finditer(text):
        yield (*found.groups(), text.count("\n", 0, found.start()) + 1)


def run_page(text, folder):
    """Run the examples of a page; the number of exchanges. AssertionError for a wrong one."""
    exchanges = 0
    module = types.ModuleType("example")
    for language, name, block, line in blocks(text):
        if language == "python":
            exec(compile(block, "example in line %d" % line, "exec"), vars(module))
        elif language == "http":
            for exchange in re.split(r"\n\n(?=>)", block.rstrip("\n")):
                try:
                    asyncio.run(check(module.app, exchange))
                except AssertionError as error:
                    raise AssertionError("line %d: %s\n%s" % (line, exchange, error)) from error
                exchanges += 1
        elif name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(block)
    return exchanges


def part(exchange, mark):
    """(first line, {header: value}, body or None) of the lines that begin with ``mark``."""
    lines = [line[2:] for line in exchange.splitlines() if line[:1] == mark]
    body = None
    if "" in lines:
        end = lines.index("")
        body = "\n".join(lines[end + 1 :])
        lines = lines[:end]
    return lines[0], dict(line.split(": ", 1) for line in lines[1:]), body


async def check(app, exchange):
    """Send what an exchange sends and compare what it shows of the answer."""
    assert all(line[:1] in "<>" and line for line in exchange.splitlines()), exchange
    request_line, headers, body = part(exchange, ">")
    method, target = request_line.split(" ")
    answer = await ask(app, method, target, headers, (body or "").encode())
    status, headers, body = part(exchange, "<")
    assert answer.status == int(status), answer.text
    for name, value in headers.items():
        assert answer.headers.get(name.lower()) == value, answer.headers
    if body is not None:
        assert answer.text.rstrip(" ") == body


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_answer_what_the_page_shows(page, folder):
    assert run_page(page.read_text(encoding="utf-8"), folder)


APP = "```python\nfrom microdot import Microdot\napp = Microdot()\n```\n```http\n%s\n```\n"


def test_a_wrong_example_is_noticed(folder):
    assert run_page(APP % "> GET /\n< 404", folder) == 1
    for exchange in (
        "> GET /\n< 200",
        "> GET /\n< 404\n< Content-Length: 4",
        "> GET /\n< 404\n<\n< found",
        "> GET /\n< 404\n\n> GET /\n< 200",
        "> GET /\n< 404\nsomething",
    ):
        with pytest.raises(AssertionError):
            run_page(APP % exchange, folder)
    with pytest.raises(ZeroDivisionError):
        run_page("```python\n1 / 0\n```\n", folder)
