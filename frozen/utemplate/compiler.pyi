from os import PathLike

from .marks import Output, Source

def compile_file(
    source: str | PathLike[str],
    target: str | PathLike[str],
    directory: str | PathLike[str] | None = ...,
) -> None: ...
def compile_into(root: str, name: str, target: str) -> list[Source]: ...
def compile_to(root: str, name: str, out: Output) -> list[Source]: ...
