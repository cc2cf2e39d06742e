from collections.abc import Callable
from ssl import SSLContext
from typing import Any

from . import app as _app
from .app import HTTPException as HTTPException
from .app import abort as abort
from .asgi_connection import _Receive, _Scope, _Send
from .asgi_websocket import WebSocket as WebSocket
from .asgi_websocket import WebSocketError as WebSocketError
from .asgi_websocket import websocket_upgrade as websocket_upgrade
from .asgi_websocket import with_websocket as with_websocket
from .compat import iscoroutine as iscoroutine
from .datastructures import MultiDict as MultiDict
from .datastructures import NoCaseDict as NoCaseDict
from .request import Request as Request
from .response import Response as Response
from .response import redirect as redirect
from .response import send_file as send_file
from .streams import AsyncBytesIO as AsyncBytesIO
from .urlpattern import URLPattern as URLPattern

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

_Lifespan = Callable[[_Scope], Any]

class Microdot(_app.Microdot):
    lifespan_startup: _Lifespan | None
    lifespan_shutdown: _Lifespan | None
    def __init__(
        self,
        lifespan_startup: _Lifespan | None = None,
        lifespan_shutdown: _Lifespan | None = None,
    ) -> None: ...
    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None: ...
    async def asgi_app(self, scope: _Scope, receive: _Receive, send: _Send) -> None: ...
    def run(
        self,
        host: str = "0.0.0.0",
        port: int = 5000,
        debug: bool = False,
        ssl: SSLContext | None = None,
    ) -> None: ...
