from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from .app import Microdot
from .request import Request

_Key = str | bytes
_Keys = _Key | Sequence[_Key]

class SessionDict(dict[str, Any]):
    request: Request
    def __init__(self, request: Request, session_dict: Mapping[str, Any]) -> None: ...
    def save(self) -> None: ...
    def delete(self) -> None: ...

class Session:
    name: str
    secret_key: _Keys | None
    cookie_options: dict[str, Any]
    max_age: int | None
    def __init__(
        self,
        app: Microdot | None = None,
        secret_key: _Keys | None = None,
        cookie_options: Mapping[str, Any] | None = None,
        max_age: int | None = None,
    ) -> None: ...
    def initialize(
        self,
        app: Microdot,
        secret_key: _Keys | None = None,
        cookie_options: Mapping[str, Any] | None = None,
        max_age: int | None = None,
    ) -> None: ...
    def get(self, request: Request) -> SessionDict: ...
    def update(self, request: Request, session: Mapping[str, Any]) -> None: ...
    def delete(self, request: Request) -> None: ...
    def encode(self, payload: Mapping[str, Any], secret_key: _Keys | None = None) -> str: ...
    def decode(self, session: str, secret_key: _Keys | None = None) -> dict[str, Any]: ...
    @staticmethod
    def expiry(seconds: int) -> int: ...

def with_session(f: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]: ...
