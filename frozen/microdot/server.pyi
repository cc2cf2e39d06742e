from ssl import SSLContext
from typing import Any

from .app import Microdot
from .connection import Connection
from .http import Head

MUTED_SOCKET_ERRORS: tuple[int, ...]

class Server:
    max_head: int
    max_headers: int
    header_timeout: float
    keep_alive_timeout: float
    body_timeout: float
    min_body_rate: int
    write_timeout: float
    shutdown_timeout: float
    max_connections: int
    backlog: int
    app: Microdot
    host: str
    port: int
    ssl: SSLContext | None
    scheme: str | None
    requests: int
    connections: list[Connection]
    clock: int
    idle_until: int
    known_data: bytes | None
    known_head: Head | None
    closing: bool
    def __init__(
        self, app: Microdot, host: str, port: int, ssl: SSLContext | None = None
    ) -> None: ...
    async def prepare(self, listener: Any = None) -> Any: ...
    def admit(
        self, stream: Any, address: Any, kind: type[Connection] = ...
    ) -> Connection | None: ...
    def forget(self, connection: Connection) -> None: ...
    @staticmethod
    def address_of(address: Any) -> Any: ...
    def after(self, seconds: float) -> int: ...
    async def watch(self) -> None: ...
    async def finish(self) -> None: ...
    def shutdown(self) -> None: ...
    def close(self) -> None: ...
    def date(self) -> str | None: ...
    def usual_head(self, length: int) -> bytes: ...
    def parse_head(self, head: bytes, data: bytes | None = None) -> Head: ...

async def refuse(stream: Any) -> None: ...
