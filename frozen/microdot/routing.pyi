from collections.abc import Callable, Iterator
from typing import Any

from .app import Microdot

class URLPattern:
    url_pattern: str
    regex: Any
    segments: list[tuple[str | None, str | None]] | None
    segment_patterns: list[str]
    segment_parsers: list[tuple[str, Callable[[str], Any] | None]]
    def __init__(self, url_pattern: str) -> None: ...
    @classmethod
    def register_type(
        cls, type_name: str, pattern: str = "[^/]+", parser: Callable[[str], Any] | None = None
    ) -> None: ...
    @property
    def path(self) -> str: ...
    @property
    def is_static(self) -> bool: ...
    def compile(self) -> None: ...
    def match(self, path: str) -> dict[str, Any] | None: ...

class Route:
    methods: list[str]
    pattern: URLPattern
    handler: Callable[..., Any]
    url_prefix: str
    subapp: Microdot | None
    outer: tuple[Microdot, ...]
    is_direct: bool
    def __init__(
        self,
        methods: list[str],
        pattern: URLPattern,
        handler: Callable[..., Any],
        url_prefix: str = "",
        subapp: Microdot | None = None,
        outer: tuple[Microdot, ...] = (),
    ) -> None: ...
    @property
    def subapps(self) -> tuple[Microdot, ...]: ...
    def __iter__(self) -> Iterator[Any]: ...

class RouteTable:
    routes: list[Route]
    direct: dict[str, Route]
    def __init__(self) -> None: ...
    def add(self, route: Route) -> None: ...
    def find(
        self, method: str, path: str
    ) -> tuple[Route, dict[str, Any] | None] | tuple[None, list[str]]: ...
    def methods(self, path: str) -> list[str]: ...
