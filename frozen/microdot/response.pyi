from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from .body import _BodyPieces
from .datastructures import NoCaseDict
from .files import File

_R = TypeVar("_R", bound=Response)

# A mapping of names to values, or pairs; a value is text, a number, or a list of those.
_Headers = Mapping[str, Any] | Sequence[tuple[str, Any]]

class _Stream(Protocol):
    async def awrite(self, data: bytes, /) -> Any: ...

class Response:
    default_content_type: str
    default_send_file_max_age: int | None
    send_file_buffer_size: int
    types_map: dict[str, str]
    already_handled: Response
    status_code: int
    reason: str | None
    body: Any
    is_head: bool
    file: File | None
    headers: NoCaseDict[Any]
    def __init__(
        self,
        body: Any = b"",
        status_code: int = 200,
        headers: _Headers | None = None,
        reason: str | None = None,
    ) -> None: ...
    @property
    def is_whole(self) -> bool: ...
    @property
    def has_body(self) -> bool: ...
    def set_cookie(
        self,
        cookie: str,
        value: str,
        path: str | None = None,
        domain: str | None = None,
        expires: datetime | str | None = None,
        max_age: int | None = None,
        secure: bool = False,
        http_only: bool = False,
        partitioned: bool = False,
        same_site: str | None = None,
    ) -> None: ...
    def delete_cookie(self, cookie: str, **kwargs: Any) -> None: ...
    def complete(self) -> None: ...
    def render_head(
        self, version: int = 1, keep_alive: bool = True, date: str | None = None
    ) -> bytes: ...
    async def write(self, stream: _Stream) -> None: ...
    def body_iter(self) -> _BodyPieces: ...
    @classmethod
    def redirect(cls: type[_R], location: str, status_code: int = 302) -> _R: ...
    @classmethod
    def send_file(
        cls: type[_R],
        filename: str,
        status_code: int = 200,
        content_type: str | None = None,
        stream: Any = None,
        max_age: int | None = None,
        compressed: bool | str = False,
        file_extension: str = "",
        root: str | None = None,
    ) -> _R: ...

def make_response(value: Any) -> Response: ...

redirect = Response.redirect
send_file = Response.send_file
