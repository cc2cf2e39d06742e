from collections.abc import Sequence

REASONS: dict[int, str]

class ProtocolError(Exception):
    status: int
    reason: str
    def __init__(self, status: int, reason: str) -> None: ...

class Head:
    method: str
    target: str
    path: str
    query: str | None
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
def is_token(name: bytes) -> bool: ...

class LengthDecoder:
    remaining: int
    rest: bytes
    def __init__(self, length: int) -> None: ...
    @property
    def done(self) -> bool: ...
    def feed(self, data: bytes) -> bytes: ...

class ChunkedDecoder:
    rest: bytes
    def __init__(self) -> None: ...
    @property
    def done(self) -> bool: ...
    def feed(self, data: bytes) -> bytes: ...
