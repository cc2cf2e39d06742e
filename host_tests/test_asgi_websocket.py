"""microdot.asgi: WebSockets with messages made by hand."""

import asyncio

import pytest
from asgi_exchange import Server, scope

from microdot import Response, asgi_websocket
from microdot.asgi import Microdot, WebSocket, WebSocketError, websocket_upgrade, with_websocket

CONNECT = {"type": "websocket.connect"}
ACCEPT = {"type": "websocket.accept", "subprotocol": None}


def said(data):
    return {"type": "websocket.receive", "text" if isinstance(data, str) else "bytes": data}


def left(code=1001, **others):
    return dict({"type": "websocket.disconnect", "code": code}, **others)


def sent(data):
    return {"type": "websocket.send", "text" if isinstance(data, str) else "bytes": data}


def closed(code=1000, reason=""):
    return {"type": "websocket.close", "code": code, "reason": reason}


@pytest.fixture(autouse=True)
def errors(monkeypatch):
    """The exceptions that are printed."""
    printed = []
    monkeypatch.setattr(asgi_websocket, "print_exception", printed.append)
    return printed


def serve(handler, *messages, client=None, **others):
    """What the application sends; ``client(server)`` acts after the ``messages``."""
    app = Microdot()
    app.get("/ws")(handler)
    given = dict(scope(path="/ws", type="websocket", scheme="ws", method=None), **others)

    async def run():
        server = Server([CONNECT, *messages])
        task = asyncio.ensure_future(app(given, server.receive, server.send))
        if client:
            await client(server)
        await asyncio.wait_for(task, 10)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return server.sent

    return asyncio.run(run())


async def until(condition):
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come to that")


@with_websocket
async def echo(request, ws):
    while True:
        await ws.send(await ws.receive())


def test_an_echo(errors):
    got = serve(echo, said("ä"), said(b"b"), said(""), left())
    assert got == [ACCEPT, sent("ä"), sent(b"b"), sent("")]
    assert errors == []


def test_messages_may_have_both_keys():
    both = {"type": "websocket.receive", "text": None, "bytes": b"a"}
    other = {"type": "websocket.receive", "text": "a", "bytes": None}
    assert serve(echo, both, other, left())[1:] == [sent(b"a"), sent("a")]


def test_a_handler_that_ends_closes():
    @with_websocket
    async def handler(request, ws):
        assert not ws.closed
        assert request.scheme == "http" and request.method == "GET" and request.path == "/ws"

    assert serve(handler) == [ACCEPT, closed()]


def test_a_handler_closes():
    @with_websocket
    async def handler(request, ws):
        await ws.close(4000, "ä" * 100)
        assert ws.closed
        await ws.close()
        with pytest.raises(WebSocketError) as caught:
            await ws.receive()
        assert caught.value.code == 4000
        with pytest.raises(WebSocketError):
            await ws.send("a")

    assert serve(handler) == [ACCEPT, closed(4000, "ä" * 61)]


def test_the_end_that_a_handler_is_told():
    seen = []

    @with_websocket
    async def handler(request, ws):
        for _ in range(2):
            with pytest.raises(WebSocketError) as caught:
                await ws.receive()
            seen.append((caught.value.code, caught.value.reason, ws.closed))

    assert serve(handler, left(4001, reason="bye")) == [ACCEPT]
    assert seen == [(4001, "bye", True)] * 2
    seen.clear()
    serve(handler, {"type": "websocket.disconnect", "code": None, "reason": None})
    assert seen == [(1005, "", True)] * 2


def test_a_handler_that_waits_for_something_else_is_cancelled():
    seen = []

    @with_websocket
    async def handler(request, ws):
        try:
            await asyncio.sleep(60)
        finally:
            seen.append(ws.closed)

    assert serve(handler, left()) == [ACCEPT]
    assert seen == [True]


