"""The benchmark's own logic: what it reads, computes, prints and starts. Nothing is timed."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from socket import create_server

import pytest

from bench import (
    BUILD,
    HERE,
    PEERS,
    ROOT,
    client,
    cpython,
    heap,
    load,
    peers,
    process,
    run,
    table,
    unix,
)  # fmt: skip
from bench.device import Device, Image
from bench.table import FIRN, FLOOR, PEER, Row, Target
from firn_tools import programs
from firn_tools.errors import Failure

OUTPUT = """\
Running 3s test @ http://127.0.0.1:8080/
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   337.69us  120.31us   5.15ms   94.97%
    Req/Sec    23.85k     1.12k   25.54k    76.67%
  Latency Distribution
     50%  325.00us
     75%  351.00us
     90%  399.00us
     99%  689.00us
  71195 requests in 3.00s, 8.96MB read
Requests/sec:  23729.11
Transfer/sec:      2.99MB
"""
ERRORS = """\
  Socket errors: connect 0, read 17, write 0, timeout 3
  Non-2xx or 3xx responses: 12
"""
# Stands in for wrk where the point is not the load.
FAKE_WRK = """\
#!%s
import sys, urllib.request
for _ in range(5):
    with urllib.request.urlopen(sys.argv[-1], timeout=30) as answer:
        assert answer.read() == b"Hello, world!"
