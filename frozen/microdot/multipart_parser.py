"""multipart/form-data (RFC 7578, RFC 2046 section 5.1) without a stream: bytes in, parts out.

Strict where two readers could see different forms in one body. What is refused raises a
ProtocolError with the status to answer with: 400 for what is malformed, 413 for what is too much.
"""

from .compat import const
from .http import ProtocolError
from .urlencoding import _is_hex

_MAX_BOUNDARY = const(70)  # RFC 2046 section 5.1.1
_MAX_PREAMBLE = const(1024)  # bytes before the first boundary; form clients send none
_MAX_PADDING = const(64)  # white space after a boundary

# States of a parser.
_PREAMBLE = const(0)
_BOUNDARY = const(1)  # right behind a boundary
_CONTENT = const(2)
_CLOSED = const(3)  # behind the last boundary


def malformed(expected, got):
    """Raise the ProtocolError (400) that says so (both str)."""
    raise ProtocolError(400, "Bad request: multipart: expected %s, got %s" % (expected, got))


def too_much(what):
    """Raise the ProtocolError (413) for more of ``what`` (str) than a limit allows."""
    raise ProtocolError(413, "Payload too large: multipart: " + what)


class Parser:
    """Takes a body apart: ``feed()`` it, and ask for ``header()`` and ``content()`` in turns.

    ``boundary`` (bytes): see boundary_of(); ``max_header_size``: bytes of one part's header.
    What it holds is what was fed last and at most a header.
    """

    def __init__(self, boundary, max_header_size):
        self._delimiter = b"\r\n--" + boundary
        self._max_header_size = max_header_size
        self._state = _PREAMBLE
        self._data = b"\r\n"  # of the first delimiter, where the body begins with a boundary
        self._at = 0  # what is before was taken
        self._ready = 0  # up to here there is content to take
        self._seen = 0  # bytes of preamble that were dropped
        self._whole = False  # whether the content ends where it is ready

    @property
    def done(self):
        """Whether the last boundary was found; what follows it is nobody's (RFC 2046)."""
        return self._state == _CLOSED

    def feed(self, data):
        """Take further bytes of the body; b"" says that there are none."""
        if not data:
            malformed("a boundary", "the end of the body")
        at = self._at
        held = self._data
        if at < len(held):
            if at:
                held = held[at:]
            self._ready -= at
            data = held + data
        else:
            self._ready = 0
        self._data = data
        self._at = 0

    def header(self):
        """The header (bytes) of the next part; None where more has to be fed, or at the end.

        What is left of the present part's content is skipped.
        """
        if self._state == _CONTENT:
            while True:
                piece = self.content(-1)
                if piece is None:
                    return None
                if not piece:
                    break
        if self._state == _PREAMBLE and not self._skip_preamble():
            return None
        if self._state == _CLOSED or not self._skip_padding():
            return None
        data = self._data
        start = self._at
        end = data.find(b"\r\n\r\n", start)
        # Without the end, its first bytes may be there already.
        size = (end if end >= 0 else len(data) - 3) - start - 2
        if size > self._max_header_size:
            too_much("header of a part")
        if end < 0:
            return None
        self._state = _CONTENT
        self._whole = False
        self._at = self._ready = end + 4
        return data[start + 2 : end]

    def content(self, n):
        """Up to ``n`` bytes of the present part, as many as there are where ``n`` is negative.

        b"" at its end; None where more has to be fed.
        """
        if self._state != _CONTENT:
            return b""
        at = self._at
        if at == self._ready and not self._find_content():
            return None if self._state == _CONTENT else b""
        end = self._ready
        if 0 <= n < end - at:
            end = at + n
        self._at = end
        if not at and end == len(self._data):
            return self._data
        return self._data[at:end]

    def _find_content(self):
        """Move ``_ready`` behind what is certainly content; whether there is any."""
        data = self._data
        at = self._at
        if not self._whole:
            end = data.find(self._delimiter, at)
            if end >= 0:
                self._whole = True
            else:
                end = self._possible_delimiter(at)
            self._ready = end
            if end > at:
                return True
        if self._whole:
            self._state = _BOUNDARY
            self._at = at + len(self._delimiter)
        return False

    def _possible_delimiter(self, at):
        """Where a delimiter may begin that is not all there yet; the end where none does."""
        data = self._data
        delimiter = self._delimiter
        end = len(data)
        at = data.find(b"\r", max(at, end - len(delimiter) + 1))
        while at >= 0 and not delimiter.startswith(data[at:]):
            at = data.find(b"\r", at + 1)
        return end if at < 0 else at

    def _skip_preamble(self):
        found = end = self._data.find(self._delimiter, self._at)
        if found < 0:
            end = self._possible_delimiter(self._at)
        self._seen += end - self._at
        self._at = end
        if found >= 0:
            self._at = end + len(self._delimiter)
            self._state = _BOUNDARY
        if self._seen > _MAX_PREAMBLE:
            malformed("a boundary", "%d bytes without one" % self._seen)
        return found >= 0

    def _skip_padding(self):
        """Find out what the boundary begins; whether it is a part, with its CRLF still there."""
        data = self._data
        at = self._at
        if data[at : at + 2] == b"--":
            self._state = _CLOSED
            self._at = len(data)
            return False
        # RFC 2046 section 5.1.1: transport-padding, which readers have to expect.
        end = at
        while end - at < _MAX_PADDING and data[end : end + 1] in (b" ", b"\t"):
            end += 1
        rest = data[end : end + 2]
        if not b"\r\n".startswith(rest) and (rest != b"-" or end != at):
            malformed("CRLF or -- behind a boundary", repr(data[at : at + 8]))
        if len(rest) == 2:
            self._at = end
            return True
        return False


