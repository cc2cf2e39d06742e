"""Tokens of Python source, one at a time, of bytes: nothing is kept of what was read.

A program that Python accepts comes out right; of another an error may be found here or not.
"""

try:
    from micropython import const
except ImportError:

    def const(value):
        """Mark a constant, as MicroPython's compiler wants it."""
        return value


NAME = const(1)
NUMBER = const(2)
STRING = const(3)
F_STRING = const(4)  # an f-string's beginning; its expressions follow, between F_OPEN and F_CLOSE
F_OPEN = const(5)
F_CLOSE = const(6)
NEWLINE = const(7)  # the end of a logical line
INDENT = const(8)
DEDENT = const(9)
END = const(10)  # for ever
OPERATOR = const(11)  # one without a kind of its own
WALRUS = const(12)  # :=
AUGMENTED = const(13)  # += and its like
ARROW = const(14)  # ->
# The kind of ( ) [ ] { } , : ; = . @ is the character itself.

_MAX_DEPTH = const(100)  # of brackets and f-strings, and of indentation

# What a byte is: 0 in a name, 1 a digit, 2 a blank, 3 the end of a line, 4 a quote, 5 #,
# 6 opens, 7 closes, 8 in operators, 9 stands alone, : backslash, ; in no program.
_CLASSES = (
    b";;;;;;;;;23;22;;;;;;;;;;;;;;;;;;"
    b"2845;88467889888111111111189888;"
    b"8000000000000000000000000006:780"
    b";000000000000000000000000006878;"
    b"0000000000000000000000000000000000000000000000000000000000000000"
    b"0000000000000000000000000000000000000000000000000000000000000000"
)
_PREFIXES = (b"f", b"r", b"b", b"u", b"t", b"rb", b"br", b"fr", b"rf", b"tr", b"rt")


class TokenError(ValueError):
    """No Python; ``at`` is the offset in the source (int)."""

    def __init__(self, message, at):
        super().__init__(message)
        self.at = at


class Tokens:
    """The tokens of ``data`` (bytes that end with a newline) from offset ``at`` on, a line's
    beginning. After advance(): ``kind``, and ``start`` and ``end``, offsets of the token."""

    def __init__(self, data, at=0):
        self.data = data
        self.kind = NEWLINE
        self.start = self.end = at
        self.literals = None  # a list: where strings over several lines are put, (start, end)
        self._is_again = False
        self._scan = _scan(self, data, at)

    def advance(self):
        """Read a token; its kind. Raises TokenError."""
        if self._is_again:
            self._is_again = False
        else:
            self.kind = next(self._scan)
        return self.kind

    def again(self):
        """Let the next advance() give the present token once more."""
        self._is_again = True

    def text(self):
        """The present token (str)."""
        return str(self.data[self.start : self.end], "utf-8")


