from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec

from .event_stream import SSE as SSE
from .request import Request
from .response import Response

_P = ParamSpec("_P")

def sse_response(
    request: Request,
    event_function: Callable[..., Awaitable[Any]],
    *args: Any,
    **kwargs: Any,
) -> Response: ...
def with_sse(
    f: Callable[Concatenate[Request, SSE, _P], Awaitable[Any]],
) -> Callable[Concatenate[Request, _P], Awaitable[Response]]: ...
