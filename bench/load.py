"""wrk, the load generator: runs of it taken in turns, and what it prints."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from firn_tools.errors import Failure

from . import process

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 60e3, "h": 3600e3}


@dataclass
class Result:
    """One run: requests per second, 99th percentile in ms, and what went wrong."""

    rate: float
    p99: float
    requests: int
    errors: str = ""


def require():
    """The path of wrk, or Failure with how to install it."""
    program = shutil.which("wrk")
    if program is None:
        raise Failure(
            "wrk: not found; it makes the load for the rows on UNIX and CPython. Type: "
            "sudo apt-get install -y wrk (macOS: brew install wrk), or name rows that do "
            "without it (python -m bench --list shows them)"
        )
    return program


def version():
    """What wrk calls itself, e.g. "wrk 4.1.0"."""
    done = subprocess.run([require(), "-v"], capture_output=True, text=True)
    words = (done.stdout + done.stderr).split()
    return " ".join(words[:2]) if words else "wrk"


def parse(text):
    """The Result in wrk's output ``text`` (of ``--latency``); ValueError where there is none."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"(?m)^\s+99%\s+([\d.]+)([a-z]+)\s*$", text)
    total = re.search(r"(\d+) requests in ", text)
    if not (rate and p99 and total and p99.group(2) in _UNITS):
        raise ValueError("expected what wrk --latency prints, got %r" % text[:500])
    errors = []
    found = re.search(r"Socket errors: (.*)", text)
    if found:
        errors += [part.strip() for part in found.group(1).split(",")]
        errors = [part for part in errors if not part.endswith(" 0")]
    found = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if found:
        errors.append("other than 2xx %s" % found.group(1))
    latency = float(p99.group(1)) * _UNITS[p99.group(2)]
    return Result(float(rate.group(1)), latency, int(total.group(1)), ", ".join(errors))


def command(url, connections, seconds, close=False):
    """wrk's command line."""
    words = [require(), "-t1", "-c%d" % connections, "-d%ds" % seconds, "--latency"]
    # wrk gives up on what takes longer, and a timeout would then be missing from the latencies.
    words += ["--timeout", "10s"]
    if close:
        words += ["-H", "Connection: close"]
    return [*words, url]


def run(url, connections, seconds, close=False):
    """One run of wrk on the clients' cores; its Result."""
    running = process.start(
        command(url, connections, seconds, close), process.cores()[1],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        output, problems = running.communicate(timeout=seconds + 60)
    except BaseException:
        process.stop(running)
        raise
    if running.returncode:
        raise Failure("wrk failed: %s" % (problems or output).strip())
    return parse(output)


def in_turns(programs, connections, plan, close=False, progress=None):
    """{program's name: [Result of each round]} of wrk; ``plan``: see run.Plan."""

    def once(program):
        return run(program.url, connections, plan.seconds, close)

    return turns(programs, once, plan, progress)


def turns(programs, once, plan, progress=None):
    """{program's name: [``once(program)`` of each round]}.

    One run of every program, then again from the first, so that a machine that becomes slower or
    faster does so for all of them.
    """
    results = {program.name: [] for program in programs}
    for number in range(plan.rounds):
        for program in programs:
            if progress:
                progress("round %d of %d, %s" % (number + 1, plan.rounds, program.name))
            results[program.name].append(once(program))
    return results


def best_rate(results):
    """The highest rate of ``results``: whatever else the machine does only makes a run slower."""
    return max(result.rate for result in results)


def best_p99(results):
    """The lowest 99th percentile, in ms."""
    return min(result.p99 for result in results)


def problems(results):
    """What went wrong in the runs, as one short text; empty where nothing did."""
    counts = {}
    for name, runs in results.items():
        for result in runs:
            if result.errors:
                counts.setdefault(name, []).append(result.errors)
    return "; ".join("%s: %s" % (name, " | ".join(found)) for name, found in counts.items())
