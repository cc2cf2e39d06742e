"""The benchmark's rows about extensions: load, programs, figures read. Nothing is timed."""

import re
import sys
import threading
from socket import create_server

import pytest

from bench import HERE, extensions, load, peers, run, streams, table, unix
from bench.client import Wrong
from bench.device import Image
from bench.table import FIRN, FLOOR, PEER
from firn_tools import paths, programs
from firn_tools.errors import Failure

NAMES = ["websocket", "sse", "multipart", "session", "asgi", "heap-extensions"]
TEXT = b"x" * 125


def silent(text):
    pass


# the table


def test_rows_about_extensions_are_listed(capsys):
    assert run.main(["--list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    at = listed.index(NAMES[0])
    assert listed[at : at + len(NAMES)] == NAMES


def test_limits_of_the_heap_are_those_of_what_is_imported():
    source = (HERE / "servers" / "after_extension.py").read_text()
    measured = re.findall(r'(?m)^    "(\w+)": (\w+),$', source)
    assert [name for name, _ in measured] == list(extensions.HEAP)
    for name, function in measured:
        assert name == function and "    import microdot.%s  #" % name in source


def test_clients_that_were_too_busy_are_named():
    calm, crowded = streams.Load(100, 0.4), streams.Load(100, 0.97)
    assert extensions.clients_note({FIRN: [calm, calm], PEER: [calm]}) == ""
    note = extensions.clients_note({FIRN: [calm, crowded], PEER: [calm]})
    assert note == "firn: the clients were busy 97 % of the time"


def test_anything_is_measured_in_turns():
    class Named:
        def __init__(self, name):
            self.name = name

    said = []
    programs = [Named("a"), Named("b")]
    results = load.turns(programs, lambda one: one.name * 2, run.Plan(2, 1), said.append)
    assert results == {"a": ["aa", "aa"], "b": ["bb", "bb"]}
    assert [text.split(", ")[1] for text in said] == ["a", "b", "a", "b"]


# WebSocket messages


@pytest.mark.parametrize(
    "opcode, payload, mask, expected",
    [  # RFC 6455 section 5.7
        (1, b"Hello", None, b"\x81\x05Hello"),
        (1, b"Hello", b"\x37\xfa\x21\x3d", b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
        (8, b"", None, b"\x88\x00"),
        (1, TEXT, None, b"\x81\x7d" + TEXT),
    ],
)
def test_frames_are_those_of_the_standard(opcode, payload, mask, expected):
    assert streams.frame(opcode, payload, mask) == expected


def test_frame_that_needs_a_longer_head_is_refused():
    with pytest.raises(ValueError, match="expected at most 125 bytes, got 126"):
        streams.frame(1, TEXT + b"x")


def unmasked(data):
    """What an echo makes of masked frames of 125 bytes."""
    assert len(data) % 131 == 0
    back = b""
    for start in range(0, len(data), 131):
        head, mask, text = data[start : start + 2], data[start + 2 : start + 6], data[start + 6 :]
        assert head == b"\x81\xfd"
        text = bytes(byte ^ mask[at % 4] for at, byte in enumerate(text[:125]))
        back += b"\x81\x7d" + text
    return back


@pytest.mark.parametrize("size", [1, 50, 126, 127, 128, 300, 508])
def test_every_message_that_is_back_is_followed_by_the_next(size):
    window = streams.EchoWindow(4)
    waiting = unmasked(window.first())
    assert len(waiting) == 4 * 127
    received = 0
    while received < 30 * 127:
        piece, waiting = waiting[:size], waiting[size:]
        received += len(piece)
        waiting += unmasked(window.answered(piece))
        assert window.count == received // 127
        assert len(waiting) + received % 127 == 4 * 127


def test_echo_that_differs_is_refused():
    window = streams.EchoWindow(2)
    echoes = unmasked(window.first())
    with pytest.raises(Wrong, match="expected the message's echo"):
        window.answered(echoes[127:])  # the second one first
    with pytest.raises(Wrong, match="expected the message's echo"):
        streams.EchoWindow(2).answered(echoes[:-1] + b"y")


# events


def stream_of(count, chunked):
    """A stream of ``count`` events, as servers send it."""
    found = [b'data: {"sensor": "porch", "count": %d}\n\n' % number for number in range(count)]
    if chunked:
        found = [b"%x\r\n%s\r\n" % (len(one), one) for one in found]
    return b"".join(found)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [1, 2, 7, 41, 1000, 5000])
def test_events_are_counted_however_they_are_cut(size, chunked):
    data = stream_of(120, chunked)
    counter = streams.EventCounter()
    for start in range(0, len(data), size):
        counter.add(data[start : start + size])
        if counter.count:
            counter.check()
    assert counter.count == 120


def test_lost_event_is_noticed():
    data = stream_of(50, True)
    lost = data.replace(b'28\r\ndata: {"sensor": "porch", "count": 30}\n\n\r\n', b"")
    assert lost != data
    counter = streams.EventCounter()
    counter.add(lost)
    with pytest.raises(Wrong, match="expected event 48 to be the last"):
        counter.check()


def test_stream_without_an_event_is_not_taken_for_one():
    with pytest.raises(Wrong, match="expected event -1"):
        streams.EventCounter().check()


# forms


def test_form_is_one_that_every_parser_takes():
    content_type, body = streams.form()
    boundary = content_type.partition(b"boundary=")[2]
    parts = body.split(b"--" + boundary)
    assert parts[0] == b"" and parts[3] == b"--\r\n" and len(parts) == 4
    head, _, content = parts[2].partition(b"\r\n\r\n")
    assert b'name="file"; filename="porch.bin"' in head
    assert len(content) - len(b"\r\n") == streams.FILE
    assert streams.form() == (content_type, body)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 7\r\n\r\n1000000",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n999999",
        b"HTTP/1.1 200 OK\r\n",
    ],
)
def test_upload_that_did_not_arrive_whole_is_a_failure(answer, monkeypatch):
    monkeypatch.setattr(streams, "form", lambda: (b"multipart/form-data; boundary=b", b"--b--"))
    listener = create_server(("127.0.0.1", 0))

    def serve():
        with listener.accept()[0] as one:
            one.recv(4096)
            one.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(Failure, match="Wrong: expected"):
        streams.run(lambda port, seconds: streams.uploads(b"/", port, seconds),
                    listener.getsockname()[1], 0)  # fmt: skip
    thread.join()
    listener.close()


