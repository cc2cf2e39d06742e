from collections.abc import Callable, Coroutine, Sequence
from ssl import SSLContext
from typing import Any, NoReturn, TypeVar

from .request import Request
from .response import Response
from .routing import Route, RouteTable
from .server import Server

# A handler or hook, plain or ``async def``; a decorator gives it back unchanged.
_F = TypeVar("_F", bound=Callable[..., Any])

class HTTPException(Exception):
    status_code: int
    reason: Any
    headers: dict[str, str] | None
    def __init__(self, status_code: int, reason: Any = None) -> None: ...

def abort(status_code: int, reason: Any = None) -> NoReturn: ...

class Microdot:
    routes: RouteTable
    before_request_handlers: list[Callable[..., Any]]
    after_request_handlers: list[Callable[..., Any]]
    after_error_request_handlers: list[Callable[..., Any]]
    error_handlers: dict[int | type[BaseException], Callable[..., Any]]
    options_handler: Callable[[Request], Any] | None
    ssl: SSLContext | None
    debug: bool
    server: Server | None
    def __init__(self) -> None: ...
    url_map: list[Route]
    def route(
        self, url_pattern: str, methods: Sequence[str] | None = None
    ) -> Callable[[_F], _F]: ...
    def get(self, url_pattern: str) -> Callable[[_F], _F]: ...
    def post(self, url_pattern: str) -> Callable[[_F], _F]: ...
    def put(self, url_pattern: str) -> Callable[[_F], _F]: ...
    def patch(self, url_pattern: str) -> Callable[[_F], _F]: ...
    def delete(self, url_pattern: str) -> Callable[[_F], _F]: ...
    def query(self, url_pattern: str) -> Callable[[_F], _F]: ...
    def before_request(self, f: _F) -> _F: ...
    def after_request(self, f: _F) -> _F: ...
    def after_error_request(self, f: _F) -> _F: ...
    def errorhandler(
        self, status_code_or_exception_class: int | type[BaseException]
    ) -> Callable[[_F], _F]: ...
    def mount(self, subapp: Microdot, url_prefix: str = "", local: bool = False) -> None: ...
    def static(
        self,
        url_path: str,
        directory: str,
        index: str = "index.html",
        max_age: int | None = None,
        *,
        compressed: bool = ...,
        follow_links: bool = ...,
    ) -> None: ...
    @staticmethod
    def abort(status_code: int, reason: Any = None) -> NoReturn: ...
    def default_options_handler(self, req: Request) -> dict[str, str]: ...
    def dispatch_request(self, req: Request | None) -> Coroutine[Any, Any, Response]: ...
    def dispatch(
        self, req: Request
    ) -> bytes | Response | Coroutine[Any, Any, bytes | Response]: ...
    def error_response(self, req: Request | None, status: int, reason: Any = None) -> Response: ...
    async def start_server(
        self,
        host: str = "0.0.0.0",
        port: int = 5000,
        debug: bool = False,
        ssl: SSLContext | None = None,
        start_serving: bool = True,
    ) -> Any: ...
    def run(
        self,
        host: str = "0.0.0.0",
        port: int = 5000,
        debug: bool = False,
        ssl: SSLContext | None = None,
    ) -> None: ...
    def shutdown(self) -> None: ...

async def run_after(
    handlers: list[Callable[..., Any]], req: Request | None, response: Response
) -> Response: ...
