"""The ASGI and WSGI entrances under real servers: uvicorn, hypercorn, gunicorn."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import websockets

from firn_tools import emulate
from targets import ROOT, Answer

_TIMEOUT = 30  # seconds

SERVERS = {
    "uvicorn": ("uvicorn", "--port", "{port}", "--log-level", "warning", "hosted_app:asgi"),
    "hypercorn": ("hypercorn", "-b", "127.0.0.1:{port}", "hosted_app:asgi"),
    "gthread": ("gunicorn", "-b", "127.0.0.1:{port}", "--threads", "4", "hosted_app:wsgi"),
    "sync": ("gunicorn", "-b", "127.0.0.1:{port}", "--preload", "hosted_app:wsgi"),
    "mounted": (
        "uvicorn", "--port", "{port}", "--log-level", "warning", "--factory", "hosted_app:mounted",
    ),
}  # fmt: skip
ASGI = ("uvicorn", "hypercorn")
WSGI = ("gthread", "sync")


class Hosted:
    """A server in a process group of its own."""

    def __init__(self, name, folder):
        self.name = name
        self.port = emulate.free_port()
        self.notes_file = folder / ("notes-%s" % name)
        self.log = folder / ("log-%s" % name)

    def __enter__(self):
        path = os.pathsep.join(str(ROOT / part) for part in ("frozen", "host_tests"))
        command = [part.format(port=self.port) for part in SERVERS[self.name]]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=dict(os.environ, PYTHONPATH=path, NOTES=str(self.notes_file)),
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            self.wait(self.answers, "an answer")
        except BaseException:
            self.__exit__()
            raise
        return self

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.request("GET", "/")
        except OSError:
            return None

    def wait(self, condition, what):
        end = time.monotonic() + _TIMEOUT
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError("expected %s; the log says:\n%s" % (what, self.log.read_text()))

    @property
    def notes(self):
        return self.notes_file.read_text().split("\n")[:-1] if self.notes_file.exists() else []

    def request(self, method, path, headers=None, body=None):
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=_TIMEOUT)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_TIMEOUT)

    def __exit__(self, *exception):
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(_TIMEOUT)


@pytest.fixture(scope="module", params=ASGI + WSGI)
def server(request, tmp_path_factory):
    with Hosted(request.param, tmp_path_factory.mktemp("hosted")) as hosted:
        yield hosted


@pytest.fixture(scope="module", params=ASGI)
def asgi(request, tmp_path_factory):
    with Hosted(request.param, tmp_path_factory.mktemp("hosted")) as hosted:
        yield hosted


def test_plain_requests(server):
    answer = server.request("GET", "/")
    assert (answer.status, answer.text) == (200, "Hello, World!")
    assert answer.headers["Content-Length"] == "13"
    answer = server.request("GET", "/plain?a=%C3%A4")
    assert answer.text == '{"path": "/plain", "args": {"a": ["\\u00e4"]}}'
    assert server.request("GET", "/none").status == 404
    assert server.request("DELETE", "/").status == 405


def test_head(server):
    answer = server.request("HEAD", "/")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "13", b"")


def test_uploads(server):
    size = 3 * 1024 * 1024
    assert server.request("POST", "/size", body=b"x" * size).text == str(size)
    pieces = iter([b"x" * 100000] * 30)
    assert server.request("POST", "/size", body=pieces).text == "3000000"


def test_downloads(server):
    lines = server.request("GET", "/count/1000").text.split()
    assert lines == [str(i) for i in range(1000)]
    with open(ROOT / "host_tests" / "hosted_app.py", "rb") as file:
        assert server.request("GET", "/file").body == file.read()
    assert server.request("GET", "/file", {"Range": "bytes=0-2"}).body == b'"""'


def test_a_stream_comes_as_it_is_made(server):
    with server.connect() as client:
        client.sendall(b"GET /forever HTTP/1.1\r\nHost: a\r\n\r\n")
        data = b""
        while data.count(b"tick") < 3:
            piece = client.recv(4096)
            assert piece, data
            data += piece
    server.wait(lambda: "closed" in server.notes, "the generator's end")


def test_a_body_that_becomes_an_answer(server):
    pieces = [b"abc" * 20000, b"def" * 20000]
    answer = server.request("POST", "/upper", body=iter(pieces))
    assert answer.body == b"".join(pieces).upper()


def test_keep_alive_after_a_body_nobody_read(server):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_TIMEOUT)
    for _ in range(3):
        connection.request("POST", "/none", b"x" * 1000)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"Not found")
    connection.close()


