from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .app import Microdot
from .urlpattern import URLPattern

def normalized(path: str) -> str: ...

class Route:
    methods: list[str]
    url_pattern: str
    handler: Callable[..., Any]
    url_prefix: str
    subapp: Microdot | None
    outer: tuple[Microdot, ...]
    def __init__(
        self,
        methods: list[str],
        url_pattern: str,
        handler: Callable[..., Any],
        url_prefix: str = "",
        subapp: Microdot | None = None,
        outer: tuple[Microdot, ...] = (),
    ) -> None: ...
    @property
    def pattern(self) -> URLPattern: ...
    @property
    def subapps(self) -> tuple[Microdot, ...]: ...
    def __iter__(self) -> Iterator[Any]: ...

class RouteTable:
    routes: list[Route]
    direct: dict[str, Route]
    static: dict[str, list[int]]
    dynamic: dict[str, list[int]]
    def __init__(self) -> None: ...
    def add(self, route: Route) -> None: ...
    def find(
        self, method: str, path: str
    ) -> tuple[Route, dict[str, Any] | None] | tuple[None, None]: ...
    def candidates(self, path: str) -> Sequence[int]: ...
