"""A device's serial port for an asyncio loop: two threads, as serial ports only block."""

import queue
import socket
import threading
import urllib.parse

from . import serial_ports
from .device import Gone, open_port

_OPEN_TIMEOUT = 5  # seconds


class _Socket:
    """A line that is a TCP port, such as an emulator's: pyserial reads those byte by byte."""

    def __init__(self, name):
        self.name = name
        try:
            address = urllib.parse.urlsplit(name)
            where = (address.hostname, address.port)
            self._socket = socket.create_connection(where, _OPEN_TIMEOUT)
        except (OSError, ValueError, TypeError) as error:
            raise serial_ports.explain(name, error) from None
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def receive(self):
        try:
            data = self._socket.recv(65536)
        except OSError as error:
            raise Gone("%s: the connection to the device has ended (%s)" % (self.name, error))
        if not data:
            raise Gone("%s: the connection to the device has ended" % self.name)
        return data

    def write(self, data):
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Gone("%s: the connection to the device has ended (%s)" % (self.name, error))

    def stop(self):
        """Have receive() return."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended already

    def close(self):
        self._socket.close()


class Port:
    """``with``-less: ``Port(name, loop, received, lost)``; ``close()`` ends it.

    ``received(bytes)`` and, once, ``lost(error)`` are called in the loop. Failure when the port
    cannot be opened.
    """

    def __init__(self, name, loop, received, lost):
        is_socket = name.startswith("socket://")
        self._transport = _Socket(name) if is_socket else open_port(name)
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
        if isinstance(self._transport, _Socket):
            self._transport.stop()
        for thread in self._threads:
            thread.join(2)
        self._transport.close()
