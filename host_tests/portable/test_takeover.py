"""microdot.takeover: handlers that go on speaking on their connection."""

import asyncio

from exchange import raw, request

from expect import equal, raises, raises_async
from microdot.app import Microdot
from microdot.request import Request, make_request
from microdot.response import Response
from microdot.streams import AsyncBytesIO
from microdot.takeover import Origin


class Wire:
    """A connection in memory: ``pieces`` come from the client, ``sent`` goes to it."""

    rest = b""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.sent = b""

    async def receive(self):
        return self.pieces.pop(0) if self.pieces else b""

    async def write(self, data):
        self.sent += data


def stream_of(wire):
    from microdot.takeover import ConnectionStream

    return ConnectionStream(wire)


async def test_reading_begins_with_what_was_received_before():
    wire = Wire(b"cd", b"ef")
    wire.rest = b"ab"
    stream = stream_of(wire)
    equal(wire.rest, b"")
    equal(await stream.read(1), b"a")
    equal(await stream.read(5), b"b")
    equal(await stream.read(1), b"c")
    equal(await stream.readexactly(3), b"def")
    equal(await stream.read(), b"")
    await stream.write(b"xyz")
    equal(wire.sent, b"xyz")


async def test_a_client_that_ends_too_early():
    error = await raises_async(EOFError, stream_of(Wire(b"ab", b"c")).readexactly(4))
    assert "expected 4 bytes, got 3" in str(error)


async def test_a_request_of_a_program_can_be_taken_over():
    app = Microdot()

    @app.get("/")
    async def index(request):
        stream = request.take_over()
        await stream.write(b"got " + await stream.readexactly(3))
        return Response.already_handled

    reader = AsyncBytesIO(raw("GET", "/") + b"abcdef")
    writer = AsyncBytesIO()
    req = await Request.create(app, reader, writer, None)
    assert await app.dispatch_request(req) is Response.already_handled
    equal(await writer.read(), b"got abc")


async def test_the_client_s_end_is_noticed():
    req = await request(None, "GET", "/")
    await req.disconnected()


async def test_without_a_connection_there_is_nothing_to_take():
    req = make_request((await request(None, "GET", "/"))._head, Origin(None))
    equal(req.sock, None)
    raises(RuntimeError, req.take_over)
    waiting = asyncio.create_task(req.disconnected())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
    await raises_async(asyncio.CancelledError, waiting)
