"""Request bodies as asynchronous streams, and requests read from somebody else's stream."""

from .http import ProtocolError, parse_head


class AsyncBytesIO:
    """Bytes in memory, read and written as an asynchronous stream."""

    def __init__(self, data=b""):
        self._data = bytes(data)
        self._at = 0

    async def read(self, n=-1):
        """Up to ``n`` bytes; all that is left when n is negative; b"" at the end."""
        end = len(self._data) if n is None or n < 0 else self._at + n
        data = self._data[self._at : end]
        self._at += len(data)
        return data

    async def readexactly(self, n):
        """Exactly ``n`` bytes; EOFError when there are fewer."""
        data = await self.read(n)
        if len(data) < n:
            raise EOFError("expected %d bytes, got %d" % (n, len(data)))
        return data

    async def readline(self):
        """Up to and including the next line feed, or the rest."""
        return await self.readuntil(b"\n", partial=True)

    async def readuntil(self, separator=b"\n", partial=False):
        """Up to and including ``separator``; EOFError without one, unless ``partial``."""
        found = self._data.find(separator, self._at)
        if found < 0:
            if not partial:
                raise EOFError("expected %r" % separator)
            return await self.read()
        return await self.read(found + len(separator) - self._at)

    async def awrite(self, data):
        """Append ``data``."""
        self._data += data

    async def aclose(self):
        """Nothing to close."""


class BodyStream:
    """A body that arrives while it is read; ends where the body ends.

    ``receive()``: coroutine giving the next bytes of the connection, b"" at its end; ``decoder``:
    what separates the body from what follows; ``begin``: body bytes that were read already;
    ``limit``: most bytes of body, more raise ProtocolError(413).
    """

    def __init__(self, receive, decoder, begin=b"", limit=None):
        self._receive = receive
        self._decoder = decoder
        self._held = begin
        self._room = limit if limit is None else limit - len(begin)
        if limit is not None and self._room < 0:
            raise ProtocolError(413, "Payload too large")
        self.failed = False  # whether what comes next on the connection cannot be told

    @property
    def done(self):
        """Whether all of the body has been received."""
        return self._decoder.done

    @property
    def rest(self):
        """What was received and comes after the body."""
        return self._decoder.rest

    async def fill(self):
        """Receive a further piece into what is held; False when the body is complete.

        ProtocolError for a body that is malformed, too long or cut off.
        """
        if self.failed:
            raise ProtocolError(400, "a body that was refused before")
        while not self._decoder.done:
            self.failed = True  # until this piece turns out well
            data = await self._receive_some()
            piece = self._decoder.feed(data)
            if piece and self._room is not None:
                self._room -= len(piece)
                if self._room < 0:
                    raise ProtocolError(413, "Payload too large")
            self.failed = False
            if piece:
                self._held = self._held + piece if self._held else piece
                return True
        return False

    async def _receive_some(self):
        try:
            data = await self._receive()
        except OSError:  # the client has gone: not the handler's error
            data = b""
        if not data:
            raise ProtocolError(400, "the connection ended inside the body")
        return data

    async def read(self, n=-1):
        """Up to ``n`` bytes, as soon as there are some; all of the body when n is negative."""
        if n is None or n < 0:
            while await self.fill():
                pass
            n = len(self._held)
        elif n and not self._held:
            await self.fill()
        data = self._held[:n]
        self._held = self._held[n:]
        return data

    async def readexactly(self, n):
        """Exactly ``n`` bytes; EOFError when the body ends before."""
        while len(self._held) < n:
            if not await self.fill():
                raise EOFError("expected %d bytes, got %d" % (n, len(self._held)))
        return await self.read(n)

    async def readline(self):
        """Up to and including the next line feed, or the rest of the body."""
        return await self.readuntil(b"\n", partial=True)

    async def readuntil(self, separator=b"\n", partial=False):
        """Up to and including ``separator``; EOFError without one, unless ``partial``."""
        start = 0
        while True:
            found = self._held.find(separator, start)
            if found >= 0:
                return await self.read(found + len(separator))
            start = max(0, len(self._held) - len(separator) + 1)
            if not await self.fill():
                if not partial:
                    raise EOFError("expected %r" % separator)
                return await self.read(len(self._held))


def body_decoder(head):
    """The decoder for the body that ``head`` announces, or None for a request without one."""
    from .http_body import ChunkedDecoder, LengthDecoder

    if head.chunked:
        return ChunkedDecoder()
    if head.content_length:
        return LengthDecoder(head.content_length)
    return None


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


async def read_request(app, reader, writer, client_addr, scheme=None):
    """What Request.create() documents; lines of the head may end with a bare line feed."""
    from .request import Request, make_request
    from .takeover import StreamConnection

    lines = []
    while True:
        line = (await reader.readline()).rstrip(b"\r\n")
        if not line:
            break
        if len(line) > Request.max_readline:
            raise ProtocolError(431 if lines else 414, "line too long")
        lines.append(line)
    if not lines:
        return None
    # A request made by a program has no need to name its host.
    if not any(line[:5].lower() == b"host:" for line in lines):
        lines.append(b"Host:")
    head = parse_head(b"\r\n".join(lines))
    origin = StreamConnection(app, client_addr, scheme, reader, writer)
    request = make_request(head, origin)
    decoder = body_decoder(head)
    if decoder:
        stream = BodyStream(lambda: reader.read(1024), decoder)
        if not head.chunked and head.content_length <= Request.max_body_length:
            request.body = await stream.read()
        else:
            request.stream_only(stream)
    return request
