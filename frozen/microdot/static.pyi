from .app import Microdot
from .request import Request
from .response import Response

def add_static(
    app: Microdot,
    url_path: str,
    directory: str,
    index: str = "index.html",
    max_age: int | None = None,
    compressed: bool = True,
    follow_links: bool = False,
) -> None: ...
def accepts_gzip(header: str) -> bool: ...

class StaticFiles:
    directory: str
    index: str
    max_age: int | None
    compressed: bool
    follow_links: bool
    def __init__(
        self,
        directory: str,
        index: str,
        max_age: int | None,
        compressed: bool,
        follow_links: bool,
    ) -> None: ...
    async def redirect(self, request: Request) -> Response: ...
    async def serve(self, request: Request, path: str = "") -> Response: ...
