"""The opening handshake of a WebSocket (RFC 6455 section 4.2): HTTP's last word."""

import binascii
import hashlib

from .app import HTTPException
from .http import is_token

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # section 1.3
_KEY_SIZE = 16


async def accept(ws, subprotocols=()):
    """Answer 101 to the request of ``ws`` (a WebSocket); its Channel.

    HTTPException where the request is no handshake (400), or one of another version (426).
    """
    request = ws.request
    key, ws.subprotocol = check(request, subprotocols)
    stream = request.take_over()
    answer = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept_value(key) + b"\r\n"
    )
    if ws.subprotocol is not None:
        answer += b"Sec-WebSocket-Protocol: %s\r\n" % ws.subprotocol.encode()
    from .websocket_channel import Channel

    # Without the stream in between: a channel takes what comes, however much it is.
    channel = Channel(ws, stream._connection, stream._held)
    await channel.begin(answer + b"\r\n")
    return channel


def check(request, subprotocols=()):
    """(key, subprotocol or None) of a handshake (section 4.2.1); raises HTTPException.

    ``subprotocols``: those that the server speaks (str), the preferred one first.
    """
    head = request._head
    if request.method != "GET" or head.version < 1:
        raise HTTPException(400, "expected GET and HTTP/1.1 for a WebSocket")
    if head.content_length or head.chunked:
        raise HTTPException(400, "expected no body in a WebSocket handshake")
    values = _values(head)
    if b"upgrade" not in _tokens(values, b"connection"):
        raise HTTPException(400, "expected Connection: Upgrade")
    if b"websocket" not in _tokens(values, b"upgrade"):
        raise HTTPException(400, "expected Upgrade: websocket")
    version = values.get(b"sec-websocket-version", b"none")
    if version != b"13":
        error = HTTPException(426, "expected Sec-WebSocket-Version: 13")
        # Section 4.4, and RFC 9110 section 15.5.22.
        error.headers = {"Sec-WebSocket-Version": "13", "Upgrade": "websocket"}
        raise error
    key = values.get(b"sec-websocket-key", b"")
    if not is_key(key):
        raise HTTPException(400, "expected 16 bytes in base64 as Sec-WebSocket-Key")
    offered = values.get(b"sec-websocket-protocol")
    return key, None if offered is None else choose(offered, subprotocols)


def _values(head):
    """{name in lower case: value} (bytes) of the headers that matter, repeated ones joined.

    Request.headers would stay in memory for as long as the WebSocket does.
    """
    values = {}
    for line in head.lines:
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in (b"connection", b"upgrade") or name.startswith(b"sec-websocket-"):
            value = value.strip(b" \t")
            values[name] = values[name] + b"," + value if name in values else value
    return values


def _tokens(values, name):
    return [token.strip(b" \t") for token in values.get(name, b"").lower().split(b",")]


def is_key(key):
    """Whether ``key`` (bytes) is base64 of 16 bytes (section 4.2.1)."""
    try:
        return len(key) == 24 and len(binascii.a2b_base64(key)) == _KEY_SIZE
    except ValueError:
        return False


def accept_value(key):
    """The Sec-WebSocket-Accept (bytes) that proves to have read ``key`` (section 4.2.2)."""
    return binascii.b2a_base64(hashlib.sha1(key + _GUID).digest())[:-1]


def choose(offered, subprotocols):
    """The first of ``subprotocols`` (list of str) among the ``offered`` (bytes: a list of
    tokens), or None: the client then ends the WebSocket if it cannot do without."""
    names = [name.strip(b" \t") for name in offered.split(b",")]
    for name in names:
        if not is_token(name):
            raise HTTPException(400, "expected tokens as Sec-WebSocket-Protocol")
    for name in subprotocols:
        if name.encode() in names:
            return name
    return None
