"""The handlers of a site for tests of the network that it is served through."""

import asyncio
import binascii
import gc
import hashlib

from microdot import Response
from microdot.websocket import with_websocket

LATE_PORT = 8001


async def hello(request):
    return "hello"


async def echo(request):
    return request.body


async def count(request):
    """The length of a body that is never held in memory as a whole."""
    total = 0
    while True:
        piece = await request.stream.read(512)
        if not piece:
            return str(total)
        total += len(piece)


async def digest(request):
    total = hashlib.sha256()
    while True:
        piece = await request.stream.read(512)
        if not piece:
            return binascii.hexlify(total.digest())
        total.update(piece)


async def endless(request):
    class Endless:  # MicroPython has no asynchronous generators
        def __aiter__(self):
            return self

        async def __anext__(self):
            await asyncio.sleep(0)
            return 1024 * b"x"

    return Endless()


@with_websocket
async def socket(request, websocket):
    while True:
        await websocket.send(await websocket.receive())


async def heap(request):
    """Bytes in use and bytes free."""
    gc.collect()
    gc.collect()
    return {"used": gc.mem_alloc(), "free": gc.mem_free()}


async def connections(request):
    return str(len(request.app.server.connections))


async def teapot(request):
    return Response("short and stout", 418)


async def late(request):
    """Whether data that came before accept() is there as soon as it is called.

    Everything else stands still meanwhile, so that accept() is late for sure.
    """
    import select
    import socket
    import time

    def ready(one, milliseconds):
        poll = select.poll()
        poll.register(one, select.POLLIN)
        return bool(poll.poll(milliseconds))

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", LATE_PORT))
    listener.listen(1)
    try:
        if not ready(listener, 20000):
            return "nobody came"
        time.sleep_ms(300)
        client = listener.accept()[0]
        answer = "there" if ready(client, 0) else "not there"
        client.close()
        return answer
    finally:
        listener.close()
