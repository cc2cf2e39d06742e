"""microdot.test_client where only CPython can go: asynchronous generators, pytest's collection."""

import asyncio

from websocket_echo import accept, echo

from microdot import Microdot, Response
from microdot.test_client import TestClient


def client_of(handler):
    app = Microdot()
    app.get("/ws")(handler)
    return TestClient(app)


def test_an_asynchronous_client():
    got = []

    async def client():
        try:
            got.append((yield "a"))
            await asyncio.sleep(0.01)
            got.append((yield b"b"))
        finally:
            await asyncio.sleep(0)
            got.append("ended")

    assert asyncio.run(client_of(echo).websocket("/ws", client)) is None
    assert got == ["a", b"b", "ended"]


def test_messages_for_a_busy_client_wait_their_turn():
    async def index(request):
        peer = await accept(request)
        await asyncio.gather(*[peer.send(str(i)) for i in range(5)])
        await peer.send(b"\x03\xe8", 0x88)
        return Response.already_handled

    got = []

    async def client():
        while True:
            message = yield
            await asyncio.sleep(0.001)
            got.append(message)

    asyncio.run(client_of(index).websocket("/ws", client))
    assert got == ["0", "1", "2", "3", "4"]


def test_a_generator_itself_is_a_client_too():
    def client():
        got.append((yield "a"))

    got = []
    asyncio.run(client_of(echo).websocket("/ws", client()))
    assert got == ["a"]


def test_long_messages():
    def client():
        for size in (125, 126, 65535, 65536, 100000):
            got.append((yield b"x" * size))

    got = []
    asyncio.run(client_of(echo).websocket("/ws", client))
    assert [len(message) for message in got] == [125, 126, 65535, 65536, 100000]
    assert set(b"".join(got)) == {ord("x")}


def test_a_plain_handler_runs_in_a_thread():
    app = Microdot()

    @app.get("/")
    def index(request):
        import threading

        return str(threading.current_thread() is threading.main_thread())

    assert asyncio.run(TestClient(app).get("/")).text == "False"


def test_the_classes_are_no_tests():
    from microdot.test_client import TestResponse

    assert not TestClient.__test__ and not TestResponse.__test__
