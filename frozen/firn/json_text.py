"""A strict reader of JSON text (RFC 8259) that gives the same result on every Python.

MicroPython's json skips commas and colons like white space, lets any bracket close any other and
takes 1-2 for a number, so a device would run a file that an editor calls broken. Of what CPython's
json accepts two things are refused here: NaN and Infinity, which are no JSON, and half a surrogate
pair, which cannot be written as UTF-8 (section 8.2).
"""

MAX_DEPTH = 8  # objects and lists within each other; a configuration needs 4
_MAX_DIGITS = 18  # longer integers are read as floats, so a number costs no more than it is worth
_BOM = b"\xef\xbb\xbf"
_ESCAPES = '"\\/bfnrt'
_ESCAPED = '"\\/\b\f\n\r\t'


class JSONError(ValueError):
    """No JSON; ``args`` are the offset (bytes from the start) and what was expected there."""


def loads(data):
    """Read the document ``data`` (bytes, UTF-8, with or without a byte order mark).

    Returns (value, whether a key is repeated in some object). Of repeated keys the last counts.
    Raises JSONError.
    """
    if data and max(data) > 127:
        bad = utf8_error(data)
        if bad >= 0:
            raise JSONError(bad, "UTF-8 text")
    reader = Reader(data, start(data))
    value = reader.value()
    reader.skip()
    if reader.at != len(data):
        reader.fail("the end of the file")
    return value, reader.repeated


def start(data):
    """The offset of the document in ``data``: past the byte order mark, where there is one."""
    return 3 if data.startswith(_BOM) else 0


