from collections.abc import Awaitable, Callable
from typing import Any

from .request import Request

class FileUpload:
    max_memory_size: int
    temporary_directory: str | None
    filename: str
    content_type: str | None
    def __init__(
        self,
        filename: str,
        content_type: str | None,
        read: Callable[[int], Awaitable[bytes]],
    ) -> None: ...
    async def read(self, n: int | None = -1) -> bytes: ...
    async def save(self, path_or_file: Any) -> None: ...
    async def copy(self, max_memory_size: int | None = None) -> FileUpload: ...
    async def close(self) -> None: ...

class FormDataIter:
    buffer_size: int
    max_parts: int
    max_header_size: int
    max_fields_size: int
    def __init__(self, request: Request) -> None: ...
    def __aiter__(self) -> FormDataIter: ...
    async def __anext__(self) -> tuple[str, str | FileUpload]: ...

def with_form_data(f: Callable[..., Any]) -> Callable[..., Awaitable[Any]]: ...
