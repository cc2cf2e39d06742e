"""ASGI 3: applications for servers such as uvicorn and hypercorn. CPython only.

The server speaks HTTP, the application's dispatch is the one that all entrances share: a scope
becomes a Request, a Response becomes messages.
"""

import asyncio
import os
import signal

from . import app as _app
from .app import HTTPException, abort
from .asgi_connection import Disconnected, HTTPConnection, put, send_response
from .asgi_websocket import WebSocket, WebSocketError, websocket_upgrade, with_websocket
from .asgi_websocket import serve as serve_websocket
from .compat import invoke, iscoroutine, print_exception
from .datastructures import MultiDict, NoCaseDict
from .http import ProtocolError, with_charset
from .request import Request
from .response import Response, redirect, send_file
from .streams import AsyncBytesIO, load_body
from .urlpattern import URLPattern

__all__ = (
    "AsyncBytesIO",
    "HTTPException",
    "Microdot",
    "MultiDict",
    "NoCaseDict",
    "Request",
    "Response",
    "URLPattern",
    "WebSocket",
    "WebSocketError",
    "abort",
    "iscoroutine",
    "redirect",
    "send_file",
    "websocket_upgrade",
    "with_websocket",
)


class Microdot(_app.Microdot):
    """A web application that is an ASGI callable.

    ``lifespan_startup`` and ``lifespan_shutdown``: functions, plain or ``async def``, that are
    called with the lifespan scope (a dict) before the first request and after the last one. When
    one raises, the server is told that it has failed.
    """

    def __init__(self, lifespan_startup=None, lifespan_shutdown=None):
        super().__init__()
        self.lifespan_startup = lifespan_startup
        self.lifespan_shutdown = lifespan_shutdown

    async def __call__(self, scope, receive, send):
        await self.asgi_app(scope, receive, send)

    async def asgi_app(self, scope, receive, send):
        """The ASGI callable; a middleware may be put around it: ``app.asgi_app = ...``."""
        kind = scope["type"]
        if kind == "http":
            await self._http(scope, receive, send)
        elif kind == "websocket":
            await serve_websocket(self, scope, receive, send)
        elif kind == "lifespan":
            await self._lifespan(scope, receive, send)
        else:
            raise ValueError("expected http, websocket or lifespan as scope, got %r" % kind)

    async def _http(self, scope, receive, send):
        connection = HTTPConnection(self, scope, receive)
        try:
            request = connection.make_request()
            head = request._head
            if head.has_body:
                await load_body(request, connection.open_body(head, request.max_content_length))
            answer = self.dispatch(request) if head.is_usual else self.dispatch_request(request)
        except ProtocolError as error:
            answer = self.error_response(None, error.status, error.reason)
        try:
            response = await answer if iscoroutine(answer) else answer
            if type(response) is bytes:
                await put(send, _usual_start(len(response)))
                await put(send, {"type": "http.response.body", "body": response})
            elif response is not Response.already_handled:
                response.is_head = scope["method"] == "HEAD"
                await send_response(response, send, connection)
        except Disconnected:
            pass
        finally:
            await connection.end()

    async def _lifespan(self, scope, receive, send):
        for function in (self.lifespan_startup, self.lifespan_shutdown):
            kind = (await receive())["type"]
            try:
                if function:
                    await invoke(function, scope)
            except Exception as error:
                print_exception(error)
                message = "%s: %s" % (type(error).__name__, error)
                await send({"type": kind + ".failed", "message": message})
                return
            await send({"type": kind + ".complete"})

    def shutdown(self):
        """Stop the server: the built-in one, else SIGTERM to the process group, which is the
        server's with all its workers."""
        if self.server:
            super().shutdown()
        elif hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGTERM)
        else:
            os.kill(os.getpid(), signal.SIGTERM)

    def run(self, host="0.0.0.0", port=5000, debug=False, ssl=None):
        """Serve with the built-in server until shutdown(); see start_server().

        The lifespan functions are called here, too, with a scope of the same kind.
        """
        asyncio.run(self._run(host, port, debug, ssl))

    async def _run(self, host, port, debug, ssl):
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        if self.lifespan_startup:
            await invoke(self.lifespan_startup, scope)
        try:
            await self.start_server(host, port, debug, ssl)
        finally:
            self.server = None
            if self.lifespan_shutdown:
                await invoke(self.lifespan_shutdown, scope)


def _usual_start(length):
    """The first message of a 200 with nothing but a body of ``length`` bytes."""
    content_type = with_charset(Response.default_content_type).encode()
    return {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", content_type), (b"content-length", b"%d" % length)],
    }
