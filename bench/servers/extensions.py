"""What the rows about extensions run: the same code for every framework that is ``microdot``.

``echo``, ``events`` and ``upload`` add their routes to hello world, which answers until a server
is known to be up.
"""

from hello import application


def echo():
    """An application that sends every message of a WebSocket back."""
    from microdot.websocket import with_websocket

    app = application()

    @app.get("/echo")
    @with_websocket
    async def echoes(request, ws):
        while True:
            await ws.send(await ws.receive())

    return app


def events():
    """An application that sends events for as long as the client listens."""
    import asyncio

    from microdot.sse import with_sse

    app = application()

    @app.get("/events")
    @with_sse
    async def counts(request, sse):
        count = 0
        while True:
            await sse.send({"sensor": "porch", "count": count})
            await asyncio.sleep(0)
            count += 1

    return app


def upload():
    """An application that answers with the size of the file in a form, which it reads away.

    ``/stream`` does so while the form arrives, ``/form`` gets it when it is there.
    """
    from microdot import Request
    from microdot.multipart import FormDataIter, with_form_data

    Request.max_content_length = 2 * 1024 * 1024
    app = application()

    @app.post("/stream")
    async def stream(request):
        size = 0
        async for _, value in FormDataIter(request):
            if not isinstance(value, str):
                size += await size_of(value)
        return str(size)

    @app.post("/form")
    @with_form_data
    async def form(request):
        return str(await size_of(request.files["file"]))

    return app


async def size_of(file):
    """How many bytes ``file`` (a FileUpload) still has."""
    size = 0
    while True:
        piece = await file.read(1024)
        if not piece:
            return size
        size += len(piece)


SESSION = {"user": "ada", "theme": "dark", "visits": 12}


def verify(seconds):
    """Print how many sessions per second are verified, and read, in about so many seconds."""
    import time

    from microdot.session import Session

    sessions = Session(application(), secret_key="a key that has thirty-two bytes!")
    token = sessions.encode(SESSION)
    if sessions.decode(token) != SESSION or sessions.decode(token[:-4] + "AAAA") == SESSION:
        raise ValueError("expected a session to be verified")
    count = 0
    began = now = time.ticks_ms()
    while time.ticks_diff(now, began) < seconds * 1000:
        for _ in range(20):
            sessions.decode(token)
        count += 20
        now = time.ticks_ms()
    print("verified", count * 1000 / time.ticks_diff(now, began))
