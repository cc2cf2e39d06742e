from collections.abc import Iterator
from typing import Any

from microdot.request import Request

FILES: tuple[tuple[str, str, bytes], ...]
NOTEBOOK: tuple[str, ...]
THEMES: tuple[str, ...]
WIDTHS: tuple[str, ...]

def page(
    title: str,
    file: str = "",
    base: str = "./",
    session: str = "",
    head: str = "",
    theme: str = "system",
    width: str = "compact",
    lang: str = "en",
    frame: bool = False,
) -> tuple[Iterator[str], int, dict[str, str]]: ...
def headers(head: str = "", frame: bool = False) -> dict[str, str]: ...
async def asset(request: Request, name: str) -> Any: ...
