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

DRAIN_LIMIT = const(65536)  # unread body bytes that are skipped to keep a connection
# A longer body is written apart from its head: it may stand in flash, and a heap that is in use may
# have no piece that long.
_JOINED = const(2048)  # bytes
TICKS = const(10)  # of the server's clock, a second

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

    def __getattr__(self, name):
        # What requests ask of an Origin (see microdot.takeover); properties would cost more heap.
        if name == "client_addr":
            return self.server.address_of(self._address)
        if name in ("app", "scheme"):
            return getattr(self.server, name)
        raise AttributeError(name)

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
                request = response = data = None  # not to be held while the client is idle
                if self.rest:
                    head = await self._read_head(self.rest)
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
        except asyncio.CancelledError:
            if not self.expired:
                raise
            if self.status:
                from .last_answer import answer_error

                await answer_error(self, self.status, "Request timeout")
        except (OSError, EOFError):
            pass  # the client has gone, or sent less than it announced
        except Exception as error:
            try:
                if isinstance(error, MemoryError):
                    await self._out_of_memory()
                else:
                    from .last_answer import end

                    await end(self, error)
            except MemoryError:
                pass  # not enough to end in a better way
        finally:
            closing = self.close()
            if closing:
                await self._closed(closing)
            server.forget(self)

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
            from .request_body import begin_body

            stream = await begin_body(self, request, head)
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
            keep = keep and not stream.failed and (head.content_length or 0) <= DRAIN_LIMIT
            if await self._send(response, head.version, keep):
                from .request_body import skip

                keep = await skip(self, stream)
            else:
                keep = False
                from .last_answer import linger

                await linger(self)
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
                from .head_limits import check_beginning

                check_beginning(data, server.max_head)
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
            from .head_limits import refuse_too_long

            refuse_too_long(data)
        self.rest = data[end + 4 :]
        head = data[:end]
        if end > Request.max_readline:
            from .head_limits import check_lines

            check_lines(head, Request.max_readline)
        return server.parse_head(head, data if data is first and not self.rest else None)

    # What handlers do with it; see microdot.takeover

    def take_over(self):
        """The stream for Request.take_over()."""
        from .takeover import ConnectionStream

        self.answering = True  # nothing of HTTP is sent from here on
        self.no_delay()
        return ConnectionStream(self)

    async def disconnected(self):
        """Wait until the client has gone; see Request.disconnected()."""
        try:
            while len(self.rest) <= self.server.max_head:
                data = await self.receive_idly()
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
            if has_body and whole and len(response.body) <= _JOINED:
                await self.write(head + response.body)
            else:
                await self.write(head)
                if has_body and whole:
                    await self.write(response.body)
            if not whole:
                await response.body_iter().aclose()
            return keep
        from .response_body import send_pieces

        return await send_pieces(self, response, head, version) and keep

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
