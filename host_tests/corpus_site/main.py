"""What the corpus of requests is sent to: a small application with low limits.

Runs on CPython (``main.py PORT``) and, as /main.py of a site, in every image.
"""

import asyncio
import gc
import sys

from microdot import Microdot, Request, Response
from microdot.server import Server

Server.max_head = 2048
Server.max_headers = 16
Server.header_timeout = 2
Server.body_timeout = 2
Server.keep_alive_timeout = 4
Server.write_timeout = 2
Server.shutdown_timeout = 4
Server.max_connections = 6
Request.max_readline = 512
Request.max_body_length = 256
Request.max_content_length = 4096

app = Microdot()
closed = []  # what the generators that were ended early say


@app.get("/")
async def index(request):
    return "hello"


@app.get("/show/<name>")
async def show(request, name):
    return {"name": name, "args": request.args, "query": request.query_string}


@app.route("/echo", methods=["POST", "PUT", "QUERY"])
async def echo(request):
    return request.body


@app.post("/count")
async def count(request):
    total = 0
    while True:
        piece = await request.stream.read(100)
        if not piece:
            return str(total)
        total += len(piece)


@app.post("/stubborn")
async def stubborn(request):
    """Answers 200 whatever the body is."""
    try:
        while await request.stream.read(100):
            pass
    except Exception:
        pass
    return "fine"


@app.post("/ignore")
async def ignore(request):
    return "ignored"


@app.post("/form")
async def form(request):
    return request.form


@app.post("/json")
async def json(request):
    return {"got": request.json}


@app.put("/put")
async def put(request):
    return "put"


@app.get("/pieces")
async def pieces(request):
    def generate():
        yield "one"
        yield ""
        yield b"two"

    return generate()


@app.get("/empty")
async def empty(request):
    return None


@app.get("/endless")
async def endless(request):
    """More than any client can take, for one that takes nothing."""

    class Endless:  # MicroPython has no asynchronous generators
        def __aiter__(self):
            return self

        async def __anext__(self):
            await asyncio.sleep(0)
            return 1024 * b"x"

        async def aclose(self):
            closed.append("endless")

    return Endless()


@app.get("/closed")
async def show_closed(request):
    return str(len(closed))


@app.get("/slow")
async def slow(request):
    await asyncio.sleep(1.5)
    return "slow"


@app.get("/memory")
async def memory(request):
    if not hasattr(gc, "mem_alloc"):
        raise MemoryError
    held = []
    while True:
        held.append(bytearray(4096))


@app.get("/hog")
async def hog(request):
    """Leaves next to no memory to anybody for a while (MicroPython)."""
    gc.collect()
    held = ()
    if hasattr(gc, "mem_alloc"):
        for size in (16384, 2048, 512, 128, 32):
            try:
                while True:
                    held = (bytearray(size), held)
            except MemoryError:
                pass
        for _ in range(8):  # what sleep() needs
            held = held[1]
    await asyncio.sleep(1.5)
    return "hogged"


@app.get("/memory-later")
async def memory_later(request):
    def generate():
        yield "begun"
        raise MemoryError

    return generate()


@app.get("/heap")
async def heap(request):
    gc.collect()
    gc.collect()
    return str(gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0)


@app.get("/connections")
async def connections(request):
    return str(len(app.server.connections))


@app.get("/shutdown")
async def shutdown(request):
    request.app.shutdown()
    return "stopping"


@app.get("/teapot")
async def teapot(request):
    return Response("short and stout", 418, {"X-Pot": "tea"})


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
    print("corpus: ended")


run()
