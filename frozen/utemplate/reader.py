"""Reads a template a piece at a time and splits it into text and tags."""

from binascii import crc32

from . import TemplateError, files, marks

_PIECE = 256  # bytes read at a time
_LONGEST_TAG = 4096  # bytes; an end that is forgotten is not looked for in the whole file
_BOM = b"\xef\xbb\xbf"


class Reader:
    """The template ``name`` (str) in the file ``path`` (str).

    Attributes: ``name``; ``line`` of what is read next, from 1; ``start``, the line in which the
    last piece began. Raises OSError where the file cannot be read.
    """

    def __init__(self, name, path):
        found = files.status(path)
        self._file = open(path, "rb")  # noqa: SIM115
        self._modified = marks.settled(found[1]) if found else 0
        self._size = self._checksum = 0
        self._buffer = b""
        self._path = path
        self._last = b""  # what was taken last
        self.name = name
        self.line = self.start = 1
        while len(self._buffer) < 3 and self._more():
            pass
        if self._buffer[:3] == _BOM:
            self._buffer = self._buffer[3:]

    def close(self):
        """Close the file."""
        self._file.close()

    def source(self):
        """What was read, once all of it is (a marks.Source)."""
        return marks.Source(self.name, self._size, self._checksum, self._modified)

    def error(self, message, line=None):
        """A TemplateError at ``line`` (default: that of the last piece) with ``message``."""
        return TemplateError("%s:%d: %s" % (self.name, line or self.start, message))

    def encoding_error(self):
        """A TemplateError for the first line that is no UTF-8."""
        line = 1
        with open(self._path, "rb") as file:
            for text in file:
                try:
                    text.decode()
                except UnicodeError:
                    break
                line += 1
        return self.error("expected UTF-8, got other bytes", line)

    def last_line(self):
        """The number of the last line, at the end of the file."""
        return self.line - 1 if self._last[-1:] == b"\n" else self.line

    def next(self):
        """The next piece: (kind, content); None at the end.

        Kinds: "" with bytes of text; "%" and "{" with the str of a statement or an expression.
        """
        while True:
            if not self._buffer and not self._more():
                return None
            self.start = self.line
            start = self._buffer.find(b"{")
            if start:
                return "", self._take(start if start > 0 else len(self._buffer))
            if len(self._buffer) < 2:
                self._more()
            kind = self._buffer[1:2]
            if kind == b"#":
                self._skip_comment()
                self._skip_newline()
            elif kind == b"%":
                tag = "%", self._tag(b"%}")
                self._skip_newline()
                return tag
            elif kind == b"{":
                return "{", self._tag(b"}}")
            else:
                return "", self._take(1)

    def _more(self):
        """Read on; False at the end of the file."""
        piece = self._file.read(_PIECE)
        self._checksum = crc32(piece, self._checksum)
        self._size += len(piece)
        self._buffer += piece
        return bool(piece)

    def _take(self, count):
        piece = self._buffer[:count]
        self._buffer = self._buffer[count:]
        self._last = piece or self._last
        self.line += piece.count(b"\n")
        return piece

    def _tag(self, end):
        """The inside of the tag that begins the buffer and finishes with ``end``."""
        at = 2
        first = 0
        while True:
            at = self._buffer.find(end, at)
            if at < 0:
                at = max(2, len(self._buffer) - 1)
                if len(self._buffer) > _LONGEST_TAG or not self._more():
                    break
            elif is_whole(self._buffer[2:at]):
                return self._inside(at)
            else:
                first = first or at
                at += 1
        if first:  # what is wrong is inside the tag; whoever compiles that will say so
            return self._inside(first)
        got = "%d bytes" % _LONGEST_TAG if len(self._buffer) > _LONGEST_TAG else "end of file"
        raise self.error("expected %s, got %s" % (end.decode(), got))

    def _inside(self, end):
        return self._take(end + 2)[2:-2].decode().strip()

    def _skip_comment(self):
        self._take(2)
        while True:
            at = self._buffer.find(b"#}")
            if at >= 0:
                self._take(at + 2)
                return
            self._take(max(0, len(self._buffer) - 1))
            if not self._more():
                raise self.error("expected #}, got end of file")

    def _skip_newline(self):
        """A tag alone at the end of its line takes the end of the line with it."""
        while len(self._buffer) < 2 and self._more():
            pass
        if self._buffer[:1] == b"\n":
            self._take(1)
        elif self._buffer[:2] == b"\r\n":
            self._take(2)


def is_whole(code):
    """Whether no string and no bracket of ``code`` (bytes) is still open at its end.

    What ends a tag may also be in a string or close a dict.
    """
    quote = None
    depth = 0
    escaped = comment = False
    for byte in code:
        if comment:
            comment = byte != 0x0A
        elif quote is not None:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == quote:
                quote = None
        elif byte == 0x22 or byte == 0x27:
            quote = byte
        elif byte == 0x23:
            comment = True
        elif byte == 0x28 or byte == 0x5B or byte == 0x7B:
            depth += 1
        elif byte == 0x29 or byte == 0x5D or byte == 0x7D:
            depth -= 1
    return quote is None and depth <= 0


def one_line(code):
    """The Python of a tag (str) without comments, and with no end of a line but in strings."""
    if "\n" not in code and "\r" not in code and "#" not in code:
        return code
    kept = []
    at = 0
    while at < len(code):
        char = code[at]
        end = at + 1
        if char == '"' or char == "'":
            end = _end_of_string(code, at)
            char = code[at:end]
        elif char == "#":
            while end < len(code) and code[end] not in "\r\n":
                end += 1
            char = ""
        elif char == "\\" and code[end : end + 1] in ("\r", "\n"):
            char = ""
        elif char == "\r" or char == "\n":
            char = " "
        kept.append(char)
        at = end
    return "".join(kept).strip()


def _end_of_string(code, at):
    """Where the string ends that begins at ``at``; the end of ``code`` if it does not."""
    quote = code[at]
    if code[at : at + 3] == quote * 3:
        quote = quote * 3
    at += len(quote)
    while at < len(code):
        if code[at : at + len(quote)] == quote:
            return at + len(quote)
        at += 2 if code[at] == "\\" else 1
    return len(code)
