"""Hello world by Starlette."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def index(request):
    """The greeting."""
    return PlainTextResponse("Hello, world!")


app = Starlette(routes=[Route("/", index)])
