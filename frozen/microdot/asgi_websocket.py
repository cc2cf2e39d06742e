"""WebSockets of microdot.asgi: the server speaks RFC 6455, what is here is messages."""

import asyncio

from .app import HTTPException
from .asgi_connection import Disconnected, HTTPConnection, cancel, put, send_response
from .compat import print_exception
from .helpers import wraps
from .http import ProtocolError
from .response import Response
from .websocket import WebSocket as _WebSocket
from .websocket import WebSocketError
from .websocket import websocket_upgrade as _upgrade
from .websocket import with_websocket as _with_websocket

_NORMAL = 1000
_NO_CODE = 1005
_LOST = 1006
_TOO_BIG = 1009
_INTERNAL_ERROR = 1011
_TRY_AGAIN = 1013

_MAX_REASON = 123  # bytes: RFC 6455 section 5.5


class WebSocket(_WebSocket):
    """One WebSocket under an ASGI server; attributes and methods as in microdot.websocket.

    The server sends pings, and has limits of its own beside ``max_message_length``.
    """

    def __init__(self, request):
        super().__init__(request)
        self._connection = request._connection
        self._connection.ws = self

    @property
    def closed(self):
        """Whether either side has ended it."""
        return self._connection.ended is not None

    async def handshake(self, subprotocols=()):
        """Accept the request, with the first of ``subprotocols`` (list of str) that it offers."""
        offered = self.request.asgi_scope.get("subprotocols") or ()
        for name in subprotocols:
            if name in offered:
                self.subprotocol = name
                break
        await self._connection.accept(self.subprotocol)

    async def receive(self):
        """Wait for the next message: str or bytes.

        WebSocketError when the WebSocket has ended, or ends meanwhile.
        """
        connection = self._connection
        if connection.ended is None:
            message = await connection.next_message()
        if connection.ended is not None:
            raise WebSocketError(*connection.ended)
        data = message.get("text")
        if data is None:
            data = message["bytes"]
        limit = self.max_message_length
        if limit < 0:
            limit = self.request.max_body_length
        if limit and _size(data, limit) > limit:
            await self.close(_TOO_BIG, "message too long")
            raise WebSocketError(*connection.ended)
        return data

    async def send(self, data, opcode=None):
        """Send a message and wait until the server takes it; WebSocketError when it has ended.

        ``data``: str (TEXT) or bytes (BINARY); ``opcode``: TEXT or BINARY. Pings are the server's:
        PING and PONG do nothing.
        """
        if not isinstance(data, (str, bytes, bytearray, memoryview)):
            raise TypeError("expected str or bytes, got %s" % type(data).__name__)
        if opcode in (self.PING, self.PONG):
            return
        if opcode not in (None, self.TEXT, self.BINARY):
            raise ValueError("expected TEXT, BINARY, PING or PONG, got %r" % (opcode,))
        if self.closed:
            raise WebSocketError(*self._connection.ended)
        text = isinstance(data, str) if opcode is None else opcode == self.TEXT
        if text:
            data = data if isinstance(data, str) else bytes(data).decode()
        else:
            data = data.encode() if isinstance(data, str) else bytes(data)
        try:
            await self._connection.put(
                {"type": "websocket.send", "text" if text else "bytes": data}
            )
        except Disconnected:
            self._connection.finish(_LOST, "the client has gone")
            raise WebSocketError(*self._connection.ended)

    async def close(self, code=_NORMAL, reason=""):
        """End the WebSocket.

        ``code``: int, see RFC 6455 section 7.4; ``reason``: str, at most 123 bytes of it are sent.
        """
        if not (code in range(1000, 1004) or code in range(1007, 1015) or 3000 <= code < 5000):
            raise ValueError("expected a close code that may be sent, got %r" % (code,))
        if self.closed:
            return
        reason = reason.encode()[:_MAX_REASON].decode("utf-8", "ignore")
        self._connection.finish(code, reason)
        try:
            await self._connection.put({"type": "websocket.close", "code": code, "reason": reason})
        except Disconnected:
            pass  # the client was first

    def drop(self):
        """Give the client up: end the WebSocket at once."""
        self._connection.drop()


def _size(data, limit):
    """The bytes of a message; those of text are counted where it matters."""
    if len(data) > limit or not isinstance(data, str) or data.isascii():
        return len(data)
    return len(data.encode("utf-8", "replace"))


async def websocket_upgrade(request, subprotocols=()):
    """The WebSocket of a request; for handlers that look at the request before they accept it.

    HTTPException where the request asks for none. The handler closes it and returns
    ``Response.already_handled``. Under the built-in server it is one of microdot.websocket.
    """
    if not hasattr(request, "asgi_scope"):
        return await _upgrade(request, subprotocols)
    if request.asgi_scope["type"] != "websocket":
        raise HTTPException(400, "expected a WebSocket handshake")
    ws = WebSocket(request)
    await ws.handshake(subprotocols)
    return ws


