"""The server: its limits, its connections, and the clock by which they are late."""

import asyncio
import time

from .compat import MICROPYTHON, const, ticks_add, ticks_diff, ticks_ms
from .connection import CLOSE, HEAD, IDLE, Connection
from .http import parse_head, with_charset
from .response import Response
from .transport import Transport

# What sockets raise when a client has gone: EPIPE, ECONNRESET, ETIMEDOUT and more. Servers treat
# every OSError that way; the name is for applications that look at it.
MUTED_SOCKET_ERRORS = (32, 54, 104, 110, 116, 128)

_WATCH_SECONDS = const(1)
_TICKS = const(10)  # connection.TICKS; as a constant of this module it costs no look-up
_GRACE = const(1)  # seconds that a client has even when all connections are taken
_MIN_YEAR = const(2024)  # a clock before this was never set
_MAX_KNOWN = const(512)  # bytes of the head that is kept


class Server:
    """One listening socket and its connections.

    Class attributes are limits, for all servers: sizes in bytes, times in seconds.
    """

    max_head = 8192  # request line and headers together
    max_headers = 64
    header_timeout = 10  # from the first byte of a head to its end
    keep_alive_timeout = 15  # between requests, and before the first
    body_timeout = 10  # between two pieces of a body, and how far it may be behind min_body_rate
    min_body_rate = 128  # bytes a second
    write_timeout = 10  # for the client to take a piece of the answer
    shutdown_timeout = 5  # for requests in flight when the server stops
    max_connections = 64 if not MICROPYTHON else 16
    backlog = 128 if not MICROPYTHON else 16

    def __init__(self, app, host, port, ssl=None):
        self.app = app
        self.host = host
        self.port = port
        self.ssl = ssl
        self.scheme = "https" if ssl else "http"
        self.requests = 0  # answered so far
        self.connections = []
        self.closing = False
        self.clock = 0  # in tenths of a second
        self._clock_at = ticks_ms()
        self.idle_until = 0
        # What the usual request and its answer have in common with the one before.
        self.known_data = None
        self.known_head = None
        self._date = False  # not known yet
        self._usual_head = None
        self._usual_length = None
        self._usual_type = None
        self._listener = None

    async def prepare(self, listener=None):
        """Bind the port; the listener it gives starts with ``serve_forever()``.

        ``listener``: the class of another one than that of sockets.
        """
        if listener is None:
            from .listener import Listener as listener

        self._listener = listener(self)
        await self._listener.bind()
        return self._listener

    def shutdown(self):
        """Stop accepting; idle connections close, requests in flight are finished."""
        self.closing = True
        if self._listener:
            self._listener.close()

    def close(self):
        """Close the listening socket and every connection at once."""
        self.closing = True
        if self._listener:
            self._listener.abort()
        for connection in list(self.connections):
            connection.drop()

    # What the usual request and answer share

    def date(self):
        """The value of the Date header (RFC 9110 section 6.6.1), None while no clock is set."""
        if self._date is False:
            from .http_date import http_date

            fields = time.gmtime()
            self._date = http_date(fields) if fields[0] >= _MIN_YEAR else None
        return self._date

    def usual_head(self, length):
        """The head of a 200 with a body of ``length`` bytes, nothing else to say about it.

        It is the same for a second, for answers of one length.
        """
        content_type = Response.default_content_type
        if length != self._usual_length or content_type is not self._usual_type:
            date = self.date()
            self._usual_head = (
                "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
                % (with_charset(content_type), length, "Date: %s\r\n" % date if date else "")
            ).encode()
            self._usual_length = length
            self._usual_type = content_type
        return self._usual_head

    def parse_head(self, head, data=None):
        """The Head in ``head`` (bytes); ``data``: all that was received if it was just this."""
        parsed = parse_head(head, self.max_headers)
        if data and len(data) <= _MAX_KNOWN:
            self.known_head = parsed
            self.known_data = data
        else:  # so that a known head is always that of the last request
            self.known_head = self.known_data = None
        return parsed

    # Connections

    def admit(self, stream, address, kind=Connection):
        """A Connection for a client that has come; None where there are too many already.

        ``kind``: the subclass of Connection whose bytes are of another sort than a socket's.
        """
        if len(self.connections) >= self.max_connections and not self._evict():
            return None
        connection = kind(self, stream, address)
        self.connections.append(connection)
        return connection

    def forget(self, connection):
        """Take a connection that has ended off the list."""
        if connection in self.connections:
            self.connections.remove(connection)

    @staticmethod
    def address_of(address):
        """The address of a client as (host, port)."""
        from .listener import host_and_port

        return host_and_port(address)

    def _evict(self):
        """Close the connection that has waited longest for its client; False if there is none.

        An idle one, or one whose head takes longer than an honest client's: whoever opens
        connections and sends nothing or half a head on each must not lock the others out, nor
        have those closed that have just come.
        """
        oldest = {}
        for connection in self.connections:
            if connection.deadline is not None:  # else it is at work, or on its way out already
                waiting = connection.waiting
                other = oldest.get(waiting)
                if other is None or connection.deadline < other.deadline:
                    oldest[waiting] = connection
        idle = oldest.get(IDLE)
        found = oldest.get(CLOSE)
        if not found and idle and idle.deadline <= self.after(self.keep_alive_timeout - _GRACE):
            found = idle
        head = oldest.get(HEAD)
        if not found and head and head.deadline <= self.after(self.header_timeout - _GRACE):
            found = head
        found = found or idle
        if not found:
            return False
        found.expire()
        return True

    # Time

    def after(self, seconds):
        """The time by the server's clock that is ``seconds`` from now."""
        passed = ticks_diff(ticks_ms(), self._clock_at) * _TICKS // 1000
        if passed:
            self.clock += passed
            self._clock_at = ticks_add(self._clock_at, passed * 1000 // _TICKS)
        return self.clock + int(seconds * _TICKS)

    def _tick(self):
        # Connections that have become idle since the last tick read the same, and have waited
        # up to one tick less.
        self.idle_until = self.after(self.keep_alive_timeout + _WATCH_SECONDS)
        self._date = False
        self._usual_length = None

    async def watch(self):
        """Every second, end what has waited too long."""
        self._tick()
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                self._tick()
                self._expire_late()
            except MemoryError:
                pass  # the next second may have more; without the watcher nothing ever ends

    def _expire_late(self):
        for connection in list(self.connections):
            if connection.deadline is not None:
                late = connection.deadline <= self.clock
                if late or (self.closing and connection.waiting == IDLE):
                    connection.expire()

    async def finish(self):
        """Wait until the requests in flight are answered, no longer than shutdown_timeout."""
        end = self.after(self.shutdown_timeout)
        for connection in list(self.connections):
            if connection.deadline is not None and connection.waiting == IDLE:
                connection.expire()
        while self.connections and self.after(0) < end:
            await asyncio.sleep(0.02)
        for connection in list(self.connections):
            connection.expire()
        await asyncio.sleep(0.02)  # for their tasks to close the sockets


async def refuse(stream):
    """One connection too many: a short answer, so that the client knows to come back."""
    transport = Transport(stream)
    try:
        rest = transport.put(
            b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
            b"Content-Length: 0\r\n\r\n"
        )
        if rest:
            await transport.drain(rest)
    except OSError:
        pass
    finally:
        closing = transport.close()
        if closing:
            await closing
