"""The server: connections, their time limits, and one write per small response.

Every connection is a task. It waits for bytes with a shared buffer that only holds something
between a wake-up and the parse, so an idle connection costs its task and no more. Time limits are
dates that one watcher task looks at every second: a request sets none of its own timers.
"""

import asyncio
import time

from .compat import (
    MICROPYTHON,
    const,
    print_exception,
    ticks_add,
    ticks_diff,
    ticks_ms,
)
from .http import ProtocolError, parse_head
from .request import Request
from .response import Response, http_date

# What sockets raise when a client has gone: EPIPE, ECONNRESET, ETIMEDOUT and more. Servers treat
# every OSError that way; the name is for applications that look at it.
MUTED_SOCKET_ERRORS = [32, 54, 104, 110, 116, 128]

_WATCH_SECONDS = const(1)
_DRAIN_LIMIT = const(65536)  # unread body bytes that are skipped to keep a connection
_LINGER_SECONDS = const(1)  # for a client to take the last answer before its connection closes
_HEAD_GRACE = const(1)  # seconds that a head may take even when all connections are taken
_MIN_YEAR = const(2024)  # a clock before this was never set

# What a connection waits for while its deadline is set.
_IDLE = const(1)  # the first byte of a request
_HEAD = const(2)  # the rest of a head
_BODY = const(3)  # a piece of a body
_WRITE = const(4)  # the client to take a piece of the answer
_CLOSE = const(5)  # the client to take the end of the last answer