def with_websocket(f=None, subprotocols=()):
    """Decorator: ``f(request, ws, ...)`` speaks on the WebSocket ``ws``, which ends with it.

    Also ``@with_websocket(subprotocols=["name"])``. What ``f`` returns is ignored. Of its
    exceptions, WebSocketError ends it quietly; others are printed, and the client gets code 1011.
    A handler that waits for something else when the client leaves is cancelled.
    """
    if f is None:
        return lambda f: with_websocket(f, subprotocols)

    @wraps(f)
    async def wrapper(request, *args, **kwargs):
        if not hasattr(request, "asgi_scope"):
            return await _with_websocket(f, subprotocols)(request, *args, **kwargs)
        ws = await websocket_upgrade(request, subprotocols)
        await _speak(ws, f, args, kwargs)
        return Response.already_handled

    return wrapper


async def _speak(ws, f, args, kwargs):
    """Run the handler until it ends or the client leaves."""
    connection = ws._connection
    handling = asyncio.ensure_future(f(ws.request, ws, *args, **kwargs))
    connection.handling = handling
    leaving = asyncio.ensure_future(connection.disconnected())
    try:
        await asyncio.wait([handling, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not handling.done() and connection.told:
            await asyncio.wait([handling])  # which ends in its own time
    finally:
        await cancel(leaving)
        if not handling.done():
            await cancel(handling)
    code = _NORMAL
    error = None if handling.cancelled() else handling.exception()
    if error is not None and not isinstance(error, WebSocketError):
        print_exception(error)
        code = _INTERNAL_ERROR
    await ws.close(code)


class WebSocketConnection(HTTPConnection):
    """Where a WebSocket of an ASGI server came from.

    A task receives, one message ahead of the handler, so that a client that leaves is noticed and
    one that sends too much waits.
    """

    accepted = False
    dropped = False
    told = False  # whether the handler was waiting for a message when the client left
    ended = None  # (code, reason)
    handling = None  # the task of the handler
    ws = None

    def __init__(self, app, scope, receive, send):
        super().__init__(app, scope, receive)
        self._send = send
        self._messages = asyncio.Queue(1)
        self._waiting = 0
        self._pump = None

    async def accept(self, subprotocol):
        """Open the WebSocket."""
        self.accepted = True
        await self.put({"type": "websocket.accept", "subprotocol": subprotocol})

    async def put(self, message):
        """Send a message to the server; Disconnected when the client has gone."""
        await put(self._send, message)

    async def next_message(self):
        """The next message of the client."""
        self._start()
        self._waiting += 1
        try:
            message = await self._messages.get()
        finally:
            self._waiting -= 1
        self._messages.task_done()
        if message["type"] != "websocket.receive":
            self._messages.put_nowait(message)  # for others who wait
        return message

    async def disconnected(self):
        """Wait until the client has left; see Request.disconnected()."""
        self._start()
        await asyncio.shield(self._pump)

    def _start(self):
        if self._pump is None:
            self._pump = asyncio.ensure_future(self._receive_ahead())

    async def _receive_ahead(self):
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                break
            await self._messages.put(message)
            await self._messages.join()
        self.told = self._waiting > 0
        code = message.get("code")
        self.finish(_NO_CODE if code is None else code, message.get("reason") or "")
        await self._messages.put(message)

    def finish(self, code, reason):
        """Nothing is sent or received any more."""
        if self.ended is None:
            self.ended = (code, reason)
            for group in self.ws.groups:
                group.remove(self.ws)

    def drop(self):
        """See WebSocket.drop()."""
        if self.ended is None:
            self.finish(_LOST, "the client was given up")
            self.dropped = True
            if self.handling is not None:
                self.handling.cancel()
            elif self._messages.empty():
                self._messages.put_nowait({"type": "websocket.disconnect"})

    async def end(self):
        """The handler has returned."""
        if self._pump is not None:
            await cancel(self._pump)


async def serve(app, scope, receive, send):
    """Answer the scope of a WebSocket."""
    if (await receive())["type"] != "websocket.connect":
        return
    connection = WebSocketConnection(app, scope, receive, send)
    try:
        try:
            response = await app.dispatch_request(connection.make_request())
        except ProtocolError as error:
            response = await app.error_response(None, error.status, error.reason)
        await _conclude(connection, response)
    except Disconnected:
        pass
    finally:
        await connection.end()


async def _conclude(connection, response):
    """Close what is open, or refuse what the handler did not accept."""
    if connection.dropped:
        await connection.put({"type": "websocket.close", "code": _TRY_AGAIN, "reason": ""})
    if connection.ended is not None:
        return
    handled = response is Response.already_handled
    if connection.accepted:
        code = _NORMAL if handled else _INTERNAL_ERROR
        await connection.put({"type": "websocket.close", "code": code, "reason": ""})
    elif not handled and "websocket.http.response" in (connection.scope.get("extensions") or ()):
        await send_response(response, connection._send, connection, "websocket.http.response.")
    else:
        await connection.put({"type": "websocket.close"})  # which the server makes a 403 of
        if not (handled or response.is_whole):
            await response.body_iter().aclose()
