from collections.abc import Sequence

class ProtocolError(Exception):
    status: int
    reason: str
    def __init__(self, status: int, reason: str) -> None: ...

class Head:
    method: str
    url: str
    path: str
    query_string: str | None
    version: int
    lines: Sequence[bytes]
    content_length: int | None
    chunked: bool
    keep_alive: bool
    expect_continue: bool
    is_usual: bool
    def __init__(self, method: str, target: str, version: int) -> None: ...
    @property
    def http_version(self) -> str: ...

def parse_head(data: bytes, max_headers: int = 64) -> Head: ...
def with_charset(content_type: str) -> str: ...
def is_token(name: bytes) -> bool: ...
