"""UDP for asyncio, on both Pythons."""

import asyncio
import socket
import sys

_AGAIN = 11  # EAGAIN: a datagram was announced that then was not there

if sys.implementation.name == "micropython":
    from asyncio import core

    def _readable(sock):
        yield core._io_queue.queue_read(sock)
else:

    async def _readable(sock):
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        loop.add_reader(sock, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            loop.remove_reader(sock)


def _address(host, port):
    """``host`` is a dotted address: nothing is looked up, so nothing blocks."""
    return socket.getaddrinfo(host, port, 0, socket.SOCK_DGRAM)[0][-1]


class Datagrams:
    """A UDP socket; close() it in the end. Errors are OSError."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def bind(self, host, port):
        """Receive what is sent to ``host`` (a dotted address) and ``port``."""
        self._socket.bind(_address(host, port))

    def connect(self, host, port):
        """Send to ``host`` (a dotted address) and ``port``, and receive from there only."""
        self._socket.connect(_address(host, port))

    async def receive(self, limit):
        """(data, sender) of the next datagram; of a longer one its first ``limit`` bytes."""
        while True:
            await _readable(self._socket)
            try:
                return self._socket.recvfrom(limit)
            except OSError as error:
                if error.args[0] != _AGAIN:
                    raise

    def send(self, data, to=None):
        """Send ``data`` to ``to``, a sender of receive(); to the connected one if left out."""
        if to is None:
            self._socket.send(data)
        else:
            self._socket.sendto(data, to)

    def close(self):
        """Close the socket."""
        self._socket.close()
