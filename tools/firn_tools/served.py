"""The device that a test talks to: an image that was booted for it, or a board that was pushed to.

start() is what the pytest plugin's ``firn_device`` calls; the tests' own options decide.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from . import boards, build, running
from .check_run import copy_site
from .device_client import DeviceClient
from .errors import Failure

_PUSH_TIMEOUT = 600  # seconds; a whole site over a slow serial line
_ANSWERS = re.compile(r"the site answers: (\S+)")


class Device(DeviceClient):
    """A device that answers at ``url``; see DeviceClient for the requests.

    ``console``: what it has printed so far, as str.
    """

    def __init__(self, url, site=None, said=""):
        super().__init__(url)
        self._site = site
        self._said = said

    @property
    def console(self):
        return self._site.console.replace("\r", "") if self._site else self._said

    @property
    def process_id(self):
        """Of the image's process (int); None for a board."""
        return self._site.process.pid if self._site else None

    def wait_for_console(self, text):
        """Wait until the console has said ``text`` (str); AssertionError when it does not."""
        if self._site is None:
            raise Failure("expected a device in an image: the console of a board is not read")
        self._site.wait_for_console(text)

    def stop(self):
        """End the image; a board goes on serving."""
        if self._site is not None:
            self._site.__exit__()
            self._site = None


def start(folder, board="UNIX", port=None, url=None, new_folder=None):
    """Have a Device with the site of ``folder`` (Path).

    ``board``: the image to boot, "UNIX" or "QEMU", built if it is not up to date; ``port``: serial
    port of a board to push the folder to instead; ``url``: where the board answers, alone for one
    that has the site already; ``new_folder``: a function that makes a folder (Path) for a copy.
    Failure, with what to do, where that does not work.
    """
    if port:
        return _pushed(folder, port, url)
    if url:
        return Device(url)
    image = boards.find(board)
    build.build(image, if_needed=True)
    place = new_folder()
    if image.port == "unix":
        # A copy: what the device writes does not get into the folder.
        files = place / "files"
        copy_site(folder, files)
        site = running.UnixSite(files)
    else:
        site = running.QemuSite(folder, place / "flash.img")
    site.scheme = _scheme(folder / "config.json")
    try:
        site.__enter__()
    except AssertionError as error:
        raise Failure(str(error))
    return Device("%s://127.0.0.1:%d" % (site.scheme, site.port), site)


def _scheme(config):
    """The scheme that a device with this config.json (Path) serves."""
    try:
        return "https" if json.loads(config.read_bytes())["server"]["tls"] else "http"
    except (OSError, ValueError, LookupError, TypeError):
        return "http"


def _pushed(folder, port, url):
    command = [sys.executable, "-m", "firn_tools", "push", str(folder), "--port", port]
    if url:
        command += ["--url", url]
    tools = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(part for part in (tools, os.environ.get("PYTHONPATH")) if part)
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=_PUSH_TIMEOUT, env=dict(os.environ, PYTHONPATH=path),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Failure("%s: the folder was not sent within %d s" % (port, _PUSH_TIMEOUT))
    said = done.stdout + done.stderr
    if done.returncode:
        raise Failure("%s: the folder could not be pushed:\n%s" % (port, said.strip()))
    found = _ANSWERS.search(done.stderr)
    if url is None and not found:
        raise Failure(
            "%s: expected a board that answers from here, got one whose address is not known or "
            "not reached; name it with --firn-url. It says:\n%s" % (port, said.strip())
        )
    return Device(url or found.group(1), said=said)
