"""Writes the Python source that a template becomes."""

_TEXT = 1024  # bytes of text in one string constant at the most
_INDENTS = b"                "
_CONTROLS = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\0", b"\\x00"))


class Writer:
    """Lines of Python on ``out``, an object with ``write(bytes)``.

    Attributes: ``depth`` (the indentation), ``offset`` (bytes written), ``muted`` (above 0,
    nothing is written: the body of a block that nobody shows).
    """

    def __init__(self, out):
        self._out = out
        self._text = b""
        self._filled = [True]  # per depth: whether there is a statement
        self._serial = 0
        self.depth = 0
        self.offset = 0
        self.muted = 0

    def name(self, prefix):
        """A new name for a function (str)."""
        self._serial += 1
        return "%s%d" % (prefix, self._serial)

    def text(self, text):
        """Add ``text`` (bytes) to what the template yields."""
        if self.muted:
            return
        self._text += text
        while len(self._text) > _TEXT:
            cut = _TEXT
            while cut > _TEXT - 4 and self._text[cut] & 0xC0 == 0x80:
                cut -= 1  # inside a character
            self._yield(self._text[:cut])
            self._text = self._text[cut:]

    def flush(self):
        """End the text under way."""
        if self._text:
            text = self._text
            self._text = b""
            self._yield(text)

    def line(self, code):
        """Write a line of Python (str) at the present depth."""
        self.flush()
        self._line(code.encode())

    def open(self, code):
        """Write a line that begins a block, such as ``if x:``."""
        self.line(code)
        if not self.muted:
            self.depth += 1
            self._filled.append(False)

    def close(self):
        """End the block."""
        self.flush()
        if self.muted:
            return
        if not self._filled[-1]:
            self._line(b"pass")
        self._filled.pop()
        self.depth -= 1

    def _yield(self, text):
        text.decode()  # UnicodeError for what is no UTF-8
        for plain, escaped in _CONTROLS:
            if plain in text:
                text = text.replace(plain, escaped)
        self._line(b'yield "' + text + b'"')

    def _line(self, code):
        if self.muted:
            return
        self._filled[self.depth] = True
        depth = self.depth
        while depth > 16:
            self.write(_INDENTS)
            depth -= 16
        self.write(_INDENTS[:depth])
        self.write(code)
        self.write(b"\n")

    def write(self, data):
        """Write ``data`` (bytes) as it is."""
        self.offset += len(data)
        self._out.write(data)
