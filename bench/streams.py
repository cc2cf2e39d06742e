"""The load that wrk cannot make: WebSocket messages, event streams, uploads.

Everything is in one process, on the clients' cores, and what is sent is prepared beforehand; how
busy the process was is a part of the result, so that it shows when a server had to wait for it.
"""

import random
import re
import selectors
import socket
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from firn_tools.errors import Failure

from . import client, process

TIMEOUT = 30  # seconds in which something has to arrive
MESSAGE = 125  # bytes, the most that the short form of a frame's length can say
FILE = 1_000_000  # bytes
_SIZE = 256 * 1024  # of a read
_GATHER = 0.002  # seconds; a small part of what the sockets' buffers hold
_BOUNDARY = b"----------------------------firnbench"
_KEY = b"dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3
_MASK = b"\x37\xfa\x21\x3d"


@dataclass
class Load:
    """One run: ``rate`` per second, and ``busy``, the part of the time that the clients took."""

    rate: float
    busy: float


class _Clock:
    """The time of a run and how much of it the process was at work."""

    def __init__(self, seconds):
        self._worked = time.process_time()
        self.began = time.monotonic()
        self.end = self.began + seconds

    def load(self, count):
        """The Load of ``count`` things done until now."""
        passed = time.monotonic() - self.began
        return Load(count / passed, (time.process_time() - self._worked) / passed)


def _connect(port):
    return client.connect(port, TIMEOUT)


def frame(opcode, payload, mask=None):
    """A WebSocket frame of up to 125 bytes (RFC 6455 section 5.2), masked if 4 bytes are given."""
    if len(payload) > MESSAGE:
        raise ValueError("expected at most %d bytes, got %d" % (MESSAGE, len(payload)))
    head = bytes((0x80 | opcode, len(payload) | (0x80 if mask else 0)))
    if not mask:
        return head + payload
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def head_of(connection):
    """(the answer's head, what came after it already)."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            raise client.Wrong("expected the head of an answer, got %r" % data)
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _expect(status, connection):
    """What came after the head of the answer, which has to have ``status``."""
    head, rest = head_of(connection)
    if head.split(b" ", 2)[1:2] != [b"%d" % status]:
        raise client.Wrong("expected status %d, got %r" % (status, head))
    return rest


@contextmanager
def _watched(connections):
    """A function that gives those of ``connections`` (sockets) on which something arrived."""
    with selectors.DefaultSelector() as selector:
        for number, connection in enumerate(connections):
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, number)

        def arrived():
            found = selector.select(TIMEOUT)
            if not found:
                raise Failure("expected an answer within %d s, got nothing" % TIMEOUT)
            return [(key.data, key.fileobj) for key, _ in found]

        yield arrived
    for connection in connections:
        connection.settimeout(TIMEOUT)


def _received(connection):
    data = connection.recv(_SIZE)
    if not data:
        raise client.Wrong("expected more, the server has ended the connection")
    return data


def echo(port, seconds, connections=8, depth=4):
    """The Load of text messages echoed; each connection has ``depth`` of them on their way.

    For every message that is back, the next one is sent at once (that acknowledges it, too;
    otherwise a server's small writes would wait for it, and Nagle's algorithm be measured). Every
    byte that comes back is compared.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(_websocket(port)) for _ in range(connections)]
        windows = [EchoWindow(depth) for _ in opened]
        with _watched(opened) as arrived:
            clock = _Clock(seconds)
            for connection, window in zip(opened, windows):
                connection.send(window.first())
            while time.monotonic() < clock.end:
                for number, connection in arrived():
                    connection.send(windows[number].answered(_received(connection)))
            load = clock.load(sum(window.count for window in windows))
        for connection in opened:
            _leave(connection)
    return load


class EchoWindow:
    """One connection's messages: ``count`` have come back, ``depth`` are on their way."""

    _different = 8  # texts, so that none is taken for another

    def __init__(self, depth):
        self.count = 0
        self._depth = depth
        texts = [(b"%d " % number).ljust(MESSAGE, b"x") for number in range(self._different)]
        self._one = len(frame(1, texts[0], _MASK))
        # Twice, so that a run of them is one slice wherever it begins.
        self._messages = b"".join(frame(1, text, _MASK) for text in texts) * 2
        self._echoes = b"".join(frame(1, text) for text in texts) * 2
        self._at = 0  # in the echoes

    def first(self):
        """What to send at first."""
        return self._messages[: self._depth * self._one]

    def answered(self, data):
        """What to send for ``data``, which has come back; Wrong unless it is what was sent."""
        length = len(self._echoes) // 2 // self._different
        end = self._at + len(data)
        if data != self._echoes[self._at : end]:
            raise client.Wrong("expected the message's echo, got %r" % data[:200])
        back = end // length - self._at // length
        start = (self.count + self._depth) % self._different * self._one
        self.count += back
        self._at = end % (length * self._different)
        return self._messages[start : start + back * self._one]


