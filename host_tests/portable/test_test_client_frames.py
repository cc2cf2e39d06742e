"""microdot.test_client: what a server must not send on a WebSocket."""

from quiet import Quiet
from websocket_echo import accept, client_of, listener

from expect import equal, raises_async
from microdot import Response

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
