"""``python -m bench``: measures the rows that are asked for, prints and writes the table."""

import argparse
import datetime
import json
import os
import platform
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from firn_tools import emulate, programs, sources
from firn_tools.errors import Failure
from firn_tools.progress import say

from . import (
    BUILD,
    HERE,
    ROOT,
    cpython,
    extensions,
    heap,
    load,
    notebooks,
    peers,
    pico,
    process,
    qemu,
    table,
    unix,
)  # fmt: skip
from .device import Image

RESULTS = HERE / "results"


@dataclass(frozen=True)
class Plan:
    """How long to measure what is timed: ``rounds`` runs of ``seconds`` for each contestant."""

    rounds: int
    seconds: int


FULL = Plan(5, 3)
QUICK = Plan(2, 1)

# Name on the command line -> (what it runs on, function that measures it).
GROUPS = {
    "keep-alive": ("unix", unix.keep_alive),
    "close": ("unix", unix.close),
    "latency": ("unix", unix.latency),
    "routes": ("unix", unix.routes),
    "qemu-sequential": ("qemu", qemu.sequential),
    "qemu-keep-alive": ("qemu", qemu.keep_alive),
    "heap-request": ("qemu", heap.per_request),
    "heap-import": ("qemu", heap.after_import),
    "heap-idle": ("qemu", heap.idle),
    "heap-smallest": ("qemu", heap.smallest),
    "cpython": ("cpython", cpython.keep_alive),
    "websocket": ("unix", extensions.websocket),
    "sse": ("unix", extensions.sse),
    "multipart": ("unix", extensions.multipart),
    "session": ("unix", extensions.session),
    "asgi": ("cpython", extensions.asgi),
    "heap-extensions": ("qemu", extensions.heap),
    "notebook-change": ("unix", notebooks.change_unix),
    "notebook-change-qemu": ("notebooks", notebooks.change_qemu),
    "notebook-heap": ("notebooks", notebooks.heap),
    "notebook-sessions": ("notebooks", notebooks.sessions),
    "notebook-first": ("marimo", notebooks.first_run),
    "pico-usb": ("pico", pico.over_usb),
    "pico-sizes": ("pico", pico.sizes),
}


def parser():
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures Firn beside Microdot and the floor; see bench/README.md.",
    )
    made.add_argument("rows", nargs="*", metavar="ROW", help="which rows (default: all)")
    made.add_argument("--list", action="store_true", help="print the names of the rows")
    made.add_argument("--quick", action="store_true", help="short runs: rough figures")
    made.add_argument("--json", action="store_true", help="print the figures as JSON")
    made.add_argument("--rounds", type=int, help="runs of each contestant (%d)" % FULL.rounds)
    made.add_argument("--seconds", type=int, help="length of a run (%d)" % FULL.seconds)
    made.add_argument(
        "--output", type=Path, metavar="FOLDER",
        help="where to write table.json and table.md; default: bench/results for a whole table "
        "in full length, else build/bench/results",
    )  # fmt: skip
    return made


def plan_of(options):
    """The Plan that the command line asks for."""
    base = QUICK if options.quick else FULL
    plan = Plan(options.rounds or base.rounds, options.seconds or base.seconds)
    if plan.rounds < 1 or plan.seconds < 1:
        raise Failure("expected at least 1 round of 1 second")
    return plan


def folder_of(options):
    """Where this run's table belongs; only a whole one in full length is kept with the source."""
    if options.output:
        return options.output
    whole = not options.rows and not options.quick
    whole = whole and not options.rounds and not options.seconds
    return RESULTS if whole else BUILD / "results"


