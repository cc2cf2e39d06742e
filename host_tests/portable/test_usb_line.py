"""The device's end of a line: sessions, channels, credits, limits, frames that are lost."""

import asyncio

from usb_peer import Console, Peer

from expect import equal
from firn import usb, usb_line
from firn import usb_frames as frames
from microdot import Microdot, Response
from microdot.server import Server

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


def application():
    app = Microdot()

    @app.get("/")
    def index(request):
        return "hello"

    @app.get("/who")
    def who(request):
        return "%s %s %s" % (request.client_addr[0], request.client_addr[1], request.scheme)

    @app.get("/long/<int:length>")
    def long(request, length):
        return Response(b"0123456789" * (length // 10))

    @app.post("/length")
    async def length(request):
        return str(len(request.body))

    @app.get("/slow")
    async def slow(request):
        await asyncio.sleep(0.2)
        return "slow"

    return app


class Device:
    """``async with Device() as peer``: a server at a line in memory, and who speaks to it."""

    def __init__(self, hello=True, credit=8224, **limits):
        self.console = Console()
        self.peer = Peer(self.console, credit)
        self.server = Server(application(), None, 0)
        for name in limits:
            setattr(self.server, name, limits[name])
        self.peer.server = self.server
        self.hello = hello

    async def __aenter__(self):
        self.task = asyncio.create_task(usb.run(self.server, self.console))
        self.watch = asyncio.create_task(self.server.watch())
        if self.hello:
            self.peer.hello()
            self.peer.welcome = await self.peer.wait_for(frames.WELCOME)
        return self.peer

    async def __aexit__(self, *exception):
        self.server.close()
        await asyncio.sleep(0.01)
        self.task.cancel()
        self.watch.cancel()
        await asyncio.sleep(0)


async def answer(peer, channel, body):
    return await peer.wait(lambda: peer.received(channel).endswith(body))


async def test_a_session_begins_with_hello_and_says_the_limits():
    async with Device(max_connections=8) as peer:
        equal(peer.welcome[:5], b"1abcd")
        equal(peer.welcome[5], 12)
        equal(peer.welcome[6:10], bytes((0, 4, 240, 0)))
        assert len(peer.welcome) > 10


async def test_nothing_is_loaded_before_the_first_frame():
    async with Device(hello=False) as peer:
        peer.console.type(b"some text\r\n")
        await asyncio.sleep(0.01)
        equal(peer.look(), [])
        equal(len(peer.console.written), 0)


async def test_a_frame_without_a_session_is_told_so():
    async with Device(hello=False) as peer:
        peer.send(frames.PING)
        await peer.wait_for(frames.NOBODY)
        peer.hello()
        await peer.wait_for(frames.WELCOME)


async def test_another_version_is_refused():
    async with Device(hello=False) as peer:
        peer.send(frames.HELLO, 0, b"9abcd  ")
        equal(await peer.wait_for(frames.NOBODY), b"1")


async def test_requests_are_answered_one_after_the_other_on_a_channel():
    async with Device() as peer:
        peer.open(1, GET % b"/")
        await answer(peer, 1, b"hello")
        peer.got.clear()
        peer.data(1, GET % b"/who")
        await answer(peer, 1, b"usb 0 http")


async def test_a_request_may_come_in_any_pieces():
    async with Device() as peer:
        peer.open(3)
        for byte in GET % b"/":
            peer.data(3, bytes((byte,)))
        await answer(peer, 3, b"hello")


async def test_the_line_may_cut_frames_anywhere():
    async with Device() as peer:
        for byte in b"text " + peer.frame(frames.OPEN, 2, GET % b"/") + b"\r\n":
            peer.console.type(bytes((byte,)))
        await answer(peer, 2, b"hello")


async def test_channels_are_served_beside_each_other():
    async with Device() as peer:
        peer.open(1, GET % b"/slow")
        peer.open(2, GET % b"/")
        await answer(peer, 2, b"hello")
        equal(peer.received(1), b"")
        await answer(peer, 1, b"slow")


async def test_the_client_ends_and_then_the_device_does():
    async with Device() as peer:
        peer.open(1, GET % b"/")
        await answer(peer, 1, b"hello")
        peer.send(frames.CLOSE, 1, b"", peer.places[1])
        await peer.wait_for(frames.CLOSE, 1)
        await peer.wait(lambda: not peer.server.connections)


async def test_the_device_ends_when_it_is_asked_to():
    async with Device() as peer:
        peer.open(1, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await peer.wait_for(frames.CLOSE, 1)
        assert peer.received(1).endswith(b"hello")
        peer.send(frames.CLOSE, 1, b"", 1)
        peer.open(1, GET % b"/")  # the number can be used again
        await peer.wait(lambda: peer.received(1).count(b"hello") == 2)


async def test_an_answer_waits_for_credit():
    async with Device(credit=600) as peer:
        peer.open(1, GET % b"/long/5000")
        await peer.wait(lambda: len(peer.received(1)) == 600)
        peer.open(2, GET % b"/")  # that channel has a credit of its own
        await answer(peer, 2, b"hello")
        equal(len(peer.received(1)), 600)
        while len(peer.received(1)) < 5000:
            before = len(peer.received(1))
            peer.send(frames.CREDIT, 1, (1000).to_bytes(2, "little"))
            await peer.wait(lambda at=before: len(peer.received(1)) > at)
        await answer(peer, 1, b"0123456789")


async def test_a_client_that_takes_nothing_is_given_up():
    async with Device(credit=100, write_timeout=0.1) as peer:
        peer.open(1, GET % b"/long/5000")
        await peer.wait(lambda: peer.has(frames.CLOSE, 1) or peer.has(frames.RESET, 1))
        await peer.wait(lambda: not peer.server.connections)


async def test_a_body_is_taken_with_credits():
    async with Device() as peer:
        length = 5000
        peer.open(1, b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length)
        room = 1024 - 64
        while length:
            count = min(room, length)
            peer.data(1, b"x" * count)
            length -= count
            room -= count
            if length and not room:
                room = int.from_bytes(await peer.wait_for(frames.CREDIT, 1), "little")
        await answer(peer, 1, b"5000")


async def test_more_than_the_credit_ends_the_channel():
    async with Device() as peer:
        peer.open(1, GET % b"/slow")
        peer.data(1, b"x" * 1100)
        await peer.wait_for(frames.RESET, 1)


async def test_frames_are_acknowledged_before_the_line_is_full():
    async with Device() as peer:
        peer.open(1, b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n")
        peer.data(1, b"x" * 300)
        await peer.wait_for(frames.ACK)


async def test_a_ping_is_answered():
    async with Device() as peer:
        peer.send(frames.PING)
        await peer.wait_for(frames.ACK)


async def test_beyond_the_limit_an_idle_channel_makes_room():
    async with Device(max_connections=2) as peer:
        for number in (1, 2, 3):
            peer.open(number, GET % b"/")
            await answer(peer, number, b"hello")
        await peer.wait(lambda: peer.has(frames.CLOSE, 1) or peer.has(frames.CLOSE, 2))
        assert len(peer.server.connections) <= 2


async def test_beyond_the_limit_a_channel_is_refused_when_all_are_at_work():
    async with Device(max_connections=1) as peer:
        peer.open(1, GET % b"/slow")
        peer.open(2, GET % b"/")
        equal(await peer.wait_for(frames.RESET, 2), usb_line.FULL)
        await answer(peer, 1, b"slow")


async def test_a_lost_frame_ends_its_channel_alone():
    async with Device() as peer:
        peer.open(1, b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n")
        peer.open(2, b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
        await asyncio.sleep(0.01)
        broken = peer.frame(frames.DATA, 1, b"x" * 50, 1)
        peer.console.type(broken[:20] + broken[21:])
        peer.data(2, b"abcd")
        lost = await peer.wait_for(frames.LOST)
        equal(peer.numbers.channel_of(lost[0]), 1)
        await answer(peer, 2, b"4")
        peer.send(frames.RESET, 1)
        await peer.wait_for(frames.RESET, 1)


async def test_data_behind_a_lost_frame_is_never_used():
    async with Device() as peer:
        peer.open(1, b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        peer.frame(frames.DATA, 1, b"x" * 50, 1)  # never sent
        peer.send(frames.DATA, 1, b"x" * 100, 2)
        await peer.wait_for(frames.RESET, 1)
        equal(peer.received(1), b"")


async def test_the_device_ends_a_channel_of_which_its_own_frame_was_lost():
    async with Device() as peer:
        peer.open(1, GET % b"/")
        await answer(peer, 1, b"hello")
        peer.send(frames.LOST, 0, bytes((peer.numbers.acknowledged,)))
        await peer.wait_for(frames.RESET, 1)
        await peer.wait(lambda: not peer.server.connections)


async def test_the_end_of_a_channel_that_never_began_is_confirmed():
    async with Device() as peer:
        peer.frame(frames.OPEN, 5)  # lost
        peer.send(frames.RESET, 5)
        await peer.wait_for(frames.RESET, 5)


async def test_a_new_session_ends_what_the_old_one_had():
    async with Device() as peer:
        peer.open(1, GET % b"/slow")
        await asyncio.sleep(0.01)
        peer.hello(b"efgh")
        equal((await peer.wait_for(frames.WELCOME))[1:5], b"efgh")
        peer.places.clear()
        peer.open(1, GET % b"/")
        await answer(peer, 1, b"hello")


async def test_noise_on_the_line_does_no_harm():
    async with Device() as peer:
        noise = bytes(range(256))
        for start in range(0, 256, 16):
            peer.console.type(noise[start : start + 16])
        peer.console.type(frames.BEGIN + b"x" * 1000)
        peer.console.type(frames.BEGIN + frames.ESCAPE + frames.END)
        peer.open(1, GET % b"/")
        await answer(peer, 1, b"hello")


async def test_stopping_the_server_ends_channels():
    async with Device(shutdown_timeout=1) as peer:
        peer.open(1, GET % b"/slow")
        await asyncio.sleep(0.01)
        await peer.server.prepare(usb.Listener)
        peer.server.shutdown()
        await peer.server._listener.serve_forever()
        assert peer.received(1).endswith(b"slow")
        assert peer.has(frames.CLOSE, 1)
