"""An ASGI server of a few lines: calls an application with a scope and keeps what it sends."""

import asyncio


def scope(method="GET", path="/", headers=(), query=b"", **others):
    """An HTTP scope as uvicorn makes it; ``others`` replace or add keys, None removes one."""
    made = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "root_path": "",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"host", b"test"), *headers],
    }
    made.update(others)
    return {key: value for key, value in made.items() if value is not None}


def body(*pieces, more=False):
    """The messages of a request's body."""
    pieces = pieces or (b"",)
    last = len(pieces) - 1
    return [
        {"type": "http.request", "body": piece, "more_body": more or index < last}
        for index, piece in enumerate(pieces)
    ]


GONE = {"type": "http.disconnect"}


class Server:
    """What an application is called with: ``received`` messages come in, ``sent`` go out.

    After the last one nothing comes; ``leave()`` is the client that goes.
    """

    def __init__(self, received=()):
        self.messages = asyncio.Queue()
        for message in received:
            self.messages.put_nowait(message)
        self.sent = []
        self.fails = None  # what sending raises

    async def receive(self):
        return await self.messages.get()

    def leave(self, message=GONE):
        self.messages.put_nowait(message)

    async def send(self, message):
        if self.fails:
            raise self.fails
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"] if self.sent else None

    @property
    def headers(self):
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self):
        assert not self.sent[-1].get("more_body"), "the answer was not completed"
        return b"".join([message.get("body", b"") for message in self.sent[1:]])


def call(app, scope, received=()):
    """The Server after ``app`` was called with ``scope``."""

    async def run():
        server = Server(received)
        await asyncio.wait_for(app(scope, server.receive, server.send), 10)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return server

    return asyncio.run(run())
