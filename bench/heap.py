"""Memory on the emulated board (32-bit): per request, after import, per connection, smallest."""

import time

from firn_tools.errors import Failure

from . import client
from .device import Device, connect
from .table import FIRN, FLOOR, PEER, Row, Target

PLACE = "QEMU image (32-bit)"
_ROOMY = 2 * 1024 * 1024  # bytes of heap in which nothing has to be collected
_REQUESTS = 40
_IDLE = 8  # connections; lwIP has 12
_PAUSE = 0.3  # seconds; no figure depends on it
_STEP = 1024
_LARGEST = 64 * 1024
_ATTEMPTS = 2  # before a heap is held to be too small: QEMU's network may have been to blame
HEADS = {"small": client.SMALL_HEAD, "browser": client.BROWSER_HEAD}


def per_request(images, plan, progress):
    """Rows: bytes allocated per request, each on a connection of its own, and kept alive."""
    rows = []
    limits = {"small": 2500, "browser": 4000}
    contestants = [
        (FIRN, images[FIRN], "hello_firn"),
        (PEER, images[PEER], "hello_peer"),
        (FLOOR, images[FIRN], "floor_close"),
    ]
    closing = {name: _allocated(*who, False, progress) for name, *who in contestants}
    contestants[1:] = [(FLOOR, images[FIRN], "floor_keep_alive")]
    keeping = {name: _allocated(*who, True, progress) for name, *who in contestants}
    for kind, head in HEADS.items():
        size = "%s head (%d bytes, %d lines)" % (kind, len(head), head.count(b"\r\n") - 1)
        for ending, measured, targets in (
            ("a connection each", closing, [Target("<=", limits[kind])]),
            ("keep-alive", keeping, []),
        ):
            figures = {name: found[kind] for name, found in measured.items()}
            what = "bytes allocated per request, %s, %s" % (size, ending)
            rows.append(Row(PLACE, what, "bytes", figures, targets))
    return rows


def _allocated(image, program, keep, progress):
    """{kind of head: bytes allocated per request}."""
    progress("bytes per request: %s" % program)
    with Device(program, image, program, heap=_ROOMY, probe=True) as device:
        client.wait_for(device)
        return {kind: _allocated_by(device, head, keep) for kind, head in HEADS.items()}


def _allocated_by(device, head, keep):
    for _ in range(3):  # what is only made once
        _requests(device, 4, head, keep)
    _settle(device)
    device.ask(b"o")
    device.ask(b"a")  # the first of its kind may cost more
    before = device.ask(b"a")[0]
    cost = device.ask(b"a")[0] - before  # of asking
    first, asked = device.ask(b"a")[0], device.asked
    _requests(device, _REQUESTS, head, keep)
    last = _settle(device)
    used = last - first - cost * (device.asked - asked)
    device.ask(b"c")
    if used < 0:
        raise Failure("%s: something was collected: %d, then %d" % (device.name, first, last))
    return used / _REQUESTS


def _settle(device, open_connections=1, timeout=90):
    """Wait until no more than so many connections are open (the probe's is one); bytes in use.

    Every question for it allocates a little, ``device.asked`` counts them.
    """
    end = time.monotonic() + timeout
    while True:
        time.sleep(_PAUSE)
        connections = device.ask(b"a")[1]
        if connections == open_connections:
            time.sleep(_PAUSE)  # for the tasks of the last one to end
            return device.ask(b"a")[0]
        if time.monotonic() > end:
            raise Failure(
                "%s: expected %d connections, %d are open"
                % (device.name, open_connections, connections)
            )


def _requests(device, count, head, keep):
    one = client.Client(device.port)
    for _ in range(count):
        one.request(head)
        if not keep:
            one.close()
    one.close()


def after_import(images, plan, progress):
    """Rows: what stays on the heap after ``import microdot``."""
    figures = {}
    for name in (FIRN, PEER):
        progress("import: %s" % name)
        with Device(name, images[name], "after_import") as device:
            found = device.wait_for(r"imported (\d+) (\d+) (\d+)\r?\n")
        start, asyncio, figures[name] = map(int, found.groups())
    note = "before it are %d bytes of the board's start and %d of asyncio" % (start, asyncio)
    what = "heap after import microdot (frozen)"
    return [Row(PLACE, what, "bytes", figures, [Target("<=", 4000)], note)]


def idle(images, plan, progress):
    """Rows: what an open connection costs that waits for its first request."""
    figures = {}
    for name, image, program in (
        (FIRN, images[FIRN], "hello_firn"),
        (PEER, images[PEER], "hello_peer"),
        (FLOOR, images[FIRN], "floor_keep_alive"),
    ):
        progress("idle connections: %s" % program)
        with Device(name, image, program, heap=_ROOMY, probe=True) as device:
            client.wait_for(device)
            _requests(device, 4, client.SMALL_HEAD, False)
            figures[name] = _per_connection(device)
    note = "difference between none and %d open connections, collected" % _IDLE
    what = "heap per idle open connection"
    return [Row(PLACE, what, "bytes", figures, [Target("<=", 600)], note)]


def _per_connection(device):
    _settle(device)
    device.ask(b"c")
    used = device.ask(b"c")[0]
    opened = [connect(device.port) for _ in range(_IDLE)]
    try:
        _settle(device, 1 + _IDLE)
        device.ask(b"c")
        return (device.ask(b"c")[0] - used) / _IDLE
    finally:
        for one in opened:
            one.close()


def smallest(images, plan, progress):
    """Rows: the smallest heap that answers 60 serial requests and 10 times 4 at once."""
    figures = {}
    for name, image, program in (
        (FIRN, images[FIRN], "hello_firn"),
        (PEER, images[PEER], "hello_peer"),
        (FLOOR, images[FIRN], "floor_close"),
    ):
        figures[name] = bisect(lambda size: _suffices(image, program, size, progress)) / 1024  # noqa: B023
    what = "smallest heap for 60 serial and 10x4 parallel requests"
    note = "the whole heap, with what the board's own start leaves on it; in steps of 1 KiB"
    return [Row(PLACE, what, "KiB", figures, [Target("<=", 18)], note)]


def bisect(suffices, low=0, high=_LARGEST, step=_STEP):
    """The smallest multiple of ``step`` bytes up to ``high`` for which ``suffices(bytes)``.

    ``low`` is taken not to suffice; Failure when ``high`` does not either.
    """
    if not suffices(high):
        raise Failure("expected at most %d bytes of heap to suffice, they do not" % high)
    while high - low > step:
        middle = (low + high) // 2 // step * step
        if suffices(middle):
            high = middle
        else:
            low = middle
    return high


def _suffices(image, program, size, progress):
    for _ in range(_ATTEMPTS):
        with Device(program, image, program, heap=size) as device:
            starts = client.comes_up(device)
            problem = client.failure(device.port) if starts else "does not start"
        progress("smallest heap: %s in %d KiB: %s" % (program, size // 1024, problem or "enough"))
        if problem is None:
            return True
    return False
