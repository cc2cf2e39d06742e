CONT: int
TEXT: int
BINARY: int
CLOSE: int
PING: int
PONG: int

NORMAL: int
GOING_AWAY: int
PROTOCOL_ERROR: int
NO_STATUS: int
ABNORMAL: int
BAD_DATA: int
POLICY: int
TOO_BIG: int
INTERNAL_ERROR: int

class FrameError(Exception):
    code: int
    reason: str
    def __init__(self, code: int, reason: str) -> None: ...

def encode_frame(opcode: int, payload: bytes) -> bytes: ...
def encode_close(code: int, reason: str = "") -> bytes: ...
def is_close_code(code: int) -> bool: ...
def parse_close(payload: bytes) -> tuple[int, str]: ...
def unmask(data: bytes, mask: bytes) -> bytes: ...
def decode_text(data: bytes) -> str: ...

class MessageDecoder:
    limit: int
    def __init__(self, limit: int) -> None: ...
    def feed(self, data: bytes) -> None: ...
    def next(self) -> tuple[int, str | bytes] | None: ...
