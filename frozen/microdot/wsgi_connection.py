"""What microdot.wsgi has of one request of a server: its environ, its thread, its answer."""

import asyncio
import os
import queue
import threading
from urllib.parse import quote_from_bytes, unquote_to_bytes

from .app import HTTPException
from .compat import print_exception
from .gateway import PATH_SAFE, GatewayBody, GatewayHead, body_pieces, rendered
from .http import ProtocolError
from .request import make_request
from .response import Response
from .streams import load_body
from .takeover import Origin

_PIECE = 16 * 1024  # bytes that are asked of the server at a time


class LoopThread:
    """The event loop that the handlers of this process run in."""

    def __init__(self):
        self._lock = threading.Lock()
        self._loop = None
        self._pid = None

    def loop(self):
        """The loop; begun with the first request, and again in a process that was forked."""
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._loop = asyncio.new_event_loop()
                    threading.Thread(
                        target=self._loop.run_forever, name="microdot.wsgi", daemon=True
                    ).start()
                    self._pid = os.getpid()
        return self._loop


_thread = LoopThread()


class Call(Origin):
    """One call of the application by a server's thread, until the server closes the body."""

    def __init__(self, app, environ):
        self.app = app
        self.environ = environ
        self._jobs = queue.SimpleQueue()  # for the request's thread; None: nothing more to do
        self._loop = _thread.loop()
        self._over = False
        self._left = 0

    @property
    def client_addr(self):
        """(host, port) of the client, None where the server does not know."""
        host = self.environ.get("REMOTE_ADDR")
        port = self.environ.get("REMOTE_PORT") or ""
        return (host, int(port) if port.isdigit() else 0) if host else None

    @property
    def scheme(self):
        """ "http" or "https"."""
        return self.environ.get("wsgi.url_scheme")

    def take_over(self):
        """There is nothing to take over; see Request.take_over()."""
        raise HTTPException(501, "WSGI has no WebSockets")

    # The request's thread

    def answer(self):
        """(response, headers, body): the body is what the server iterates over."""
        return self.run(self._answer())

    def run(self, coroutine):
        """Run a coroutine in the loop; meanwhile, do in this thread what it asks for."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        future.add_done_callback(lambda _: self._jobs.put(None))
        try:
            while True:
                job = self._jobs.get()
                if job is None:
                    return future.result()
                job()
        except BaseException:
            future.cancel()
            raise

    def end(self):
        """The server has closed the body: there is no thread to read the request's any more."""
        self._over = True
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job()

    # In the loop

    async def _answer(self):
        app = self.app
        try:
            request = make_request(make_head(self.environ), self)
            request.environ = self.environ
            head = request._head
            if head.has_body:
                self._left = head.content_length
                limit = request.max_content_length
                await load_body(request, GatewayBody(self._receive, self._left, limit))
            answer = app.dispatch(request) if head.is_usual else app.dispatch_request(request)
        except ProtocolError as error:
            answer = app.error_response(None, error.status, error.reason)
        response = answer if isinstance(answer, (Response, bytes)) else await answer
        if type(response) is bytes:
            response = Response(response)
        elif response is Response.already_handled:
            # PEP 3333: an answer there has to be.
            response = Response("WSGI has no connection to answer on", 501)
        response.is_head = self.environ["REQUEST_METHOD"] == "HEAD"
        response, headers = await rendered(response)
        if not response.is_whole:
            return await self._begin(response, headers)
        has_body = response.has_body and not response.is_head
        self.end()
        return response, headers, [bytes(response.body)] if has_body else []

    async def _begin(self, response, headers):
        """The answer of a body that comes in pieces."""
        body = Body(self, response)
        if not response.has_body or response.is_head:
            await body.aclose()
            return response, headers, []
        if not body.waits:
            try:
                await body.read_first()
            except Exception as error:
                print_exception(error)
                response, headers = await rendered(Response("Internal server error", 500))
                return response, headers, [response.body]
        return response, headers, body

    async def _receive(self):
        """(a piece of the request's body, whether it is the last), read in its thread."""
        if self._over:
            raise OSError("the request is over")
        future = self._loop.create_future()
        self._jobs.put(lambda: self._read(future))
        piece = await future
        if self._left is None:
            return piece, not piece
        if not piece:
            raise OSError("the body ended early")
        self._left -= len(piece)
        return piece, not self._left

    def _read(self, future):
        """In the request's thread: read a piece for ``future``."""
        piece = error = None
        try:
            if self._over:
                raise OSError("the request is over")
            size = _PIECE if self._left is None else min(_PIECE, self._left)
            piece = self.environ["wsgi.input"].read(size)
        except Exception as raised:
            error = raised

        def settle():
            if not future.done():
                future.set_exception(error) if error else future.set_result(piece)

        self._loop.call_soon_threadsafe(settle)


class Body:
    """The pieces of a response (bytes) as the server takes them; ``close()`` is the server's."""

    def __init__(self, call, response):
        self._call = call
        self._source = response.body_iter()
        self._pieces = body_pieces(self._source, response)
        self._first = None
        self._closed = False
        self.waits = self._source.waits

    async def read_first(self):
        """Have the first piece before the head is sent; closed when that fails."""
        try:
            self._first = await self._next()
        except BaseException:
            await self.aclose()
            raise

    async def _next(self):
        try:
            return await self._pieces.__anext__()
        except StopAsyncIteration:
            return b""

    def __iter__(self):
        return self

    def __next__(self):
        if self._closed:
            raise StopIteration
        piece = self._first
        self._first = None
        if piece is None:
            piece = self._call.run(self._next())
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self):
        """The server takes no more: end what the pieces come from."""
        if not self._closed:
            self._call.run(self.aclose())

    async def aclose(self):
        """End what the pieces come from; in the loop."""
        if not self._closed:
            self._closed = True
            try:
                await self._pieces.aclose()
                await self._source.aclose()
            finally:
                self._call.end()


def make_head(environ):
    """The Head that an environ stands for; ProtocolError for a bad one."""
    protocol = environ.get("SERVER_PROTOCOL", "HTTP/1.1")
    head = GatewayHead(
        environ["REQUEST_METHOD"],
        _path(environ),
        environ.get("QUERY_STRING"),
        0 if protocol == "HTTP/1.0" else 1,
        lambda: _lines(environ),
    )
    head.check()
    length = environ.get("CONTENT_LENGTH") or None
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    # Only a server that says so lets applications read to the end.
    ends = bool(environ.get("wsgi.input_terminated"))
    if coding and not ends and length is None:
        raise ProtocolError(
            411, "expected Content-Length: this server does not end chunked bodies"
        )
    head.announce(length, bool(coding) or (length is None and ends and protocol >= "HTTP/2"))
    return head


def _path(environ):
    """The path below the prefix that the application is mounted at, as it was sent."""
    # PEP 3333: text that stands for bytes.
    path = environ.get("PATH_INFO", "").encode("latin-1")
    root = environ.get("SCRIPT_NAME", "").rstrip("/").encode("latin-1")
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    raw = raw.partition("?")[0]
    prefix = quote_from_bytes(root, PATH_SAFE)
    if raw.startswith(prefix) and unquote_to_bytes(raw) == root + path:
        return raw[len(prefix) :] or "/"
    return quote_from_bytes(path, PATH_SAFE) or "/"


def _lines(environ):
    lines = []
    for key, value in environ.items():
        if key[:5] == "HTTP_":
            key = key[5:]
        elif key not in ("CONTENT_TYPE", "CONTENT_LENGTH") or not value:
            continue
        lines.append((key.replace("_", "-").title() + ":" + value).encode("latin-1"))
    return lines
