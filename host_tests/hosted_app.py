"""What the tests of real servers serve: the same routes as ASGI and as WSGI application."""

import asyncio
import os

from microdot.asgi import Microdot as ASGIMicrodot
from microdot.asgi import Request, with_websocket
from microdot.wsgi import Microdot as WSGIMicrodot

Request.max_content_length = 4 * 1024 * 1024


def note(text):
    """Write a line where the test looks for it."""
    with open(os.environ["NOTES"], "a", encoding="utf-8") as notes:
        notes.write(text + "\n")


def add_routes(app):
    @app.get("/")
    async def index(request):
        return "Hello, World!"

    @app.get("/plain")
    def plain(request):
        return {"path": request.path, "args": dict(request.args.items())}

    @app.post("/size")
    async def size(request):
        size = 0
        while True:
            piece = await request.stream.read(65536)
            if not piece:
                return str(size)
            size += len(piece)

    @app.post("/upper")
    async def upper(request):
        async def pieces():
            while True:
                piece = await request.stream.read(100)
                if not piece:
                    break
                yield piece.upper()

        return pieces()

    @app.get("/count/<int:n>")
    async def count(request, n):
        async def numbers():
            for i in range(n):
                yield "%d\n" % i

        return numbers()

    @app.get("/forever")
    async def forever(request):
        async def ticks():
            try:
                while True:
                    yield "tick\n"
                    await asyncio.sleep(0.01)
            finally:
                note("closed")

        return ticks()

    @app.get("/file")
    async def file(request):
        from microdot.asgi import send_file

        return send_file(__file__)


async def startup(scope):
    note("startup")
    scope.get("state", {})["greeting"] = "hello"


async def shutdown(scope):
    note("shutdown")


asgi = ASGIMicrodot(lifespan_startup=startup, lifespan_shutdown=shutdown)
add_routes(asgi)


@asgi.get("/state")
async def state(request):
    return request.asgi_scope.get("state", {}).get("greeting", "none")


@asgi.get("/stop")
async def stop(request):
    asyncio.get_running_loop().call_later(0.1, asgi.shutdown)
    return "stopping"


@asgi.get("/echo")
@with_websocket(subprotocols=["shout", "talk"])
async def echo(request, ws):
    try:
        while True:
            message = await ws.receive()
            if message == "close":
                await ws.close(4001, "as you like")
            await ws.send(message.upper() if ws.subprotocol == "shout" else message)
    finally:
        note("echo ended")


wsgi = WSGIMicrodot()
add_routes(wsgi)


@wsgi.get("/environ")
async def environ(request):
    return request.environ["SERVER_SOFTWARE"]


def mounted():
    """The ASGI application inside a FastAPI and inside a Starlette one."""
    from contextlib import asynccontextmanager

    from fastapi import FastAPI
    from starlette.applications import Starlette
    from starlette.routing import Mount

    @asynccontextmanager
    async def lifespan(app):
        yield

    outer = FastAPI(lifespan=lifespan)

    @outer.get("/hello")
    def hello():
        return {"from": "fastapi"}

    outer.mount("/devices", asgi)
    outer.mount("/deep", Starlette(routes=[Mount("/er", app=asgi)]))
    return outer
