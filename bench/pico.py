"""The Raspberry Pi Pico's own UF2 file in an emulator of its chip: boot, HTTP over USB, sizes."""

import http.client
import os
import subprocess
import sys
import time
from statistics import median

from firn_tools import boards, build, paths, ports, rp2040, size
from firn_tools.errors import Failure

from .process import START_TIMEOUT, stop
from .table import FIRN, Row, Target

PLACE = "Pico, emulated"
_FIRST = "GET /, the sample site's page"


def image(board="RPI_PICO"):
    """The board, with its image built."""
    found = boards.find(board)
    build.build(found, if_needed=True)
    rp2040.library()
    return found


def over_usb(board, plan, progress):
    """Rows: the time from power to the first page through firn bridge, and pages after that."""
    boots, rates, middles = [], [], []
    for number in range(plan.rounds):
        progress("round %d of %d" % (number + 1, plan.rounds))
        start = time.monotonic()
        with rp2040.Rp2040(board, pty=True) as device, _Bridge(device.console_name) as bridge:
            page = bridge.wait_for_page()
            boots.append(time.monotonic() - start)
            taken = _pages(bridge.port, plan.seconds, page)
        rates.append(len(taken) / sum(taken))
        middles.append(median(taken) * 1000)
    note = _FIRST + "; on a board the processor is about four times as fast"
    return [
        Row(PLACE, "UF2 boot to first answer over USB", "s", {FIRN: min(boots)}, [], note,
            {FIRN: boots}),
        Row(PLACE, "one client over USB, keep-alive", "requests/s", {FIRN: max(rates)}, [],
            note, {FIRN: rates}),
        Row(PLACE, "one client over USB, keep-alive: median", "ms", {FIRN: min(middles)}, [],
            note, {FIRN: middles}),
    ]  # fmt: skip


def sizes(board, plan, progress):
    """Rows: heap at boot and while the sample site is served, and flash of what is frozen."""
    progress("heap")
    at_boot, _ = size.heap_at_boot(board)
    serving, _ = size.idle_heap(board)
    packages = size.frozen_packages(board)
    frozen = sum(package[0] for package in packages.values())
    parts = ", ".join("%s %d" % (name, package[0]) for name, package in packages.items())
    room = [Target(">=", 150 * 1024)]
    return [
        Row(PLACE, "heap free at boot", "bytes", {FIRN: at_boot}, room),
        Row(PLACE, "heap free, sample site served", "bytes", {FIRN: serving}, room),
        Row(PLACE, "frozen code", "bytes", {FIRN: frozen}, [Target("<=", 160 * 1024)], parts),
    ]


def _pages(port, seconds, expected):
    """Seconds that each of the pages took that were asked for one after the other."""
    taken = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_TIMEOUT)
    end = time.monotonic() + seconds
    while not taken or time.monotonic() < end:
        start = time.monotonic()
        connection.request("GET", "/")
        page = connection.getresponse().read()
        taken.append(time.monotonic() - start)
        if page != expected:
            raise Failure("%s: expected the page as before, got %r" % (PLACE, page[:200]))
    connection.close()
    return taken


class _Bridge:
    """``firn bridge`` for the device at ``console`` as a process."""

    def __init__(self, console):
        self.port = ports.free_port()
        self.command = [sys.executable, "-m", "firn_tools", "bridge", "--device", console]
        self.command += ["--listen", str(self.port)]

    def __enter__(self):
        tools = str(paths.root() / "tools")
        self.process = subprocess.Popen(
            self.command, env=dict(os.environ, PYTHONPATH=tools), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self

    def __exit__(self, *exception):
        stop(self.process)

    def wait_for_page(self):
        """The bytes of the first page."""
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("GET", "/")
                answer = connection.getresponse()
                page = answer.read()
                if answer.status == 200:
                    return page
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.05)
        raise Failure("%s: no page within %d s" % (PLACE, START_TIMEOUT))
