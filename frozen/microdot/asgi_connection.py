"""What microdot.asgi has of one request of a server: its scope, its messages, its answer."""

import asyncio
from urllib.parse import unquote

from .compat import print_exception
from .gateway import GatewayBody, GatewayHead, body_pieces, quoted, rendered
from .http import ProtocolError
from .request import make_request
from .response import Response
from .takeover import Origin

_SECURE = ("https", "wss")


class Disconnected(Exception):
    """The client has gone while it was sent something."""


class HTTPConnection(Origin):
    """Where a request of an ASGI server came from: its scope and what comes after that."""

    def __init__(self, app, scope, receive):
        self.app = app
        self.scope = scope
        self._receive = receive
        self._body = None
        self._body_read = None  # the Event of who waits for the end of the body
        self._watcher = None

    @property
    def client_addr(self):
        """(host, port) of the client, None where the server does not know."""
        client = self.scope.get("client")
        return tuple(client) if client else None

    @property
    def scheme(self):
        """ "http" or "https"."""
        return "https" if self.scope.get("scheme") in _SECURE else "http"

    def make_request(self):
        """The Request of the scope; ProtocolError for a bad one."""
        request = make_request(make_head(self.scope), self)
        request.asgi_scope = self.scope
        return request

    def open_body(self, head, limit):
        """The stream of the request's body."""
        self._body = GatewayBody(self._receive_body, head.content_length, limit)
        return self._body

    async def _receive_body(self):
        message = await self._receive()
        complete = not message.get("more_body", False)
        if complete and self._body_read is not None:
            self._body_read.set()
        if message["type"] != "http.request":
            raise OSError("disconnected")
        return message.get("body", b""), complete

    def take_over(self):
        """There is nothing to take over; see Request.take_over()."""
        raise RuntimeError("expected a connection; WebSockets are with_websocket of microdot.asgi")

    async def disconnected(self):
        """Wait until the client has gone; see Request.disconnected()."""
        if self._watcher is None:
            self._watcher = asyncio.ensure_future(self._watch())
        await asyncio.shield(self._watcher)

    async def _watch(self):
        if self._body is not None and not self._body.done:
            # Its messages are for those who read it.
            self._body_read = asyncio.Event()
            await self._body_read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def end(self):
        """The answer is complete."""
        if self._watcher is not None:
            await cancel(self._watcher)


async def cancel(task):
    """Cancel ``task`` and wait for its end; what it raises is dropped."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()


def make_head(scope):
    """The Head that a scope of HTTP or a websocket stands for; ProtocolError for a bad one."""
    headers = scope["headers"]
    query = scope.get("query_string")
    head = GatewayHead(
        scope.get("method", "GET"),
        _path(scope),
        query.decode("latin-1") if query else None,
        0 if scope.get("http_version") == "1.0" else 1,
        lambda: _lines(headers),
    )
    head.check()
    length = None
    # RFC 9113 section 8.1: in HTTP/2 a body needs no header that announces it.
    chunked = scope.get("http_version", "1.1") >= "2" and scope["type"] == "http"
    for name, value in headers:
        if name == b"content-length":
            if length is not None:
                raise ProtocolError(400, "repeated Content-Length")
            length = value.decode("latin-1")
            if scope.get("http_version", "1.1") >= "2":
                chunked = False
        elif name == b"transfer-encoding":
            chunked = True
    head.announce(length, chunked)
    return head


def _path(scope):
    """The path below the prefix that the application is mounted at, as it was sent."""
    path = scope["path"]
    raw = (scope.get("raw_path") or b"").decode("latin-1")
    if raw != path or "%" in raw:
        # What is in front may have changed the one and not the other.
        path = raw if unquote(raw) == path else quoted(path)
    root = scope.get("root_path")
    if root:
        # Servers give the whole path, as the specification has it; older ones what is below.
        prefix = quoted(root.rstrip("/"))
        if path == prefix or path.startswith(prefix + "/"):
            path = path[len(prefix) :] or "/"
    return path


def _lines(headers):
    lines = []
    cookies = []
    for name, value in headers:
        if name == b"cookie":
            cookies.append(value)
        else:
            lines.append(name + b":" + value)
    if cookies:  # RFC 9113 section 8.2.3: they may come one by one
        lines.append(b"cookie:" + b"; ".join(cookies))
    return lines


# Answers


async def send_response(response, send, connection, prefix="http.response."):
    """Send a Response as messages whose types begin with ``prefix``.

    Raises what the body raises once its head was sent, so that the server cuts the answer off.
    """
    response, headers = await rendered(response)
    start = {"type": prefix + "start", "status": response.status_code, "headers": headers}
    kind = prefix + "body"
    has_body = response.has_body and not response.is_head
    if response.is_whole or not has_body:
        if not response.is_whole:
            await response.body_iter().aclose()
        body = bytes(response.body) if has_body else b""
        await put(send, start)
        await put(send, {"type": kind, "body": body})
        return
    sending = asyncio.ensure_future(_send_pieces(response, send, start, kind))
    leaving = asyncio.ensure_future(connection.disconnected())
    try:
        await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel(leaving)
        if not sending.done():
            await cancel(sending)
    if not sending.cancelled():
        sending.result()


async def _send_pieces(response, send, start, kind):
    pieces = response.body_iter()
    waits = pieces.waits
    try:
        if waits:  # the client shall know soon that it was heard
            await put(send, start)
            start = None
        async for piece in body_pieces(pieces, response):
            if start:
                await put(send, start)
                start = None
            await put(send, {"type": kind, "body": piece, "more_body": True})
            if not waits:
                await asyncio.sleep(0)  # for others, and to notice a client that leaves
    except Exception as error:
        if start is None or isinstance(error, Disconnected):
            raise
        print_exception(error)
        failure, start["headers"] = await rendered(Response("Internal server error", 500))
        start["status"] = failure.status_code
        await put(send, start)
        await put(send, {"type": kind, "body": failure.body})
        return
    finally:
        await pieces.aclose()
    if start:
        await put(send, start)
    await put(send, {"type": kind, "body": b""})


async def put(send, message):
    """Send a message; Disconnected when the client has gone."""
    try:
        await send(message)
    except OSError as error:  # as servers tell that the client has gone
        raise Disconnected(str(error))