def _scan(tokens, data, at):
    """Yield the kind of each token of ``data`` from ``at`` on, having set where it is."""
    classes = _CLASSES
    size = len(data)
    indents = [0]
    opened = []  # what closes each open bracket; 0 for an expression in an f-string
    places = []  # and where it is
    strings = []  # the f-strings of those
    is_new_line = True
    while at < size:
        if is_new_line:
            start = at
            at, column = _indentation(data, at)
            byte = data[at]
            if byte == 10 or byte == 35:
                at = data.find(b"\n", at) + 1
                continue
            is_new_line = False
            tokens.start = tokens.end = at
            if column > indents[-1]:
                if len(indents) > _MAX_DEPTH:
                    raise TokenError("too many levels of indentation", at)
                indents.append(column)
                yield INDENT
            elif column not in indents:
                raise TokenError("the indentation is that of no line before", at)
            while column < indents[-1]:
                indents.pop()
                tokens.start = tokens.end = at
                yield DEDENT
        byte = data[at]
        which = classes[byte]
        start = at
        at += 1
        if which == 50:  # "2"
            continue
        kind = byte
        string = None  # an f-string to go on with
        if which == 48:
            while classes[data[at]] <= 49:
                at += 1
            kind = NAME
            if classes[data[at]] == 52 and _is_prefix(data, start, at):
                string = _f_string(data, start, at)
                if string is None:
                    kind = STRING
                    at = _string_end(data, at)
                else:
                    kind = F_STRING
                    at = string.at
        elif which == 49:
            at = _number_end(data, at)
            kind = NUMBER
        elif which == 51:
            if opened:
                # Of no expression, but of what follows a bracket that was left open.
                if at < size and data[at] == 64:
                    raise TokenError("a bracket was never closed", places[-1])
                continue
            is_new_line = True
            kind = NEWLINE
        elif which == 52:
            at = _string_end(data, start)
            kind = STRING
        elif which == 53:
            at = data.find(b"\n", at)
            continue
        elif which == 54:
            if len(opened) >= _MAX_DEPTH:
                raise TokenError("too many brackets in brackets", start)
            opened.append(41 if byte == 40 else byte + 2)
            places.append(start)
        elif which == 55:
            if opened and opened[-1] == 0 and byte == 125:
                string = strings.pop()
                string.at = at
                kind = F_CLOSE
            elif not opened or opened[-1] != byte:
                raise TokenError("nothing is open that %r closes" % chr(byte), start)
            opened.pop()
            places.pop()
        elif which == 56:
            if opened and opened[-1] == 0 and (byte == 33 or byte == 58 or byte == 61):
                if byte == 58:
                    string = strings.pop()
                    string.formats += 1
                    string.at = at
                    kind = F_CLOSE
                    opened.pop()
                    places.pop()
                elif data[at] != 61:  # !r, or the = of {x=}
                    while byte == 33 and classes[data[at]] <= 49:
                        at += 1
                    continue
            if string is None:
                if byte == 46 and classes[data[at]] == 49:
                    at = _number_end(data, at)
                    kind = NUMBER
                else:
                    at = _operator_end(data, start)
                    if at > start + 1:
                        kind = _operator(data, start, at)
                    elif byte != 61 and byte != 58 and byte != 46 and byte != 42 and byte != 64:
                        kind = OPERATOR
        elif which == 58:
            if data[at] != 10 or at + 1 >= size:
                raise TokenError("expected a line after the backslash", start)
            at += 1
            continue
        elif which == 59:
            raise TokenError("expected Python, got %r" % chr(byte), start)
        if kind == STRING and tokens.literals is not None and data.find(b"\n", start, at) >= 0:
            tokens.literals.append((start, at))
        tokens.start = start
        tokens.end = at
        yield kind
        if string is not None:
            at = string.next_expression(data)
            if at:
                if len(opened) >= _MAX_DEPTH:
                    raise TokenError("too many brackets in brackets", start)
                strings.append(string)
                opened.append(0)
                places.append(at - 1)
                tokens.start = at - 1
                tokens.end = at
                yield F_OPEN
            else:
                at = string.at
                literals = tokens.literals
                if literals is not None and data.find(b"\n", string.start, at) >= 0:
                    while literals and literals[-1][0] > string.start:
                        literals.pop()
                    literals.append((string.start, at))
    tokens.start = tokens.end = size
    if opened:
        raise TokenError("a bracket was never closed", places[-1])
    for _ in range(len(indents) - 1):
        yield DEDENT
    while True:
        yield END


