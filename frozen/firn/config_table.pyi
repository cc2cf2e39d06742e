from typing import Any

_Row = tuple[str, str, Any, Any, str]

KEYS: tuple[_Row, ...]