def _websocket(port):
    connection = _connect(port)
    try:
        connection.sendall(
            b"GET /echo HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n" % _KEY
        )
        if _expect(101, connection):
            raise client.Wrong("expected nothing after the handshake")
    except BaseException:
        connection.close()
        raise
    return connection


def _leave(connection):
    """End a WebSocket's connection as the standard wants it, so that no server complains."""
    connection.sendall(frame(8, b"\x03\xe8", _MASK))
    while connection.recv(_SIZE):
        pass


def events(port, seconds, connections=20):
    """The Load of events delivered to all clients together; none may be lost on the way.

    What arrives is left to gather a little, as one read per event would keep the clients busier
    than the server.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(_connect(port)) for _ in range(connections)]
        counters = [EventCounter() for _ in opened]
        for connection in opened:
            connection.sendall(b"GET /events HTTP/1.1\r\nHost: bench\r\n\r\n")
        for connection, counter in zip(opened, counters):
            counter.add(_expect(200, connection))
        with _watched(opened) as arrived:
            already = sum(counter.count for counter in counters)
            clock = _Clock(seconds)
            while time.monotonic() < clock.end:
                time.sleep(_GATHER)
                for number, connection in arrived():
                    counters[number].add(_received(connection))
            load = clock.load(sum(counter.count for counter in counters) - already)
    for counter in counters:
        counter.check()
    return load


class EventCounter:
    """Counts the events of one stream, chunked or not: ``count``."""

    def __init__(self):
        self.count = 0
        self._last = b""

    def add(self, data):
        """Count the events that end in ``data``, which may begin and end anywhere."""
        self.count += data.count(b"\n\n")
        if self._last[-1:] == b"\n" and data[:1] == b"\n" and self._last[-2:] != b"\n\n":
            self.count += 1
        self._last = data if len(data) >= 1024 else (self._last + data)[-2048:]

    def check(self):
        """Raise Wrong unless the last whole event has the number that was counted."""
        # At the end may be a part of an event, or of a number.
        whole = self._last[: self._last.rfind(b"\n\n") + 2]
        found = re.findall(rb'"count": ?(\d+)', whole)
        if not found or int(found[-1]) != self.count - 1:
            raise client.Wrong(
                "expected event %d to be the last, got %r" % (self.count - 1, whole[-200:])
            )


def form():
    """(content type, body) of a form with a text and a file of FILE bytes, the same each time."""
    line = b"--" + _BOUNDARY + b"\r\n"
    body = b"".join((
        line, b'Content-Disposition: form-data; name="title"\r\n\r\nthe porch\r\n',
        line, b'Content-Disposition: form-data; name="file"; filename="porch.bin"\r\n',
        b"Content-Type: application/octet-stream\r\n\r\n",
        random.Random(6455).randbytes(FILE),
        b"\r\n--" + _BOUNDARY + b"--\r\n",
    ))  # fmt: skip
    return b"multipart/form-data; boundary=" + _BOUNDARY, body


def uploads(path, port, seconds):
    """The Load of forms sent to ``path``, one after the other, by one client.

    It keeps its connection as long as the server does.
    """
    content_type, body = form()
    request = b"POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    request = request % (path, content_type, len(body)) + body
    connection = None
    count = 0
    clock = _Clock(seconds)
    try:
        while not count or time.monotonic() < clock.end:
            if connection is None:
                connection = _connect(port)
            connection.sendall(request)
            if not _uploaded(connection):
                connection.close()
                connection = None
            count += 1
        return clock.load(count)
    finally:
        if connection is not None:
            connection.close()


def _uploaded(connection):
    """Take the answer; whether the connection stays."""
    head, rest = head_of(connection)
    expected = b"%d" % FILE
    while len(rest) < len(expected):
        piece = connection.recv(4096)
        if not piece:
            break
        rest += piece
    if b" 200 " not in head[:13] or rest != expected:
        raise client.Wrong("expected %r, got %r" % (expected, head + b"\r\n\r\n" + rest))
    return not client.closes(head + b"\r\n\r\n")


def run(work, port, seconds):
    """The Load of ``work(port, seconds)`` on the clients' cores; Failure says what went wrong."""
    with process.pinned(process.cores()[1]):
        try:
            return work(port, seconds)
        except (OSError, socket.timeout) as error:
            raise Failure("%s: %s" % (type(error).__name__, error)) from error
