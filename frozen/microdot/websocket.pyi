from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, overload

from .request import Request
from .websocket_group import Group as Group

_F = TypeVar("_F", bound=Callable[..., Awaitable[Any]])

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
def with_websocket(f: _F, subprotocols: Sequence[str] = ()) -> _F: ...
@overload
def with_websocket(f: None = None, subprotocols: Sequence[str] = ()) -> Callable[[_F], _F]: ...
