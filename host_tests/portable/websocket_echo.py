"""A websocket server in a few lines, for tests of clients: what it sends is what a test says."""

import binascii
import hashlib

from microdot.response import Response

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """The server's side of a websocket; ``accept()`` makes one of a request."""

    def __init__(self, stream):
        self.stream = stream

    async def send(self, payload, first=None):
        """A frame; ``first``: its first byte; that of a whole message if left out."""
        if first is None:
            first = 0x81 if isinstance(payload, str) else 0x82
        data = payload.encode() if isinstance(payload, str) else payload
        if len(data) < 126:
            head = bytes((first, len(data)))
        elif len(data) < 65536:
            head = bytes((first, 126)) + len(data).to_bytes(2, "big")
        else:
            head = bytes((first, 127)) + len(data).to_bytes(8, "big")
        await self.stream.write(head + data)

    async def receive(self):
        """(opcode, payload) of the next frame, which has to be whole and masked."""
        first, second = await self.stream.readexactly(2)
        assert first & 0xF0 == 0x80 and second & 0x80, (first, second)
        size = second & 127
        if size > 125:
            size = int.from_bytes(await self.stream.readexactly(2 if size == 126 else 8), "big")
        mask = await self.stream.readexactly(4)
        data = bytearray(await self.stream.readexactly(size) if size else b"")
        for i in range(size):
            data[i] ^= mask[i & 3]
        return first & 15, bytes(data)


async def accept(request, accept=None):
    """Answer the handshake of ``request``; the Peer."""
    if accept is None:
        key = request.headers["Sec-WebSocket-Key"].encode()
        accept = binascii.b2a_base64(hashlib.sha1(key + _GUID).digest())[:-1].decode()
    stream = request.take_over()
    await stream.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept.encode()
    )
    return Peer(stream)


async def echo(request):
    """A handler: every message back as it came, until the client closes."""
    peer = await accept(request)
    while True:
        opcode, data = await peer.receive()
        if opcode == 8:
            await peer.send(data, 0x88)
            return Response.already_handled
        if opcode in (1, 2):
            await peer.send(data, 0x80 | opcode)
