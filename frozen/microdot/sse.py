"""Server-sent events: a response that goes on for as long as client and handler like.

``SSE``, what the handler gets, is microdot.event_stream.SSE: nobody pays for it before the first
client comes.
"""


def sse_response(request, event_function, *args, **kwargs):
    """The Response whose events ``event_function(request, sse, *args, **kwargs)`` sends.

    The function (``async``) starts after the head was sent, not at all for HEAD, and is cancelled
    when the client has gone or the server stops.
    """
    from .event_stream import SSE
    from .response import Response

    sse = SSE(request, lambda sse: event_function(request, sse, *args, **kwargs))
    return Response(
        sse, headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    )


def with_sse(f):
    """Decorator: ``f(request, sse, ...)`` (``async``) sends the events of the route."""
    from .helpers import wraps

    @wraps(f)
    async def handler(request, *args, **kwargs):
        return sse_response(request, f, *args, **kwargs)

    return handler


def __getattr__(name):
    if name != "SSE":
        raise AttributeError("module 'microdot.sse' has no attribute %r" % name)
    from .event_stream import SSE

    return SSE
