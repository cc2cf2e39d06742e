"""What microdot.asgi and microdot.wsgi share: requests that a server has parsed, and answers."""

from urllib.parse import quote

from .compat import print_exception
from .files import File
from .http import Head, ProtocolError
from .response import Response
from .streams import BodyStream

_MAX_LENGTH_DIGITS = 15
_FILE_PIECE = 16 * 1024  # bytes

# RFC 3986 section 3.3: what stands for itself in a path.
PATH_SAFE = "/:@!$&'()*+,;=~"


class GatewayHead(Head):
    """The Head of a request that a server has parsed.

    ``lines``: a function that gives the header lines, which few handlers look at.
    """

    has_body = False

    def __init__(self, method, path, query, version, lines):
        self.method = method
        self.path = path
        self.query_string = query or None
        self.version = version
        self._lines = lines

    @property
    def lines(self):
        """The header lines (bytes), made when they are asked for."""
        return self._lines()

    @property
    def url(self):
        """Path and query (str)."""
        query = self.query_string
        return self.path if query is None else self.path + "?" + query

    def check(self):
        """ProtocolError for a target that the server should not have let through."""
        target = self.url
        if target[:1] != "/" and target != "*":
            raise ProtocolError(400, "bad request target")
        # RFC 9112 section 3.2: visible ASCII only.
        if not (target.isascii() and target.isprintable()) or " " in target or "#" in target:
            raise ProtocolError(400, "bad request target")

    def announce(self, length, chunked):
        """Note what the headers say of a body: Content-Length (str, None), and whether one of
        unknown length follows."""
        if length is not None:
            if not (length.isascii() and length.isdigit()):
                raise ProtocolError(400, "bad Content-Length")
            if len(length) > _MAX_LENGTH_DIGITS:
                raise ProtocolError(413, "Content-Length out of range")
            if chunked:
                raise ProtocolError(400, "Content-Length beside Transfer-Encoding")
            self.content_length = int(length)
        self.chunked = chunked
        self.has_body = chunked or bool(self.content_length)
        self.is_usual = self.method == "GET" and not self.has_body


def quoted(path):
    """A decoded path (str) as it is sent."""
    return quote(path, safe=PATH_SAFE)


class GatewayBody(BodyStream):
    """The body of a request as its server hands it over.

    ``receive()``: coroutine giving (piece, whether it is the last), OSError when the client has
    gone; ``length``: that was declared, or None; ``limit``: most bytes where it is None.
    """

    def __init__(self, receive, length, limit):
        super().__init__(receive, None)
        self._length = length
        self._limit = limit
        self._size = 0
        self._complete = False

    @property
    def done(self):
        """Whether all of the body has been received."""
        return self._complete

    @property
    def rest(self):
        """Nothing: what comes after the body is the server's."""
        return b""

    async def fill(self):
        """Receive a further piece; see BodyStream.fill()."""
        if self.failed:
            raise ProtocolError(400, "a body that was refused before")
        while not self._complete:
            self.failed = True  # until this piece turns out well
            try:
                piece, complete = await self._receive()
            except OSError:
                raise ProtocolError(400, "the connection ended inside the body")
            self._count(len(piece), complete)
            self.failed = False
            self._complete = complete
            if piece:
                self._held = self._held + piece if self._held else piece
                return True
        return False

    def _count(self, size, complete):
        self._size += size
        if self._length is None:
            if self._size > self._limit:
                raise ProtocolError(413, "Payload too large")
        elif self._size > self._length or (complete and self._size < self._length):
            raise ProtocolError(
                400, "expected %d bytes of body, got %d" % (self._length, self._size)
            )


async def rendered(response):
    """(response, headers): what is sent for a Response, headers as [(name, value)] in bytes.

    The names are in lower case. It is a 500 for one with a header that must not be sent
    or a body that is none.
    """
    try:
        pieces = None if response.is_whole else response.body_iter()
        try:
            head = response.render_head()
        except ValueError:
            if pieces is not None:
                await pieces.aclose()
            raise
    except (TypeError, ValueError) as error:
        print_exception(error)
        failure = Response("Internal server error", 500)
        failure.is_head = response.is_head
        response = failure
        head = response.render_head()
    headers = []
    for line in head.split(b"\r\n")[1:-2]:
        name, _, value = line.partition(b": ")
        name = name.lower()
        if name != b"transfer-encoding":  # the server's to say
            headers.append((name, value))
    return response, headers


async def body_pieces(pieces, response):
    """An asynchronous generator over ``pieces``, which are the body_iter() of ``response``.

    Gives as many bytes as its Content-Length says; ValueError where there are fewer.
    """
    length = response.headers.get("Content-Length")
    left = -1 if length is None else int(length)
    # What comes of a file costs a server more per piece than per byte.
    least = _FILE_PIECE if isinstance(response.body, File) else 1
    held = b""
    while left:
        try:
            piece = bytes(await pieces.__anext__())
        except StopAsyncIteration:
            break
        if left > 0:
            piece = piece[:left]
            left -= len(piece)
        held = held + piece if held else piece
        if len(held) >= least:
            yield held
            held = b""
    if held:
        yield held
    if left > 0:
        raise ValueError("expected %d bytes more of a body of %s" % (left, length))
