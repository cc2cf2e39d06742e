from collections.abc import Collection
from typing import Any

from .app import Microdot
from .request import Request

class CORS:
    allowed_origins: Collection[str] | None
    allow_credentials: bool
    allowed_methods: Collection[str] | None
    expose_headers: Collection[str] | None
    allowed_headers: Collection[str] | None
    max_age: int | None
    def __init__(
        self,
        app: Microdot | None = None,
        allowed_origins: Collection[str] | None = None,
        allow_credentials: bool = False,
        allowed_methods: Collection[str] | None = None,
        expose_headers: Collection[str] | None = None,
        allowed_headers: Collection[str] | None = None,
        max_age: int | None = None,
        handle_cors: bool = True,
    ) -> None: ...
    def initialize(self, app: Microdot, handle_cors: bool = True) -> None: ...
    def get_cors_headers(self, request: Request | None) -> dict[str, Any]: ...
