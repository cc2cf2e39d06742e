"""Notebooks: from a slider's change to what the browser gets, heap, and beside the real marimo."""

import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from firn_tools import paths
from firn_tools.errors import Failure

from . import BUILD, HERE, client, load, peers, process
from .cpython import PLACE as CPYTHON
from .device import Device, Image
from .heap import PLACE as BOARD
from .heap import bisect
from .process import Program
from .qemu import PLACE as QEMU
from .table import FIRN, PEER, Row, Target
from .unix import PLACE as UNIX
from .visit import Visit

FOLDER = HERE / "notebooks"
_TEN = "/n/ten_cells/"
_TWENTY = "/n/twenty_cells/"
_SLIDER = ("vblA-0", ("bkHC", "lEQa", "PKri"))  # and the cells that depend on it
_CHANGES = 40  # of a round
_SESSIONS = 4
_PATIENCE = 15  # seconds; a lost SYN is sent again after 6, and out of memory nothing comes
_PICO = 180 * 1024  # bytes of heap that MicroPython has on a Pico W, about


def change_unix(unix, plan, progress):
    """Row: from a slider's change to the outputs of three cells."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="firn-bench-"))
        shutil.copytree(FOLDER, Path(folder) / "notebooks")
        program = stack.enter_context(unix.program(FIRN, "notebook_server", folder))
        return [_changes(UNIX, program.port, 20, plan, progress)]


def change_qemu(image, plan, progress):
    """Row: from a slider's change to the outputs of three cells, on the emulated board."""
    with Device(FIRN, image, "notebook_server", files=FOLDER) as device:
        client.wait_for(device)
        return [_changes(QEMU, device.port, 150, plan, progress)]


def _changes(place, port, limit, plan, progress):
    """A Row of the median time that a change takes, in the best of several rounds."""
    runs = []
    longest = []
    with process.pinned(process.cores()[1]), Visit(port, _TEN) as visit:
        visit.load()
        visit.connect()
        visit.run()
        _check_ids(visit)
        for number in range(plan.rounds):
            progress("round %d of %d" % (number + 1, plan.rounds))
            times = [
                1000 * visit.change({_SLIDER[0]: 1 + count % 1000}, _SLIDER[1])
                for count in range(_CHANGES)
            ]
            runs.append(round(median(times), 3))
            longest.append(max(times))
    what = "slider's change until 3 outputs are back, 10 cells"
    note = "medians of %d changes; the longest of all: %.1f ms" % (_CHANGES, max(longest))
    return Row(place, what, "ms", {FIRN: min(runs)}, [Target("<=", limit)], note, {FIRN: runs})


def _check_ids(visit):
    if not {_SLIDER[0][:4], *_SLIDER[1]} <= set(visit.ids):
        raise Failure("expected a cell vblA, got %s" % visit.ids)


def heap(image, plan, progress):
    """Rows: what a notebook of 20 cells takes of the heap, of a file and frozen."""
    rows = []
    for what, limit, words in (
        ("of a file", 60 * 1024, ()),
        ("frozen", 25 * 1024, ("frozen=1",)),
    ):
        progress(what)
        before, after = _loaded(image, None, *words)
        size = bisect(
            lambda size: _loaded(image, size, *words) is not None,  # noqa: B023
            high=256 * 1024,
        )
        for how, figure in (
            ("stays of loading", after),
            ("is needed to load", size - before),
        ):
            what_of = "heap that %s a notebook of 20 cells, %s" % (how, what)
            rows.append(Row(BOARD, what_of, "bytes", {FIRN: figure}, [Target("<=", limit)]))
    rows[0].note = "with the modules that this imports; asyncio and microdot were there before"
    return rows


def _loaded(image, size, *words):
    """(bytes in use before the notebook of 20 cells is loaded, bytes that this adds); None where
    a heap of ``size`` bytes does not suffice."""
    words = ("notebook_server", "heap_of=twenty_cells", *words)
    with Device(FIRN, image, *words, heap=size, files=FOLDER) as device:
        found = device.wait_for(r"notebook (\d+) (\d+)\r?\n|MemoryError|>>> ")
    return tuple(map(int, found.groups())) if found.group(1) else None


def sessions(image, plan, progress):
    """Row: the smallest heap for four sessions of a notebook of 20 cells."""

    def suffices(size):
        problem = _problem(image, size)
        progress("%d KiB: %s" % (size // 1024, problem or "enough"))
        return problem is None

    size = bisect(suffices, 96 * 1024, 352 * 1024, 4096) / 1024
    what = "smallest heap for %d sessions of the notebook of 20 cells" % _SESSIONS
    note = "the whole heap, with the board's own start and the server; in steps of 4 KiB"
    return [Row(BOARD, what, "KiB", {FIRN: size}, [Target("<=", _PICO // 1024)], note)]


def _problem(image, size):
    """Why four pages do not get their cells on a board with ``size`` bytes, None if they do."""
    with (
        Device(FIRN, image, "notebook_server", heap=size, files=FOLDER) as device,
        ExitStack() as stack,
    ):
        if not client.comes_up(device):
            return "does not start"
        visits = [Visit(device.port, _TWENTY, timeout=_PATIENCE) for _ in range(_SESSIONS)]
        for visit in visits:
            stack.enter_context(visit)
        try:
            for visit in visits:
                visit.load()
                visit.connect()
                visit.run()
            for visit in visits:  # while the others are open
                visit.change({"bkHC-0": 20}, ("Hstk",))
        except (Failure, OSError) as error:
            return str(error)
        return "MemoryError" if "MemoryError" in device.printed else None


def first_run(plan, progress):
    """Row: page and first run of a notebook, beside the real marimo's server."""
    programs = [_served(FIRN, paths.frozen()), _served(PEER, None)]
    with ExitStack() as stack:
        running = [stack.enter_context(program) for program in programs]
        for program in running:
            _visited(program)  # what is loaded once

        def once(program):
            with process.pinned(process.cores()[1]):
                times = [_visited(program) for _ in range(5 * plan.seconds)]
            return round(1000 * median(times), 3)

        runs = load.turns(running, once, plan, progress)
    figures = {name: min(found) for name, found in runs.items()}
    what = "page and first run of a notebook of 10 cells; the peer is marimo"
    note = "both under the same uvicorn; marimo " + peers.marimo_version()
    targets = [Target("<=", 0.1, PEER)]
    return [Row(CPYTHON, what, "ms", figures, targets, note, runs)]


def _served(name, path):
    """A Program that serves the notebook of 10 cells by the marimo on ``path``, None: theirs."""
    home = BUILD / "home"
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        "NOTEBOOK": str(FOLDER / "ten_cells.py"),
        "PYTHONPATH": str(path or ""),
        # Nothing of the user's, and nobody is asked for anything.
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "MARIMO_SKIP_UPDATE_CHECK": "1",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    command = [peers.marimo(), "-W", "ignore", HERE / "asgi" / "serve.py"]
    return Program(name, command, ["asgi_notebook"], environment)


def _visited(program):
    """Seconds that it took to get the page and all cells' outputs."""
    with Visit(program.port, "/n/", theirs=program.name == PEER) as visit:
        began = time.monotonic()
        visit.load()
        visit.connect()
        visit.run()
        passed = time.monotonic() - began
        shown = [cell for cell in visit.ids if visit.outputs.get(cell)]
        if len(visit.ids) != 10 or len(shown) < 8:
            raise Failure("%s: expected outputs, got %s" % (program.name, visit.outputs))
    return passed


def image():
    """The image of the emulated board for these rows, built."""
    made = Image("notebooks")
    made.build()
    return made
