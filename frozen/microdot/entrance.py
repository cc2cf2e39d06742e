"""What the entrances other than the server share: ASGI, WSGI, the test client."""


async def load_body(request, stream):
    """Load the body of ``request`` from ``stream`` (a BodyStream), or leave it to be streamed.

    One that is declared too long is left alone: the dispatch answers 413. ProtocolError for a body
    that is malformed, cut off or, where no length is declared, too long.
    """
    length = request._head.content_length
    if length is not None and length > request.max_content_length:
        return
    longest = request.max_body_length
    if length is None or length <= longest:
        while len(stream._held) <= longest:
            if not await stream.fill():
                request.body = await stream.read()
                return
    request.stream_only(stream)
