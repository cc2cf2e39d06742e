"""Runs the examples of docs/websocket.md.

A page's fenced blocks are taken in their order. What follows the language says what a block is:

    ```python                       a program; all of a page run in one namespace
    ```text conversation /path      with the program's ``app``: ``> `` sends, ``< `` is received
    ```text output                  what the last program has printed

In a conversation ``close 1000 reason`` is a Close frame, everything else a text message.
"""

import asyncio
import io
import re
from contextlib import redirect_stdout

import pytest
from websocket_wire import Wire, close_frame, eventually, frame

from microdot.websocket import WebSocket
from targets import ROOT

PAGE = ROOT / "docs" / "websocket.md"
_BLOCK = re.compile(r"^```(\w+)(?: (\w+))?(?: (\S+))?\n(.*?)^```$", re.M | re.S)


@pytest.fixture(autouse=True)
def limits():
    """Examples change what is for all WebSockets."""
    kept = WebSocket.max_message_length
    yield
    WebSocket.max_message_length = kept


def run_page(text):
    """Run the examples of a page; how many conversations there were."""
    namespace = {"__name__": "example"}
    printed = ""
    count = 0
    for found in _BLOCK.finditer(text):
        language, kind, path, block = found.groups()
        where = "line %d" % (text.count("\n", 0, found.start()) + 1)
        if kind == "conversation":
            asyncio.run(talk(namespace["app"], path, block.splitlines(), where))
            count += 1
        elif kind == "output":
            assert printed == block, where
            printed = ""
        elif language == "python":
            assert not printed, "%s: expected a block of output before" % where
            output = io.StringIO()
            with redirect_stdout(output):
                exec(compile(block, "example in " + where, "exec"), namespace)
            printed = output.getvalue()
    assert not printed
    return count


async def talk(app, path, lines, where):
    """Play one conversation, and see that it was all there was to it."""
    wire = Wire(app, path=path).start()
    try:
        received = 0
        for line in lines:
            what = "%s: %s" % (where, line)
            if line.startswith("> "):
                words = line[2:].split(" ")
                code = int(words[1]) if words[1:] and words[0] == "close" else None
                wire.feed(close_frame(code) if words[0] == "close" else frame(1, line[2:]))
            else:
                assert line.startswith("< "), what
                received += 1
                first, payload = await nth(wire, received)
                assert text_of(first, payload) == line[2:], what
        wire.end()
        await wire.finish()
        assert len(wire.frames()) == received, where
    finally:
        wire.stop()


async def nth(wire, number):
    """Frame ``number`` (from 1) that is received, others may follow it."""
    await eventually(lambda: b"\r\n\r\n" in wire.sent and len(wire.frames()) >= number)
    return wire.frames()[number - 1]


def text_of(first, payload):
    if first == 0x81:
        return payload.decode()
    assert first == 0x88, first
    words = ["close"]
    if payload:
        words += [str(int.from_bytes(payload[:2], "big")), payload[2:].decode()]
    return " ".join(words).strip()


def test_conversations_are_as_the_page_shows_them():
    assert run_page(PAGE.read_text(encoding="utf-8")) >= 8


APP = """\
```python
from microdot import Microdot
from microdot.websocket import with_websocket
app = Microdot()
@app.route("/echo")
@with_websocket
async def echo(request, ws):
    await ws.send(await ws.receive())
```
"""


@pytest.mark.parametrize("text", [
    "```text conversation /echo\n> a\n< b\n```\n",
    "```text conversation /echo\n> a\n< a\n```\n",
    "```text conversation /echo\n> a\n< a\n< close 1001\n```\n",
    "```python\nprint(1)\n```\n```text output\n2\n```\n",
    "```python\nprint(1)\n```\n",
])  # fmt: skip
def test_a_wrong_example_is_noticed(text):
    run_page(APP + "```text conversation /echo\n> a\n< a\n< close 1000\n> close 1000\n```\n")
    with pytest.raises(AssertionError):
        run_page(APP + text)
