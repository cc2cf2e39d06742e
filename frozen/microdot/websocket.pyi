from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, overload

from .request import Request
from .response import Response
from .websocket_group import Group as Group

# A handler ``f(request, ws, ...)``, and the route's function that it becomes.
_Handler = Callable[..., Awaitable[Any]]
_Route = Callable[..., Coroutine[Any, Any, Response]]

class WebSocketError(Exception):
    code: int
    reason: str
    def __init__(self, code: int = 1006, reason: str = "") -> None: ...

class WebSocket:
    CONT: int
    TEXT: int
    BINARY: int
    CLOSE: int
    PING: int
    PONG: int
    max_message_length: int
    ping_interval: float
    ping_timeout: float
    close_timeout: float
    request: Request
    closed: bool
    subprotocol: str | None
    groups: tuple[Group, ...]
    def __init__(self, request: Request) -> None: ...
    async def handshake(self, subprotocols: Sequence[str] = ()) -> None: ...
    async def receive(self) -> str | bytes: ...
    async def send(
        self, data: str | bytes | bytearray | memoryview, opcode: int | None = None
    ) -> None: ...
    async def close(self, code: int = 1000, reason: str = "") -> None: ...
    def drop(self) -> None: ...

async def websocket_upgrade(request: Request, subprotocols: Sequence[str] = ()) -> WebSocket: ...
@overload
def with_websocket(f: _Handler, subprotocols: Sequence[str] = ()) -> _Route: ...
@overload
def with_websocket(
    f: None = None, subprotocols: Sequence[str] = ()
) -> Callable[[_Handler], _Route]: ...
