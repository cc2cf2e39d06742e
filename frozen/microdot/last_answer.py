"""How a connection ends that cannot go on: what the client is told, and that it can hear it."""

import asyncio

from .compat import const, print_exception
from .connection import CLOSE, DRAIN_LIMIT
from .http import ProtocolError

_LINGER_SECONDS = const(1)  # for a client to take the last answer before its connection closes


async def end(connection, error):
    """Tell the client why this is the end, if that is its own mistake."""
    if not isinstance(error, ProtocolError):
        print_exception(error)  # of the application, after the dispatch
    elif not connection.answering:
        await answer_error(connection, error.status, error.reason)


async def answer_error(connection, status, reason):
    """The last answer on a connection whose request could not be read."""
    app = connection.server.app
    try:
        response = await app.error_response(None, status, reason)
        await connection._send(response, 1, False)
        await linger(connection)
    except (OSError, EOFError, asyncio.CancelledError):
        pass
    except Exception as error:  # of a hook
        print_exception(error)


async def linger(connection):
    """Read what the client still sends, so that closing does not take back the answer.

    RFC 9112 section 9.6: a socket closed with unread data resets the connection.
    """
    connection.end_of_answers()
    connection.wait(CLOSE, _LINGER_SECONDS)
    room = DRAIN_LIMIT
    while room > 0:
        data = await connection.receive()
        if not data:
            break
        room -= len(data)
