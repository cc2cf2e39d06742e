"""microdot.websocket: clients that are silent, handlers that do not listen."""

import asyncio

from websocket_wire import Wire, close_frame, eventually, frame

from expect import equal, raises_async
from microdot.app import Microdot
from microdot.response import Response
from microdot.websocket import WebSocket, WebSocketError, websocket_upgrade, with_websocket


def serve(handler):
    app = Microdot()
    app.route("/ws")(with_websocket(handler))
    return Wire(app).start()


class Tuned:
    """Inside, the class tunables of WebSocket have other values."""

    def __init__(self, **values):
        self.values = values

    def __enter__(self):
        self.kept = {name: getattr(WebSocket, name) for name in self.values}
        for name in self.values:
            setattr(WebSocket, name, self.values[name])

    def __exit__(self, *error):
        for name in self.kept:
            setattr(WebSocket, name, self.kept[name])


async def listen(request, ws):
    while True:
        await ws.send(await ws.receive())


async def test_a_silent_client_is_pinged_and_lives_on_when_it_answers():
    with Tuned(ping_interval=0.1, ping_timeout=0.5):
        wire = serve(listen)
        for count in (1, 2):
            found = await wire.until(count)
            equal(found[-1], (0x89, b""))
            wire.feed(frame(10))
        wire.feed(frame(1, "still here"))
        equal((await wire.until(3))[-1], (0x81, b"still here"))
        wire.end()
        await wire.finish()


async def test_a_client_that_answers_no_ping_is_dropped():
    told = []

    async def handler(request, ws):
        told.append(await raises_async(WebSocketError, ws.receive()))

    with Tuned(ping_interval=0.1, ping_timeout=0.1):
        wire = serve(handler)
        assert await wire.finish() is Response.already_handled
    equal((told[0].code, wire.frames()), (1006, [(0x89, b"")]))


async def test_with_an_interval_of_0_nobody_is_pinged():
    with Tuned(ping_interval=0, ping_timeout=0):
        wire = serve(listen)
        await asyncio.sleep(2.2)
        equal(wire.frames(), [])
        wire.end()
        await wire.finish()


async def test_a_client_that_does_not_answer_a_close_is_not_waited_for_long():
    with Tuned(close_timeout=0.1):

        async def handler(request, ws):
            await ws.close(1000)

        wire = serve(handler)
        assert await wire.finish() is Response.already_handled
        equal(wire.frames(), [(0x88, b"\x03\xe8")])
        # Nor one that goes on after a mistake.
        wire = serve(listen)
        wire.feed(b"\xff\xff")
        assert await wire.finish() is Response.already_handled
        equal((await wire.until(1))[0][1][:2], b"\x03\xea")


async def test_after_a_mistake_the_client_s_close_ends_the_waiting():
    for reply in (close_frame(1009), close_frame(), close_frame(1009, "a reason")):
        with Tuned(close_timeout=1000, max_message_length=10):
            wire = serve(listen)
            wire.feed(frame(2, b"x" * 11), frame(9, b"more"), b"\0" * 200)
            equal((await wire.until(1))[0][1][:2], b"\x03\xf1")
            await asyncio.sleep(0.02)
            assert not wire.task.done()
            wire.feed(b"the rest" + reply)
            assert await wire.finish() is Response.already_handled


async def test_a_handler_that_waits_for_something_else_is_cancelled():
    for last, answered in (
        (close_frame(1001), [(0x88, b"\x03\xe9")]),
        (b"", []),
        (None, []),
    ):
        outcome = []

        async def handler(request, ws, outcome=outcome):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                outcome.append(ws.closed)
                raise

        wire = serve(handler)
        await eventually(lambda wire=wire: wire.sent)
        wire.feed(last)
        assert await wire.finish() is Response.already_handled
        equal((outcome, wire.frames()), ([True], answered))


async def test_pings_are_answered_while_the_handler_does_something_else():
    async def handler(request, ws):
        await asyncio.sleep(60)

    wire = serve(handler)
    wire.feed(frame(9, b"1"), frame(9, b"2"))
    equal(await wire.until(2), [(0x8A, b"1"), (0x8A, b"2")])
    wire.feed(close_frame(1000))
    await wire.finish()


async def test_of_messages_that_nobody_takes_one_is_kept_and_no_more_are_read():
    go = asyncio.Event()
    got = []

    async def handler(request, ws):
        await go.wait()
        while True:
            got.append(await ws.receive())

    wire = serve(handler)
    wire.feed(frame(1, "a"), frame(1, "b"), frame(1, "c"), close_frame(1000))
    await eventually(lambda: len(wire.pieces) == 3)
    await asyncio.sleep(1.2)
    equal(len(wire.pieces), 3)
    go.set()
    await wire.finish()
    equal(got, ["a", "b", "c"])


async def test_who_only_sends_is_told_by_send():
    told = []

    async def handler(request, ws):
        try:
            while True:
                await ws.send("tick")
                await asyncio.sleep(0.2)
        except WebSocketError as error:
            told.append(error.code)
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    wire = serve(handler)
    await eventually(lambda: wire.sent)
    wire.feed(close_frame(1000))
    assert await wire.finish() is Response.already_handled
    equal((told, wire.frames()[-1]), (["cancelled"], (0x88, b"\x03\xe8")))


async def test_an_accepted_websocket_that_is_left_open_is_not_looked_after_for_ever():
    app = Microdot()
    kept = []

    @app.route("/ws")
    async def handler(request):
        kept.append(await websocket_upgrade(request))
        return Response.already_handled

    wire = Wire(app).start()
    assert await wire.finish() is Response.already_handled
    await eventually(lambda: kept[0].closed)
