"""Hello world, the same application for every framework that answers to ``microdot``."""

from microdot import Microdot


def application(other_routes=0):
    """An application that greets at ``/``; ``other_routes`` are registered before that one."""
    app = Microdot()
    for number in range(other_routes):
        app.get("/other/%d/<name>" % number)(other)

    @app.get("/")
    async def index(request):
        return "Hello, world!"

    return app


async def other(request, name):
    """What the routes answer that are only there to be passed over."""
    return name
