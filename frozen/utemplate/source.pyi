from collections.abc import Callable, Iterator

from . import compiled
from .marks import Source

class Loader(compiled.Loader):
    def compile(self, name: str) -> tuple[Callable[..., Iterator[str]], list[Source]]: ...
