"""The client's side of a websocket (RFC 6455) for microdot.test_client: frames over memory."""

import asyncio

from .compat import const
from .http import ProtocolError, parse_head
from .request import make_request
from .response import Response
from .takeover import ConnectionStream, Origin
from .websocket_frames import unmask

# RFC 6455 section 1.3: an example's nonce and the answer to it. A test needs no other.
_HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
_ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
_MASK = b"\x37\xfa\x21\x3d"

_CONTINUATION = const(0)
_TEXT = const(1)
_BINARY = const(2)
_CLOSE = const(8)
_PING = const(9)
_PONG = const(10)

_PATIENCE = const(8)  # turns that other tasks of the server get to answer before it reads on


async def websocket(client, address, path, speaker, headers):
    """What TestClient.websocket() documents."""
    from .test_client_answer import answer, compose

    asked = dict(_HANDSHAKE)
    asked.update(headers or {})
    data, _ = compose(client, "GET", path, asked, None)
    generator = speaker() if callable(speaker) else speaker
    connection = ClientConnection(client.app, address, client.scheme, generator)
    try:
        request = make_request(parse_head(data), connection)
        response = await client.app.dispatch_request(request)
    except ProtocolError as error:
        response = await client.app.error_response(None, error.status, error.reason)
    finally:
        await connection.end()
    client.close_code = connection.close_code
    if connection.error:
        raise connection.error
    if response is Response.already_handled:
        return None
    return await answer(client, response)


