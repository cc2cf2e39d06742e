"""How the two ends of the line on a host, firn bridge's and the browser's, notice a prompt."""

import json
import shutil
import subprocess

import pytest

from firn_tools import bridge_link, programs
from targets import ROOT

# Reads {"before", "piece"}; greets, and gets back what a prompt echoes of that.
DRIVER = """
import {readFileSync} from "node:fs";
import {Link} from "./usb_link.js";
const {before, piece} = JSON.parse(readFileSync(0));
const written = [], printable = (byte) => byte >= 0x20 && byte < 0x7f;
const link = new Link((bytes) => written.push([...bytes]), () => {}, () => {});
link.tick();
const line = [...new TextEncoder().encode(before), ...written[0].filter(printable)];
written.length = 0;
for (let at = 0; at < line.length; at += piece) {
  link.feed(Uint8Array.from(line.slice(at, at + piece)));
}
console.log(JSON.stringify({state: link.state, written}));
"""


def of_bridge(before, piece):
    written = []
    link = bridge_link.Link(written.append, lambda text: None, lambda state: None)
    link.tick()
    line = before.encode() + bytes(byte for byte in written.pop() if 0x20 <= byte < 0x7F)
    for at in range(0, len(line), piece):
        link.feed(line[at : at + piece])
    return link.state, b"".join(written)


@pytest.fixture(scope="module")
def of_browser(tmp_path_factory):
    programs.ensure("node")
    folder = tmp_path_factory.mktemp("web")
    for name in ("usb_frames.js", "usb_link.js"):
        shutil.copy(ROOT / "web" / name, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "driver.js").write_text(DRIVER)

    def of_browser(before, piece):
        given = json.dumps({"before": before, "piece": piece})
        done = subprocess.run(
            ["node", "driver.js"], cwd=folder, input=given, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        return found["state"], b"".join(bytes(one) for one in found["written"])

    return of_browser


@pytest.fixture(params=["bridge", "browser"])
def echoed(request):
    return of_bridge if request.param == "bridge" else request.getfixturevalue("of_browser")


@pytest.mark.parametrize("piece", [7, 600])
@pytest.mark.parametrize("typed", ["", 500 * "x"], ids=["nothing", "a-request"])
def test_what_a_prompt_has_taken_for_typing_is_struck_out(echoed, typed, piece):
    assert echoed("MicroPython\r\n>>> " + typed, piece) == ("prompt", b"\x03")


@pytest.mark.parametrize("piece", [7, 600])
def test_a_program_that_echoes_is_left_alone(echoed, piece):
    assert echoed(">>> run()\r\n" + 300 * "y", piece) == ("prompt", b"")
