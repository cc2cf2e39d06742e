"""Event streams, and what becomes of their handlers.

Runs on CPython (``main.py PORT``) and, as /main.py of a site, in every image.
"""

import asyncio
import sys

from microdot import Microdot
from microdot.server import Server
from microdot.sse import with_sse

Server.shutdown_timeout = 1
app = Microdot()
ended = []
listeners = []


@app.get("/")
async def index(request):
    return "hello"


@app.get("/count/<int:n>")
@with_sse
async def count(request, sse, n):
    for i in range(n):
        await sse.send({"counter": i}, event_id=i)
    await sse.send("end", event="comment")


@app.get("/wait/<name>")
@with_sse
async def wait(request, sse, name):
    try:
        await sse.send(sse.last_event_id or "first")
        listeners.append(sse)
        await asyncio.sleep(600)
    finally:
        listeners.remove(sse)
        ended.append(name)
        print("ended", name)


@app.get("/beat")
@with_sse
async def beat(request, sse):
    sse.heartbeat = 0.2
    await asyncio.sleep(600)


@app.get("/flood")
@with_sse
async def flood(request, sse):
    try:
        while True:
            await sse.send(1000 * "x")
    finally:
        ended.append("flood")


@app.get("/mistake")
@with_sse
async def mistake(request, sse):
    await sse.send("before")
    raise KeyError("mistake")


@app.get("/tell/<word>")
async def tell(request, word):
    for listener in listeners:
        await listener.send(word)
    return str(len(listeners))


@app.get("/ended")
async def show_ended(request):
    text = ",".join(ended)
    ended.clear()
    return text


@app.get("/stop")
async def stop(request):
    app.shutdown()
    return "stopping"


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
