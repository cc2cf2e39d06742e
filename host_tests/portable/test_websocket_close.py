"""microdot.websocket: how WebSockets end, and who is told what."""

import asyncio

from websocket_wire import Wire, close_frame, eventually, frame

from expect import equal, raises_async
from microdot.app import Microdot, abort
from microdot.request import Request
from microdot.response import Response
from microdot.websocket import WebSocket, WebSocketError, with_websocket

# What a client sends, what it gets back, and the WebSocketError of the handler.
ENDS = [
    (close_frame(1000, "bye"), 1000, 1000, "bye"),
    (close_frame(), None, 1005, ""),
    (close_frame(1001), 1001, 1001, ""),
    (close_frame(3999, "é"), 3999, 3999, "é"),
    (close_frame(4999), 4999, 4999, ""),
    (close_frame(1000) + frame(1, "after") + frame(9, b"after"), 1000, 1000, ""),
    (frame(8, b"\x03"), 1002, 1002, None),
    (close_frame(1005), 1002, 1002, None),
    (close_frame(1006), 1002, 1002, None),
    (close_frame(0), 1002, 1002, None),
    (close_frame(2999), 1002, 1002, None),
    (close_frame(5000), 1002, 1002, None),
    (frame(8, b"\x03\xe8\xff"), 1007, 1007, None),
    (frame(1, b"\xff"), 1007, 1007, None),
    (frame(1, "a", mask=None), 1002, 1002, None),
    (frame(3), 1002, 1002, None),
    (frame(0, "a"), 1002, 1002, None),
    (b"\xc1\x80", 1002, 1002, None),
    (b"\x82\xfe\x00\x05", 1002, 1002, None),
    (b"\x82\xff\0\0\0\0\0\1\0\0\1\2\3\4", 1009, 1009, None),
]


def serve(handler, **options):
    app = Microdot()
    app.route("/ws")(with_websocket(handler))
    return Wire(app, **options).start()


async def test_every_end_has_its_code():
    for data, answered, code, reason in ENDS:
        told = []

        async def handler(request, ws, told=told):
            error = await raises_async(WebSocketError, ws.receive())
            assert ws.closed
            await raises_async(WebSocketError, ws.send("too late"))
            told.append(await raises_async(WebSocketError, ws.receive()))
            equal(error.code, told[0].code)
            await ws.close(4000)  # nothing more is sent

        wire = serve(handler)
        wire.feed(data)
        wire.end()
        assert await wire.finish() is Response.already_handled
        ((first, payload),) = wire.frames()
        expected = b"" if answered is None else answered.to_bytes(2, "big")
        equal((first, payload[:2]), (0x88, expected), data)
        equal(told[0].code, code)
        if reason is None:
            assert payload[2:].decode() == told[0].reason != ""
        else:
            equal((payload[2:], told[0].reason), (b"", reason))


async def test_a_client_that_leaves_without_a_word():
    for leave in (Wire.end, Wire.reset):
        told = []

        async def handler(request, ws, told=told):
            told.append(await ws.receive())
            told.append(await raises_async(WebSocketError, ws.receive()))

        wire = serve(handler)
        wire.feed(frame(1, "last words"))
        leave(wire)
        assert await wire.finish() is Response.already_handled
        equal((told[0], told[1].code), ("last words", 1006))
        assert told[1].reason
        equal(wire.frames(), [])


async def test_what_cannot_be_sent_ends_the_websocket():
    for problem in (OSError(32), MemoryError()):
        told = []

        async def handler(request, ws, told=told, problem=problem):
            ws._channel._connection.failing = problem
            told.append(await raises_async(WebSocketError, ws.send("hello")))
            assert ws.closed

        await serve(handler).finish()
        equal(told[0].code, 1006)


async def test_a_handler_that_listens_is_told_what_another_task_could_not_send():
    told = []

    async def handler(request, ws):
        async def sender():
            wire.failing = MemoryError()
            told.append((await raises_async(WebSocketError, ws.send("hello"))).code)

        task = asyncio.create_task(sender())
        told.append((await raises_async(WebSocketError, ws.receive())).code)
        await task

    wire = serve(handler)
    assert await wire.finish() is Response.already_handled
    equal(told, [1006, 1006])


async def test_a_client_that_is_gone_before_the_handshake_s_answer():
    async def handler(request, ws):
        raise AssertionError("expected not to be called")

    wire = serve(handler)
    wire.failing = OSError(104)
    assert await wire.finish() is Response.already_handled


