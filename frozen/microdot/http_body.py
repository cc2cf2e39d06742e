"""The body of a message of HTTP/1.1, without a socket: bytes in, the body's bytes out.

As strict as microdot.http.
"""

from .compat import const
from .http import ProtocolError, is_token

_MAX_CHUNK_DIGITS = const(8)
_MAX_CHUNK_LINE = const(256)
_MAX_TRAILERS = const(1024)


class LengthDecoder:
    """A body of known length: ``feed(data)`` gives its part of ``data`` and keeps the ``rest``."""

    def __init__(self, length):
        self.remaining = length
        self.rest = b""

    @property
    def done(self):
        """Whether all of the body was seen."""
        return self.remaining == 0

    def feed(self, data):
        """The body bytes in ``data``; what comes after the body is kept in ``rest``."""
        if len(data) > self.remaining:
            self.rest = data[self.remaining :]
            data = data[: self.remaining]
        self.remaining -= len(data)
        return data


# What a ChunkedDecoder waits for.
_SIZE = const(0)
_DATA = const(1)
_DATA_END = const(2)
_TRAILER = const(3)
_DONE = const(4)


class ChunkedDecoder:
    """A chunked body (RFC 9112 section 7.1), fed in pieces of any size.

    Sizes are hexadecimal digits only, lines end with CRLF only; extensions and trailers are
    skipped, within limits. ProtocolError (400) for anything else.
    """

    def __init__(self):
        self.rest = b""
        self._state = _SIZE
        self._held = b""  # the beginning of a line whose end has not come
        self._remaining = 0
        self._trailers = 0

    @property
    def done(self):
        """Whether the last chunk and the trailers were seen."""
        return self._state == _DONE

    def feed(self, data):
        """The body bytes in ``data``; what comes after the body is kept in ``rest``."""
        parts = []
        if self._held:
            data = self._held + data
            self._held = b""
        at = 0
        while at < len(data) and self._state != _DONE:
            if self._state == _DATA:
                piece = data[at : at + self._remaining]
                parts.append(piece)
                at += len(piece)
                self._remaining -= len(piece)
                if self._remaining == 0:
                    self._state = _DATA_END
            else:
                end = self._line_end(data, at)
                if end < 0:
                    self._held = data[at:]
                    return b"".join(parts)
                self._line(data[at:end])
                at = end + 2
        if self._state == _DONE:
            self.rest = data[at:]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _line_end(self, data, at):
        """Where the CRLF of the line at ``at`` is; -1 when it has not come yet."""
        end = data.find(b"\r\n", at)
        line = data[at:end] if end >= 0 else data[at:]
        # A CR at the very end may be half of a CRLF.
        checked = line[:-1] if end < 0 and line[-1:] == b"\r" else line
        if b"\r" in checked or b"\n" in checked:
            raise ProtocolError(400, "stray CR or LF in a chunked body")
        limit = _MAX_TRAILERS if self._state == _TRAILER else _MAX_CHUNK_LINE
        if len(checked) > (limit if self._state != _DATA_END else 0):
            raise ProtocolError(400, "bad chunk")
        return end

    def _line(self, line):
        if self._state == _SIZE:
            self._size(line)
        elif self._state == _DATA_END:
            self._state = _SIZE
        elif line:
            self._trailers += len(line) + 2
            colon = line.find(b":")
            if self._trailers > _MAX_TRAILERS or b"\0" in line:
                raise ProtocolError(400, "bad trailer")
            if colon < 1 or not is_token(line[:colon]):
                raise ProtocolError(400, "bad trailer")
        else:
            self._state = _DONE

    def _size(self, line):
        digits = line.split(b";", 1)[0]
        if not digits or len(digits) > _MAX_CHUNK_DIGITS or b"\0" in line:
            raise ProtocolError(400, "bad chunk size")
        for c in digits:
            if not (48 <= c <= 57 or 65 <= c <= 70 or 97 <= c <= 102):
                raise ProtocolError(400, "bad chunk size")
        self._remaining = int(digits, 16)
        self._state = _DATA if self._remaining else _TRAILER
