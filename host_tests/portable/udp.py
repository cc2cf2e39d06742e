"""UDP servers for tests, on loopback.

The emulated board's network has no loopback: there datagrams go through memory. That the board's
real sockets do is shown from outside, in host_tests/test_network_images.py.
"""

import asyncio
import sys

from firn import datagrams

if sys.platform == "qemu":

    class Memory:
        """In place of firn.datagrams.Datagrams."""

        bound = {}

        def __init__(self):
            self._port = 40000 + id(self) % 10000
            self._received = []
            self._arrived = asyncio.Event()
            self._to = None

        def bind(self, host, port):
            if port in self.bound:
                raise OSError(112)
            self._port = port
            self.bound[port] = self

        def connect(self, host, port):
            self.bound[self._port] = self
            self._to = port

        async def receive(self, limit):
            while not self._received:
                self._arrived.clear()
                await self._arrived.wait()
            data, sender = self._received.pop(0)
            return data[:limit], sender

        def send(self, data, to=None):
            peer = self.bound.get(to or self._to)
            if peer:
                peer._received.append((data, self._port))
                peer._arrived.set()

        def close(self):
            if self.bound.get(self._port) is self:
                del self.bound[self._port]

    datagrams.Datagrams = Memory

Datagrams = datagrams.Datagrams


def free_port():
    """A port that can be bound."""
    for port in range(20053, 20153):
        probe = Datagrams()
        try:
            probe.bind("127.0.0.1", port)
        except OSError:
            continue
        finally:
            probe.close()
        return port
    raise AssertionError("expected a free port, got none")


class Server:
    """Inside ``async with Server(answers) as server:`` each datagram gets ``answers(data)``.

    That is a list of datagrams (bytes) to send back; ``received`` counts, ``port`` is where.
    """

    def __init__(self, answers):
        self._answers = answers
        self.received = 0

    async def __aenter__(self):
        self.port = free_port()
        self._datagrams = Datagrams()
        self._datagrams.bind("127.0.0.1", self.port)
        self._task = asyncio.create_task(self._serve())
        return self

    async def _serve(self):
        while True:
            data, sender = await self._datagrams.receive(600)
            self.received += 1
            for reply in self._answers(data):
                self._datagrams.send(reply, sender)

    async def __aexit__(self, *error):
        self._task.cancel()
        try:
            await self._task
        except asyncio.CancelledError:
            pass
        self._datagrams.close()
