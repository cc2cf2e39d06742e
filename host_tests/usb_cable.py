"""A cable between a device's console and whoever opens ``url``; it can be pulled or disturbed."""

import select
import socket
import threading

from firn_tools import ports


class Cable:
    """``with Cable(port) as cable``: relays between TCP ``port`` and ``cable.url`` (for pyserial).

    ``spoil(data, to_device)``: what comes out of the cable in place of ``data``, or None.
    """

    def __init__(self, port):
        self.device = socket.create_connection(("127.0.0.1", port))
        self.port = ports.free_port()
        self.url = "socket://127.0.0.1:%d" % self.port
        self.spoil = None
        self.sent = 0  # bytes to the device
        self._lock = threading.Lock()
        self._client = None
        self._stopped, self._stop = socket.socketpair()
        self._listener = None

    def __enter__(self):
        self.plug()
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.sendall(b"x")
        self._thread.join(10)
        self.pull()
        for one in (self.device, self._stop, self._stopped):
            one.close()

    def plug(self):
        """Let somebody open the port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(1)
        with self._lock:
            self._listener = listener

    def pull(self):
        """Nothing goes through any more, and the port is gone."""
        with self._lock:
            for one in (self._listener, self._client):
                if one:
                    one.close()
            self._listener = self._client = None

    def type(self, keys):
        """Send ``keys`` (bytes) to the device, beside what goes through."""
        self.device.sendall(keys)

    def _relay(self):
        while True:
            with self._lock:
                watched = [one for one in (self._listener, self._client) if one]
            ready, _, _ = select.select([self.device, self._stopped, *watched], [], [], 0.05)
            if self._stopped in ready:
                return
            with self._lock:
                self._relay_ready(ready)

    def _relay_ready(self, ready):
        if self._listener in ready and self._listener:
            client, _ = self._listener.accept()
            if self._client:
                self._client.close()
            self._client = client
        if self._client in ready and self._client:
            data = self._receive(self._client)
            if data:
                self.sent += len(data)
                self.device.sendall(self._spoilt(data, True))
            else:
                self._client.close()
                self._client = None
        if self.device in ready:
            data = self._spoilt(self._receive(self.device), False)
            if self._client:
                try:
                    self._client.sendall(data)
                except OSError:
                    self._client.close()
                    self._client = None

    def _spoilt(self, data, to_device):
        return self.spoil(data, to_device) if self.spoil else data

    @staticmethod
    def _receive(one):
        try:
            return one.recv(65536)
        except OSError:
            return b""