def boundary_of(content_type):
    """The boundary (bytes) that a Content-Type (str) names; ProtocolError (400) without one."""
    boundary = parameters(content_type).get("boundary")
    if boundary is None:
        malformed("a boundary in Content-Type", "none")
    boundary = boundary.encode()
    if not 0 < len(boundary) <= _MAX_BOUNDARY:
        malformed("a boundary of 1 to 70 characters", "%d" % len(boundary))
    for c in boundary:
        if not (48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c in b"'()+_,-./:=? "):
            malformed("a boundary of letters, digits and '()+_,-./:=?", repr(chr(c)))
    if boundary[-1] == 32:
        malformed("a boundary that ends in no space", "one")
    return boundary


def parameters(value):
    """The parameters (dict, names in lower case) behind the first ``;`` of a header's value (str).

    Of a quoted value, a backslash hides a quote or a backslash only: browsers of old sent whole
    paths with plain ones. ProtocolError (400) for what is none, and for a name that comes twice.
    """
    found = {}
    at = value.find(";")
    while at >= 0:
        end = value.find("=", at)
        following = value.find(";", at + 1)
        if end < 0 or 0 <= following < end:
            text = value[at + 1 : following if following >= 0 else len(value)].strip(" \t")
            if text:  # but a last semicolon is common
                malformed("name=value", repr(text[:32]))
            at = following
            continue
        name = value[at + 1 : end].strip(" \t").lower()
        if not name or " " in name or '"' in name:
            malformed("the name of a parameter", repr(name[:32]))
        if name in found:
            malformed("one %s" % name[:32], "two")
        start = end + 1
        while value[start : start + 1] in (" ", "\t"):
            start += 1
        if value[start : start + 1] == '"':
            found[name], at = _quoted(value, start + 1)
        else:
            at = value.find(";", start)
            found[name] = value[start : at if at >= 0 else len(value)].strip(" \t")
    return found


def _quoted(value, start):
    """(text, place of the next ``;`` or -1) of a quoted value whose text begins at ``start``."""
    end = value.find('"', start)
    while end >= 0 and _backslashes(value, start, end) % 2:
        end = value.find('"', end + 1)
    if end < 0:
        malformed('a closing "', "none")
    text = value[start:end]
    if "\\" in text:
        text = "\\".join([part.replace('\\"', '"') for part in text.split("\\\\")])
    rest = value[end + 1 :]
    following = rest.lstrip(" \t")
    if following and following[0] != ";":
        malformed("; behind a quoted value", repr(following[:32]))
    return text, end + 1 + len(rest) - len(following) if following else -1


