"""What WebSocket clients are tried on: echoes, and handlers that do other things.

Runs on CPython (``main.py PORT``) and, as /main.py of a site, in every image.
"""

import asyncio
import gc
import sys

from microdot import Microdot
from microdot.server import Server
from microdot.websocket import Group, WebSocket, WebSocketError, with_websocket

LARGE = sys.platform in ("linux", "darwin")
WebSocket.max_message_length = 1 << (20 if LARGE else 16)
# A client on a busy machine takes its time, and QEMU's network repeats a lost packet after 6 s.
WebSocket.close_timeout = 10
Server.write_timeout = 10
Server.shutdown_timeout = 2

app = Microdot()
group = Group()
told = []


@app.get("/")
async def index(request):
    return "hello"


@app.get("/limit")
async def limit(request):
    return str(WebSocket.max_message_length)


@app.route("/echo")
@with_websocket
async def echo(request, ws):
    while True:
        message = await ws.receive()
        await ws.send(message)


@app.route("/chat")
@with_websocket(subprotocols=["v2.chat", "v1.chat"])
async def chat(request, ws):
    await ws.send(ws.subprotocol or "none")


@app.route("/bye")
@with_websocket
async def bye(request, ws):
    await ws.receive()
    await ws.close(4321, "that was all")


@app.route("/fail")
@with_websocket
async def fail(request, ws):
    await ws.receive()
    raise ValueError("the handler's mistake")


@app.route("/flood")
@with_websocket
async def flood(request, ws):
    """Sends more than a client takes that takes nothing."""
    count = 0
    try:
        while True:
            await ws.send(1024 * b"x")
            count += 1
    finally:
        told.append("flooded %d" % count)


@app.route("/wait")
@with_websocket
async def wait(request, ws):
    """Never listens."""
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        told.append("cancelled")
        raise


@app.route("/room")
@with_websocket
async def room(request, ws):
    group.add(ws)
    while True:
        await group.send(await ws.receive())


@app.route("/listen")
@with_websocket
async def listen(request, ws):
    try:
        await ws.receive()
    except WebSocketError as error:
        told.append("ended %d" % error.code)


@app.get("/told")
async def show_told(request):
    text = ",".join(told)
    told.clear()
    return text


@app.get("/members")
async def members(request):
    return str(len(group))


@app.get("/connections")
async def connections(request):
    return str(len(app.server.connections))


@app.get("/heap")
async def heap(request):
    gc.collect()
    gc.collect()
    return str(gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0)


@app.get("/shutdown")
async def shutdown(request):
    request.app.shutdown()
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
    print("websocket site: ended")


run()