class ClientConnection(Origin):
    """A connection in memory: the server reads what the generator yields, and writes to it."""

    rest = b""
    close_code = None
    error = None  # of the generator or of the server's frames: for the test, not for the server

    def __init__(self, app, address, scheme, generator):
        super().__init__(app, address, scheme)
        self._generator = generator
        self._head = b""  # of the server's answer; None once that is there
        self._to_server = b""
        self._received = b""
        self._message = None  # the parts of a message that is not complete
        self._inbox = []
        self._asking = False  # whether what was yielded last waits for an answer
        self._running = False
        self._finished = False
        self._closing = False  # whether our Close frame was sent
        self._ended = False
        self._wake = asyncio.Event()

    # The server's side; see microdot.takeover

    def take_over(self):
        """The stream for Request.take_over()."""
        return ConnectionStream(self)

    async def disconnected(self):
        """Wait until the client has ended; see Request.disconnected()."""
        while not self._ended:
            await self._pause()

    async def receive(self):
        """The next bytes of the client; b"" at the end."""
        for _ in range(_PATIENCE):
            if self._to_server or self._ended or not self._asking:
                break
            await asyncio.sleep(0)
        if self._asking and not self._to_server and not self._running:
            await self._resume([None])
        while not (self._to_server or self._closing or self._ended):
            await self._pause()
        data = self._to_server
        self._to_server = b""
        return data

    async def _pause(self):
        self._wake.clear()
        await self._wake.wait()

    async def write(self, data):
        """Take bytes of the server; OSError when the client has ended."""
        if self._ended:
            raise OSError(32)  # EPIPE
        try:
            if self._head is None:
                self._received += bytes(data)
            else:
                await self._open(bytes(data))
            if self._head is None:
                await self._take_frames()
        except ValueError as error:
            self._fail(error)
        if self.error:
            raise OSError(104)  # ECONNRESET

    def _fail(self, error):
        """End for ``error``, which is the test's to see."""
        self.error = self.error or error
        self._stop()

    def _stop(self):
        self._ended = True
        self._asking = False
        self._wake.set()

    async def end(self):
        """The server has done its part: nobody reads or writes any more."""
        self._stop()
        if self._head is None and self.close_code is None:
            self.close_code = 1006  # RFC 6455 section 7.1.5: without a Close frame
        await self._finish()

    # Frames of the server

    async def _open(self, data):
        """Read the answer to the handshake (RFC 6455 section 4.1)."""
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return
        lines = self._head[:end].decode().split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        _expect(lines[0][:13], "HTTP/1.1 101 ", "status line")
        _expect(headers.get("upgrade", "").lower(), "websocket", "Upgrade")
        _expect(headers.get("connection", "").lower(), "upgrade", "Connection")
        _expect(headers.get("sec-websocket-accept"), _ACCEPT, "Sec-WebSocket-Accept")
        self._received = self._head[end + 4 :]
        self._head = None
        await self._resume([None])  # to its first yield

    async def _take_frames(self):
        """Read the frames that are complete (RFC 6455 section 5.2)."""
        while not self._ended:
            data = self._received
            if len(data) < 2:
                return
            size = data[1] & 127
            start = 2 if size < 126 else 4 if size == 126 else 10
            if len(data) < start:
                return
            if size > 125:
                size = int.from_bytes(data[2:start], "big")
            if len(data) < start + size:
                return
            self._received = data[start + size :]
            await self._frame(data[0], data[1], data[start : start + size])

    async def _frame(self, first, second, payload):
        opcode = first & 15
        final = first & 128
        if first & 112:
            raise ValueError("expected no reserved bits, got a frame with 0x%02x" % first)
        if second & 128:
            raise ValueError("expected frames of the server unmasked, got a masked one")
        if opcode & 8:
            if not final or len(payload) > 125:
                raise ValueError("expected a whole control frame of up to 125 bytes")
            await self._control(opcode, payload)
        elif opcode == _CONTINUATION:
            if self._message is None:
                raise ValueError("expected a new message, got a continuation frame")
            self._message[1] += payload
        elif opcode in (_TEXT, _BINARY):
            if self._message is not None:
                raise ValueError("expected a continuation frame, got a new message")
            self._message = [opcode, payload]
        else:
            raise ValueError("expected an opcode of RFC 6455, got %d" % opcode)
        if final and not opcode & 8:
            opcode, payload = self._message
            self._message = None
            await self._resume([payload.decode() if opcode == _TEXT else payload])

    async def _control(self, opcode, payload):
        if opcode == _PING:
            self._send(_PONG, payload)
        elif opcode == _CLOSE:
            if len(payload) == 1:
                raise ValueError("expected a close code of 2 bytes, got 1")
            self.close_code = int.from_bytes(payload[:2], "big") if payload else 1005
            payload[2:].decode()  # RFC 6455 section 5.5.1: the reason is UTF-8
            self._send_close(payload[:2])
            await self._finish()
        elif opcode != _PONG:
            raise ValueError("expected an opcode of RFC 6455, got %d" % opcode)

    # Frames of the client

    def _send(self, opcode, payload):
        """Send a frame, masked (RFC 6455 section 5.3)."""
        size = len(payload)
        if size < 126:
            head = bytes((128 | opcode, 128 | size))
        elif size < 65536:
            head = bytes((128 | opcode, 254)) + size.to_bytes(2, "big")
        else:
            head = bytes((128 | opcode, 255)) + size.to_bytes(8, "big")
        self._to_server += head + _MASK + unmask(bytes(payload), _MASK)
        self._wake.set()

    def _send_close(self, payload):
        if not self._closing:
            self._closing = True
            self._send(_CLOSE, payload)

    # The generator

    async def _resume(self, messages):
        """Give the generator its messages, one for each yield; send what it yields."""
        self._inbox += messages
        if self._running or self._finished:
            return  # it is given them in their order
        self._running = True
        self._asking = False
        try:
            while self._inbox:
                self._say(await self._next(self._inbox.pop(0)))
        except StopAsyncIteration:
            self._finished = True
            self._send_close(b"\x03\xe8")  # 1000
        except Exception as error:
            self._finished = True
            self._fail(error)
        finally:
            self._running = False
        if self._closing:
            await self._finish()

    def _say(self, value):
        """Send what the generator has yielded, unless it is too late for that."""
        if isinstance(value, str):
            opcode, value = _TEXT, value.encode()
        elif isinstance(value, (bytes, bytearray, memoryview)):
            opcode = _BINARY
        elif value is not None:
            raise TypeError("expected str or bytes to send, got %s" % type(value).__name__)
        if value is not None and not self._closing:
            self._send(opcode, value)
            self._asking = not self._inbox

    async def _next(self, message):
        if hasattr(self._generator, "asend"):
            return await self._generator.asend(message)
        try:
            return self._generator.send(message)
        except StopIteration:  # which no coroutine may raise
            raise StopAsyncIteration

    async def _finish(self):
        """End the generator, so that its ``finally`` clauses run."""
        if self._running or self._finished:
            return
        self._finished = True
        self._asking = False
        try:
            if hasattr(self._generator, "aclose"):
                await self._generator.aclose()
            else:
                self._generator.close()
        except Exception as error:
            self.error = self.error or error


def _expect(got, expected, what):
    if got != expected:
        raise ValueError("expected %s %r, got %r" % (what, expected, got))
