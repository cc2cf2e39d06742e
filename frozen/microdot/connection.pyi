from typing import Any

from .app import Microdot
from .server import Server
from .takeover import ConnectionStream
from .transport import Transport

IDLE: int
HEAD: int
BODY: int
WRITE: int
CLOSE: int
DRAIN_LIMIT: int
TICKS: int

class Connection(Transport):
    server: Server
    app: Microdot
    client_addr: Any
    scheme: str
    task: Any
    deadline: int | None
    waiting: int
    answering: bool
    expired: bool
    status: int | None
    rest: bytes
    def __init__(self, server: Server, stream: Any, address: Any) -> None: ...
    def wait(self, waiting: int, seconds: float) -> None: ...
    def expire(self) -> None: ...
    async def run(self) -> None: ...
    def take_over(self) -> ConnectionStream: ...
    async def disconnected(self) -> None: ...
    async def write(self, data: bytes) -> None: ...
