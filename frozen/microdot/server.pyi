from ssl import SSLContext
from typing import Any

from .app import Microdot
from .http import Head

MUTED_SOCKET_ERRORS: list[int]

class Server:
    max_head: int
    max_headers: int
    header_timeout: float
    keep_alive_timeout: float
    body_timeout: float
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
    connections: list[Any]
    closing: bool
    def __init__(
        self, app: Microdot, host: str, port: int, ssl: SSLContext | None = None
    ) -> None: ...
    async def prepare(self) -> Any: ...
    async def run(self) -> None: ...
    async def serve(self, reader: Any, writer: Any, address: Any = None) -> None: ...
    async def watch(self) -> None: ...
    async def finish(self) -> None: ...
    def shutdown(self) -> None: ...
    def close(self) -> None: ...
    def date(self) -> str | None: ...
    def parse_head(self, data: bytes) -> Head: ...
