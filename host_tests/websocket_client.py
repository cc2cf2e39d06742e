"""A WebSocket client that sends exactly the bytes of a case, and masks, splits or breaks them."""

import struct
import time

from corpus_client import Client

_TIMEOUT = 200  # seconds; a message in thousands of pieces, for a server on a busy machine
MASK = b"\xa7\x13\x00\xfe"
HANDSHAKE = (
    b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n"
)


def mask(payload, key=MASK):
    """``payload`` (bytes) masked with ``key``."""
    size = len(payload)
    number = int.from_bytes((key * (size // 4 + 1))[:size], "big")
    return (int.from_bytes(payload, "big") ^ number).to_bytes(size, "big")


def frame(opcode, payload=b"", fin=True, rsv=0):
    """A client's frame (bytes)."""
    size = len(payload)
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, 0xFE, size)
    else:
        head = struct.pack("!BBQ", first, 0xFF, size)
    return head + MASK + mask(payload)


def fragments(opcode, pieces):
    """The frames (list of bytes) of a message in ``pieces``."""
    last = len(pieces) - 1
    return [frame(0 if at else opcode, piece, at == last) for at, piece in enumerate(pieces)]


def chop(data, size):
    """``data`` in pieces of ``size`` bytes."""
    return [data[at : at + size] for at in range(0, len(data), size)]


class WebSocketClient(Client):
    """A WebSocket to ``path`` (bytes) of the server at ``port``; ``headers``: further ones."""

    def __init__(self, port, path=b"/echo", headers=b"", receive_buffer=None, early=b""):
        super().__init__(port, receive_buffer)
        self.socket.settimeout(_TIMEOUT)
        self.send(HANDSHAKE % (path, headers) + early)
        self.head = self.until(b"\r\n\r\n")
        assert self.head.startswith(b"HTTP/1.1 101 "), self.head + self.held
        assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in self.head

    def frame(self):
        """(opcode, payload) of the next frame, which must be one that a server may send."""
        first, second = self.exactly(2)
        assert first & 0xF0 == 0x80, "expected FIN alone, got %#x" % first
        size = second
        if second > 125:
            size = int.from_bytes(self.exactly(2 if second == 126 else 8), "big")
            assert size > (125 if second == 126 else 65535), size
        return first & 15, self.exactly(size)

    def expect_close(self, code):
        """The server's Close has ``code`` (None: none); answer it, and see the end."""
        opcode, payload = self.frame()
        assert opcode == 8, "expected a Close, got opcode %d" % opcode
        expected = b"" if code is None else struct.pack("!H", code)
        assert payload[:2] == expected, "expected %r, got %r" % (code, payload)
        self.send(frame(8, payload[:2]))
        self.end()
        rest = self.rest()
        assert rest == b"", "expected nothing after the Close, got %r" % rest[:50]

    def close(self, code=1000):
        """End the WebSocket as clients do."""
        self.send(frame(8, struct.pack("!H", code)))
        self.expect_close(code)


def play(port, case):
    """Play a case of websocket_cases.py; AssertionError where the server does otherwise."""
    with WebSocketClient(port) as client:
        for number, step in enumerate(case.steps):
            for piece in step.send:
                if isinstance(piece, float):
                    time.sleep(piece)
                else:
                    client.send(piece)
            for expected in step.expect:
                got = client.frame()
                same = got == expected
                assert same, "step %d: expected %r, got %r" % (number, _cut(expected), _cut(got))
        if case.end is None:
            client.close()
        else:
            client.expect_close(case.end or None)


def _cut(item):
    return (item[0], len(item[1]), item[1][:40])
