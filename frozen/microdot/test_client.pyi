from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping, MutableMapping
from typing import Any

from .datastructures import NoCaseDict

# On a websocket: what a client yields is sent, the yield gives what was received.
_Client = (
    Callable[[], Generator[str | bytes | None, str | bytes | None, Any]]
    | Callable[[], AsyncGenerator[str | bytes | None, str | bytes | None]]
)
_Headers = Mapping[str, Any] | None
_Answer = Coroutine[Any, Any, TestResponse]

class TestResponse:
    __test__: bool
    status_code: int
    reason: str
    headers: NoCaseDict[Any]
    body: bytes | None
    def __init__(
        self, status_code: int, reason: str, headers: NoCaseDict[Any], body: bytes | None
    ) -> None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def json(self) -> Any: ...
    @property
    def events(self) -> list[dict[str, Any]]: ...

class TestClient:
    __test__: bool
    app: Any
    cookies: MutableMapping[str, str | tuple[str, str]]
    scheme: str | None
    host: str
    close_code: int | None
    def __init__(
        self,
        app: Any,
        cookies: MutableMapping[str, str | tuple[str, str]] | None = None,
        scheme: str | None = None,
        host: str | None = None,
    ) -> None: ...
    async def request(
        self,
        method: str,
        path: str,
        headers: _Headers = None,
        body: Any = None,
        sock: tuple[Any, Any] | None = None,
    ) -> TestResponse: ...
    def get(self, path: str, headers: _Headers = None) -> _Answer: ...
    def head(self, path: str, headers: _Headers = None) -> _Answer: ...
    def options(self, path: str, headers: _Headers = None) -> _Answer: ...
    def delete(self, path: str, headers: _Headers = None) -> _Answer: ...
    def post(self, path: str, headers: _Headers = None, body: Any = None) -> _Answer: ...
    def put(self, path: str, headers: _Headers = None, body: Any = None) -> _Answer: ...
    def patch(self, path: str, headers: _Headers = None, body: Any = None) -> _Answer: ...
    def query(self, path: str, headers: _Headers = None, body: Any = None) -> _Answer: ...
    def websocket(
        self, path: str, client: _Client, headers: _Headers = None
    ) -> Coroutine[Any, Any, TestResponse | None]: ...