print(%r)
"""


def silent(text):
    pass


# wrk


def test_rate_percentile_and_count_are_read():
    found = load.parse(OUTPUT)
    assert (found.rate, found.requests, found.errors) == (23729.11, 71195, "")
    assert found.p99 == pytest.approx(0.689)


@pytest.mark.parametrize(
    "text, ms", [("689.00us", 0.689), ("12.50ms", 12.5), ("1.25s", 1250), ("1.50m", 90000)]
)
def test_percentile_is_in_milliseconds(text, ms):
    assert load.parse(OUTPUT.replace("689.00us", text)).p99 == pytest.approx(ms)


def test_errors_are_read_without_those_that_did_not_happen():
    text = OUTPUT.replace("Requests/sec", ERRORS + "Requests/sec")
    assert load.parse(text).errors == "read 17, timeout 3, other than 2xx 12"


@pytest.mark.parametrize("lost", ["Requests/sec:", "     99%", " requests in "])
def test_output_that_lacks_a_figure_is_refused(lost):
    with pytest.raises(ValueError, match="expected what wrk --latency prints"):
        load.parse(OUTPUT.replace(lost, ""))


def test_missing_wrk_is_named_with_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match=r"wrk: not found.*apt-get install -y wrk"):
        load.require()


def test_programs_are_loaded_in_turns(monkeypatch):
    asked = []

    def fake(url, connections, seconds, close):
        asked.append((url, connections, seconds, close))
        return load.Result(len(asked), 1.0, 1)

    class Named:
        def __init__(self, name):
            self.name = self.url = name

    monkeypatch.setattr(load, "run", fake)
    results = load.in_turns([Named("a"), Named("b")], 8, run.Plan(2, 3), True)
    assert asked == [(name, 8, 3, True) for name in "abab"]
    assert load.best_rate(results["a"]) == 3
    assert load.best_rate(results["b"]) == 4


def test_problems_name_the_contestant():
    good, bad = load.Result(1, 1, 1), load.Result(1, 1, 1, "read 2")
    assert load.problems({"firn": [good, good]}) == ""
    assert load.problems({"firn": [good], "peer": [bad, good, bad]}) == "peer: read 2 | read 2"


# the table


@pytest.mark.parametrize(
    "target, text, value, met",
    [
        (Target(">=", 8, PEER), ">= 8 x peer", 8.0, True),
        (Target(">=", 8.5, PEER), ">= 8.5 x peer", 8.0, False),
        (Target("<=", 1.5, FLOOR), "<= 1.5 x floor", 2.0, False),
        (Target("<=", 2, FLOOR), "<= 2 x floor", 2.0, True),
        (Target("<=", 2500), "<= 2 500", 800, True),
        (Target(">=", 1, "other"), ">= 1 x other", None, None),
    ],
)
def test_targets(target, text, value, met):
    figures = {FIRN: 800, PEER: 100, FLOOR: 400}
    assert (target.text(), target.value(figures), target.met(figures)) == (text, value, met)


def test_peer_without_a_figure_is_neither_met_nor_missed_but_counted():
    row = Row("here", "what", "bytes", {FIRN: 5, PEER: 0}, [Target(">=", 8, PEER)])
    assert table.lines([row])[0][-3:] == ("-", ">= 8 x peer", "no figure")
    assert table.missed([row]) == 1


@pytest.mark.parametrize(
    "value, text",
    [(None, "-"), (0, "0"), (3.0, "3"), (0.613, "0.61"), (2.5, "2.5"), (11664, "11 664"),
     (99.96, "99.96"), (23729.11, "23 729")],
)  # fmt: skip
def test_numbers_have_the_digits_that_matter(value, text):
    assert table.number(value) == text


def test_table_has_a_line_per_target():
    rows = [
        Row("unix", "keep-alive", "requests/s", {FIRN: 9000, PEER: 1000, FLOOR: 20000},
            [Target(">=", 8, PEER), Target(">=", 0.6, FLOOR)], "peer: read 2"),
        Row("QEMU", "import", "bytes", {FIRN: 3984, PEER: 4432}),
    ]  # fmt: skip
    lines = table.markdown(rows).splitlines()
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        "unix", "keep-alive", "requests/s", "9 000", "1 000", "20 000", "9 x peer",
        ">= 8 x peer", "met",
    ]  # fmt: skip
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == [
        "", "", "", "", "", "", "0.45 x floor", ">= 0.6 x floor", "MISSED",
    ]  # fmt: skip
    assert "3 984 | 4 432 |      - |" in lines[4]
    assert lines[6] == "- unix, keep-alive: peer: read 2"
    assert len({line.count("|") for line in lines[:5]}) == 1
    assert table.missed(rows) == 1


def test_written_table_has_verdicts_and_circumstances(tmp_path):
    row = Row("unix", "close", "requests/s", {FIRN: 300, PEER: 100}, [Target(">=", 3, PEER)])
    run.write([row], {"command": "python -m bench close", "wrk": None}, tmp_path)
    written = json.loads((tmp_path / "table.json").read_text())
    assert written["rows"][0]["targets"][0]["met"] is True
    assert written["rows"][0]["targets"][0]["value"] == 3
    text = (tmp_path / "table.md").read_text()
    assert "- command: python -m bench close\n" in text and "wrk" not in text


# the command line


def test_every_row_of_the_command_line_is_listed(capsys):
    assert run.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(run.GROUPS)


def test_unknown_row_is_refused_with_those_there_are(capsys):
    assert run.main(["keepalive"]) == 1
    assert "no row 'keepalive'; rows: keep-alive, close" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, kept",
    [([], True), (["--quick"], False), (["close"], False), (["--rounds", "2"], False)],
)
def test_only_a_whole_table_in_full_length_is_kept_with_the_source(arguments, kept):
    folder = run.folder_of(run.parser().parse_args(arguments))
    assert folder == (HERE / "results" if kept else BUILD / "results")


@pytest.mark.parametrize("arguments", [["--rounds", "-1"], ["--seconds", "-3"]])
def test_plan_without_a_run_is_refused(arguments):
    with pytest.raises(Failure, match="at least 1 round"):
        run.plan_of(run.parser().parse_args(arguments))


# the peers


def test_peers_are_installed_under_build_and_once():
    assert peers.install() == PEERS == ROOT / "build" / "bench" / "peers"
    assert peers.version() == "2.7.0"
    before = (PEERS / "microdot" / "microdot.py").stat()
    peers.install()
    after = (PEERS / "microdot" / "microdot.py").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_peers_are_not_in_the_tests_own_environment():
    code = "import importlib.util as u; print(u.find_spec('microdot'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    assert done.stdout.strip() == "None"


def test_peer_that_is_not_what_was_locked_is_refused_and_the_old_one_kept(tmp_path):
    folder = tmp_path / "peers"
    folder.mkdir()
    (folder / "kept").write_text("")
    lock = tmp_path / "lock"
    lock.write_text("microdot==2.7.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(Failure, match="could not be installed"):
        peers.install(folder, lock)
    assert (folder / "kept").exists() and not (folder / "microdot").exists()


def test_lock_pins_every_peer_with_a_hash():
    lines = [line for line in peers.LOCK.read_text().splitlines() if not line.startswith(" ")]
    assert all("==" in line and line.endswith("\\") for line in lines if line[:1] != "#")
    assert any(line.startswith("microdot==2.7.0 ") for line in lines)


# memory


@pytest.mark.parametrize("enough", [1024, 18 * 1024, 18 * 1024 + 1, 63 * 1024, 64 * 1024])
def test_bisection_finds_the_smallest_heap(enough):
    sizes = []

    def suffices(size):
        sizes.append(size)
        return size >= enough

    assert heap.bisect(suffices) == -(-enough // 1024) * 1024
    assert len(sizes) <= 7 and all(size % 1024 == 0 for size in sizes)


def test_heap_that_is_never_large_enough_is_a_failure():
    with pytest.raises(Failure, match="at most 65536 bytes"):
        heap.bisect(lambda size: False)


def test_heads_are_those_the_table_speaks_of():
    assert len(client.SMALL_HEAD) < 60
    assert client.BROWSER_HEAD.count(b"\r\n") == 1 + 8 + 1  # request line, 8 fields, empty line
    assert 400 <= len(client.BROWSER_HEAD) <= 420


# the client


@pytest.mark.parametrize(
    "head, closes",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 13", False),
        (b"HTTP/1.1 200 OK\r\nConnection: close", True),
        (b"HTTP/1.1 200 OK\r\nCONNECTION: Close\r\nDate: x", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 13", True),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive", False),
    ],
)
def test_server_that_ends_the_connection_is_recognised(head, closes):
    assert client.closes(head + b"\r\n\r\nHello, world!") is closes


class Scripted:
    """A server that gives ``answers`` in turn, one per request, and counts its connections."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.connections = 0
        self._listener = create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while self.answers:
            one = self._listener.accept()[0]
            self.connections += 1
            with one:
                while self.answers and one.recv(4096):
                    answer = self.answers.pop(0)
                    one.sendall(answer)
                    if client.closes(answer):
                        break
        self._listener.close()


KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nHello, world!"
CLOSED = b"HTTP/1.0 200 OK\r\nContent-Length: 13\r\n\r\nHello, world!"


@pytest.mark.parametrize("answers, connections", [((KEPT, KEPT, KEPT), 1), ((CLOSED, CLOSED), 2)])
def test_client_keeps_a_connection_as_long_as_the_server(answers, connections):
    server = Scripted(*answers)
    one = client.Client(server.port, 10)
    for _ in answers:
        one.request()
    one.close()
    assert server.connections == connections


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 13\r\n\r\nHello, world!",
        b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nHello",
        b"",
    ],
)
def test_wrong_answer_counts_as_not_served(answer):
    server = Scripted(KEPT, answer or CLOSED[:20])
    assert client.failure(server.port, serial=1, rounds=0) is None
    assert "Wrong: expected" in client.failure(server.port, serial=1, rounds=0)


def test_failure_of_one_of_several_at_once_is_reported():
    turns = ["lost", "", ""]

    def work():
        if turns.pop():
            raise OSError("lost")

    with pytest.raises(OSError, match="lost"):
        client.run_threads(work, 3)
    assert not turns


# whole runs, as short as they can be


@pytest.fixture
def fake_wrk(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "wrk"
    program.write_text(FAKE_WRK % (sys.executable, OUTPUT))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", "%s:%s" % (folder, os.environ["PATH"]))


def test_smoke_on_cpython(fake_wrk, tmp_path, capsys):
    assert run.main(["cpython", "--rounds", "1", "--output", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    (row,) = printed["rows"]
    assert row["place"] == cpython.PLACE and row["figures"][FIRN] == 23729.11
    assert printed["about"]["microdot"] == "2.7.0"


@pytest.mark.image
def test_smoke_on_the_unix_image(fake_wrk):
    rows = unix.routes(prepared_unix(), run.Plan(1, 1), silent)
    assert rows[0].figures.keys() == {FIRN, PEER, "alone"}
    assert table.missed(rows) == 0


def prepared_unix():
    peers.install()
    return unix.Unix()


@pytest.mark.image
def test_peer_is_what_runs_on_the_unix_image_in_its_place():
    prepared = prepared_unix()
    code = "import microdot; print(microdot.__file__)"
    shown = {}
    for script in ("hello_firn", "hello_peer"):
        program = prepared.program("x", script)
        done = subprocess.run(
            [str(prepared.image), "-c", code], env=program.environment, capture_output=True,
            text=True,
        )  # fmt: skip
        shown[script] = done.stdout.strip()
    assert shown["hello_peer"].startswith(str(BUILD / "bytecode"))
    assert shown["hello_firn"] == "microdot/__init__.py"


@pytest.mark.image
@pytest.mark.timeout(900)  # an image is built
def test_smoke_on_the_emulated_board(monkeypatch):
    programs.ensure("qemu-system-arm")
    peers.install()
    image = Image(FIRN)
    image.build()
    monkeypatch.setattr(heap, "_REQUESTS", 2)
    monkeypatch.setattr(heap, "_IDLE", 2)
    images = {FIRN: image, PEER: image}
    (row,) = heap.after_import(images, None, silent)
    assert row.figures[FIRN] == row.figures[PEER] > 0
    (row,) = heap.idle(images, None, silent)
    assert row.figures[FIRN] >= row.figures[FLOOR] > 0
    with Device("floor", image, "floor_keep_alive", heap=heap._ROOMY, probe=True) as device:
        client.wait_for(device)
        small = heap._allocated_by(device, client.SMALL_HEAD, True)
        assert 0 < small <= heap._allocated_by(device, client.BROWSER_HEAD, True)
        assert client.failure(device.port, 2, 1, 2) is None
        assert client.requests(device.port, 0.1, clients=2) > 0
    lost = []
    assert not heap._suffices(image, "hello_firn", 4096, lost.append)
    assert "does not start" in lost[-1]


SLEEPY_WRK = """\
#!%s
import sys, time
print(sys.argv, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_started_ends_with_the_benchmark(number, fake_wrk, tmp_path):
    (tmp_path / "bin" / "wrk").write_text(SLEEPY_WRK % sys.executable)
    command = [sys.executable, "-m", "bench", "cpython", "--output", str(tmp_path)]
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"))
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        said = ""
        while "round 1" not in said:  # all servers run, wrk is about to
            line = running.stderr.readline()
            assert line, said
            said += line
        children = children_of(running.pid, 4)
        running.send_signal(number)
        assert running.wait(60) == 130
        left = still_running(children)
        assert not left, said + running.stderr.read()
    finally:
        running.kill()
        running.wait()
        running.stderr.close()


def still_running(pids):
    """[(pid, state, command line)] of the processes that have not ended within 5 seconds.

    One that nobody has asked for its status has ended, too: it is up to who inherited it.
    """
    end = time.monotonic() + 5
    while True:
        left = []
        for pid in pids:
            try:
                with open("/proc/%d/stat" % pid) as file:
                    state = file.read().rpartition(")")[2].split()[0]
                with open("/proc/%d/cmdline" % pid) as file:
                    left.append((pid, state, file.read().replace("\0", " ")))
            except OSError:
                continue
        left = [found for found in left if found[1] not in "ZX"]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)


def test_signal_while_a_process_starts_comes_after_it(monkeypatch):
    started = []
    popen = subprocess.Popen

    def signalled(*arguments, **options):
        signal.raise_signal(signal.SIGINT)
        started.append(popen(*arguments, **options))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", signalled)
    try:
        with pytest.raises(KeyboardInterrupt):
            process.start([sys.executable, "-c", "pass"])
    finally:
        assert started[0].wait(60) == 0


def children_of(pid, count):
    """The processes that ``pid`` has started, once they are ``count``."""
    while True:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
            found = [int(word) for word in file.read().split()]
        if len(found) >= count:
            return found
        time.sleep(0.05)
