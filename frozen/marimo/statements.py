"""Where the statements of a cell begin: what its value is, and how to put it into a function.

No statement is parsed; brackets, strings, comments and line ends tell where each begins.
"""

_COMPOUND = (
    "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class",
    "async", "@",
)  # fmt: skip
_WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"


class Layout:
    """The layout of ``code`` (str).

    ``last``: (start, end) of the last simple statement at the left margin, without what comes
    after it; None where the cell ends in a compound statement, in a ";", or is empty.
    ``held``: the offsets of lines that begin inside a string: nothing may be put before them.
    """

    def __init__(self, code):
        self.code = code
        self.held = []
        self.last = None
        self._start = None  # of the statement under way
        self._end = 0  # of what was seen of it
        self._compound = False  # whether its line began with a compound statement
        self._margin = True  # whether the line began at the left margin
        self._scan()

    def _scan(self):
        code = self.code
        at = depth = 0
        size = len(code)
        line_start = 0
        while at < size:
            c = code[at]
            if c == "\n":
                at += 1
                if not depth:
                    self._finish()
                    line_start = at
            elif c in " \t\f\r":
                at += 1
            elif c == "#":
                at = code.find("\n", at)
                if at < 0:
                    at = size
            elif c == "\\" and code[at + 1 : at + 2] in ("\n", "\r"):
                at += 2
            elif c == ";" and not depth:
                at += 1
                self._semicolon()
            else:
                if self._start is None:
                    self._begin(at, line_start)
                end = self._token(at, c)
                depth += (c in "([{") - (c in ")]}") if end == at + 1 else 0
                at = self._end = end
        self._finish()

    def _begin(self, at, line_start):
        code = self.code
        fresh = not code[line_start:at].strip()
        if fresh:
            self._margin = at == line_start
            end = at + (code[at] == "@")
            while end < len(code) and code[end] in _WORD:
                end += 1
            word = "@" if code[at] == "@" else code[at:end]
            self._compound = word in _COMPOUND
        self._start = at

    def _finish(self):
        """The line has ended."""
        if self._start is not None:
            plain = self._margin and not self._compound
            self.last = (self._start, self._end) if plain else None
        self._start = None

    def _semicolon(self):
        """What comes after it on the line, if anything, is the next statement."""
        if self._start is not None:
            self.last = None
            self._start = None

    def _token(self, at, c):
        """The offset after what begins at ``at``: a string as a whole, else words and signs."""
        code = self.code
        if c in "\"'":
            return self._string(at)
        end = at
        while end < len(code) and code[end] in _WORD:
            end += 1
        if end < len(code) and code[end] in "\"'" and 0 < end - at < 3:
            prefix = code[at:end].lower()
            if all(letter in "rbfu" for letter in prefix):
                return self._string(end)
        return end if end > at else at + 1

    def _string(self, at):
        """The offset after the string whose quotes begin at ``at``."""
        code = self.code
        quote = code[at]
        if code[at : at + 3] == quote * 3:
            quote *= 3
        at += len(quote)
        size = len(code)
        while at < size:
            c = code[at]
            if c == "\\":  # in a raw string it keeps the quote from ending it, too
                at += 1
                if code[at : at + 1] == "\n":
                    self.held.append(at + 1)
                at += 1
            elif code[at : at + len(quote)] == quote:
                return at + len(quote)
            elif c == "\n":
                if len(quote) == 1:
                    return at
                at += 1
                self.held.append(at)
            else:
                at += 1
        return size


def indented(code, layout):
    """``code`` (str) with each line moved to the right, but for what stands in strings."""
    held = layout.held
    pieces = []
    at = 0
    while at < len(code):
        end = code.find("\n", at) + 1 or len(code)
        if at not in held:
            pieces.append(" ")
        pieces.append(code[at:end])
        at = end
    return "".join(pieces)
