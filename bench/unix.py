"""Requests per second and latencies on the UNIX image, made by wrk."""

from contextlib import ExitStack

from firn_tools import boards, build, sources

from . import HERE, load, peers
from .process import Program
from .table import FIRN, FLOOR, PEER, Row, Target

PLACE = "MicroPython unix"
HEAP = 4 * 1024 * 1024  # bytes, for every contestant
BACKLOG = 128
CONNECTIONS = 128  # that Firn takes at once; the others have no limit
ROUTES = 30


class Unix:
    """The programs in the UNIX image. Everything in it is frozen; the peer comes before that."""

    place = PLACE

    def __init__(self):
        self.image = build.build(boards.find("UNIX"), if_needed=True)
        self.peer = peers.compiled(sources.version(sources.tree()))

    def program(self, name, script, folder=None, **settings):
        """A Program that serves ``script`` (a file of servers/) with ``settings`` for serve().

        ``folder``: where it runs, None: where we do.
        """
        settings = {"backlog": BACKLOG, "connections": CONNECTIONS, **settings}
        command = [self.image, "-X", "heapsize=%d" % HEAP, HERE / "servers" / "main.py"]
        path = "%s:.frozen" % self.peer if script.endswith("_peer") else ".frozen"
        words = [script, *("%s=%s" % item for item in settings.items())]
        return Program(name, command, words, {"MICROPYPATH": path}, folder)


def throughput(where, what, programs, targets, plan, progress, connections=8, close=False):
    """A Row of requests per second: the best of each of ``programs``, run in turns."""
    with ExitStack() as stack:
        running = [stack.enter_context(program) for program in programs]
        results = load.in_turns(running, connections, plan, close, progress)
    runs = {name: [result.rate for result in found] for name, found in results.items()}
    figures = {name: load.best_rate(found) for name, found in results.items()}
    return Row(where, what, "requests/s", figures, targets, load.problems(results), runs)


def keep_alive(unix, plan, progress):
    """Row: 8 connections that stay open."""
    programs = [
        unix.program(FIRN, "hello_firn"),
        unix.program(PEER, "hello_peer"),
        unix.program(FLOOR, "floor_keep_alive"),
    ]
    targets = [Target(">=", 8, PEER), Target(">=", 0.6, FLOOR)]
    what = "keep-alive, 8 connections"
    return [throughput(PLACE, what, programs, targets, plan, progress)]


def close(unix, plan, progress):
    """Row: 8 clients that open a connection for every request."""
    programs = [
        unix.program(FIRN, "hello_firn"),
        unix.program(PEER, "hello_peer"),
        unix.program(FLOOR, "floor_close"),
    ]
    targets = [Target(">=", 3, PEER), Target(">=", 0.75, FLOOR)]
    what = "Connection: close, 8 connections"
    return [throughput(PLACE, what, programs, targets, plan, progress, close=True)]


def latency(unix, plan, progress):
    """Rows: the 99th percentile with 64 connections, kept and not."""
    rows = []
    for ending, floor in (
        ("keep-alive", "floor_keep_alive"),
        ("Connection: close", "floor_close"),
    ):
        programs = [
            unix.program(FIRN, "hello_firn"),
            unix.program(PEER, "hello_peer"),
            unix.program(FLOOR, floor),
        ]
        with ExitStack() as stack:
            running = [stack.enter_context(program) for program in programs]
            results = load.in_turns(running, 64, plan, ending != "keep-alive", progress)
        runs = {name: [result.p99 for result in found] for name, found in results.items()}
        figures = {name: load.best_p99(found) for name, found in results.items()}
        what = "99th percentile, %s, 64 connections" % ending
        note = load.problems(results)
        rows.append(Row(PLACE, what, "ms", figures, [Target("<=", 1.5, FLOOR)], note, runs))
    return rows


def routes(unix, plan, progress):
    """Row: as keep_alive, with other routes registered first."""
    programs = [
        unix.program(FIRN, "hello_firn", routes=ROUTES),
        unix.program("alone", "hello_firn"),
        unix.program(PEER, "hello_peer", routes=ROUTES),
    ]
    what = "keep-alive, 8 connections, %d other routes registered first" % ROUTES
    row = throughput(PLACE, what, programs, [Target(">=", 0.95, "alone")], plan, progress)
    alone = "Firn without them (alone): %.0f" % row.figures["alone"]
    row.note = "; ".join(filter(None, [alone, row.note]))
    return [row]