def test_an_http_1_0_client(server):
    with server.connect() as client:
        client.sendall(b"GET /count/3 HTTP/1.0\r\n\r\n")
        data = b""
        while True:
            piece = client.recv(4096)
            if not piece:
                break
            data += piece
    assert data.split(b"\r\n\r\n", 1)[1] == b"0\n1\n2\n"


def test_what_the_server_says(tmp_path):
    with Hosted("gthread", tmp_path) as hosted:
        assert hosted.request("GET", "/environ").text.startswith("gunicorn")


def test_lifespan(asgi):
    assert asgi.notes[0] == "startup"
    assert asgi.request("GET", "/state").text == "hello"


@pytest.mark.parametrize("name", ASGI)
def test_the_server_stops_in_order(name, tmp_path):
    with Hosted(name, tmp_path) as hosted:
        hosted.stop()
        assert hosted.notes == ["startup", "shutdown"]


def test_the_application_stops_the_server(tmp_path):
    with Hosted("uvicorn", tmp_path) as hosted:
        assert hosted.request("GET", "/stop").text == "stopping"
        hosted.process.wait(_TIMEOUT)
        assert hosted.notes == ["startup", "shutdown"]


def test_a_body_that_is_too_long(server):
    with server.connect() as client:
        client.sendall(b"POST /size HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n")
        assert b" 413 " in client.recv(4096)


# WebSockets


def speak(hosted, path, conversation, **options):
    async def run():
        url = "ws://127.0.0.1:%d%s" % (hosted.port, path)
        async with websockets.connect(url, proxy=None, **options) as ws:
            return await asyncio.wait_for(conversation(ws), _TIMEOUT)

    return asyncio.run(run())


def test_a_websocket_echo(asgi):
    async def conversation(ws):
        for message in ("hello", b"bytes", "", "ä" * 1000, b"x" * 16384):
            await ws.send(message)
            assert await ws.recv() == message

    ended = asgi.notes.count("echo ended")
    speak(asgi, "/echo", conversation)
    asgi.wait(lambda: asgi.notes.count("echo ended") > ended, "the handler's end")


def test_a_websocket_s_end(asgi):
    async def conversation(ws):
        await ws.send("close")
        with pytest.raises(websockets.ConnectionClosed) as caught:
            await ws.recv()
        return caught.value.rcvd.code, caught.value.rcvd.reason

    assert speak(asgi, "/echo", conversation) == (4001, "as you like")


def test_a_message_that_is_too_long(asgi):
    async def conversation(ws):
        await ws.send("x" * (16384 + 1))
        with pytest.raises(websockets.ConnectionClosed) as caught:
            await ws.recv()
        return caught.value.rcvd.code

    assert speak(asgi, "/echo", conversation) == 1009


def test_subprotocols(asgi):
    async def conversation(ws):
        await ws.send("a")
        return ws.subprotocol, await ws.recv()

    assert speak(asgi, "/echo", conversation, subprotocols=["talk", "shout"]) == ("shout", "A")
    assert speak(asgi, "/echo", conversation, subprotocols=["talk"]) == ("talk", "a")
    assert speak(asgi, "/echo", conversation) == (None, "a")


def test_a_websocket_that_is_refused(asgi):
    for path, status in (("/none", 404), ("/", 200)):
        with pytest.raises(websockets.InvalidStatus) as caught:
            speak(asgi, path, None)
        assert caught.value.response.status_code == status


def test_a_websocket_where_there_is_none(tmp_path):
    with Hosted("gthread", tmp_path) as hosted, pytest.raises(websockets.InvalidStatus) as caught:
        speak(hosted, "/echo", None)
    assert caught.value.response.status_code == 404


# Mounted


def test_inside_fastapi_and_starlette(tmp_path):
    with Hosted("mounted", tmp_path) as hosted:
        assert hosted.request("GET", "/hello").text == '{"from":"fastapi"}'
        for prefix in ("/devices", "/deep/er"):
            assert hosted.request("GET", prefix + "/").text == "Hello, World!"
            answer = hosted.request("GET", prefix + "/plain?a=b")
            assert answer.text == '{"path": "/plain", "args": {"a": ["b"]}}'
            assert hosted.request("GET", prefix + "/none").text == "Not found"
            assert hosted.request("POST", prefix + "/size", body=b"x" * 50000).text == "50000"
            assert hosted.request("GET", prefix + "/count/3").text == "0\n1\n2\n"

            async def conversation(ws):
                await ws.send("a")
                return await ws.recv()

            assert speak(hosted, prefix + "/echo", conversation) == "a"
