"""A client that sends exactly the bytes of a corpus case and reads exactly what comes back."""

import socket
import struct
import time

from corpus import CLOSED, END, GONE, OPEN, STALL

TIMEOUT = 40  # seconds; QEMU's network repeats a lost packet after 6, 18, 30 and 60
PAUSE = 0.02  # seconds between pieces, so that they arrive apart
PROBE = b"GET /teapot HTTP/1.1\r\nHost: probe\r\n\r\n"


def connect(port, receive_buffer=None, source=None):
    """A socket connected to 127.0.0.1:``port``; ``receive_buffer``: its size in bytes.

    ``source``: its own port, where it is to have a certain one.
    """
    made = socket.socket()
    if source:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", source))
    if receive_buffer:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    made.settimeout(TIMEOUT)
    made.connect(("127.0.0.1", port))
    return made


class Ended(AssertionError, ConnectionError):
    """A connection ended before what was expected from it."""


class Client:
    """One connection to 127.0.0.1:``port``, or made by the function that is given instead."""

    def __init__(self, port, receive_buffer=None):
        if callable(port):
            self.socket = port(receive_buffer=receive_buffer)
        else:
            self.socket = connect(port, receive_buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.socket.close()

    def send(self, data):
        """Send ``data``; a server that has closed meanwhile is no error here."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def send_pieces(self, pieces, pause=PAUSE):
        for index, piece in enumerate(pieces):
            if index:
                time.sleep(pause)
            self.send(piece)

    def end(self):
        """End this side of the connection."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def reset(self):
        """Go away without a word: the connection is reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def receive(self):
        """Receive more; False at the end. A reset is an end: the server had unread data."""
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.held += data
        return bool(data)

    def begins(self):
        """Whether anything comes before the end."""
        return bool(self.held) or self.receive()

    def until(self, mark):
        """What comes up to ``mark``, and ``mark`` itself."""
        while mark not in self.held:
            if not self.receive():
                held = bytes(self.held)
                raise Ended("expected %r, got the end after %r" % (mark, held))
        return self._take(self.held.index(mark) + len(mark))

    def exactly(self, count):
        while len(self.held) < count:
            if not self.receive():
                raise Ended("expected %d bytes, got %r" % (count, bytes(self.held)))
        return self._take(count)

    def _take(self, count):
        data = bytes(memoryview(self.held)[:count])
        del self.held[:count]
        return data

    def rest(self):
        """All up to the end of the connection."""
        while self.receive():
            pass
        return self._take(len(self.held))

    def answer(self, method="GET"):
        """(status, headers, body) of the next answer; header names in lower case."""
        lines = self.until(b"\r\n\r\n")[:-4].decode("latin-1").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            assert name.lower() not in headers, "repeated %s" % name
            headers[name.lower()] = value
        status = int(status)
        if method == "HEAD" or status in (204, 304) or status < 200:
            body = b""
        elif "transfer-encoding" in headers:
            assert headers["transfer-encoding"] == "chunked"
            assert "content-length" not in headers
            body = self.chunks()
        elif "content-length" in headers:
            body = self.exactly(int(headers["content-length"]))
        else:
            body = self.rest()
        return status, headers, body

    def chunks(self):
        body = b""
        while True:
            size = int(self.until(b"\r\n"), 16)
            body += self.exactly(size)
            assert self.exactly(2) == b"\r\n"
            if not size:
                return body


def check_answers(client, case):
    """Read the answers that ``case`` expects, and compare them."""
    is_head = case.send[0].lstrip().startswith(b"HEAD ")
    for number, (status, headers, body) in enumerate(case.answers):
        got = client.answer("HEAD" if is_head else "GET")
        if got[0] == 100 != status and b"100-continue" in case.send[0]:
            got = client.answer()  # a body that came later than its head
        where = "answer %d" % number
        assert got[0] == status, "%s: expected %d, got %r" % (where, status, got)
        for name, value in headers.items():
            found = got[1].get(name.lower())
            assert found == value, "%s: expected %s: %s, got %r" % (where, name, value, got[1])
        if body is not None:
            json = headers.get("Content-Type", "").startswith("application/json")
            same = body in got[2] if json else got[2] == body
            assert same, "%s: expected %r, got %r" % (where, body, got[2])


def check(port, case):
    """Play ``case`` against the server at ``port``; AssertionError where it answers otherwise."""
    with Client(port) as client:
        continues = case.answers and case.answers[0][0] == 100
        if continues:
            client.send(case.send[0])
            assert client.answer()[0] == 100
            client.send_pieces(case.send[1:])
            case = case._replace(answers=case.answers[1:])
        else:
            client.send_pieces(case.send)
        if case.then == GONE:
            client.reset()
            return
        if case.then == END:
            client.end()
        check_answers(client, case)
        if case.end == OPEN:
            client.send(PROBE)
            got = client.answer()
            assert (got[0], got[2]) == (418, b"short and stout"), got
            return
        assert case.end == CLOSED
        if case.then not in (END, STALL):
            client.send(PROBE)
            client.end()
        assert client.rest() == b""
