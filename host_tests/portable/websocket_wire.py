"""A WebSocket's client in memory: frames in, frames out, without a socket."""

import asyncio

from exchange import raw

from microdot import websocket_channel
from microdot import websocket_frames as frames
from microdot.http import parse_head
from microdot.request import make_request
from microdot.takeover import ConnectionStream

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
HEADERS = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
}
_MASK = b"\xa1\x02\x7f\x80"


def frame(opcode, payload=b"", fin=True, mask=_MASK):
    """A client's frame (bytes) of ``payload`` (bytes or str); ``mask``: None for unmasked."""
    if isinstance(payload, str):
        payload = payload.encode()
    data = bytearray(frames.encode_frame(opcode, b"\0" * len(payload)))
    head = data[: len(data) - len(payload)]
    if not fin:
        head[0] &= 0x7F
    if mask is None:
        return bytes(head) + payload
    head[1] |= 0x80
    return bytes(head) + mask + (frames.unmask(payload, mask) if payload else b"")


def close_frame(code=None, reason=""):
    """A client's Close frame (bytes)."""
    return frame(8, b"" if code is None else code.to_bytes(2, "big") + reason.encode())


def split_frames(data):
    """[(first byte, payload)] of the whole frames of a server in ``data`` (bytes)."""
    found = []
    while len(data) > 1:
        length = data[1]
        at = 2 if length < 126 else 4 if length == 126 else 10
        if at > 2:
            length = int.from_bytes(data[2:at], "big")
        if len(data) < at + length:
            break
        found.append((data[0], data[at : at + length]))
        data = data[at + length :]
    return found


def request(app, connection, method="GET", path="/ws", headers=None, version="1.1"):
    """A handshake's Request; ``headers`` (dict) change HEADERS, None takes one away."""
    wanted = dict(HEADERS)
    for name in headers or {}:
        wanted[name] = headers[name]
        if headers[name] is None:
            del wanted[name]
    head = parse_head(raw(method, path, wanted, b"", version)[:-4])
    return make_request(head, connection)


class Wire:
    """The client's end: ``feed()`` and ``end()`` send, ``frames()`` has what has come back.

    ``failing``: an OSError that sending raises; ``hold()``: take nothing until ``release()``.
    """

    client_addr = ("127.0.0.1", 1234)
    scheme = "http"
    sock = None
    rest = b""
    failing = None
    errors = []  # that handlers have raised, where they would be printed
    running = started = 0
    print_exception = websocket_channel.print_exception

    def __init__(self, app, **options):
        self.app = app
        self.sent = b""
        self.pieces = []
        self.news = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.request = request(app, self, **options)

    # What the server's side calls.

    async def receive(self):
        while not self.pieces:
            self.news.clear()
            await self.news.wait()
        data = self.pieces[0]
        if data:
            self.pieces.pop(0)
        elif data is None:
            raise OSError(104)
        return data

    async def write(self, data):
        if self.failing:
            raise self.failing
        half = len(data) // 2
        self.sent += data[:half]
        if not self.open.is_set():
            await self.open.wait()
        self.sent += data[half:]

    def take_over(self):
        return ConnectionStream(self)

    # What tests call.

    def start(self):
        """Begin to answer the request."""
        Wire.running += 1
        self.started = 1
        websocket_channel.print_exception = self.errors.append
        self.task = asyncio.create_task(self.app.dispatch_request(self.request))
        return self

    def feed(self, *pieces):
        self.pieces += pieces
        self.news.set()

    def end(self):
        self.feed(b"")

    def reset(self):
        self.feed(None)

    def hold(self):
        self.open.clear()

    def release(self):
        self.open.set()

    def frames(self):
        """[(first byte, payload)] sent so far."""
        head, _, rest = self.sent.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        return split_frames(rest)

    async def until(self, count):
        """The frames once there are ``count`` of them."""
        await eventually(lambda: b"\r\n\r\n" in self.sent and len(self.frames()) >= count)
        assert len(self.frames()) == count, self.frames()
        return self.frames()

    async def finish(self, errors=0):
        """The Response of the handler, which has raised so many ``errors``."""
        try:
            return await asyncio.wait_for(self.task, 10)
        finally:
            raised = list(self.errors)
            self.stop()
            assert len(raised) == errors, raised

    def stop(self):
        """Print errors again, once all have come here."""
        self.errors.clear()
        Wire.running -= self.started
        self.started = 0
        if not Wire.running:
            websocket_channel.print_exception = Wire.print_exception


async def eventually(condition):
    """Wait until ``condition()`` is true."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("expected something to become true, it did not")
