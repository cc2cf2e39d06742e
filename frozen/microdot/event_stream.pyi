from collections.abc import Awaitable, Callable
from typing import Any

from .request import Request

class SSE:
    queue_size: int
    queue_bytes: int
    heartbeat: float
    gather_ms: int
    last_event_id: str | None
    closed: bool
    def __init__(self, request: Request, run: Callable[[SSE], Awaitable[Any]]) -> None: ...
    async def send(
        self,
        data: Any,
        event: str | None = None,
        event_id: str | int | None = None,
        retry: float | None = None,
        comment: bool = False,
    ) -> None: ...
    async def __anext__(self) -> bytes: ...
    async def aclose(self) -> None: ...
