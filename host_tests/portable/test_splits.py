"""The server with connections that deliver requests in every possible split."""

import asyncio

from expect import equal
from microdot import Microdot, Request
from microdot.compat import MICROPYTHON
from microdot.server import Server

_HOST = b" HTTP/1.1\r\nHost: a\r\n"


class Wire:
    """Socket and streams of a connection in one: gives ``pieces``, keeps what is written."""

    def __init__(self, pieces):
        self.pieces = list(pieces)
        self.written = b""
        self.closed = False
        self.transport = self  # CPython

    async def receive(self):
        await asyncio.sleep(0)
        return self.pieces.pop(0) if self.pieces else b""

    def write(self, data):
        assert not self.closed
        self.written += bytes(data)
        return len(data)

    def get_write_buffer_size(self):
        return 0

    def is_closing(self):
        return self.closed

    def can_write_eof(self):
        return False

    def close(self):
        self.closed = True

    async def wait_closed(self):
        pass


def application():
    app = Microdot()

    @app.get("/")
    async def index(request):
        return "hello"

    @app.post("/echo")
    async def echo(request):
        return request.body

    @app.post("/stream")
    async def stream(request):
        return await request.stream.readexactly(3)

    @app.post("/ignore")
    async def ignore(request):
        return "ignored"

    @app.get("/pieces")
    async def pieces(request):
        return iter(("one", "two"))

    return app


async def served(pieces):
    """What the server writes to a client that sends ``pieces``; without the clock's headers."""
    server = Server(application(), "", 0)
    server.date = lambda: None
    wire = Wire(pieces)
    connection = server.admit(wire if MICROPYTHON else (wire, wire), None)
    connection.receive = wire.receive
    await connection.run()
    assert wire.closed
    equal(server.connections, [])
    return wire.written


def ok(body, more=b""):
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\n"
        b"Content-Length: %d\r\n%s\r\n%s" % (len(body), more, body)
    )


_CLOSE = b"Connection: close\r\n"
_BAD = b"HTTP/1.1 400 Bad Request\r\n"

# (bytes of a connection, what is written): the beginning of it where the request is refused.
CONNECTIONS = (
    (b"", b""),
    (b"\r\n\r\n", b""),
    (b"GET /" + _HOST + b"\r\n", ok(b"hello")),
    (b"\r\nGET /" + _HOST + b"\r\n", ok(b"hello")),
    (b"GET /" + _HOST + b"Connection: close\r\n\r\nGET", ok(b"hello", _CLOSE)),
    (2 * (b"GET /" + _HOST + b"\r\n"), 2 * ok(b"hello")),
    (b"POST /echo" + _HOST + b"Content-Length: 3\r\n\r\nabc", ok(b"abc")),
    (b"POST /stream" + _HOST + b"Content-Length: 3\r\n\r\nabcGET /" + _HOST + b"\r\n",
     ok(b"abc") + ok(b"hello")),
    (b"POST /ignore" + _HOST + b"Content-Length: 3\r\n\r\nabcGET /" + _HOST + b"\r\n",
     ok(b"ignored") + ok(b"hello")),
    (b"POST /echo" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"
     b"GET /" + _HOST + b"\r\n", ok(b"abc") + ok(b"hello")),
    (b"POST /stream" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"
     b"\r\nGET /" + _HOST + b"\r\n", ok(b"abc") + ok(b"hello")),
    (b"GET /pieces" + _HOST + b"\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\n"
     b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"),
    (b"GE", _BAD),
    (b"GET /" + _HOST, _BAD),
    (b"GET /" + _HOST + b"\r", _BAD),
    (b"GET / HTTP/1.1\r\n\r\nGET /" + _HOST + b"\r\n", _BAD),
    (b"POST /echo" + _HOST + b"Content-Length: 3\r\n\r\nab", _BAD),
    (b"POST /echo" + _HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", _BAD),
    (b"GET /" + _HOST + b"\r\nGET x" + _HOST + b"\r\n", ok(b"hello") + _BAD),
)  # fmt: skip


def check(written, expected, pieces):
    if expected.endswith(_BAD):
        equal(written[: len(expected)], expected, repr(pieces))
        assert written.count(b"HTTP/1.1 ") == expected.count(b"HTTP/1.1 "), repr(pieces)
        assert _CLOSE in written, repr(pieces)
    else:
        equal(written, expected, repr(pieces))


async def test_connections_are_served_whole():
    for data, expected in CONNECTIONS:
        pieces = [data] if data else []
        check(await served(pieces), expected, pieces)


async def test_connections_are_served_byte_by_byte():
    for data, expected in CONNECTIONS:
        pieces = [data[at : at + 1] for at in range(len(data))]
        check(await served(pieces), expected, pieces)


async def test_connections_are_served_split_at_every_byte():
    for data, expected in CONNECTIONS:
        for at in range(1, len(data)):
            pieces = [data[:at], data[at:]]
            check(await served(pieces), expected, pieces)


async def test_bodies_that_are_not_loaded_are_served_split_at_every_byte():
    loaded = Request.max_body_length
    Request.max_body_length = 0
    try:
        for data, expected in CONNECTIONS:
            if data.startswith((b"POST /stream", b"POST /ignore")):
                for at in range(1, len(data)):
                    pieces = [data[:at], data[at:]]
                    check(await served(pieces), expected, pieces)
    finally:
        Request.max_body_length = loaded
