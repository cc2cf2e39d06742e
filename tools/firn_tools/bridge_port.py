"""A device's serial port for an asyncio loop: two threads, as serial ports only block."""

import queue
import threading

from .device import Gone, open_port


class Port:
    """``with``-less: ``Port(name, loop, received, lost)``; ``close()`` ends it.

    ``received(bytes)`` and, once, ``lost(error)`` are called in the loop. Failure when the port
    cannot be opened.
    """

    def __init__(self, name, loop, received, lost):
        self._transport = open_port(name)
        self._loop = loop
        self._received = received
        self._lost = lost
        self._closing = False
        self._outgoing = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=target, daemon=True) for target in (self._read, self._send)
        ]
        for thread in self._threads:
            thread.start()

    def write(self, data):
        """Send ``data`` (bytes) as soon as the port takes it."""
        self._outgoing.put(data)

    def _read(self):
        try:
            while not self._closing:
                data = self._transport.receive()
                if data:
                    self._call(self._received, data)
        except Gone as error:
            self._fail(error)

    def _send(self):
        try:
            while True:
                data = self._outgoing.get()
                while data is not None and not self._outgoing.empty():
                    more = self._outgoing.get()
                    if more is None:
                        return
                    data += more
                if data is None:
                    return
                self._transport.write(data)
        except Gone as error:
            self._fail(error)

    def _fail(self, error):
        if not self._closing:
            self._closing = True
            self._call(self._lost, error)

    def _call(self, function, argument):
        try:
            self._loop.call_soon_threadsafe(function, argument)
        except RuntimeError:
            pass  # the loop has ended

    def close(self):
        """End the threads and close the port."""
        self._closing = True
        self._outgoing.put(None)
        for thread in self._threads:
            thread.join(2)
        self._transport.close()