async def test_the_server_closes_and_waits_for_the_client_to_agree():
    order = []

    async def handler(request, ws):
        await ws.close(4001, "enough")
        order.append("closed")
        await ws.close()
        error = await raises_async(WebSocketError, ws.receive())
        equal(error.code, 4001)

    wire = serve(handler)
    equal(await wire.until(1), [(0x88, b"\x0f\xa1enough")])
    # What was on its way is taken no notice of, but for the Close.
    wire.feed(frame(1, "data"), frame(9, b"ping"))
    for _ in range(5):
        await asyncio.sleep(0)
    equal(order, [])
    wire.feed(close_frame(4001))
    await wire.finish()
    equal((order, len(wire.frames())), (["closed"], 1))


async def test_a_handler_s_end_closes_with_1000_and_its_mistake_with_1011():
    async def returns(request, ws):
        return "ignored"

    async def fails(request, ws):
        raise ValueError("a mistake")

    async def aborts(request, ws):
        abort(404)

    async def takes(request):
        pass

    for handler, code, errors in (
        (returns, 1000, 0),
        (fails, 1011, 1),
        (aborts, 1011, 1),
        (takes, 1011, 1),
    ):
        wire = serve(handler)
        equal(await wire.until(1), [(0x88, code.to_bytes(2, "big"))])
        wire.feed(close_frame(code))
        assert await wire.finish(errors) is Response.already_handled


async def test_a_message_as_long_as_the_limit_passes_and_a_longer_one_is_1009():
    async def echo(request, ws):
        while True:
            await ws.send(await ws.receive())

    limit = WebSocket.max_message_length, Request.max_body_length
    Request.max_body_length = 4000
    try:
        for value, most in ((-1, Request.max_body_length), (10, 10), (300, 300), (0, None)):
            WebSocket.max_message_length = value
            wire = serve(echo)
            size = most or 500
            wire.feed(frame(2, b"x" * size))
            first, payload = (await wire.until(1))[0]
            equal((first, len(payload)), (0x82, size))
            del payload
            if most:
                wire.feed(frame(2, b"x" * most, fin=False), frame(0, b"x"))
                equal((await wire.until(2))[1][1][:2], b"\x03\xf1")
            wire.end()
            await wire.finish()
    finally:
        WebSocket.max_message_length, Request.max_body_length = limit


async def test_the_server_s_stop_is_told_to_the_client():
    cleaned = []

    async def handler(request, ws):
        try:
            await ws.receive()
        finally:
            cleaned.append(ws)

    wire = serve(handler)
    await eventually(lambda: wire.sent)
    await asyncio.sleep(0.01)
    wire.task.cancel()
    await raises_async(asyncio.CancelledError, wire.finish())
    equal(wire.frames(), [(0x88, b"\x03\xe9")])
    assert cleaned[0].closed


async def test_a_send_that_was_cut_off_ends_the_websocket():
    async def handler(request, ws):
        wire.hold()
        await raises_async(asyncio.TimeoutError, asyncio.wait_for(ws.send("message"), 0.02))
        assert ws.closed
        equal((await raises_async(WebSocketError, ws.send("next"))).code, 1006)

    wire = serve(handler)
    await wire.finish()
    equal(wire.sent.split(b"\r\n\r\n")[1], b"\x81\x07me")  # and no Close in its middle


async def test_a_send_that_was_cancelled_before_its_turn_harms_nobody():
    async def handler(request, ws):
        wire.hold()
        task = asyncio.create_task(ws.send("first"))
        await asyncio.sleep(0)
        await raises_async(asyncio.TimeoutError, asyncio.wait_for(ws.send("second"), 0.02))
        wire.release()
        await task
        await ws.send("third")

    wire = serve(handler)
    equal((await wire.until(3))[:2], [(0x81, b"first"), (0x81, b"third")])
    wire.feed(close_frame(1000))
    await wire.finish()


async def test_tasks_of_the_handler_do_not_wait_on_after_its_end():
    told = []

    async def handler(request, ws):
        async def receiver():
            told.append(await raises_async(WebSocketError, ws.receive()))

        tasks.append(asyncio.create_task(receiver()))
        await asyncio.sleep(0.01)

    tasks = []
    wire = serve(handler)
    await wire.until(1)
    wire.feed(close_frame(1000))
    await wire.finish()
    await asyncio.wait_for(tasks[0], 5)
    equal(told[0].code, 1000)
