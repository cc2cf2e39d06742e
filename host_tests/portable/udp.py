"""UDP servers for tests, on loopback, on every Python."""

import asyncio

from firn.datagrams import Datagrams


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
