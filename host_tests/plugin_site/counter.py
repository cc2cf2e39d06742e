# Handlers of the site that the plugin's tests use.
import asyncio

import steps

from microdot import Microdot, Response
from microdot.sse import with_sse
from microdot.websocket import with_websocket

total = 0
cancelled = []
kept = []


async def count(request):
    global total
    total += steps.step
    return {"total": total, "got": request.json if request.method == "POST" else None}


@with_sse
async def news(request, sse):
    await sse.send({"total": total}, event="total")


async def background(request):
    async def wait():
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    kept.append(asyncio.create_task(wait()))
    return "started"


async def file(request):
    with open("kept.txt", "a") as out:
        out.write("x")
    with open("kept.txt") as read:
        return read.read()


async def cookie(request):
    response = Response("had %s" % request.cookies.get("seen"))
    response.set_cookie("seen", "yes")
    return response


async def secret(request):
    from firn import secrets

    return secrets.get("colour") or secrets.put("colour", "red") or "none"


@with_websocket
async def echo(request, ws):
    while True:
        await ws.send(await ws.receive())


ours = Microdot
