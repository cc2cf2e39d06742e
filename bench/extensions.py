"""The extensions: speed beside Microdot's on UNIX, beside Starlette's on CPython, and heap."""

import functools
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from firn_tools import paths
from firn_tools.errors import Failure

from . import HERE, PEERS, load, process, streams
from .cpython import PLACE as CPYTHON
from .device import Device
from .heap import PLACE as BOARD
from .process import Program
from .table import FIRN, FLOOR, PEER, Row, Target
from .unix import PLACE as UNIX
from .unix import throughput

TWICE = [Target(">=", 2, PEER)]
_CROWDED = 0.9  # of the time; clients as busy as that may have held the server up
# Name in servers/after_extension.py -> (bytes it may take, what is said about it in the table).
HEAP = {
    "websocket": (800, ""),
    "sse": (304, ""),
    "multipart": (688, ""),
    "cors": (352, ""),
    "csrf": (336, ""),
    "auth": (1104, ""),
    "session": (3984, " with jwt and hmac"),
    "login": (560, " (session being there)"),
    "test_client": (1024, ""),
}


def websocket(unix, plan, progress):
    """Row: WebSocket messages of 125 bytes sent back."""
    what = "WebSocket echo of 125 bytes of text, 8 connections, 4 messages on their way on each"
    return [_row(unix, "echo", what, "messages/s", streams.echo, plan, progress)]


def sse(unix, plan, progress):
    """Row: events delivered to 20 clients."""
    what = "server-sent events to 20 clients, all together"
    return [_row(unix, "events", what, "events/s", streams.events, plan, progress)]


def multipart(unix, plan, progress):
    """Rows: forms with a file of 1 MB, read while they come, and once they are there."""
    rows = []
    for path, how in (
        (b"/stream", "FormDataIter, read as it comes"),
        (b"/form", "with_form_data, read from the temporary file"),
    ):
        what = "upload of a file of 1 MB in a form, " + how
        work = functools.partial(streams.uploads, path)
        rows.append(_row(unix, "upload", what, "uploads/s", work, plan, progress))
    return rows


def _row(unix, application, what, unit, work, plan, progress):
    """A Row of the best of ``work``'s runs against ``application`` of servers/extensions.py."""

    def once(program):
        return streams.run(work, program.port, plan.seconds)

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="firn-bench-"))
        programs = [
            unix.program(name, "extensions_" + name, folder, application=application)
            for name in (FIRN, PEER)
        ]
        running = [stack.enter_context(program) for program in programs]
        results = load.turns(running, once, plan, progress)
    runs = {name: [result.rate for result in found] for name, found in results.items()}
    figures = {name: load.best_rate(found) for name, found in results.items()}
    return Row(UNIX, what, unit, figures, TWICE, clients_note(results), runs)


def clients_note(results):
    """Whose clients were so busy ({name: [streams.Load]}) that they may have held it up."""
    busy = {name: max(load.busy for load in found) for name, found in results.items()}
    return "; ".join(
        "%s: the clients were busy %.0f %% of the time" % (name, 100 * share)
        for name, share in busy.items()
        if share > _CROWDED
    )


def session(unix, plan, progress):
    """Row: sessions verified and read, without a request around it."""
    programs = [
        unix.program(name, "extensions_" + name, application="verify", seconds=plan.seconds)
        for name in (FIRN, PEER)
    ]
    runs = load.turns(programs, _verified, plan, progress)
    figures = {name: max(found) for name, found in runs.items()}
    what = "sessions verified, HS256, 3 values; both with Firn's jwt and hmac"
    return [Row(UNIX, what, "sessions/s", figures, runs=runs)]


def _verified(program):
    """What ``program`` (not running) prints when it runs to its end."""
    running = process.start(
        program.command, process.cores()[0], env=program.environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        printed = running.communicate(timeout=process.START_TIMEOUT)[0]
    finally:
        process.stop(running)
        running.stdout.close()
    found = re.search(r"verified ([\d.]+)", printed)
    if not found:
        raise Failure("%s: expected a figure, got %r" % (program.name, printed))
    return float(found.group(1))


def asgi(plan, progress):
    """Row: hello world under uvicorn, beside Starlette (as the peer) and a bare application."""
    programs = [
        asgi_program(FIRN, "asgi_firn"),
        asgi_program(PEER, "asgi_starlette"),
        asgi_program(FLOOR, "asgi_floor"),
    ]
    what = "uvicorn, keep-alive, 8 connections; the peer is Starlette"
    targets = [Target(">=", 1, PEER)]
    return [throughput(CPYTHON, what, programs, targets, plan, progress)]


def asgi_program(name, module):
    """A Program that has uvicorn serve ``module`` (of asgi/); both come with the peers."""
    if not (paths.frozen() / "microdot" / "asgi.py").is_file():
        raise Failure("asgi: frozen/microdot/asgi.py is not there yet; name other rows")
    command = [sys.executable, HERE / "asgi" / "serve.py"]
    # Ours first: Microdot is a peer, too.
    path = "%s:%s" % (paths.frozen(), PEERS)
    return Program(name, command, [module], {"PYTHONPATH": path})


def heap(images, plan, progress):
    """Rows: what stays on the heap after each extension is imported."""
    rows = []
    for name, (limit, detail) in HEAP.items():
        progress("import: %s" % name)
        with Device(FIRN, images[FIRN], "after_extension", "extension=" + name) as device:
            found = device.wait_for(r"extension (\d+) (\d+)\r?\n")
        what = "heap after import microdot.%s%s (frozen)" % (name, detail)
        figures = {FIRN: int(found.group(2))}
        rows.append(Row(BOARD, what, "bytes", figures, [Target("<=", limit)]))
    return rows