class Reader:
    """Reads values from ``data`` (bytes); ``at`` is the offset of what comes next."""

    def __init__(self, data, at=0):
        self.data = data
        self.view = memoryview(data)
        self.at = at
        self.depth = 0
        self.repeated = False

    def fail(self, expected, at=None):
        raise JSONError(self.at if at is None else at, expected)

    def skip(self):
        """Go past white space; return the byte there, 0 at the end."""
        data = self.data
        at = self.at
        end = len(data)
        while at < end:
            byte = data[at]
            if byte > 32 or (byte != 32 and byte != 10 and byte != 13 and byte != 9):
                self.at = at
                return byte
            at += 1
        self.at = at
        return 0

    def value(self):
        """Read the value that comes next, whatever it is."""
        byte = self.skip()
        if byte == 0x22:
            return self.string()
        if byte == 0x7B or byte == 0x5B:
            if self.depth == MAX_DEPTH:
                self.fail("at most %d levels of objects and lists" % MAX_DEPTH)
            self.depth += 1
            self.at += 1
            value = self.object() if byte == 0x7B else self.list()
            self.depth -= 1
            return value
        if byte == 0x2D or 0x30 <= byte <= 0x39:
            return self.number()
        for word, value in ((b"true", True), (b"false", False), (b"null", None)):
            if self.data.startswith(word, self.at):
                self.at += len(word)
                return value
        self.fail("a value")

    def object(self):
        values = {}
        if self.skip() == 0x7D:
            self.at += 1
            return values
        while True:
            if self.skip() != 0x22:
                self.fail("a key in double quotes" if values else "a key in double quotes or '}'")
            key = self.string()
            if key in values:
                self.repeated = True
            if self.skip() != 0x3A:
                self.fail("':' after a key")
            self.at += 1
            values[key] = self.value()
            byte = self.skip()
            if byte == 0x7D:
                self.at += 1
                return values
            if byte != 0x2C:
                self.fail("',' or '}' after a value")
            self.at += 1

    def list(self):
        values = []
        if self.skip() == 0x5D:
            self.at += 1
            return values
        while True:
            values.append(self.value())
            byte = self.skip()
            if byte == 0x5D:
                self.at += 1
                return values
            if byte != 0x2C:
                self.fail("',' or ']' after a value")
            self.at += 1

    def number(self):
        data = self.data
        first = self.at
        at = first + 1 if data[first] == 0x2D else first
        end = self._digits(at)
        if data[at] == 0x30 and end - at > 1:
            self.fail("a number without a leading zero", first)
        whole = end - at <= _MAX_DIGITS
        if data[end : end + 1] == b".":
            whole = False
            end = self._digits(end + 1)
        if data[end : end + 1] in (b"e", b"E"):
            whole = False
            end += 1
            end = self._digits(end + 1 if data[end : end + 1] in (b"+", b"-") else end)
        self.at = end
        return int(data[first:end]) if whole else float(data[first:end])

    def _digits(self, at):
        data = self.data
        first = at
        while at < len(data) and 0x30 <= data[at] <= 0x39:
            at += 1
        if at == first:
            self.fail("a digit", at)
        return at

    def string(self):
        """Read the string whose opening quote comes next."""
        data = self.data
        first = self.at + 1
        end = data.find(b'"', first)
        if end < 0 or data.find(b"\\", first, end) >= 0:
            return self._slow_string(first)
        text = self.view[first:end]
        if end > first and min(text) < 32:
            return self._slow_string(first)
        self.at = end + 1
        return str(text, "utf-8")

    def _slow_string(self, at):
        """A string with escapes or with a mistake in it, byte by byte."""
        data = self.data
        text = bytearray()
        while True:
            byte = data[at] if at < len(data) else 10
            if byte == 0x22:
                break
            if byte == 10 or byte == 13:
                self.fail("'\"' at the end of a string", at)
            if byte < 32:
                self.fail("no control character in a string", at)
            at += 1
            if byte == 0x5C:
                at = self._escape(at, text)
            else:
                text.append(byte)
        self.at = at + 1
        return str(text, "utf-8")

    def _escape(self, at, text):
        """Append what the escape at ``at`` (past its backslash) means; the offset after it."""
        letter = chr(self.data[at]) if at < len(self.data) else ""
        if letter == "u":
            code = self._hex(at + 1)
            at += 5
            if 0xD800 <= code < 0xDC00 and self.data[at : at + 2] == b"\\u":
                low = self._hex(at + 2)
                if 0xDC00 <= low < 0xE000:
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                    at += 6
            if 0xD800 <= code < 0xE000:
                self.fail("both halves of a surrogate pair", at - 6)
            text.extend(chr(code).encode())
            return at
        index = _ESCAPES.find(letter) if letter else -1
        if index < 0:
            self.fail('one of " \\ / b f n r t u after a backslash', at)
        text.append(ord(_ESCAPED[index]))
        return at + 1

    def _hex(self, at):
        code = 0
        for place in range(at, at + 4):
            # int() would take signs and underscores too.
            digit = chr(self.data[place]).lower() if place < len(self.data) else "?"
            value = "0123456789abcdef".find(digit)
            if value < 0:
                self.fail("four hexadecimal digits after \\u", place)
            code = code << 4 | value
        return code


def utf8_error(data):
    """The offset of the first byte of ``data`` that is not UTF-8 (RFC 3629), -1 if it all is.

    MicroPython's own decoder lets overlong forms and surrogates pass.
    """
    at = 0
    end = len(data)
    while at < end:
        byte = data[at]
        if byte < 0x80:
            at += 1
            continue
        if 0xC2 <= byte < 0xE0:
            more, least, most = 1, 0x80, 0x7FF
        elif 0xE0 <= byte < 0xF0:
            more, least, most = 2, 0x800, 0xFFFF
        elif 0xF0 <= byte < 0xF5:
            more, least, most = 3, 0x10000, 0x10FFFF
        else:
            return at
        code = byte & (0x3F >> more)
        for place in range(at + 1, at + 1 + more):
            if place >= end or data[place] & 0xC0 != 0x80:
                return at
            code = code << 6 | data[place] & 0x3F
        if code < least or code > most or 0xD800 <= code < 0xE000:
            return at
        at += more + 1
    return -1
