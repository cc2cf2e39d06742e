"""Applications as people write them for Microdot, unchanged: on CPython and in every image.

Each folder of applications/ is what somebody has on a device: main.py, which ends in app.run(),
and its files. In QEMU it is the device's /main.py, and nothing else is there. On CPython and on
UNIX, where a port may be taken, the address alone is another: _ADDRESS is run before main.py.
"""

import json
import shutil
import sys
import threading

import pytest
from applications_exchanges import EXCHANGES, FOLDER
from corpus_targets import TARGETS, CPythonSite

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

_PORT = 5000  # the default of app.run(), and what the applications say

# Where it runs on this machine's network: on a port of its own, and for this machine alone.
_ADDRESS = """
import microdot
_start_server = microdot.Microdot.start_server
def start_server(self, host="0.0.0.0", port=5000, debug=False, ssl=None):
    assert (host, port) == ("0.0.0.0", 5000)
    return _start_server(self, "127.0.0.1", %s, debug, ssl)
microdot.Microdot.start_server = start_server
"""
_RUN = """
import runpy
runpy.run_path("main.py", run_name="__main__")
"""


class MainSite(CPythonSite):
    """``python main.py``."""

    def command(self):
        return [sys.executable, "-c", _ADDRESS % self.port + _RUN]


@pytest.fixture(params=TARGETS)
def start(request, boot, tmp_path):
    """``start(name)``: a context manager, the application ``name`` running."""

    def begin(name):
        # A copy: templates are compiled beside their sources.
        folder = tmp_path / name
        shutil.copytree(FOLDER / name, folder, ignore=shutil.ignore_patterns("__pycache__"))
        if request.param == "cpython":
            return MainSite(folder)
        if request.param == "unix":
            (folder / "boot.py").write_text("import firn\n" + _ADDRESS % 'firn.overrides["port"]')
        else:
            (folder / "config.json").write_text('{"server": {"port": %d}}' % _PORT)
        return boot(request.param, folder)

    return begin


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_application_answers_as_documented(start, name):
    with start(name) as site:
        for exchange in EXCHANGES[name]:
            check(site, *exchange)


def check(site, method, path, sent, body, status, headers, expected):
    """One request, and what has to come back."""
    answer = site.request(method, path, sent, body)
    where = "%s %s: %r\n%s" % (method, path, answer.body[:500], site.console)
    assert answer.status == status, where
    for name, value in headers.items():
        got = answer.headers.get_all(name) if isinstance(value, list) else answer.headers.get(name)
        assert got == value, (name, where)
    if isinstance(expected, (dict, list)):
        assert json.loads(answer.body) == expected, where
    elif expected is not None:
        expected = expected if isinstance(expected, bytes) else expected.encode()
        assert answer.body == expected, where


def test_a_route_ends_the_server_and_the_program_goes_on(start):
    with start("stop") as site:
        slow = []
        thread = threading.Thread(target=lambda: slow.append(site.get("/slow")))
        thread.start()
        site.wait_for_console("slow begins")
        assert site.get("/shutdown").text == "The server is shutting down..."
        site.wait_for_console("goodbye")
        thread.join()
        assert slow and slow[0].text == "done"
        assert site.console.index("starting") < site.console.index("stopped")