def _backslashes(value, start, end):
    """How many backslashes stand right before ``end``."""
    at = end
    while at > start and value[at - 1] == "\\":
        at -= 1
    return end - at


def parse_header(block):
    """(name, filename or None, Content-Type or None) of a part's ``header()`` (bytes)."""
    disposition = content_type = None
    if b"\n " in block or b"\n\t" in block:  # folded lines, which mail programs make
        block = block.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    for line in block.split(b"\r\n"):
        if b"\n" in line or b"\r" in line or b"\0" in line:
            malformed("lines that end in CRLF", "a bare CR, LF or NUL")
        field, colon, value = line.partition(b":")
        field = field.lower()
        if not colon or not field or b" " in field or b"\t" in field:
            malformed("a header", repr(line[:32]))
        if field == b"content-disposition":
            if disposition is not None:
                malformed("one Content-Disposition", "two")
            disposition = _text(value)
        elif field == b"content-type":
            content_type = _text(value)
        elif field == b"content-transfer-encoding":
            _refuse_encoding(_text(value).lower())
    if disposition is None:
        malformed("Content-Disposition", "none")
    name, filename = _names(disposition)
    return name, filename, content_type


def _refuse_encoding(encoding):
    """RFC 7578 section 4.7: what is encoded would be taken for what is meant."""
    if encoding not in ("binary", "8bit", "7bit"):
        malformed("no Content-Transfer-Encoding", repr(encoding[:32]))


def _text(data):
    try:
        return data.decode().strip(" \t")
    except UnicodeError:
        malformed("a header in UTF-8", repr(data[:32]))


def _names(disposition):
    """(name, filename or None) of a Content-Disposition."""
    kind = disposition.split(";")[0].strip(" \t").lower()
    if kind != "form-data":
        malformed("form-data", repr(kind[:32]))
    found = parameters(disposition)
    name = found.get("name")
    if not name:
        malformed("the name of a field", "none")
    filename = found.get("filename")
    if filename is not None:
        filename = _unquote(filename)
    extended = found.get("filename*")
    if extended is not None:  # RFC 6266 section 4.3: it goes first
        filename = _extended(extended)
    if filename is not None:
        filename = last_part(filename)
    return _unquote(name), filename


def _unquote(text):
    """Undo the three escapes that browsers make in names: the HTML standard has no others."""
    if "%" in text:
        text = text.replace("%22", '"')
        text = text.replace("%0D", "\r").replace("%0d", "\r")
        text = text.replace("%0A", "\n").replace("%0a", "\n")
    return text


def _extended(value):
    """The text of an ext-value, ``charset'language'percent-encoded`` (RFC 8187 section 3.2)."""
    parts = value.split("'")
    charset = parts[0].lower()
    if len(parts) != 3 or charset not in ("utf-8", "iso-8859-1"):
        malformed("filename*=UTF-8''...", repr(value[:32]))
    pieces = parts[2].encode().split(b"%")
    for index in range(1, len(pieces)):
        piece = pieces[index]
        if len(piece) < 2 or not (_is_hex(piece[0]) and _is_hex(piece[1])):
            malformed("two hexadecimal digits behind a %", repr(value[:32]))
        pieces[index] = bytes([int(piece[:2], 16)]) + piece[2:]
    data = b"".join(pieces)
    return _text(data) if charset == "utf-8" else "".join([chr(c) for c in data])


def last_part(filename):
    """``filename`` (str) without folders, drive, and what is none: a name a file may have here.

    "" where nothing is left. ProtocolError (400) for NUL, behind which systems read no further.
    """
    if "\0" in filename:
        malformed("a file name", "NUL in it")
    filename = filename.replace("\\", "/").split("/")[-1]
    if filename[1:2] == ":":
        filename = filename[2:]
    return "" if filename in (".", "..") else filename
