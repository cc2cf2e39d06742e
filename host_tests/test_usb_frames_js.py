"""web/usb_frames.js against the device's own codec: the same frames, byte for byte, both ways."""

import json
import random
import shutil
import subprocess

import pytest

from firn import usb_frames as frames
from firn_tools import programs
from targets import ROOT

DRIVER = """
import {readFileSync} from "node:fs";
import {Decoder, KIND, TO_DEVICE, TO_HOST, encode} from "./usb_frames.js";
const cases = JSON.parse(readFileSync(0));
const plain = (frame) => frame && [frame.kind, frame.channel, frame.number, frame.acknowledged,
  frame.place, [...frame.payload]];
console.log(JSON.stringify({
  kinds: KIND,
  encoded: cases.frames.map(([kind, channel, number, acknowledged, place, payload, toDevice]) =>
    [...encode(kind, channel, number, acknowledged, place, Uint8Array.from(payload),
      toDevice ? TO_DEVICE : TO_HOST)]),
  decoded: cases.lines.map((pieces) => {
    const found = [], text = [];
    const decoder = new Decoder(600, (frame) => found.push(plain(frame)),
      (data) => text.push(...data));
    for (const piece of pieces) decoder.feed(Uint8Array.from(piece));
    return [found, text];
  }),
}));
"""


def random_frames(chance, count):
    for _ in range(count):
        yield (
            chance.choice(b"HWODCERAPLN"), chance.randrange(33), chance.randrange(64),
            chance.randrange(64), chance.randrange(64),
            bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 3, 50, 200)))),
            chance.random() < 0.5,
        )  # fmt: skip


def encoded(frame):
    *parts, to_device = frame
    return frames.encode(*parts, frames.TO_DEVICE if to_device else frames.TO_HOST)


def random_line(chance, some):
    """Frames, text and noise, cut anywhere."""
    line = b""
    for frame in some:
        line += chance.choice((b"", b"text\r\n", "äöü".encode(), b"\x80"))
        wire = encoded(frame)
        if chance.random() < 0.2:
            at = chance.randrange(len(wire))
            wire = (
                wire[:at] + chance.choice((b"", b"x", b"\xf8", b"\xf9", b"\xfa")) + wire[at + 1 :]
            )
        line += wire
    pieces = []
    while line:
        count = chance.choice((1, 2, 7, 40, 300))
        pieces.append(line[:count])
        line = line[count:]
    return pieces


def python_decoded(pieces):
    text = []
    decoder = frames.Decoder(600, text.append)
    found = [frame for piece in pieces for frame in decoder.feed(piece)]
    return found, b"".join(text)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """(frames, lines of frames, what JavaScript makes of them)"""
    programs.ensure("node")
    chance = random.Random(7)
    some = list(random_frames(chance, 150))
    lines = [random_line(chance, chance.sample(some, 8)) for _ in range(60)]
    folder = tmp_path_factory.mktemp("web")
    shutil.copy(ROOT / "web" / "usb_frames.js", folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "driver.js").write_text(DRIVER)
    given = {
        "frames": [[*one[:5], list(one[5]), one[6]] for one in some],
        "lines": [[list(piece) for piece in pieces] for pieces in lines],
    }
    done = subprocess.run(
        ["node", "driver.js"], cwd=folder, input=json.dumps(given), capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return some, lines, json.loads(done.stdout)


def test_kinds_are_the_same(both):
    assert both[2]["kinds"] == {name: getattr(frames, name) for name in both[2]["kinds"]}


def test_frames_are_the_same_bytes(both):
    some, _lines, found = both
    for frame, wire in zip(some, found["encoded"]):
        assert bytes(wire) == encoded(frame), frame


def test_lines_are_understood_the_same(both):
    _some, lines, found = both
    broken = 0
    for pieces, (js_frames, _js_text) in zip(lines, found["decoded"]):
        python_frames, _text = python_decoded(pieces)
        broken += python_frames.count(None)
        good = [one for one in python_frames if one]
        assert [(*one[:5], bytes(one[5])) for one in js_frames if one] == good
    assert broken > 20


def test_text_between_whole_frames_is_the_same(both):
    some = both[0]
    line = b"".join(b"line %d\r\n" % number + encoded(one) for number, one in enumerate(some))
    found, text = python_decoded([line[at : at + 100] for at in range(0, len(line), 100)])
    assert None not in found and len(found) == len(some)
    assert text == b"".join(b"line %d\r\n" % number for number in range(len(some)))
