"""WebSockets (RFC 6455): ``@with_websocket`` makes a route's handler speak on one.

What is here is what applications see. The handshake and the connection after it
(microdot.websocket_handshake, microdot.websocket_channel) are imported with the first WebSocket,
``Group`` (microdot.websocket_group) when it is asked for.
"""

from .response import Response


class WebSocketError(Exception):
    """The WebSocket has ended: ``code`` (int) and ``reason`` (str).

    They are those of the Close frame that ended it (RFC 6455 section 7.4): 1005 for one without a
    code; 1006 where the connection was lost without one.
    """

    def __init__(self, code=1006, reason=""):
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class WebSocket:
    """One WebSocket, for the ``request`` (a Request) that asks for it.

    Attributes: ``request``; ``closed`` (bool), whether either side has ended it; ``subprotocol``
    (str), the one agreed on, or None.

    Class tunables: ``max_message_length`` (bytes; a longer message ends the WebSocket with code
    1009; -1: Request.max_body_length, 0: any length), and in seconds: ``ping_interval`` (silence
    before a ping is sent; 0: never), ``ping_timeout`` (for the client to be heard of after that),
    ``close_timeout`` (for the client to answer a Close).
    """

    CONT = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10

    max_message_length = -1
    ping_interval = 20
    ping_timeout = 20
    close_timeout = 5

    closed = False
    subprotocol = None
    groups = ()  # that it is a member of: they are told when it ends
    _channel = None

    def __init__(self, request):
        self.request = request

    async def handshake(self, subprotocols=()):
        """Accept the request, with the first of ``subprotocols`` (list of str) that it offers.

        HTTPException (400, 426) for a request that is no good handshake.
        """
        from .websocket_handshake import accept

        self._channel = await accept(self, subprotocols)

    def receive(self):
        """Wait for the next message: str or bytes.

        WebSocketError when the WebSocket has ended, or ends meanwhile.
        """
        return self._channel.receive()  # a coroutine: one less to go through

    def send(self, data, opcode=None):
        """Send a message and wait until the client takes it; WebSocketError when it has ended.

        ``data``: str (TEXT) or bytes (BINARY); ``opcode``: TEXT, BINARY, PING or PONG. Several
        tasks may send at once. A send that is cancelled in the middle ends the WebSocket.
        """
        return self._channel.send(data, opcode)

    def close(self, code=1000, reason=""):
        """End the WebSocket, and wait ``close_timeout`` at most for the client to agree.

        ``code``: int, see RFC 6455 section 7.4; ``reason``: str, at most 123 bytes of it are sent.
        """
        return self._channel.close(code, reason)

    def drop(self):
        """Give the client up: end the WebSocket at once, without a word."""
        self._channel.drop()


async def websocket_upgrade(request, subprotocols=()):
    """The WebSocket of a request; for handlers that look at the request before they accept it.

    See WebSocket.handshake() for what it raises. The handler closes it and returns
    ``Response.already_handled``.
    """
    ws = WebSocket(request)
    # What the handler does not catch is no mistake of the application, and has no answer.
    request.app.error_handlers.setdefault(WebSocketError, _ended)
    await ws.handshake(subprotocols)
    return ws


def _ended(request, error):
    return Response.already_handled


def with_websocket(f=None, subprotocols=()):
    """Decorator: ``f(request, ws, ...)`` speaks on the WebSocket ``ws``, which ends with it.

    Also ``@with_websocket(subprotocols=["name"])``. What ``f`` returns is ignored. Of its
    exceptions, WebSocketError ends it quietly; others are printed, and the client gets code 1011.
    A handler that waits for something else when the client leaves is cancelled.
    """
    if f is None:
        return lambda f: with_websocket(f, subprotocols)

    from .helpers import wraps

    @wraps(f)
    async def wrapper(request, *args, **kwargs):
        ws = await websocket_upgrade(request, subprotocols)
        await ws._channel.run(f, (request, ws) + args, kwargs)
        return Response.already_handled

    return wrapper


def __getattr__(name):
    if name != "Group":
        raise AttributeError("module 'microdot.websocket' has no attribute %r" % name)
    from .websocket_group import Group

    return Group
