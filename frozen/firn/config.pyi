from typing import Any

from .config_table import _Row

LIMIT: int

class Problem:
    file: str
    line: int
    column: int
    key: str
    message: str
    def __init__(self, file: str, line: int, column: int, key: str, message: str) -> None: ...

class Section:
    place: str
    def __init__(self, rows: tuple[_Row, ...], values: dict[str, Any], place: str) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
    def get(self, key: str) -> Any: ...

class Config(Section):
    path: str
    problems: list[Problem]
    def __init__(self, values: dict[str, Any], path: str) -> None: ...
    def report(self, place: str, message: str) -> Problem: ...

def load(path: str = "/config.json") -> Config: ...
def check(data: bytes | str, path: str = "config.json") -> Config: ...

def forget(name: str) -> None: ...
