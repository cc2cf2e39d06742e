from collections.abc import Iterable

from .cell import Cell

class Error:
    type: str
    message: str
    names: tuple[str, ...]
    cells: tuple[int, ...]
    def __init__(
        self, type: str, message: str, names: tuple[str, ...], cells: tuple[int, ...]
    ) -> None: ...

class Graph:
    cells: list[Cell]
    parents: list[tuple[int, ...]]
    children: list[tuple[int, ...]]
    conflicts: dict[int, Error]
    def __init__(self, cells: list[Cell]) -> None: ...
    def defining(self, name: str) -> tuple[int, ...]: ...
    def order(self, indices: Iterable[int]) -> list[int]: ...
    def descendants(self, indices: Iterable[int]) -> set[int]: ...