class Server:
    """One listening socket and its connections.

    Class attributes are limits, for all servers: sizes in bytes, times in seconds.
    """

    max_head = 8192  # request line and headers together
    max_headers = 64
    header_timeout = 10  # from the first byte of a head to its end
    keep_alive_timeout = 15  # between requests, and before the first
    body_timeout = 10  # between two pieces of a body
    write_timeout = 10  # for the client to take a piece of the answer
    shutdown_timeout = 5  # for requests in flight when the server stops
    max_connections = 64 if not MICROPYTHON else 16
    backlog = 128 if not MICROPYTHON else 16

    def __init__(self, app, host, port, ssl=None):
        self.app = app
        self.host = host
        self.port = port
        self.ssl = ssl
        self.scheme = "https" if ssl else None
        self.requests = 0  # answered so far
        self.connections = []
        self.closing = False
        self._date = None
        self._date_at = 0
        self._last_data = None
        self._last_head = None
        self._listener = None

    async def prepare(self):
        """Bind the port; the listener it gives starts with ``serve_forever()``."""
        from .listener import Listener

        self._listener = Listener(self)
        await self._listener.bind()
        return self._listener

    async def run(self):
        """Serve until shutdown()."""
        listener = await self.prepare()
        await listener.serve_forever()

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
            connection.abort()

    def date(self):
        """The value of the Date header (RFC 9110 section 6.6.1), None while no clock is set."""
        now = int(time.time())
        if now != self._date_at:
            self._date_at = now
            fields = time.gmtime(now)
            self._date = http_date(fields) if fields[0] >= _MIN_YEAR else None
        return self._date

    def parse_head(self, data):
        """The Head in ``data`` (bytes). Clients that poll send the same again and again."""
        if data != self._last_data:
            self._last_head = parse_head(data, self.max_headers)
            self._last_data = data
        return self._last_head

    async def serve(self, reader, writer, address=None):
        """Serve one connection until it closes; never raises but for cancellation."""
        connection = None
        try:
            if len(self.connections) >= self.max_connections and not self._evict():
                await _refuse(writer)
                return
            connection = Connection(self, reader, writer, address)
            self.connections.append(connection)
            await connection.run()
        except MemoryError:
            _drop(writer)  # not enough to begin, or to end in a better way
        finally:
            if connection in self.connections:
                self.connections.remove(connection)

    def _evict(self):
        """Close the connection that has waited longest for its client; False if there is none.

        An idle one, else one whose head takes longer than an honest client's: whoever opens
        connections and sends half a head on each must not lock the others out.
        """
        oldest = {}
        for connection in self.connections:
            if connection.deadline is not None:  # else it is at work, or on its way out already
                waiting = connection.waiting
                other = oldest.get(waiting)
                if other is None or ticks_diff(connection.deadline, other.deadline) < 0:
                    oldest[waiting] = connection
        found = oldest.get(_CLOSE) or oldest.get(_IDLE)
        if found is None:
            found = oldest.get(_HEAD)
            grace_ends = ticks_add(ticks_ms(), (self.header_timeout - _HEAD_GRACE) * 1000)
            if found is None or ticks_diff(found.deadline, grace_ends) > 0:
                return False
        found.expire()
        return True

    async def watch(self):
        """Every second, end what has waited too long."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            try:
                self._expire_late()
            except MemoryError:
                pass  # the next second may have more; without the watcher nothing ever ends

    def _expire_late(self):
        now = ticks_ms()
        for connection in list(self.connections):
            if connection.deadline is not None:
                late = ticks_diff(connection.deadline, now) <= 0
                if late or (self.closing and connection.waiting == _IDLE):
                    connection.expire()

    async def finish(self):
        """Wait until the requests in flight are answered, no longer than shutdown_timeout."""
        end = ticks_add(ticks_ms(), self.shutdown_timeout * 1000)
        for connection in list(self.connections):
            if connection.deadline is not None and connection.waiting == _IDLE:
                connection.expire()
        while self.connections and ticks_diff(end, ticks_ms()) > 0:
            await asyncio.sleep(0.02)
        for connection in list(self.connections):
            connection.expire()
        await asyncio.sleep(0.02)  # for their tasks to close the sockets


async def _refuse(writer):
    """One connection too many: a short answer, so that the client knows to come back."""
    try:
        writer.write(
            b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
            b"Content-Length: 0\r\n\r\n"
        )
        await writer.drain()
    except OSError:
        pass
    finally:
        await _close(writer)


async def _close(writer):
    try:
        writer.close()
        await writer.wait_closed()
    except (OSError, EOFError):
        pass


if MICROPYTHON:
    _buffer = bytearray(1460)  # one TCP segment; lent to whoever has just been woken
    _view = memoryview(_buffer)

    async def _receive(reader):
        count = await reader.readinto(_buffer)
        while count is None:  # woken without data: TLS, or another's signal
            count = await reader.readinto(_buffer)
        return bytes(_view[:count])

    def _pending(writer):
        return writer.out_buf

    def _drop(writer):
        """Close the socket at once."""
        writer.s.close()

else:

    async def _receive(reader):
        return await reader.read(16384)

    def _pending(writer):
        # A transport whose client has gone takes everything and sends nothing; drain() tells.
        return writer.transport.get_write_buffer_size() > 0 or writer.transport.is_closing()

    def _drop(writer):
        """Close the socket at once."""
        writer.transport.abort()


class Connection:
    """One client: reads requests, has them answered, writes the responses in their order."""

    deadline = None  # ticks at which the present wait has lasted too long; None: no such wait
    waiting = None  # for what
    answering = False  # whether something of the present answer was sent
    expired = False
    status = None  # what an expired wait is answered with

    def __init__(self, server, reader, writer, address):
        self.server = server
        self.reader = reader
        self.writer = writer
        self.address = address
        self.rest = b""  # received, not consumed
        self.task = asyncio.current_task()

    def wait(self, waiting, seconds):
        """Begin a wait for ``waiting``; whoever waits clears ``deadline`` when it is over."""
        self.waiting = waiting
        self.deadline = ticks_add(ticks_ms(), seconds * 1000)

    def expire(self):
        """End the present wait and with it the connection.

        A client that was late with its request is told so, unless the answer has begun.
        """
        if self.deadline is not None:
            if self.waiting in (_HEAD, _BODY) and not self.answering:
                self.status = 408
            elif self.waiting in (_WRITE, _CLOSE) and not MICROPYTHON:
                self.abort()  # closing would wait for the client to take what it does not take
        self.deadline = None
        self.expired = True
        self.task.cancel()

    def abort(self):
        """Close the socket at once."""
        _drop(self.writer)

    async def run(self):
        """Serve requests until either side ends the connection."""
        try:
            while await self._serve_one():
                pass
        except ProtocolError as error:
            if not self.answering:
                await self._answer_error(error.status, error.reason)
        except MemoryError:
            await self._out_of_memory()
        except (OSError, EOFError):
            pass  # the client has gone, or sent less than it announced
        except Exception as error:  # of the application, after the dispatch
            print_exception(error)
        except asyncio.CancelledError:
            if not self.expired:
                raise
            if self.status:
                await self._answer_error(self.status, "Request timeout")
        finally:
            await self._close()

    async def _close(self):
        self.wait(_CLOSE, self.server.write_timeout)
        try:
            await _close(self.writer)
        except asyncio.CancelledError:
            if not self.expired:
                raise
        self.deadline = None

    async def _serve_one(self):
        """Read and answer one request; whether the connection stays open."""
        server = self.server
        self.answering = False
        data = await self._read_head()
        if data is None:
            return False
        head = server.parse_head(data)
        request = Request(server.app, self.address, head, self, server.scheme)
        stream = None
        if head.chunked or head.content_length:
            stream = await self._begin_body(request, head)
        response = await server.app.dispatch_request(request)
        server.requests += 1
        if server.app.debug:
            print(request.method, request.path, response.status_code)
        if response is Response.already_handled:
            return False
        # After 413 the body may or may not be on its way.
        keep = head.keep_alive and not server.closing and response.status_code != 413
        if stream is None or stream.done:
            if stream is not None:
                self.rest = stream.rest
            return await self._send(response, head.version, keep)
        # The answer goes first: a client may wait for it before it sends the rest.
        keep = keep and not stream.failed and (head.content_length or 0) <= _DRAIN_LIMIT
        keep = await self._send(response, head.version, keep)
        if keep:
            return await self._skip(stream)
        await self._linger()
        return False

    async def _read_head(self):
        """The bytes up to the empty line; None when the client ends the connection before."""
        server = self.server
        data = _skip_empty_lines(self.rest)
        end = data.find(b"\r\n\r\n") if data else -1
        if end < 0:
            if data:
                _check_beginning(data, server.max_head)
                self.wait(_HEAD, server.header_timeout)
            else:
                self.wait(_IDLE, server.keep_alive_timeout)
        while end < 0:
            piece = await _receive(self.reader)
            if not piece:
                if data:
                    raise ProtocolError(400, "the connection ended inside the head")
                return None
            data = _skip_empty_lines(data + piece if data else piece)
            end = data.find(b"\r\n\r\n")
            if end < 0 and data:
                _check_beginning(data, server.max_head)
                if self.waiting == _IDLE:
                    self.wait(_HEAD, server.header_timeout)
        self.deadline = None
        if end > server.max_head:
            _too_long(data)
        self.rest = data[end + 4 :]
        line_limit = Request.max_readline
        if end > line_limit:
            _check_lines(data[:end], line_limit)
        return data[:end]

    async def _begin_body(self, request, head):
        """Load a short body; return the BodyStream of whichever there is."""
        from .streams import BodyStream, body_decoder

        # RFC 9110 section 10.1.1: only a client whose request is not refused goes on sending.
        refused = request.content_length > request.max_content_length
        if head.expect_continue and not refused and not self.rest:
            await self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        decoder = body_decoder(head)
        begin = decoder.feed(self.rest) if self.rest else b""
        self.rest = decoder.rest if decoder.done else b""
        limit = request.max_content_length if head.chunked else None
        stream = BodyStream(self._receive_body, decoder, begin, limit)
        stream.connection = self
        if refused:
            return stream
        longest = request.max_body_length
        if head.chunked:
            await self._load_chunked(request, stream, longest)
        elif head.content_length <= longest:
            request._body = await stream.read()
        else:
            request.stream_only(stream)
        return stream

    async def _load_chunked(self, request, stream, longest):
        """Load a chunked body while it is short enough; leave the rest to the stream."""
        while len(stream._held) <= longest:
            if not await stream.fill():
                break
        if stream.done and len(stream._held) <= longest:
            request._body = await stream.read()
        else:
            request.stream_only(stream)

    async def _receive_body(self):
        self.wait(_BODY, self.server.body_timeout)
        data = await _receive(self.reader)
        self.deadline = None
        return data

    async def _skip(self, stream):
        """Read on over a body that the handler has left, if it is short; whether it was."""
        room = _DRAIN_LIMIT
        while not stream.done and room > 0:
            room -= len(await stream.read(4096))
        self.rest = stream.rest
        return stream.done

    # What handlers do with it; see microdot.takeover

    @property
    def sock(self):
        """The streams as (reader, writer)."""
        if not MICROPYTHON:
            self.writer.awrite = self.write  # which MicroPython's streams have
        return self.reader, self.writer

    async def receive(self):
        """The next bytes, without a time limit; b"" at the end."""
        return await _receive(self.reader)

    def take_over(self):
        """The stream for Request.take_over()."""
        from .takeover import ConnectionStream

        self.answering = True  # nothing of HTTP is sent from here on
        return ConnectionStream(self)

    async def disconnected(self):
        """Wait until the client has gone; see Request.disconnected()."""
        try:
            while len(self.rest) <= self.server.max_head:
                data = await _receive(self.reader)
                if not data:
                    return
                self.rest += data
        except OSError:
            pass

    # Writing

    async def write(self, data):
        """Write ``data`` and wait until the client has taken it."""
        if not MICROPYTHON and not isinstance(data, bytes):
            data = bytes(data)  # a buffer is used again before the transport has sent it
        self.writer.write(data)
        if _pending(self.writer):
            self.wait(_WRITE, self.server.write_timeout)
            await self.writer.drain()
            self.deadline = None

    async def _send(self, response, version, keep):
        """Write the response; whether the connection can serve another request."""
        has_body = response.has_body and not response.is_head
        whole = response.is_whole
        if not whole and has_body and not version and "Content-Length" not in response.headers:
            keep = False  # HTTP/1.0: the end of the connection ends the body
        if response._headers is not None and keep:
            keep = "close" not in response.headers.get("Connection", "").lower()
        try:
            head = response.render_head(version, keep, self.server.date())
        except ValueError as error:
            print_exception(error)
            if not whole:
                await response.body_iter().aclose()
            has_body = not response.is_head
            response = Response("Internal server error", 500)
            response.is_head = not has_body
            head = response.render_head(version, False)
            keep, whole = False, True
        if whole or not has_body:
            self.answering = True
            await self.write(head + response.body if has_body and whole else head)
            if not whole:
                await response.body_iter().aclose()
            return keep
        return await self._send_pieces(response, head, version) and keep

    async def _send_pieces(self, response, head, version):
        """Write a body as it comes; whether all of it came."""
        chunked = response.is_chunked and version
        expected = response._headers.get("Content-Length") if response._headers else None
        left = int(expected) if expected is not None else None
        try:
            pieces = response.body_iter()
        except TypeError as error:
            return await self._broken(error)
        try:
            if pieces.waits:  # the client shall know soon that it was heard
                self.answering = True
                await self.write(head)
                head = None
            while left != 0:
                try:
                    piece = await pieces.__anext__()
                except StopAsyncIteration:
                    break
                except (MemoryError, ProtocolError):
                    raise
                except Exception as error:
                    return await self._broken(error)
                if not len(piece):
                    continue
                if left is not None:
                    piece = piece[:left]
                    left -= len(piece)
                if chunked:
                    piece = b"%x\r\n%s\r\n" % (len(piece), bytes(piece))
                if head:
                    piece = head + bytes(piece)
                    head = None
                self.answering = True
                await self.write(piece)
        finally:
            await pieces.aclose()
        end = (head or b"") + (b"0\r\n\r\n" if chunked else b"")
        if end:
            await self.write(end)
        return not left

    async def _broken(self, error):
        """A body that raised ``error``: a 500 if nothing was sent, else an answer cut short."""
        print_exception(error)
        if not self.answering:
            await self._send(Response("Internal server error", 500), 1, False)
        return False

    async def _answer_error(self, status, reason):
        """The last answer on a connection whose request could not be read."""
        app = self.server.app
        try:
            response = await app.error_response(None, status, reason)
            await self._send(response, 1, False)
            await self._linger()
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        except Exception as error:  # of a hook
            print_exception(error)

    async def _linger(self):
        """Read what the client still sends, so that closing does not take back the answer.

        RFC 9112 section 9.6: a socket closed with unread data resets the connection.
        """
        if not MICROPYTHON and self.writer.can_write_eof():
            self.writer.write_eof()
        self.wait(_CLOSE, _LINGER_SECONDS)
        room = _DRAIN_LIMIT
        while room > 0:
            data = await _receive(self.reader)
            if not data:
                break
            room -= len(data)

    async def _out_of_memory(self):
        """Give back what the request held, then say so in a few constant bytes."""
        import gc

        self.rest = b""
        gc.collect()
        if self.answering:
            return
        try:
            self.writer.write(
                b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                b"Content-Length: 0\r\n\r\n"
            )
            await self.writer.drain()
        except (OSError, EOFError, MemoryError):
            pass


def _skip_empty_lines(data):
    """RFC 9112 section 2.2: empty lines before a request are ignored."""
    while data[:2] == b"\r\n":
        data = data[2:]
    return data


def _check_beginning(data, max_head):
    """Refuse a head that cannot become a good one, without waiting for its end."""
    if len(data) > max_head:
        _too_long(data)
    if data.count(b"\n") != data.count(b"\r\n"):
        raise ProtocolError(400, "bare LF in the head")
    if not 32 < data[0] < 127 and data != b"\r":
        raise ProtocolError(400, "no request")  # TLS, or noise


def _too_long(data):
    end = data.find(b"\r\n")
    if end < 0 or end > Request.max_readline:
        raise ProtocolError(414, "request line too long")
    raise ProtocolError(431, "head too large")


def _check_lines(data, limit):
    for index, line in enumerate(data.split(b"\r\n")):
        if len(line) > limit:
            raise ProtocolError(431 if index else 414, "line too long")
