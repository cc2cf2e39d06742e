"""What test_server_slow_body.py sends slow bodies to: a small application with low limits.

Runs on CPython (``main.py PORT``) and, as /main.py of a site, in every image.
"""

import asyncio
import sys

from microdot import Microdot, Request
from microdot.server import Server

Server.body_timeout = 2
Server.min_body_rate = 100
Server.max_connections = 8
Request.max_body_length = 1000
Request.max_content_length = 20000

app = Microdot()


@app.get("/")
async def index(request):
    return "hello"


@app.post("/echo")
async def echo(request):
    """Its body is loaded before it is called, if it is short."""
    return str(len(request.body))


@app.post("/count")
async def count(request):
    total = 0
    while True:
        piece = await request.stream.read(500)
        if not piece:
            return str(total)
        total += len(piece)


@app.post("/late")
async def late(request):
    """Takes its time over a body that has long been sent."""
    total = 0
    for _ in range(4):
        await asyncio.sleep(0.8)
        total += len(await request.stream.readexactly(500))
    return str(total)


@app.post("/ignore")
async def ignore(request):
    return "ignored"


@app.get("/connections")
async def connections(request):
    return str(len(app.server.connections))


def run():
    """Serve where the caller wants it: a process's argument, an image's option, port 80."""
    if sys.implementation.name == "micropython":
        import firn

        host = firn.overrides.get("host", "0.0.0.0")
        port = firn.overrides.get("port", 80)
    else:
        host, port = "127.0.0.1", int(sys.argv[1])
    print("serving on", port)  # what those wait for who start an emulated board
    app.run(host, port)


run()
