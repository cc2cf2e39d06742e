"""microdot.asgi: bodies that come in pieces, both ways, and clients that leave; lifespan."""

import asyncio

import pytest
from asgi_exchange import Server, body, call, scope
from pieces import Pieces

from microdot import asgi_connection
from microdot.asgi import Microdot, Request, Response


@pytest.fixture
def errors(monkeypatch):
    """The exceptions that are printed."""
    printed = []
    monkeypatch.setattr(asgi_connection, "print_exception", printed.append)
    return printed


def application(value):
    app = Microdot()

    @app.get("/")
    async def index(request):
        return value

    return app


def test_pieces_are_sent_as_they_come():
    pieces = Pieces("a", b"bc", "", bytearray(b"d"))
    server = call(application(pieces), scope())
    assert server.headers == {"content-type": "text/plain; charset=UTF-8"}
    assert server.sent[1:] == [
        {"type": "http.response.body", "body": b"a", "more_body": True},
        {"type": "http.response.body", "body": b"bc", "more_body": True},
        {"type": "http.response.body", "body": b"d", "more_body": True},
        {"type": "http.response.body", "body": b""},
    ]
    assert pieces.closed == 1


def test_plain_generators_and_empty_ones():
    assert call(application(iter(("a", "b"))), scope()).body == b"ab"
    server = call(application(iter(())), scope())
    assert (server.status, server.body) == (200, b"")


def test_head_closes_a_body_unread():
    pieces = Pieces("a")
    server = call(application(pieces), scope("HEAD"))
    assert (server.body, pieces.closed, pieces.pieces) == (b"", 1, ["a"])


def test_a_declared_length_is_kept_to():
    server = call(application((Pieces("ab", "cd", "e"), {"Content-Length": "3"})), scope())
    assert server.headers["content-length"] == "3" and server.body == b"abc"
    pieces = Pieces("ab")
    with pytest.raises(ValueError, match="expected 1 bytes more of a body of 3"):
        call(application((pieces, {"Content-Length": "3"})), scope())
    assert pieces.closed == 1


def test_an_error_before_the_first_piece(errors):
    def broken():
        yield from ()
        raise KeyError("a")

    server = call(application(broken()), scope())
    assert (server.status, server.body) == (500, b"Internal server error")
    assert len(errors) == 1


def test_an_error_afterwards_cuts_the_answer_off():
    for error in (KeyError("a"), OSError("a file's")):
        pieces = Pieces("a", fail=error)
        with pytest.raises(type(error)):
            call(application(pieces), scope())
        assert pieces.closed == 1


async def until(condition):
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come to that")


def left_by(client, received=(), given=None, app=None):
    """Call ``app`` while ``client(server)`` does something; the Server."""

    async def run():
        server = Server(received)
        task = asyncio.ensure_future(app(given or scope(), server.receive, server.send))
        await client(server)
        await asyncio.wait_for(task, 10)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return server

    return asyncio.run(run())


def test_a_client_that_leaves_ends_the_stream():
    ended = []

    async def forever():
        try:
            while True:
                yield "a"
                await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        finally:
            ended.append("closed")

    async def client(server):
        await until(lambda: len(server.sent) > 3)
        server.leave()

    left_by(client, app=application(forever()))
    assert ended in (["cancelled", "closed"], ["closed"])


def test_a_client_that_leaves_ends_a_plain_generator():
    def forever():
        try:
            while True:
                yield "a"
        finally:
            ended.append(True)

    async def client(server):
        await until(lambda: len(server.sent) > 3)
        server.leave()

    ended = []
    left_by(client, app=application(forever()))
    assert ended == [True]


def test_a_client_that_is_gone_when_it_is_sent_something():
    async def client(server):
        await until(lambda: len(server.sent) > 1)
        server.fails = OSError("gone")

    pieces = Pieces(*["a"] * 1000)
    left_by(client, app=application(pieces))
    assert pieces.closed == 1


def test_handlers_can_wait_for_the_client_to_leave():
    app = Microdot()
    seen = []

    @app.post("/")
    async def index(request):
        await request.disconnected()
        seen.append(True)
        return ""

    async def client(server):
        await asyncio.sleep(0.01)
        server.leave()

    given = scope("POST", "/", [(b"content-length", b"3")])
    left_by(client, body(b"abc"), given, app)
    assert seen == [True]


def test_a_body_is_read_while_the_answer_is_sent(monkeypatch):
    monkeypatch.setattr(Request, "max_body_length", 1)
    app = Microdot()

    @app.post("/")
    async def upper(request):
        async def pieces():
            while True:
                piece = await request.stream.read(100)
                if not piece:
                    break
                yield piece.upper()

        return pieces()

    async def client(server):
        for letter in "abc":
            server.leave(body(letter.encode(), more=True)[0])
            await until(lambda letter=letter: upper_of(server).endswith(letter.upper()))
        server.leave(body(b"d")[0])

    def upper_of(server):
        return b"".join([message["body"] for message in server.sent[1:]]).decode()

    given = scope("POST", "/", [(b"transfer-encoding", b"chunked")])
    server = left_by(client, body(b"xy", more=True), given, app)
    assert server.body == b"XYABCD"


def test_the_server_that_stops_cancels_a_stream():
    async def run():
        pieces = Pieces(*["a"] * 100000)
        server = Server()
        task = asyncio.ensure_future(application(pieces)(scope(), server.receive, server.send))
        await until(lambda: len(server.sent) > 3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert pieces.closed == 1
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


# Lifespan

STARTUP = {"type": "lifespan.startup"}
SHUTDOWN = {"type": "lifespan.shutdown"}


def lifespan(app):
    given = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    return given, call(app, given, [STARTUP, SHUTDOWN]).sent


COMPLETE = [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def test_lifespan_without_functions():
    assert lifespan(Microdot())[1] == COMPLETE


def test_lifespan_functions_get_the_scope():
    async def startup(scope):
        seen.append(("startup", scope))

    def shutdown(scope):
        seen.append(("shutdown", scope))

    seen = []
    given, sent = lifespan(Microdot(lifespan_startup=startup, lifespan_shutdown=shutdown))
    assert sent == COMPLETE
    assert [name for name, _ in seen] == ["startup", "shutdown"]
    assert all(scope is given for _, scope in seen)


def test_lifespan_functions_that_fail(capfd):
    async def fail(scope):
        raise RuntimeError("no database")

    failed = {"type": "lifespan.startup.failed", "message": "RuntimeError: no database"}
    assert lifespan(Microdot(lifespan_startup=fail))[1] == [failed]
    failed = dict(failed, type="lifespan.shutdown.failed")
    assert lifespan(Microdot(lifespan_shutdown=fail))[1] == [COMPLETE[0], failed]
    assert capfd.readouterr().err.count("RuntimeError: no database") == 2


def test_the_built_in_server_calls_them_too(monkeypatch):
    async def start_server(self, host, port, debug, ssl):
        seen.append((host, port, debug, ssl))

    monkeypatch.setattr("microdot.app.Microdot.start_server", start_server)
    seen = []
    app = Microdot(
        lifespan_startup=lambda scope: seen.append(scope["type"]),
        lifespan_shutdown=lambda scope: seen.append(scope["state"]),
    )
    app.run("127.0.0.1", 80, ssl=None)
    assert seen == ["lifespan", ("127.0.0.1", 80, False, None), {}]


def test_a_body_that_is_none():
    server = call(application(Response(5.5)), scope())
    assert (server.status, server.body) == (500, b"Internal server error")
