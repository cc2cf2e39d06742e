"""The parts of a multipart form from the stream of a request: where the limits are kept."""

from .http import ProtocolError
from .multipart_parser import Parser, boundary_of, malformed, parse_header, too_much


class Reader:
    """Reads the body of ``request``; ``limits``: an object with FormDataIter's tunables.

    What is refused raises HTTPException, as abort() does, and does so again at every further step.
    """

    def __init__(self, limits, request):
        self._request = request
        self._buffer_size = limits.buffer_size
        self._header_size = limits.max_header_size
        self._stream = None
        self._parser = None
        self._parts = limits.max_parts
        self._room = limits.max_fields_size
        self._error = None

    async def next_part(self):
        """(name, None, text) of a field, (name, filename, Content-Type) of a file.

        None at the end. What is left of the present part is skipped.
        """
        try:
            return await self._next_part()
        except ProtocolError as error:
            self._refuse(error)

    def _refuse(self, error):
        """Make what the body's reading raises an answer to the request, for good."""
        from .app import abort

        self._error = error
        abort(error.status, error.reason)

    async def _next_part(self):
        if self._error:
            raise self._error
        parser = self._parser
        if parser is None:
            if self._request.media_type != "multipart/form-data":
                return None
            parser = Parser(boundary_of(self._request.content_type), self._header_size)
            self._parser = parser
            self._stream = self._request.stream
        while True:
            header = parser.header()
            if header is not None:
                break
            if parser.done:
                return None
            parser.feed(await self._stream.read(self._buffer_size))
        if not self._parts:
            too_much("parts")
        self._parts -= 1
        name, filename, content_type = parse_header(header)
        if filename is not None:
            return name, filename, content_type
        self._room -= len(name)
        return name, None, await self._text()

    async def _text(self):
        """The content of the present part as str."""
        pieces = []
        while True:
            if self._room < 0:
                too_much("fields")
            piece = await self.read(-1)
            if not piece:
                break
            self._room -= len(piece)
            pieces.append(piece)
        try:
            return b"".join(pieces).decode()
        except UnicodeError:
            malformed("text in UTF-8", "other bytes")

    async def read(self, n):
        """Up to ``n`` bytes of the present part, some where ``n`` is negative; b"" at its end."""
        if self._error:
            self._refuse(self._error)
        parser = self._parser
        try:
            while True:
                piece = parser.content(n)
                if piece is not None:
                    return piece
                parser.feed(await self._stream.read(self._buffer_size))
        except ProtocolError as error:
            self._refuse(error)
