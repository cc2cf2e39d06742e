"""microdot.test_client: websockets, against a server of frames that a test chooses."""

import asyncio

from quiet import Quiet
from websocket_echo import accept, echo

from expect import equal, raises_async
from microdot import Microdot, Response
from microdot.test_client import TestClient


def client_of(handler):
    app = Microdot()
    app.get("/ws")(handler)
    return TestClient(app)


def listener(got, *said):
    """A client that says the values of ``said`` and notes in ``got`` what it gets for them."""

    def client():
        for value in said:
            got.append((yield value))

    return client


async def test_an_echo():
    long, longer = b"x" * 126, "y" * 1000
    got = []
    client = client_of(echo)
    equal(await client.websocket("/ws", listener(got, "ä", b"b", "", long, longer)), None)
    equal(got[:3], ["ä", b"b", ""])
    assert got[3:] == [long, longer], [len(value) for value in got[3:]]
    equal(client.close_code, 1000)


async def test_what_the_handshake_asks():
    async def index(request):
        equal(request.headers["Upgrade"], "websocket")
        equal(request.headers["Sec-WebSocket-Version"], "13")
        equal(request.headers["X-A"], "b")
        equal(request.headers["Host"], "example.com:1234")
        equal(request.cookies, {"c": "d"})
        equal(request.args["e"], "f")
        return await echo(request)

    client = client_of(index)
    client.cookies["c"] = "d"
    got = []
    equal(await client.websocket("/ws?e=f", listener(got, "a"), {"X-A": "b"}), None)
    equal(got, ["a"])


async def test_a_server_without_websockets():
    client = client_of(lambda request: "plain")
    got = []
    response = await client.websocket("/ws", listener(got, "a"))
    equal((response.status_code, response.text, got), (200, "plain", []))
    equal((await client.websocket("/none", listener(got, "a"))).status_code, 404)
    equal((await client.websocket("none", listener(got, "a"))).status_code, 400)
    equal(client.close_code, None)


async def test_a_server_that_speaks_first():
    async def index(request):
        peer = await accept(request)
        for text in ("one", "two", "three"):
            await peer.send(text)
        got.append(await peer.receive())
        await peer.send(b"", 0x88)
        return Response.already_handled

    got = []
    client = client_of(index)
    await client.websocket("/ws", listener(got, None, None, None, "a"))
    equal(got, ["one", "two", "three", (1, b"a")])
    equal(client.close_code, 1005)


async def test_a_server_that_never_answers():
    async def index(request):
        peer = await accept(request)
        while True:
            opcode, data = await peer.receive()
            heard.append((opcode, data))
            if opcode == 8:
                return Response.already_handled

    got, heard = [], []
    client = client_of(index)
    await client.websocket("/ws", listener(got, "a", "b"))
    equal(got, [None, None])
    equal(heard, [(1, b"a"), (1, b"b"), (8, b"\x03\xe8")])
    equal(client.close_code, 1006)


async def test_a_task_of_the_server_answers():
    async def index(request):
        peer = await accept(request)
        _, data = await peer.receive()
        sending = asyncio.create_task(peer.send(data.decode() + "!"))
        equal((await peer.receive())[0], 8)
        await sending
        return Response.already_handled

    got = []
    await client_of(index).websocket("/ws", listener(got, "a"))
    equal(got, ["a!"])


async def test_a_client_that_only_listens_waits():
    async def index(request):
        peer = await accept(request)

        async def later():
            await asyncio.sleep(0.01)
            await peer.send("late")

        sending = asyncio.create_task(later())
        equal((await peer.receive())[0], 8)
        await sending
        return Response.already_handled

    got = []
    await client_of(index).websocket("/ws", listener(got, None))
    equal(got, ["late"])