def _indentation(data, at):
    """(offset of the first byte after the blanks at ``at``, its column)."""
    start = at
    while data[at] == 32:
        at += 1
    column = at - start
    while True:
        byte = data[at]
        if byte == 32:
            column += 1
        elif byte == 9:
            column = (column // 8 + 1) * 8
        elif byte == 12 or byte == 13:
            column = 0
        else:
            return at, column
        at += 1


def _is_prefix(data, start, at):
    """Whether a name before a quote is a string's prefix."""
    return at - start <= 2 and data[start:at].lower() in _PREFIXES


def _number_end(data, at):
    classes = _CLASSES
    while True:
        if classes[data[at]] > 49 and data[at] != 46:
            sign = data[at] == 43 or data[at] == 45
            if not sign or (data[at - 1] | 32) != 101 or classes[data[at + 1]] != 49:
                return at
        at += 1


def _operator_end(data, start):
    """The offset after the operator at ``start``."""
    byte = data[start]
    at = start + 1
    after = data[at]
    if byte == 46:  # "..." is left to be three dots, which nobody minds
        return at
    if after == byte and (byte == 42 or byte == 47 or byte == 60 or byte == 62):  # * / < >
        at += 1
        after = data[at]
    if after == 61 and byte != 126:
        return at + 1
    if byte == 45 and after == 62:
        return at + 1
    return at


def _operator(data, start, at):
    """The kind of an operator of more than a byte."""
    byte = data[start]
    if byte == 58:
        return WALRUS
    if data[at - 1] == 61:
        # == != <= >= compare; the others, such as <<= and +=, assign.
        compares = at == start + 2 and (byte == 61 or byte == 33 or byte == 60 or byte == 62)
        return OPERATOR if compares else AUGMENTED
    if byte == 45:
        return ARROW
    return OPERATOR


def _string_end(data, at):
    """The offset after the string whose opening quote is at ``at``."""
    quote, begin = _quote(data, at)
    end = _find_quote(data, quote, begin)
    return end + len(quote)


def _quote(data, at):
    """(the quote at ``at``: one or three characters, the offset after it)."""
    byte = data[at : at + 1]
    if data[at + 1] == data[at] and data[at + 2] == data[at]:
        return byte * 3, at + 3
    return byte, at + 1


def _find_quote(data, quote, at):
    """The offset of the ``quote`` that ends the string that goes on at ``at``."""
    start = at
    end = escape = line = -1
    while True:
        if end < at:
            end = data.find(quote, at)
            if end < 0:
                raise TokenError("a string was never closed", start)
        if escape < at:
            escape = data.find(b"\\", at, end)
        if len(quote) == 1:
            if line < at:
                line = data.find(b"\n", at)
            if line < end and (escape < 0 or line < escape):
                raise TokenError("a string was not closed on its line", start)
        if escape < 0:
            return end
        at = escape + 2


def _f_string(data, start, at):
    """The _FString whose prefix is at ``start``, its quote at ``at``; None for another string."""
    prefix = data[start:at].lower()
    if b"f" in prefix or b"t" in prefix:
        return _FString(data, start, at, b"r" in prefix)
    return None


class _FString:
    """An f-string that is being read; its pieces of text are passed over."""

    def __init__(self, data, start, at, is_raw):
        self.start = start
        self.quote, self.at = _quote(data, at)  # the offset to go on at
        self.is_raw = is_raw
        self.formats = 0  # how many format specifications, one in the other, it is in

    def next_expression(self, data):
        """Go on to the next expression: the offset after its brace; 0 when the string is over,
        with ``at`` the offset after it."""
        at = start = self.at
        quote = self.quote
        first = quote[0]
        size = len(data)
        while at < size:
            byte = data[at]
            at += 1
            if byte == 123:
                if data[at] == 123 and not self.formats:
                    at += 1
                else:
                    return at
            elif byte == 125:
                if self.formats:
                    self.formats -= 1
            elif byte == first:
                if len(quote) == 1 or (data[at] == first and data[at + 1] == first):
                    self.at = at + len(quote) - 1
                    return 0
            elif byte == 92:
                if not self.is_raw and data[at] == 78 and data[at + 1] == 123:
                    at = data.find(b"}", at) + 1
                    if not at:
                        break
                elif data[at] != 123 and data[at] != 125:
                    at += 1
            elif byte == 10 and len(quote) == 1:
                break
        raise TokenError("an f-string was never closed", start)
