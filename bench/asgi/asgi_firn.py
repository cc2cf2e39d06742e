"""Hello world by Firn's framework, as an ASGI application."""

from microdot.asgi import Microdot

app = Microdot()


@app.get("/")
async def index(request):
    """The greeting."""
    return "Hello, world!"