async def test_pings_fragments_and_split_writes():
    async def index(request):
        peer = await accept(request)
        await peer.send(b"hello", 0x89)
        equal(await peer.receive(), (1, b"a"))
        equal(await peer.receive(), (10, b"hello"))
        await peer.send(b"", 0x8A)
        await peer.send(b"\xc3", 0x01)
        await peer.send(b"x", 0x89)
        await peer.send(b"", 0x00)
        await peer.send(b"\xa4", 0x80)
        equal((await peer.receive())[0], 10)
        for byte in b"\x82\x7e\x00\x7e" + b"z" * 126 + b"\x88\x04\x0f\xa0ok":
            await peer.stream.write(bytes((byte,)))
        equal(await peer.receive(), (8, b"\x0f\xa0"))
        equal(await peer.stream.read(), b"")
        return Response.already_handled

    got = []
    client = client_of(index)
    await client.websocket("/ws", listener(got, "a", None, None))
    equal(got, ["ä", b"z" * 126])
    equal(client.close_code, 4000)


async def test_the_client_is_closed_with_the_server():
    async def index(request):
        peer = await accept(request)
        await peer.send(b"\x03\xe9", 0x88)
        equal(await peer.receive(), (1, b"a"))
        equal(await peer.receive(), (8, b"\x03\xe9"))
        return Response.already_handled

    ended = []

    def client():
        try:
            yield "a"
        finally:
            ended.append(True)

    await client_of(index).websocket("/ws", client)
    equal(ended, [True])


# What RFC 6455 does not allow a server: (frames, a part of the message).
BROKEN = (
    (b"\xc1\x01a", "expected no reserved bits"),
    (b"\x81\x81abcda", "unmasked"),
    (b"\x83\x00", "expected an opcode"),
    (b"\x8b\x00", "expected an opcode"),
    (b"\x80\x00", "got a continuation frame"),
    (b"\x01\x00\x81\x00", "got a new message"),
    (b"\x09\x00", "a whole control frame"),
    (b"\x89\x7e\x00\x7e" + b"x" * 126, "up to 125 bytes"),
    (b"\x88\x01a", "close code of 2 bytes"),
    (b"\x81\x01\xff", None),
    (b"\x88\x03\x03\xe8\xff", None),
)


async def test_frames_that_no_server_may_send():
    seen = []
    for frames, message in BROKEN:

        async def index(request, frames=frames):
            peer = await accept(request)
            await raises_async(OSError, peer.stream.write(frames))
            equal(await peer.stream.read(16), b"\x81\x81\x37\xfa\x21\x3d\x56")
            equal(await peer.stream.read(16), b"")
            await raises_async(OSError, peer.stream.write(b"x"))
            seen.append(frames)
            return Response.already_handled

        error = await raises_async(
            ValueError, client_of(index).websocket("/ws", listener([], "a", "b"))
        )
        assert message is None or message in str(error), (frames, error)
    equal(len(seen), len(BROKEN))


async def test_a_handshake_that_is_none():
    async def wrong_key(request):
        await accept(request, "nonsense")

    async def refused(request):
        await request.take_over().write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    for handler, what in ((wrong_key, "Sec-WebSocket-Accept"), (refused, "status line")):
        with Quiet() as errors:
            error = await raises_async(
                ValueError, client_of(handler).websocket("/ws", listener([], "a"))
            )
        assert "expected " + what in str(error), error
        equal(len(errors), 1)


async def test_what_the_client_raises_the_test_gets():
    def wrong():
        assert (yield "a") == "b"

    def number():
        yield 5

    with Quiet():
        await raises_async(AssertionError, client_of(echo).websocket("/ws", wrong))
        error = await raises_async(TypeError, client_of(echo).websocket("/ws", number))
    equal(str(error), "expected str or bytes to send, got int")


async def test_what_the_handler_raises_is_a_500():
    async def index(request):
        await accept(request)
        return 1 / 0

    with Quiet() as errors:
        response = await client_of(index).websocket("/ws", listener([], "a"))
    equal((response.status_code, len(errors)), (500, 1))
