from typing import Any

Row = tuple[str, str, Any, Any, str]

KEYS: tuple[Row, ...]
