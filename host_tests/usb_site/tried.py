"""What is tried over a serial line: bytes both ways, streams, a WebSocket, and prints."""

import asyncio
import binascii
import gc
import hashlib

from microdot import Microdot, Response
from microdot.sse import with_sse
from microdot.websocket import with_websocket

app = Microdot()
# No UTF-8, every byte value, and nothing that repeats with the length of a frame.
PATTERN = bytes((i * 7 + i // 251) & 255 for i in range(1021))


@app.get("/hello")
async def hello(request):
    return "hello"


@app.get("/who")
async def who(request):
    return request.client_addr[0]


@app.get("/heap")
async def heap(request):
    gc.collect()
    return str(gc.mem_alloc())


@app.get("/bytes/<int:length>")
async def some_bytes(request, length):
    async def pieces():
        left = length
        while left:
            piece = PATTERN[:left]
            yield piece
            left -= len(piece)

    return Response(pieces(), headers={"Content-Length": str(length)})


@app.post("/digest")
async def digest(request):
    total = hashlib.sha256()
    length = 0
    while True:
        piece = await request.stream.read(512)
        if not piece:
            break
        total.update(piece)
        length += len(piece)
    return "%d %s" % (length, binascii.hexlify(total.digest()).decode())


@app.get("/print/<int:lines>")
async def print_lines(request, lines):
    for number in range(lines):
        print("line %03d of a handler: äöü" % number)
        await asyncio.sleep(0)
    return "printed"


@app.get("/wait/<int:tenths>")
async def wait(request, tenths):
    await asyncio.sleep(tenths / 10)
    return "waited"


@app.route("/echo")
@with_websocket
async def echo(request, ws):
    while True:
        await ws.send(await ws.receive())


@app.get("/events")
@with_sse
async def events(request, sse):
    for number in range(5):
        await sse.send({"number": number})
        await asyncio.sleep(0.05)
