from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from .request import Request

_F = TypeVar("_F", bound=Callable[..., Any])

class BaseAuth:
    max_failures: int
    failure_window: float
    error_status: int
    def __init__(self, error_status: int) -> None: ...
    def authenticate(self, f: _F) -> _F: ...
    def errorhandler(self, f: _F) -> _F: ...
    def optional(self, f: Callable[..., Any]) -> Callable[..., Any]: ...
    def __call__(self, f: Callable[..., Any], optional: bool = False) -> Callable[..., Any]: ...
    def client(self, request: Request) -> Hashable: ...

class BasicAuth(BaseAuth):
    realm: str
    charset: str | None
    scheme: str
    def __init__(
        self,
        realm: Any = "Please login",
        charset: str | None = "UTF-8",
        scheme: str = "Basic",
        error_status: int = 401,
    ) -> None: ...

class TokenAuth(BaseAuth):
    header: str
    scheme: str
    def __init__(
        self, header: Any = "Authorization", scheme: str = "Bearer", error_status: int = 401
    ) -> None: ...
