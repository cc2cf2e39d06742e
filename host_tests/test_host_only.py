"""Modules for CPython alone stay out of the images; all others of the framework are in them."""

import subprocess

import pytest

from firn_tools import boards
from targets import ROOT

pytestmark = pytest.mark.image

HOST_ONLY = {
    "asgi", "asgi_connection", "asgi_websocket", "gateway", "jinja", "packing", "wsgi",
    "wsgi_connection",
}  # fmt: skip

PROGRAM = """\
for name in %r:
    try:
        __import__("microdot." + name)
    except ImportError:
        print(name)
"""


def test_what_an_image_lacks():
    names = [path.stem for path in (ROOT / "frozen" / "microdot").glob("*.py")]
    command = [str(boards.find("UNIX").image), "-c", PROGRAM % sorted(names)]
    done = subprocess.run(
        command, env={"MICROPYPATH": ".frozen"}, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert set(done.stdout.split()) == HOST_ONLY
