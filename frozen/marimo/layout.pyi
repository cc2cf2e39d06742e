from collections.abc import Iterable, Sequence
from typing import Any

from .html import Html

def hstack(
    items: Any,
    *,
    justify: str = ...,
    align: str | None = ...,
    wrap: bool = ...,
    gap: float = ...,
    widths: str | Sequence[float] | None = ...,
) -> Html: ...
def vstack(
    items: Any,
    *,
    align: str | None = ...,
    justify: str = ...,
    gap: float = ...,
    heights: str | Sequence[float] | None = ...,
) -> Html: ...
def stat(
    value: Any,
    label: Any = ...,
    caption: Any = ...,
    direction: str | None = ...,
    bordered: bool = ...,
    target_direction: str = ...,
    slot: Any = ...,
) -> Html: ...
def callout(value: Any, kind: str = ..., title: Any = ...) -> Html: ...
def accordion(
    items: dict[str, Any] | Iterable[tuple[str, Any]],
    multiple: bool = ...,
    lazy: bool = ...,
    *,
    expanded: str | Sequence[str] | None = ...,
) -> Html: ...
def plain_text(text: Any) -> Html: ...
def center(item: Any) -> Html: ...
def left(item: Any) -> Html: ...
def right(item: Any) -> Html: ...
def style(item: Any, style: dict[str, Any] | str | None = ..., **properties: Any) -> Html: ...
def tree(items: Any, label: Any = ...) -> Html: ...
