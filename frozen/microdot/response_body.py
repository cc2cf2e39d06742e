"""How a connection writes a body that comes in pieces."""

from .compat import print_exception
from .http import ProtocolError
from .response import Response


async def send_pieces(connection, response, head, version):
    """Write a body as it comes; whether all of it came."""
    chunked = version and "Content-Length" not in response.headers
    expected = response._headers.get("Content-Length") if response._headers else None
    left = int(expected) if expected is not None else None
    try:
        pieces = response.body_iter()
    except TypeError as error:
        return await _broken(connection, error)
    try:
        if pieces.waits:  # the client shall know soon that it was heard
            connection.answering = True
            connection.no_delay()
            await connection.write(head)
            head = None
        while left != 0:
            try:
                piece = await pieces.__anext__()
            except StopAsyncIteration:
                break
            except (MemoryError, ProtocolError):
                raise
            except Exception as error:
                return await _broken(connection, error)
            if not len(piece):
                continue
            if left is not None:
                piece = piece[:left]
                left -= len(piece)
            if chunked:
                piece = b"%x\r\n%s\r\n" % (len(piece), bytes(piece))
            if head:
                piece = head + bytes(piece)
                head = None
            connection.answering = True
            await connection.write(piece)
    finally:
        await pieces.aclose()
    end = (head or b"") + (b"0\r\n\r\n" if chunked else b"")
    if end:
        await connection.write(end)
    return not left


async def _broken(connection, error):
    """A body that raised ``error``: a 500 if nothing was sent, else an answer cut short."""
    print_exception(error)
    if not connection.answering:
        await connection._send(Response("Internal server error", 500), 1, False)
    return False
