"""microdot.websocket: messages between a handler and its client."""

import asyncio

from websocket_wire import Wire, close_frame, eventually, frame

from expect import equal, raises_async
from microdot.app import Microdot
from microdot.response import Response
from microdot.websocket import WebSocket, WebSocketError, websocket_upgrade, with_websocket


def serve(handler, **options):
    """A started Wire to an application with ``handler(request, ws)``."""
    app = Microdot()
    app.route("/ws")(with_websocket(handler))
    return Wire(app, **options).start()


async def echo(request, ws):
    while True:
        await ws.send(await ws.receive())


async def test_messages_go_both_ways():
    wire = serve(echo)
    wire.feed(frame(1, "Hello"))
    equal(await wire.until(1), [(0x81, b"Hello")])
    wire.feed(frame(2, b"\0\xff"), frame(1, ""), frame(2))
    equal((await wire.until(4))[1:], [(0x82, b"\0\xff"), (0x81, b""), (0x82, b"")])
    wire.feed(close_frame(1000))
    assert await wire.finish() is Response.already_handled
    equal((await wire.until(5))[4], (0x88, b"\x03\xe8"))


async def test_frames_split_across_reads_and_many_in_one():
    wire = serve(echo)
    data = frame(1, "x" * 300) + frame(1, "é", fin=False) + frame(9, b"?") + frame(0, "!")
    wire.feed(*[data[i : i + 1] for i in range(len(data))])
    wire.feed(3 * frame(2, b"y") + frame(1, "end")[:4], frame(1, "end")[4:])
    found = await wire.until(7)
    equal(found[0], (0x81, b"x" * 300))
    equal(found[1:3], [(0x8A, b"?"), (0x81, "é!".encode())])
    equal(found[3:], 3 * [(0x82, b"y")] + [(0x81, b"end")])
    wire.end()
    await wire.finish()


async def test_what_came_with_the_head_is_not_lost():
    app = Microdot()
    app.route("/ws")(with_websocket(echo))
    wire = Wire(app)
    wire.rest = frame(1, "early") + frame(1, "bird")[:3]
    wire.start()
    wire.feed(frame(1, "bird")[3:])
    equal(await wire.until(2), [(0x81, b"early"), (0x81, b"bird")])
    wire.end()
    await wire.finish()


async def test_pings_are_answered_and_pongs_ignored():
    wire = serve(echo)
    wire.feed(frame(9, b"abc"), frame(10, b"unasked"), frame(9), frame(1, "x"))
    equal(await wire.until(3), [(0x8A, b"abc"), (0x8A, b""), (0x81, b"x")])
    wire.end()
    await wire.finish()


async def test_every_kind_of_data_can_be_sent():
    async def handler(request, ws):
        await ws.send("é")
        await ws.send(b"b")
        await ws.send(bytearray(b"ba"))
        await ws.send(memoryview(b"mv"))
        await ws.send("text", ws.BINARY)
        await ws.send("é".encode(), ws.TEXT)
        await ws.send("are you there?", ws.PING)
        await ws.send(b"", ws.PONG)
        for data, opcode, error in (
            (5, None, TypeError),
            (None, None, TypeError),
            ({"a": 1}, None, TypeError),
            (b"\xff", ws.TEXT, ValueError),
            (b"x" * 126, ws.PING, ValueError),
            (b"", ws.CLOSE, ValueError),
            (b"", ws.CONT, ValueError),
            (b"", 3, ValueError),
        ):
            await raises_async(error, ws.send(data, opcode))
        await raises_async(ValueError, ws.close(1006))
        await raises_async(ValueError, ws.close(999))

    wire = serve(handler)
    wire.feed(close_frame(1000))
    await wire.finish()
    first = [0x81, 0x82, 0x82, 0x82, 0x82, 0x81, 0x89, 0x8A, 0x88]
    equal([found[0] for found in wire.frames()], first)
    payloads = [found[1] for found in wire.frames()]
    equal(payloads[:4], ["é".encode(), b"b", b"ba", b"mv"])


async def test_several_senders_do_not_mix_their_frames():
    async def handler(request, ws):
        async def sender(letter):
            for _ in range(3):
                await ws.send(20 * letter)

        await asyncio.gather(sender("a"), sender("b"), sender("c"))

    wire = serve(handler)
    wire.hold()
    await eventually(lambda: wire.sent)
    for _ in range(40):
        wire.hold()
        await asyncio.sleep(0)
        wire.release()
        await asyncio.sleep(0)
    wire.feed(close_frame(1000))
    await wire.finish()
    found = sorted([payload for _, payload in wire.frames()[:-1]])
    equal(found, 3 * [b"a" * 20] + 3 * [b"b" * 20] + 3 * [b"c" * 20])


async def test_a_send_waits_for_a_slow_client():
    sent = []

    async def handler(request, ws):
        for number in range(5):
            await ws.send("message")
            sent.append(number)

    wire = serve(handler)
    await eventually(lambda: len(sent) == 5)
    wire.feed(close_frame(1000))
    await wire.finish()
    sent.clear()
    wire = serve(handler)
    wire.hold()
    await eventually(lambda: wire.sent)
    for _ in range(10):
        await asyncio.sleep(0)
    equal(sent, [])
    wire.release()
    await eventually(lambda: len(sent) == 5)
    wire.feed(close_frame(1000))
    await wire.finish()


async def test_a_receive_that_is_cancelled_loses_nothing():
    async def handler(request, ws):
        try:
            await asyncio.wait_for(ws.receive(), 0.01)
        except asyncio.TimeoutError:
            await ws.send("late")
        await echo(request, ws)

    wire = serve(handler)
    wire.feed(frame(1, "message")[:5])
    await wire.until(1)
    wire.feed(frame(1, "message")[5:])
    equal(await wire.until(2), [(0x81, b"late"), (0x81, b"message")])
    wire.end()
    await wire.finish()


async def test_two_tasks_may_receive():
    got = []

    async def handler(request, ws):
        async def receiver():
            got.append(await ws.receive())

        await asyncio.gather(receiver(), receiver())

    wire = serve(handler)
    wire.feed(frame(1, "a"), frame(1, "b"), close_frame(1000))
    await wire.finish()
    equal(sorted(got), ["a", "b"])


async def test_an_upgrade_after_a_look_at_the_request():
    app = Microdot()

    @app.route("/ws")
    async def handler(request):
        if request.headers.get("X-Key") != "secret":
            return "no", 403
        ws = await websocket_upgrade(request)
        assert ws.request is request and not ws.closed
        await ws.send("welcome")
        await ws.receive()  # what it raises needs no answer

    refused = Wire(app).start()
    equal((await refused.finish()).status_code, 403)
    equal(refused.sent, b"")
    wire = Wire(app, headers={"X-Key": "secret"}).start()
    equal(await wire.until(1), [(0x81, b"welcome")])
    wire.end()
    assert await wire.finish() is Response.already_handled


def test_the_names_that_are_documented():
    constants = (WebSocket.CONT, WebSocket.TEXT, WebSocket.BINARY)
    equal(constants, (0, 1, 2))
    equal((WebSocket.CLOSE, WebSocket.PING, WebSocket.PONG), (8, 9, 10))
    equal(WebSocket.max_message_length, -1)
    equal((WebSocketError().code, WebSocketError().reason), (1006, ""))
    from microdot.websocket import Group
    from microdot.websocket_group import Group as same

    assert Group is same
