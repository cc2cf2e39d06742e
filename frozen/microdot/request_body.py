"""How a connection reads the body of a request."""

from .connection import BODY, DRAIN_LIMIT, TICKS
from .streams import BodyStream, body_decoder, load_body


async def begin_body(connection, request, head):
    """Load a short body; return the BodyStream of whichever there is."""
    for prefix, limit in request.larger_bodies:
        if head.path.startswith(prefix):
            request.max_content_length = limit
    # RFC 9110 section 10.1.1: only a client whose request is not refused goes on sending.
    refused = (head.content_length or 0) > request.max_content_length
    if head.expect_continue and not refused and not connection.rest:
        await connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    connection._late = 0
    decoder = body_decoder(head)
    begin = decoder.feed(connection.rest) if connection.rest else b""
    connection.rest = decoder.rest if decoder.done else b""
    limit = request.max_content_length if head.chunked else None
    stream = BodyStream(lambda: _receive_body(connection), decoder, begin, limit)
    await load_body(request, stream)
    return stream


async def _receive_body(connection):
    # A wait puts the client behind min_body_rate, every byte brings it nearer: who sends one
    # now and then is late in the end, as is who sends none. The handler's time is not counted.
    server = connection.server
    rate = server.min_body_rate
    connection.wait(BODY, server.body_timeout)
    connection.deadline -= connection._late // rate
    begin = server.after(0)
    data = await connection.receive()
    connection.deadline = None
    late = connection._late + (server.after(0) - begin) * rate - len(data) * TICKS
    connection._late = late if late > 0 else 0
    return data


async def skip(connection, stream):
    """Read on over a body that the handler has left, if it is short; whether it was."""
    room = DRAIN_LIMIT
    while not stream.done and room > 0:
        room -= len(await stream.read(4096))
    connection.rest = stream.rest
    return stream.done
