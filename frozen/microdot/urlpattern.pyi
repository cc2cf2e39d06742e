from collections.abc import Callable
from typing import Any

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
    def compile(self) -> None: ...
    def match(self, path: str) -> dict[str, Any] | None: ...
