from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from .http import Head
from .response import Response
from .streams import BodyStream

PATH_SAFE: str

class GatewayHead(Head):
    has_body: bool
    def __init__(
        self,
        method: str,
        path: str,
        query: str | None,
        version: int,
        lines: Callable[[], Sequence[bytes]],
    ) -> None: ...
    @property
    def lines(self) -> Sequence[bytes]: ...  # type: ignore[override]
    @property
    def url(self) -> str: ...  # type: ignore[override]
    def check(self) -> None: ...
    def announce(self, length: str | None, chunked: bool) -> None: ...

def quoted(path: str) -> str: ...

class GatewayBody(BodyStream):
    def __init__(
        self,
        receive: Callable[[], Awaitable[tuple[bytes, bool]]],
        length: int | None,
        limit: int,
    ) -> None: ...

async def rendered(response: Response) -> tuple[Response, list[tuple[bytes, bytes]]]: ...
def body_pieces(pieces: Any, response: Response) -> AsyncIterator[bytes]: ...
