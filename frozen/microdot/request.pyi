from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from .app import Microdot
from .datastructures import MultiDict, NoCaseDict
from .http import Head
from .streams import AsyncBytesIO, BodyStream
from .takeover import ConnectionStream

_F = TypeVar("_F", bound=Callable[..., Any])

def make_request(head: Head, connection: Any) -> Request: ...

class Request:
    max_content_length: int
    max_body_length: int
    max_readline: int
    larger_bodies: tuple[tuple[str, int], ...]
    app: Any  # the Microdot, or what a program gave as one
    client_addr: Any
    scheme: str
    sock: Any
    method: str
    path: str
    url: str
    query_string: str | None
    http_version: str
    headers: NoCaseDict[str]
    content_length: int
    content_type: str | None
    media_type: str
    cookies: dict[str, str]
    args: MultiDict
    body: bytes
    stream: AsyncBytesIO | BodyStream
    json: Any
    form: Any  # a MultiDict or None, a dict once microdot.multipart has read it
    files: Any
    g: Any
    route: Callable[..., Any] | None
    url_args: dict[str, Any]
    url_prefix: str
    subapp: Microdot | None
    after_request_handlers: list[Callable[..., Any]]
    def stream_only(self, stream: AsyncBytesIO | BodyStream) -> None: ...
    def take_over(self) -> ConnectionStream: ...
    def disconnected(self) -> Coroutine[Any, Any, None]: ...
    def after_request(self, f: _F) -> _F: ...
    @staticmethod
    async def create(
        app: Any,
        client_reader: Any,
        client_writer: Any,
        client_addr: Any,
        scheme: str | None = None,
    ) -> Request | None: ...