# what is started


def test_both_frameworks_run_the_same_code():
    for name in (FIRN, PEER):
        text = (HERE / "servers" / ("extensions_%s.py" % name)).read_text()
        assert "getattr(extensions, application)()" in text
        assert "extensions.verify(seconds)" in text
    assert "firn" not in (HERE / "servers" / "extensions.py").read_text().lower()


def test_ours_is_the_microdot_that_uvicorn_serves():
    peers.install()
    program = extensions.asgi_program(FIRN, "asgi_firn")
    path = program.environment["PYTHONPATH"].split(":")
    assert path[0] == str(paths.frozen()) and path[1].endswith("peers")
    assert program.command[:3] == [sys.executable, str(HERE / "asgi" / "serve.py"), "asgi_firn"]


def test_missing_entrance_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(extensions.paths, "frozen", lambda: tmp_path)
    with pytest.raises(Failure, match=r"asgi\.py is not there"):
        extensions.asgi_program(FIRN, "asgi_firn")


def test_program_that_prints_no_figure_is_a_failure():
    program = extensions.Program("x", [sys.executable, "-c", "print('oops')"], [])
    with pytest.raises(Failure, match="x: expected a figure, got 'oops"):
        extensions._verified(program)


# whole runs, as short as they can be


def test_smoke_of_the_asgi_servers():
    peers.install()
    for name, module in ((FIRN, "firn"), (PEER, "starlette"), (FLOOR, "floor")):
        with extensions.asgi_program(name, "asgi_" + module):
            pass  # it has greeted


@pytest.fixture(scope="module")
def prepared_unix():
    peers.install()
    return unix.Unix()


@pytest.mark.image
@pytest.mark.parametrize(
    "row, count",
    [
        (extensions.websocket, 1),
        (extensions.sse, 1),
        (extensions.multipart, 2),
        (extensions.session, 1),
    ],
)
def test_smoke_on_the_unix_image(prepared_unix, row, count):
    rows = row(prepared_unix, run.Plan(1, 1), silent)
    assert len(rows) == count
    for one in rows:
        assert one.figures[FIRN] > 0 and one.figures[PEER] > 0
        assert table.lines([one])


@pytest.mark.image
@pytest.mark.timeout(900)  # an image is built
def test_heap_of_an_extension_is_read_on_the_emulated_board(monkeypatch):
    programs.ensure("qemu-system-arm")
    peers.install()
    image = Image(FIRN)
    image.build()
    monkeypatch.setattr(extensions, "HEAP", {"login": (10000, ""), "sse": (1, "")})
    login, sse = extensions.heap({FIRN: image}, None, silent)
    assert 0 < login.figures[FIRN] <= 10000 and table.missed([login, sse]) == 1
