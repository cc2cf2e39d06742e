from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec

from .request import Request
from .response import Response

_P = ParamSpec("_P")

class SSE:
    queue_size: int
    heartbeat: float
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

def sse_response(
    request: Request,
    event_function: Callable[..., Awaitable[Any]],
    *args: Any,
    **kwargs: Any,
) -> Response: ...
def with_sse(
    f: Callable[Concatenate[Request, SSE, _P], Awaitable[Any]],
) -> Callable[Concatenate[Request, _P], Awaitable[Response]]: ...