def test_messages_are_read_before_the_end():
    seen = []

    @with_websocket
    async def handler(request, ws):
        for _ in range(3):
            seen.append(await ws.receive())
            await asyncio.sleep(0.01)

    serve(handler, said("a"), said("b"), said("c"), left())
    assert seen == ["a", "b", "c"]


def test_a_client_cannot_send_more_than_the_handler_takes():
    async def client(server):
        await until(lambda: ACCEPT in server.sent)
        await asyncio.sleep(0.01)
        waiting.append(server.messages.qsize())
        server.leave(left())
        leave.set()

    @with_websocket
    async def handler(request, ws):
        await leave.wait()
        while True:
            await ws.receive()

    waiting = []
    leave = asyncio.Event()
    serve(handler, *[said("a")] * 10, client=client)
    assert waiting == [9]


def test_several_receivers_are_all_told():
    seen = []

    @with_websocket
    async def handler(request, ws):
        async def one():
            try:
                seen.append(await ws.receive())
            except WebSocketError as error:
                seen.append(error.code)

        await asyncio.gather(one(), one(), one())

    async def client(server):
        await asyncio.sleep(0.01)
        server.leave(said("a"))
        server.leave(left(1001))

    serve(handler, client=client)
    assert seen == ["a", 1001, 1001]


def test_what_a_handler_raises(errors):
    @with_websocket
    async def broken(request, ws):
        raise KeyError("a")

    @with_websocket
    async def ended(request, ws):
        raise WebSocketError(1000)

    assert serve(broken) == [ACCEPT, closed(1011)]
    assert [type(error) for error in errors] == [KeyError]
    assert serve(ended) == [ACCEPT, closed()]
    assert len(errors) == 1


# (messages allowed in bytes, message, whether it is taken)
LIMITS = (
    (-1, "x" * 16384, True), (-1, "x" * 16385, False), (-1, b"x" * 16385, False),
    (0, "x" * 100000, True), (4, "ää", True), (4, "ääx", False), (4, b"abcde", False),
)  # fmt: skip


@pytest.mark.parametrize("limit, message, taken", LIMITS)
def test_messages_are_limited(limit, message, taken, monkeypatch):
    monkeypatch.setattr(WebSocket, "max_message_length", limit)
    got = serve(echo, said(message), left())
    assert got == [ACCEPT, sent(message) if taken else closed(1009, "message too long")]


# Mistakes of a handler: (method, arguments, exception, message).
MISTAKES = (
    ("send", (5,), TypeError, "expected str or bytes, got int"),
    ("send", (None,), TypeError, "expected str or bytes, got NoneType"),
    ("send", ("a", 3), ValueError, "expected TEXT, BINARY, PING or PONG, got 3"),
    ("send", (b"\xff", 1), UnicodeDecodeError, "invalid start byte"),
    ("close", (1005,), ValueError, "expected a close code that may be sent, got 1005"),
    ("close", (1006,), ValueError, "got 1006"),
    ("close", (999,), ValueError, "got 999"),
    ("close", (1015,), ValueError, "got 1015"),
    ("close", (5000,), ValueError, "got 5000"),
)


@pytest.mark.parametrize("method, arguments, exception, message", MISTAKES)
def test_mistakes_of_a_handler(method, arguments, exception, message):
    @with_websocket
    async def handler(request, ws):
        with pytest.raises(exception, match=message):
            await getattr(ws, method)(*arguments)

    assert serve(handler) == [ACCEPT, closed()]


def test_opcodes():
    @with_websocket
    async def handler(request, ws):
        await ws.send("a", ws.BINARY)
        await ws.send(b"a", ws.TEXT)
        await ws.send(bytearray(b"b"))
        await ws.send(b"", ws.PING)
        await ws.send(b"", ws.PONG)

    assert serve(handler) == [ACCEPT, sent(b"a"), sent("a"), sent(b"b"), closed()]


def test_subprotocols():
    @with_websocket(subprotocols=["b", "a"])
    async def handler(request, ws):
        seen.append(ws.subprotocol)

    seen = []
    for offered, chosen in (
        (["a"], "a"), (["a", "b"], "b"), (["c"], None), ([], None), (None, None),
    ):  # fmt: skip
        got = serve(handler, subprotocols=offered)
        assert got[0] == {"type": "websocket.accept", "subprotocol": chosen}
        assert seen.pop() == chosen


