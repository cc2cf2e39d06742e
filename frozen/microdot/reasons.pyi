from typing import TypeVar

_T = TypeVar("_T")

def reason_phrase(status: int, default: _T = ...) -> str | _T: ...
