from typing import Any

from microdot import Microdot

from .config import Config
from .setup_access import Access

def add(
    app: Microdot, config: Config, boot_error: str | None = None, access: Access | None = None
) -> None: ...

class Mount:
    setup: Any
    def __init__(self, config: Config, boot_error: str | None, access: Access | None) -> None: ...
    async def __call__(self, request: Any, _rest: str | None = None) -> Any: ...
    def forget(self) -> None: ...