def test_a_handler_that_upgrades_by_itself(errors):
    async def handler(request):
        if request.args.get("user") != "me":
            return "who?", 401
        ws = await websocket_upgrade(request)
        await ws.send(await ws.receive())
        return Response.already_handled

    assert serve(handler, said("a"), query_string=b"user=me") == [ACCEPT, sent("a"), closed()]
    assert serve(handler) == [{"type": "websocket.close"}]


def test_a_refusal_with_an_answer_where_the_server_can():
    extensions = {"websocket.http.response": {}}

    async def handler(request):
        return "who?", 401, {"X-A": "b"}

    async def stream(request):
        return iter(("a", "b")), 403

    start, body = serve(handler, extensions=extensions)
    assert start["type"] == "websocket.http.response.start"
    assert start["status"] == 401 and (b"x-a", b"b") in start["headers"]
    assert body == {"type": "websocket.http.response.body", "body": b"who?"}
    start, *pieces = serve(stream, extensions=extensions)
    assert start["status"] == 403
    assert b"".join([message["body"] for message in pieces]) == b"ab"
    got = serve(handler, extensions=extensions, path="/none", raw_path=b"/none")
    assert got[0]["status"] == 404
    got = serve(handler, extensions=extensions, headers=[(b"content-length", b"x")])
    assert got[0]["status"] == 400


def test_a_stream_that_is_not_sent_is_closed():
    def pieces():
        try:
            yield "a"
        finally:
            ended.append(True)

    async def handler(request):
        return started

    ended = []
    started = pieces()
    next(started)
    assert serve(handler) == [{"type": "websocket.close"}]
    assert ended == [True]


def test_an_exception_after_the_upgrade():
    async def handler(request):
        await websocket_upgrade(request)
        return 1 / 0

    assert serve(handler) == [ACCEPT, closed(1011)]


def test_hooks_come_before_the_handshake():
    app = Microdot()
    app.get("/ws")(echo)

    @app.before_request
    async def check(request):
        return "no", 403

    async def run():
        server = Server([CONNECT])
        given = scope(path="/ws", type="websocket", method=None)
        await app(given, server.receive, server.send)
        return server.sent

    assert asyncio.run(run()) == [{"type": "websocket.close"}]


def test_a_plain_request_for_a_websocket():
    app = Microdot()
    app.get("/ws")(echo)

    async def run():
        server = Server()
        await app(scope(path="/ws"), server.receive, server.send)
        return server

    server = asyncio.run(run())
    assert (server.status, server.body) == (400, b"expected a WebSocket handshake")


def test_a_client_that_is_gone_when_it_is_sent_something():
    seen = []

    @with_websocket
    async def handler(request, ws):
        await ws.receive()
        with pytest.raises(WebSocketError) as caught:
            while True:
                await ws.send("a")
        seen.append(caught.value.code)

    async def client(server):
        await until(lambda: ACCEPT in server.sent)
        server.fails = OSError("gone")
        server.leave(said("go"))

    assert serve(handler, client=client) == [ACCEPT]
    assert seen == [1006]


def test_a_server_that_begins_otherwise():
    async def run():
        server = Server([left()])
        given = scope(path="/ws", type="websocket", method=None)
        await Microdot()(given, server.receive, server.send)
        return server.sent

    assert asyncio.run(run()) == []


def test_the_server_that_stops_cancels_the_handler():
    ended = []

    @with_websocket
    async def handler(request, ws):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def run():
        app = Microdot()
        app.get("/ws")(handler)
        server = Server([CONNECT])
        given = scope(path="/ws", type="websocket", method=None)
        task = asyncio.ensure_future(app(given, server.receive, server.send))
        await until(lambda: ACCEPT in server.sent)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())
    assert ended == [True]
