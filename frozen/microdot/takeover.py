"""What a handler can do with its connection beyond returning a response.

An extension whose protocol begins as an HTTP request (WebSocket: RFC 9110 section 7.8) asks
``request.take_over()`` for the connection, speaks on it as long as it likes, and returns
``Response.already_handled``; the server then closes the connection. The stream it gets begins with
what the client has sent behind the head already, its writes wait for a slow client and give up
after ``Server.write_timeout``, and when the server stops, the handler is cancelled.

An extension whose response goes on for as long as the client listens (server-sent events) awaits
``request.disconnected()`` in a task of its own, and cancels that task before its response ends.

Entrances other than the server give their requests an Origin of their own.
"""


class Origin:
    """Where a request came from: ``app``, ``client_addr``, ``scheme``.

    Here, no connection that a handler could take over; those that have one say so in a subclass.
    """

    sock = None

    def __init__(self, app, client_addr=None, scheme=None):
        self.app = app
        self.client_addr = client_addr
        self.scheme = scheme or "http"

    def take_over(self):
        """For Request.take_over()."""
        raise RuntimeError("expected a connection, got a request without one")

    async def disconnected(self):
        """For Request.disconnected()."""
        import asyncio

        await asyncio.Event().wait()


class ConnectionStream:
    """The bytes of a connection; made by ``request.take_over()``."""

    def __init__(self, connection):
        self._connection = connection
        self._held = connection.rest
        connection.rest = b""

    async def read(self, n=1024):
        """Up to ``n`` bytes, as soon as there are some; b"" when the client has ended.

        OSError when it is gone.
        """
        if not self._held:
            self._held = await self._connection.receive()
        data = self._held[:n]
        self._held = self._held[n:]
        return data

    async def readexactly(self, n):
        """Exactly ``n`` bytes; EOFError when the client ends before, OSError when it is gone."""
        while len(self._held) < n:
            data = await self._connection.receive()
            if not data:
                raise EOFError("expected %d bytes, got %d" % (n, len(self._held)))
            self._held = self._held + data if self._held else data
        return await self.read(n) if n else b""

    async def write(self, data):
        """Send ``data`` (bytes) and wait until the client takes it; OSError when it is gone."""
        await self._connection.write(data)


class StreamConnection(Origin):
    """The connection of a request that was read from somebody else's streams."""

    rest = b""

    def __init__(self, app, client_addr, scheme, reader, writer):
        super().__init__(app, client_addr, scheme)
        self.sock = (reader, writer)

    async def receive(self):
        """The next bytes, b"" at the end."""
        return await self.sock[0].read(1024)

    async def write(self, data):
        """Write ``data`` and wait until it is taken."""
        writer = self.sock[1]
        if hasattr(writer, "awrite"):
            await writer.awrite(data)
        else:
            writer.write(data)
            await writer.drain()

    def take_over(self):
        """The stream for Request.take_over()."""
        return ConnectionStream(self)

    async def disconnected(self):
        """Wait until the client has ended; see Request.disconnected()."""
        while await self.receive():
            pass