def measure(names, plan):
    """The rows of the groups ``names``, in the order of the table."""
    chosen = {name: GROUPS[name] for name in GROUPS if name in names}
    bases = {base for base, _ in chosen.values()}
    if bases & {"unix", "cpython"}:
        load.require()
    peers.install()
    arguments = {"cpython": (), "marimo": ()}
    if "unix" in bases:
        arguments["unix"] = (unix.Unix(),)
    if "qemu" in bases:
        programs.ensure("qemu-system-arm")
        images = {name: Image(name) for name in (table.FIRN, table.PEER)}
        for image in images.values():
            image.build()
        arguments["qemu"] = (images,)
    if "notebooks" in bases:
        programs.ensure("qemu-system-arm")
        arguments["notebooks"] = (notebooks.image(),)
    if "pico" in bases:
        arguments["pico"] = (pico.image(),)
    rows = []
    for number, (name, (base, function)) in enumerate(chosen.items()):
        place = "%d/%d %s" % (number + 1, len(chosen), name)
        rows += function(*arguments[base], plan, Progress(place))
    return rows


class Progress:
    """Says what is being measured, once a second at most."""

    def __init__(self, place):
        self.place = place
        self._said = 0.0

    def __call__(self, text):
        now = time.monotonic()
        if now - self._said > 1:
            self._said = now
            say("%s: %s" % (self.place, text))


def busy():
    """How many programs wanted a core in the last minute, before we began; None if unknown."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def about(arguments, plan, load_before):
    """What the figures were made with and on."""
    return {
        "command": "python -m bench " + shlex.join(arguments),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
        "cpu": _cpu(),
        "cores": "server on 1, load on another" if process.cores()[0] else "shared",
        "load before": load_before,
        "runs": "%d of %d s each, in turns; best of them" % (plan.rounds, plan.seconds),
        "python": platform.python_version(),
        "micropython": _micropython(),
        "microdot": peers.version(),
        "qemu": _first_line("qemu-system-arm", "--version"),
        "wrk": _wrk(),
        "unix heap": "%d bytes, backlog %d" % (unix.HEAP, unix.BACKLOG),
        "system": platform.platform(),
    }


def _micropython():
    return ".".join(map(str, sources.version(sources.tree())))


def _wrk():
    try:
        return load.version()
    except Failure:
        return None


def _first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.splitlines()[0] if done.stdout else None


def _cpu():
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    for line in text.splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def write(rows, facts, folder):
    """Write table.json and table.md to ``folder``; the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {"about": facts, "rows": [row.as_dict() for row in rows]}
    (folder / "table.json").write_text(json.dumps(document, indent=1) + "\n")
    lines = ["- %s: %s" % item for item in facts.items() if item[1] is not None]
    text = "# Figures\n\n%s\n%s\n" % (table.markdown(rows), "\n".join(lines))
    target = folder / "table.md"
    target.write_text(text)
    return target


def run(options, arguments):
    """Measure, print and write what ``options`` ask for."""
    if options.list:
        for name, (base, function) in GROUPS.items():
            print("%-20s %-9s %s" % (name, base, function.__doc__.split(": ", 1)[1].rstrip(".")))
        return
    unknown = [name for name in options.rows if name not in GROUPS]
    if unknown:
        raise Failure("no row %r; rows: %s" % (unknown[0], ", ".join(GROUPS)))
    plan = plan_of(options)
    load_before = busy()
    if load_before is not None and load_before > 0.5:
        say("the machine is at work already (load %s): timed figures will be low" % load_before)
    rows = measure(options.rows or list(GROUPS), plan)
    facts = about(arguments, plan, load_before)
    target = write(rows, facts, folder_of(options))
    if options.json:
        print(target.with_suffix(".json").read_text(), end="")
    else:
        print(table.markdown(rows), end="")
    say("%d of the targets missed; written to %s" % (table.missed(rows), target))


def main(arguments=None):
    """Run the benchmarks; the exit status (0 measured, 1 failure, 130 interrupted)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser().parse_args(arguments)
    # Whoever ends the benchmark ends what it has started, too.
    signal.signal(signal.SIGTERM, emulate._interrupt)
    try:
        run(options, arguments)
    except Failure as failure:
        print("firn: %s" % failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("firn: interrupted", file=sys.stderr)
        return 130
    finally:
        process.stop_all()
    return 0
