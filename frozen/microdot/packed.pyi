from typing import Any

from .request import Request

_File = tuple[str, str, bytes]

def find(files: tuple[_File, ...], name: str) -> _File | None: ...
def serve(request: Request, files: tuple[_File, ...], name: str, window_bits: int) -> Any: ...
