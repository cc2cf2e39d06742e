from collections.abc import AsyncIterator, Iterator, Sequence
from os import PathLike
from typing import Any

from jinja2 import Environment
from jinja2 import Template as JinjaTemplate

class Template:
    jinja_env: Environment | None
    name: str
    template: JinjaTemplate
    @classmethod
    def initialize(
        cls,
        template_dir: str | PathLike[str] | Sequence[str | PathLike[str]] = "templates",
        enable_async: bool = False,
        **kwargs: Any,
    ) -> None: ...
    def __init__(self, name: str, **kwargs: Any) -> None: ...
    def render(self, *args: Any, **kwargs: Any) -> str: ...
    def generate(self, *args: Any, **kwargs: Any) -> Iterator[str]: ...
    async def render_async(self, *args: Any, **kwargs: Any) -> str: ...
    def generate_async(self, *args: Any, **kwargs: Any) -> AsyncIterator[str]: ...
