"""A visitor of a notebook: loads the page, connects, has values set, sees the cells run."""

import json
import os
import re
import time

from firn_tools.errors import Failure

from . import client, streams

_TIMEOUT = 65  # seconds; QEMU's network sends what was lost again after 6, 18, 30 and 60 s


class Visit:
    """One page that is open: ``with Visit(port, "/n/name/") as visit``.

    ``timeout``: seconds in which something has to come; ``theirs``: it is the real marimo's, whose
    messages are others. The cells' outputs, as they were sent the last time, are in ``outputs``
    {cell id: text}; ``ids`` is the list of the cells'.
    """

    def __init__(self, port, path, theirs=False, timeout=_TIMEOUT):
        self.port = port
        self.timeout = timeout
        self.path = path
        self.theirs = theirs
        self.outputs = {}
        self.ids = []
        self.session = os.urandom(12).hex()
        self._cookie = ""
        self._socket = None
        self._held = b""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def load(self):
        """Get the page; its text."""
        head, body = _get(self.port, self.path, self.timeout)
        cookie = re.search(r"(?i)set-cookie: (notebook_page=[^;\r]+)", head)
        if cookie:
            self._cookie = "Cookie: %s\r\n" % cookie.group(1)
        session = re.search(r'data-session="([^"]+)"', body)
        if session and not self.theirs:
            self.session = session.group(1)
        return body

    def connect(self):
        """Open the connection on which the cells come."""
        self._socket = client.connect(self.port, self.timeout)
        text = (
            "GET %sws?session_id=%s HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n"
        ) % (self.path, self.session, self._cookie)
        self._socket.sendall(text.encode())
        head, self._held = streams.head_of(self._socket)
        if b" 101 " not in head[:13]:
            raise Failure("expected a WebSocket, got %r" % head)

    def run(self):
        """Take what comes until a run is over."""
        while True:
            message = self.receive()
            op = message["op"]
            if op == "error":
                raise Failure("the notebook's page was told: %s" % message["message"])
            if op == ("completed-run" if self.theirs else "done"):
                return
            if self.theirs:
                self._note_theirs(op, message["data"])
            elif op == "cells":
                self.ids = [cell["id"] for cell in message["cells"]]
            elif op == "cell" and "output" in message:
                self.outputs[message["id"]] = message["output"]["html"]
                if message["error"]:
                    raise Failure("the cell %(id)s failed: %(error)r" % message)

    def _note_theirs(self, op, data):
        if op == "kernel-ready":
            self.ids = data["cell_ids"]
        elif op == "cell-op" and data.get("output"):
            self.outputs[data["cell_id"]] = data["output"]["data"]

    def set(self, values):
        """Have elements ({id: value}) take values."""
        self._send(1, json.dumps({"op": "set", "values": values}).encode())

    def change(self, values, cells):
        """Seconds from sending ``values`` until the new outputs of the ``cells`` (ids) were
        received; the run is over on return."""
        wanted = set(cells)
        began = time.monotonic()
        self.set(values)
        passed = None
        while True:
            message = self.receive()
            if message["op"] == "done" and passed is not None:
                return passed
            if message["op"] == "error":
                raise Failure("expected new values, got %r" % message)
            if message["op"] == "cell" and "output" in message:
                wanted.discard(message["id"])
                if not wanted and passed is None:
                    passed = time.monotonic() - began

    def receive(self):
        """The next message (dict)."""
        while True:
            opcode, payload = self._frame()
            if opcode == 1:
                return json.loads(payload)
            if opcode == 9:
                self._send(10, payload)
            elif opcode == 8:
                raise Failure("the server has ended the connection: %r" % payload)

    def _frame(self):
        head = self._exactly(2)
        length = head[1] & 127
        if length > 125:
            length = int.from_bytes(self._exactly(2 if length == 126 else 8), "big")
        return head[0] & 15, self._exactly(length)

    def _exactly(self, count):
        while len(self._held) < count:
            piece = self._socket.recv(65536)
            if not piece:
                raise Failure("expected a message, the server has ended the connection")
            self._held += piece
        data, self._held = self._held[:count], self._held[count:]
        return data

    def _send(self, opcode, payload):
        size = len(payload)
        if size > 125:
            head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, 0x80 | size))
        # Masked by zeros, which changes nothing (RFC 6455 section 5.3).
        self._socket.sendall(head + bytes(4) + payload)

    def close(self):
        """Leave the page."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _get(port, path, timeout):
    """(head, body), both str, of the answer to a GET, which has to be 200."""
    with client.connect(port, timeout) as connection:
        connection.sendall(
            ("GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n" % path).encode()
        )
        head, body = streams.head_of(connection)
        if b" 200 " not in head[:13]:
            raise client.Wrong("expected status 200, got %r" % head)
        pieces = [body]
        while pieces[-1] or len(pieces) == 1:
            pieces.append(connection.recv(65536))
    return head.decode(), b"".join(pieces).decode()
