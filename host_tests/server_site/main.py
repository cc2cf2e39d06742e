"""Handlers that make mistakes, take over the connection, or wait for the client to go.

Runs on CPython (``main.py PORT``) and, as /main.py of a site, in every image.
"""

import asyncio
import sys

from microdot import Microdot, Response

app = Microdot()
gone = []


@app.get("/")
async def index(request):
    return "hello"


@app.get("/upgrade")
async def upgrade(request):
    """Echoes what comes, until a Q."""
    stream = request.take_over()
    await stream.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n")
    while True:
        data = await stream.read(10)
        if not data or data[:1] == b"Q":
            gone.append("Q" if data else "end")
            return Response.already_handled
        await stream.write(b"<" + data + b">")


@app.get("/sock")
async def sock(request):
    """As handlers written for Microdot do it."""
    reader, writer = request.sock
    await writer.awrite(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    await writer.awrite(b"<" + await reader.read(3) + b">")
    return Response.already_handled


class Ticks:
    """Events until the client goes; the first one after a while."""

    def __init__(self, request):
        self.leaving = asyncio.create_task(request.disconnected())

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.leaving.done():
            raise StopAsyncIteration
        await asyncio.sleep(0.3)
        return "tick"

    async def aclose(self):
        gone.append("listener" if self.leaving.done() else "cancelled")
        self.leaving.cancel()


@app.get("/ticks")
async def ticks(request):
    return Ticks(request)


@app.get("/gone")
async def show_gone(request):
    text = ",".join(gone)
    gone.clear()
    return text


def pieces(*values):
    for value in values:
        if isinstance(value, Exception):
            raise value
        yield value


MISTAKES = {
    "raises": lambda: 1 // 0,
    "header": lambda: ("x", 200, {"X": "a\r\nSet-Cookie: b"}),
    "header-name": lambda: ("x", 200, {"X\nY": "a"}),
    "status": lambda: ("x", 99),
    "body": lambda: 1.5,
    "first-piece": lambda: pieces(ValueError("first"), "x"),
    "io-in-pieces": lambda: pieces(OSError(5), "x"),
    "later-piece": lambda: pieces("begun", ValueError("later")),
    "too-few": lambda: (pieces("abc"), {"Content-Length": "5"}),
    "file": lambda: Response.send_file("/no/such/file"),
}


@app.get("/mistake/<name>")
async def mistake(request, name):
    return MISTAKES[name]()


@app.get("/too-much")
async def too_much(request):
    return pieces("abc", "def"), {"Content-Length": "5"}


@app.get("/wrong-length")
async def wrong_length(request):
    return "abc", {"Content-Length": "50", "Transfer-Encoding": "chunked"}


@app.get("/close")
async def close(request):
    return "bye", {"Connection": "close"}


SHARED = Response("shared")


@app.get("/shared")
async def shared(request):
    return SHARED


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
