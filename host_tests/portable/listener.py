"""A client that listens to an event stream, in memory."""

import asyncio

from exchange import request

from microdot.app import Microdot
from microdot.request import make_request
from microdot.sse import with_sse
from microdot.takeover import Origin


class Listener(Origin):
    """The connection of a request, and the body of its answer.

    ``leave()`` is what the server notices when the client goes.
    """

    def __init__(self):
        super().__init__(None)
        self._left = asyncio.Event()

    async def disconnected(self):
        await self._left.wait()

    def leave(self):
        self._left.set()

    async def ask(self, app, method="GET", headers=None, target="/"):
        """The Response to a request that comes over this connection."""
        head = (await request(app, method, target, headers))._head
        self.app = app
        self.response = await app.dispatch_request(make_request(head, self))
        self.pieces = self.response.body_iter()
        return self.response

    async def piece(self):
        """The next bytes of the body, None at its end."""
        try:
            return bytes(await self.pieces.__anext__())
        except StopAsyncIteration:
            return None

    async def rest(self):
        """What comes until the end of the stream."""
        data = b""
        piece = await self.piece()
        while piece is not None:
            data += piece
            piece = await self.piece()
        return data


def app_of(handler):
    """An application whose ``/`` is the event stream of ``handler``."""
    app = Microdot()
    app.get("/")(with_sse(handler))
    return app


async def listen(handler, headers=None):
    """A Listener to the events of ``handler``."""
    listener = Listener()
    await listener.ask(app_of(handler), headers=headers)
    return listener


async def sent(*args, **kwargs):
    """The bytes that ``sse.send(*args, **kwargs)`` sends."""

    async def handler(request, sse):
        await sse.send(*args, **kwargs)

    return await (await listen(handler)).rest()


async def turns(count=5):
    """Let the other tasks run."""
    for _ in range(count):
        await asyncio.sleep(0)
