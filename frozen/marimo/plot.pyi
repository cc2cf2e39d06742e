from collections.abc import Callable
from typing import Any

from .html import Html

def line(
    data: Any,
    *,
    title: str | None = ...,
    x_label: str | None = ...,
    y_label: str | None = ...,
    width: int = ...,
    height: int = ...,
    y_min: float | None = ...,
    y_max: float | None = ...,
    x_format: Callable[[float], Any] | None = ...,
    y_format: Callable[[float], Any] | None = ...,
) -> Html: ...

area = line
bar = line

def ticks(low: float, high: float, count: int) -> tuple[float, float, int]: ...
