"""One connection: reads requests, has them answered, writes the responses in their order.

It waits for bytes with a shared buffer that only holds something between a wake-up and the parse,
so an idle connection costs its task and no more. Time limits are dates that the server looks at
every second: a request sets no timers of its own.

The loop in ``run()`` is what every request pays for. It therefore spares the usual one (a GET that
leaves the connection open, answered by a short text) what others need: see bench/README.md.
"""

import asyncio

from .compat import MICROPYTHON, const, iscoroutine, print_exception
from .http import ProtocolError
from .request import Request
from .response import Response
from .transport import Transport

_DRAIN_LIMIT = const(65536)  # unread body bytes that are skipped to keep a connection
_TICKS = const(10)  # of the server's clock, a second
_LINGER_SECONDS = const(1)  # for a client to take the last answer before its connection closes

# What a connection waits for while its deadline is set.
IDLE = 1  # the first byte of a request
HEAD = 2  # the rest of a head
BODY = 3  # a piece of a body
WRITE = 4  # the client to take a piece of the answer
CLOSE = 5  # the client to take the end of the last answer


class Connection(Transport):
    """One client of a Server; ``run()`` is its task."""

    task = None
    deadline = None  # by the server's clock, when the present wait has lasted too long; or None
    waiting = IDLE  # for what
    answering = False  # whether something of the present answer was sent
    expired = False
    status = None  # what an expired wait is answered with
    rest = b""  # received, not consumed
    _late = 0  # how far the body is behind min_body_rate: bytes, times ticks

    def __init__(self, server, stream, address):
        super().__init__(stream)
        self.server = server
        self._address = address

    @property
    def app(self):
        """The application."""
        return self.server.app

    @property
    def client_addr(self):
        """(host, port) of the client."""
        return self.server.address_of(self._address)

    @property
    def scheme(self):
        """ "http" or "https"."""
        return self.server.scheme

    def wait(self, waiting, seconds):
        """Begin a wait for ``waiting``; whoever waits clears ``deadline`` when it is over."""
        self.waiting = waiting
        self.deadline = self.server.after(seconds)

    def expire(self):
        """End the present wait and with it the connection.

        A client that was late with its request is told so, unless the answer has begun.
        """
        if self.deadline is not None:
            if self.waiting in (HEAD, BODY) and not self.answering:
                self.status = 408
            elif self.waiting in (WRITE, CLOSE) and not MICROPYTHON:
                self.drop()  # closing would wait for the client to take what it does not take
        self.deadline = None
        self.expired = True
        self.task.cancel()

    async def run(self):
        """Serve requests until either side ends the connection; raises nothing but for
        cancellation."""
        server = self.server
        app = server.app
        try:
            while True:
                data = self.rest
                if data:
                    head = await self._read_head(data)
                else:
                    self.waiting = IDLE
                    self.deadline = server.idle_until
                    data = await self.receive()
                    self.deadline = None
                    # Clients that poll send the same again and again.
                    known = data == server.known_data
                    head = server.known_head if known else await self._read_head(data)
                if head is None:
                    break
                request = Request()
                request._head = head
                request._connection = self
                if head.is_usual:
                    response = app.dispatch(request)
                    if iscoroutine(response):
                        response = await response
                    if type(response) is bytes and not server.closing:
                        server.requests += 1
                        response = server.usual_head(len(response)) + response
                        rest = self.put(response)
                        if rest:
                            self.answering = True
                            await self._drain(rest)
                            self.answering = False
                        continue
                    keep = await self._answer(request, response)
                else:
                    keep = await self._serve_other(request)
                if not keep:
                    break
                request = response = None  # not to be held while the client is idle
        except asyncio.CancelledError:
            if not self.expired:
                raise
            if self.status:
                await self._answer_error(self.status, "Request timeout")
        except Exception as error:
            try:
                await self._failed(error)
            except MemoryError:
                pass  # not enough to end in a better way
        finally:
            closing = self.close()
            if closing:
                await self._closed(closing)
            server.forget(self)

    async def _failed(self, error):
        """Tell the client, where there is somebody and something to tell, why this is the end."""
        if isinstance(error, ProtocolError):
            if not self.answering:
                await self._answer_error(error.status, error.reason)
        elif isinstance(error, MemoryError):
            await self._out_of_memory()
        elif not isinstance(error, (OSError, EOFError)):  # the client has gone, or sent too little
            print_exception(error)  # of the application, after the dispatch

    async def _closed(self, closing):
        self.wait(CLOSE, self.server.write_timeout)
        try:
            await closing
        except asyncio.CancelledError:
            if not self.expired:
                raise
        finally:
            self.deadline = None

    async def _serve_other(self, request):
        """Answer a request that is not a usual one; whether the connection stays open."""
        head = request._head
        stream = None
        if head.chunked or head.content_length:
            stream = await self._begin_body(request, head)
        response = await self.server.app.dispatch_request(request)
        return await self._answer(request, response, stream)

    async def _answer(self, request, response, stream=None):
        """Write the response; whether the connection can serve another request."""
        server = self.server
        head = request._head
        server.requests += 1
        if type(response) is bytes:
            response = Response(response)
        if server.app.debug:
            print(head.method, head.path, response.status_code)
        if response is Response.already_handled:
            return False
        # After 413 the body may or may not be on its way.
        keep = head.keep_alive and not server.closing and response.status_code != 413
        if stream is None or stream.done:
            if stream is not None:
                self.rest = stream.rest
            keep = await self._send(response, head.version, keep)
        else:
            # The answer goes first: a client may wait for it before it sends the rest.
            keep = keep and not stream.failed and (head.content_length or 0) <= _DRAIN_LIMIT
            if await self._send(response, head.version, keep):
                keep = await self._skip(stream)
            else:
                keep = False
                await self._linger()
        self.answering = False
        return keep

    async def _read_head(self, data):
        """The Head that begins with ``data``; None when the client ends the connection before."""
        if not data:
            return None
        server = self.server
        waiting = False
        first = data
        while True:
            data = _skip_empty_lines(data)
            end = data.find(b"\r\n\r\n")
            if end >= 0:
                break
            if data:
                _check_beginning(data, server.max_head)
                if not waiting:
                    waiting = True
                    self.wait(HEAD, server.header_timeout)
            else:
                self.wait(IDLE, server.keep_alive_timeout)
            piece = await self.receive()
            if not piece:
                if data:
                    raise ProtocolError(400, "the connection ended inside the head")
                return None
            data = data + piece if data else piece
        self.deadline = None
        if end > server.max_head:
            _too_long(data)
        self.rest = data[end + 4 :]
        head = data[:end]
        if end > Request.max_readline:
            _check_lines(head, Request.max_readline)
        return server.parse_head(head, data if data is first and not self.rest else None)

    async def _begin_body(self, request, head):
        """Load a short body; return the BodyStream of whichever there is."""
        from .streams import BodyStream, body_decoder

        # RFC 9110 section 10.1.1: only a client whose request is not refused goes on sending.
        refused = request.content_length > request.max_content_length
        if head.expect_continue and not refused and not self.rest:
            await self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._late = 0
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
            request.body = await stream.read()
        else:
            request.stream_only(stream)
        return stream

    async def _load_chunked(self, request, stream, longest):
        """Load a chunked body while it is short enough; leave the rest to the stream."""
        while len(stream._held) <= longest:
            if not await stream.fill():
                break
        if stream.done and len(stream._held) <= longest:
            request.body = await stream.read()
        else:
            request.stream_only(stream)

    async def _receive_body(self):
        # A wait puts the client behind min_body_rate, every byte brings it nearer: who sends one
        # now and then is late in the end, as is who sends none. The handler's time is not counted.
        server = self.server
        rate = server.min_body_rate
        self.wait(BODY, server.body_timeout)
        self.deadline -= self._late // rate
        begin = server.after(0)
        data = await self.receive()
        self.deadline = None
        late = self._late + (server.after(0) - begin) * rate - len(data) * _TICKS
        self._late = late if late > 0 else 0
        return data

    async def _skip(self, stream):
        """Read on over a body that the handler has left, if it is short; whether it was."""
        room = _DRAIN_LIMIT
        while not stream.done and room > 0:
            room -= len(await stream.read(4096))
        self.rest = stream.rest
        return stream.done

    # What handlers do with it; see microdot.takeover

    def take_over(self):
        """The stream for Request.take_over()."""
        from .takeover import ConnectionStream

        self.answering = True  # nothing of HTTP is sent from here on
        return ConnectionStream(self)

    async def disconnected(self):
        """Wait until the client has gone; see Request.disconnected()."""
        try:
            while len(self.rest) <= self.server.max_head:
                data = await self.receive()
                if not data:
                    return
                self.rest += data
        except OSError:
            pass

    # Writing

    async def write(self, data):
        """Write ``data`` and wait until the client has taken it."""
        rest = self.put(data)
        if rest:
            await self._drain(rest)

    async def _drain(self, rest):
        self.wait(WRITE, self.server.write_timeout)
        await self.drain(rest)
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
        chunked = version and "Content-Length" not in response.headers
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
        self.end_of_answers()
        self.wait(CLOSE, _LINGER_SECONDS)
        room = _DRAIN_LIMIT
        while room > 0:
            data = await self.receive()
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
            await self.write(
                b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                b"Content-Length: 0\r\n\r\n"
            )
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
