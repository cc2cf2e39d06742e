"""A small server for the page of a notebook, with switches for what goes wrong: main.py PORT FILE.

It speaks as the page expects it, has a real kernel for each session, and notes what the page has
sent. /control?websocket=off refuses WebSockets, ?refuse=1 every session that it does not know,
?drop=1 ends all connections, ?mute=1 leaves what is set unanswered until ?mute=0.
"""

import asyncio
import json
import sys

from marimo import page
from marimo.formatting import render_all
from marimo.kernel import Kernel
from marimo.notebook import parse
from microdot import Microdot
from microdot.sse import with_sse
from microdot.websocket import WebSocketError, with_websocket

app = Microdot()
PATH = sys.argv[2]
switches = {"websocket": "on", "refuse": "", "mute": ""}
sessions = {}
issued = []  # ids of sessions
pages = 0
tasks = set()
told = []  # [session id, way, {element id: value}]


def begin(coroutine):
    task = asyncio.create_task(coroutine)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


class Session:
    def __init__(self):
        with open(PATH) as file:
            self.notebook = parse(file.read(), PATH)
        self.kernel = Kernel(self.notebook, self.listen)
        self.listeners = []
        begin(self.kernel.run())

    def listen(self, event, what):
        if event == "finished":
            return self.say(op="done")
        if event == "value":
            return self.say(op="value", id=what._id, value=what._for_page())
        self.say(**self.cell(what, event in ("done", "output")))

    def cell(self, state, full=True):
        frame = {"op": "cell", "id": state.cell.id, "status": state.status}
        if full:
            mime, html = render_all(state.shown())
            frame["output"] = {"mime": mime, "html": html}
            frame["console"] = state.console
            frame["error"] = None
            if state.error is not None:
                frame["error"] = {"type": state.error.type, "message": str(state.error)}
        return frame

    def say(self, **frame):
        for queue in self.listeners:
            queue.append(json.dumps(frame))
            queue.event.set()

    def begin(self, resumed):
        queue = Queue()
        cells = [{"id": cell.id, "name": cell.name, "hide": cell.hide_code}
                 for cell in self.notebook.cells]  # fmt: skip
        queue.append(json.dumps({"op": "cells", "cells": cells, "title": "Test page",
                                 "resumed": resumed}))  # fmt: skip
        if resumed:
            for state in self.kernel.cells:
                queue.append(json.dumps(self.cell(state)))
            for id, element in self.kernel.elements.items():
                frame = {"op": "value", "id": id, "value": element._for_page()}
                queue.append(json.dumps(frame))
            queue.append('{"op":"done"}')
        self.listeners[:] = [queue]
        return queue


class Queue(list):
    def __init__(self):
        super().__init__()
        self.event = asyncio.Event()


async def feed(id, send):
    if switches["refuse"] and id not in issued:
        await send(json.dumps({"op": "error", "message": "Unknown page.", "reload": True}))
        return
    resumed = id in sessions
    if not resumed:
        sessions[id] = Session()
    queue = sessions[id].begin(resumed)
    while queue in sessions[id].listeners:
        queue.event.clear()
        while queue:
            await send(queue.pop(0))
        await queue.event.wait()


async def take(id, way, message):
    if message["op"] == "ping":
        return
    told.append([id, way, message["values"]])
    while switches["mute"]:
        await asyncio.sleep(0.02)
    for _, text, _ in await sessions[id].kernel.set_values(message["values"]) or ():
        sessions[id].say(op="error", message=text)


@app.get("/")
async def index(request):
    global pages
    pages += 1
    issued.append("issued-%d" % pages)
    theme = request.args.get("theme", "")
    width = request.args.get("width", "")
    return page.page("Test <page> & more", "rich.py", session=issued[-1], theme=theme, width=width)


@app.get("/assets/<name>")
async def assets(request, name):
    return await page.asset(request, name)


@app.get("/ws")
async def ws(request):
    if switches["websocket"] == "off":
        return "no WebSocket here", 403
    return await socket(request)


@with_websocket
async def socket(request, ws):
    id = request.args["session_id"]
    sender = asyncio.create_task(finish(ws, id))
    try:
        while True:
            message = json.loads(await ws.receive())
            if message["op"] == "ping":
                await ws.send('{"op":"pong"}')
            else:
                begin(take(id, "ws", message))
    finally:
        sender.cancel()


async def finish(ws, id):
    try:
        await feed(id, ws.send)
        await ws.close()
    except WebSocketError:
        pass


@app.get("/events")
@with_sse
async def events(request, sse):
    await feed(request.args["session_id"], sse.send)


@app.post("/set")
async def set_values(request):
    id = request.headers["Marimo-Session-Id"]
    if id not in sessions:
        return {"detail": "unknown"}, 404
    begin(take(id, "post", request.json))
    return {"success": True}


@app.get("/told")
async def show_told(request):
    return {"told": told, "sessions": list(sessions)}


@app.get("/control")
async def control(request):
    for name in request.args:
        if name == "drop":
            for session in sessions.values():
                for queue in session.listeners:
                    queue.event.set()
                session.listeners = []
        elif name == "forget":
            sessions.clear()
            issued.clear()
        else:
            switches[name] = "" if request.args[name] == "0" else request.args[name]
    return "ok"


@app.post("/say")
async def say(request):
    """Have the pages told any frame."""
    for session in sessions.values():
        session.say(**request.json)
    return "ok"


print("notebook page: ready", flush=True)
app.run("127.0.0.1", int(sys.argv[1]))
