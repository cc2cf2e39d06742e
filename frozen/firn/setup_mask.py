"""The text of config.json without its secrets, and back.

What is shown is what is known to be no secret: keys, and the values of keys that config_table
knows and that hold none. Everything else (passwords, hashes, whatever stands below an unknown
key, and in a text that is no JSON whatever is out of place) is shown as a placeholder with a
number. A placeholder that comes back stands for the bytes that it was shown for, wherever
it stands now; the rest of the text is not touched, so it comes back byte for byte.
"""

from . import config_table
from .config_check import find_row

MARK = "••••"
_MARK = MARK.encode()
_PLACEHOLDER = MARK + " kept %d"
_SECRET = ("secret", "wifi_password", "users", "object", "objects")
_MOST = 200  # placeholders
_DEPTH = 16  # brackets within each other
_SPACE = b" \t\r\n"
_STRUCTURE = b'{}[]:,"'
_WORDS = (b"true", b"false", b"null")


class Misplaced(ValueError):
    """A placeholder that stands for nothing; ``args``: its offset (bytes) and what is wrong."""


def spans(data):
    """[(start, end)] of what has to be hidden in ``data`` (bytes), in order."""
    return _Scanner(data).scan()


def masked(data, hidden):
    """Yield ``data`` (bytes) in pieces (bytes), the spans ``hidden`` as placeholders."""
    at = 0
    for index, (start, end) in enumerate(hidden):
        yield data[at:start]
        placeholder = (_PLACEHOLDER % (index + 1)).encode()
        yield b'"%s"' % placeholder if data[start] == 0x22 else placeholder
        at = end
    yield data[at:]


def restored(text, data):
    """``text`` (bytes) with the placeholders replaced by what ``data`` (bytes) has there.

    Raises Misplaced for a placeholder that ``data`` has not, and for one in a place where what it
    stands for would be seen.
    """
    hidden = None
    parts = []
    kept = []  # (where it is in the new text, its end, where its placeholder is in text)
    size = 0
    at = 0
    while True:
        found = text.find(_MARK, at)
        if found < 0:
            break
        if hidden is None:
            hidden = spans(data)
        index, end = _number(text, found)
        if not 0 < index <= len(hidden):
            raise Misplaced(found, "a new value, or a placeholder as it was shown")
        start, stop = hidden[index - 1]
        first = found
        if data[start] == 0x22 and text[found - 1 : found] == b'"' == text[end : end + 1]:
            first -= 1
            end += 1
        parts.append(text[at:first])
        parts.append(data[start:stop])
        size += first - at
        kept.append((size, size + stop - start, found))
        size += stop - start
        at = end
    if not parts:
        return text
    parts.append(text[at:])
    out = b"".join(parts)
    parts = None  # its memory, for what comes
    _check_hidden(out, kept)
    return out


def _number(text, at):
    """(number, end) of the placeholder at ``at``; (0, end) for what is none."""
    at += len(_MARK)
    if text[at : at + 6] != b" kept ":
        return 0, at
    at += 6
    end = at
    while end < len(text) and end - at < 4 and 0x30 <= text[end] <= 0x39:
        end += 1
    return int(text[at:end]) if end > at else 0, end


def _check_hidden(data, kept):
    """What was kept has to be hidden where it is now: it was not to be seen."""
    hidden = spans(data) if kept else ()
    for start, end, at in kept:
        if not any(first <= start and end <= last for first, last in hidden):
            raise Misplaced(at, "the value itself, as it would be shown here")


class _Scanner:
    """Goes through a text that may be no JSON, in step with the rows of config_table."""

    def __init__(self, data):
        self.data = data
        self.hidden = []
        # Of every open bracket: (bracket, rows and items of what is around it).
        self.open = []
        self.rows = None  # of the innermost object; None: nothing below is known
        self.items = None  # the row of the innermost list, None for an unknown one
        self.row = None  # of the key before the value that comes
        self.state = "value"  # what may come: "key", "colon", "value" or "comma"

    def scan(self):
        data = self.data
        at = 3 if data[:3] == b"\xef\xbb\xbf" else 0
        while at < len(data):
            byte = data[at]
            if byte in _SPACE:
                at += 1
            elif len(self.hidden) == _MOST - 1 or len(self.open) > _DEPTH:
                self.hidden.append((at, len(data)))
                break
            elif byte in b"{[":
                self._enter(byte)
                at += 1
            elif byte in b"}]":
                self._leave(byte)
                at += 1
            elif byte == 0x3A:
                self.state = "value" if self.state == "colon" else "lost"
                at += 1
            elif byte == 0x2C:
                self._next()
                at += 1
            else:
                end = self._string_end(at) if byte == 0x22 else self._bare_end(at)
                self._token(at, end)
                at = end
        return self.hidden

    def _string_end(self, at):
        """The offset after the string at ``at``; one without an end goes as far as its line."""
        data = self.data
        at += 1
        while at < len(data) and data[at] not in b"\r\n":
            if data[at] == 0x22:
                return at + 1
            at += 2 if data[at] == 0x5C and data[at + 1 : at + 2] not in (b"\r", b"\n") else 1
        return min(at, len(data))

    def _bare_end(self, at):
        """The offset after what stands at ``at`` without quotes, spaces within it included."""
        data = self.data
        end = at
        while at < len(data) and data[at] not in _STRUCTURE and data[at] not in b"\r\n":
            at += 1
            if data[at - 1] not in _SPACE:
                end = at
        return end

    def _token(self, start, end):
        token = self.data[start:end]
        if self.state == "key" and token[:1] == b'"' and self._colon_follows(end):
            self.row = find_row(self.rows, _text(token)) if self.rows else None
            self.state = "colon"
            return
        shown = self.state == "value" and self._is_open(self.row)
        if shown and token[:1] != b'"' and token not in _WORDS:
            shown = _is_number(token)
        if not shown or b"pbkdf2$" in token:
            self.hidden.append((start, end))
        self.state = "comma" if self.state == "value" else "lost"

    def _is_open(self, row):
        """Whether a single value of ``row`` may be shown."""
        if row is None:
            return False
        if row[1] == "list" or row[1] == "origins":
            return row[3][1] not in _SECRET
        return row[1] not in _SECRET

    def _colon_follows(self, at):
        data = self.data
        while at < len(data) and data[at] in _SPACE:
            at += 1
        return data[at : at + 1] == b":"

    def _enter(self, bracket):
        row = self.row if self.state == "value" else None
        first = not self.open and self.state == "value"
        self.open.append((bracket, self.rows, self.items))
        if bracket == 0x7B:
            self.rows = config_table.KEYS if first else _rows(row)
            self.items = None
            self.row = None
            self.state = "key"
        else:
            self.rows = None
            self.items = row if row and row[1] in ("objects", "list", "origins") else None
            self.row = self.items
            self.state = "value"

    def _leave(self, bracket):
        wanted = 0x7B if bracket == 0x7D else 0x5B
        if any(entry[0] == wanted for entry in self.open):
            while True:
                opened, self.rows, self.items = self.open.pop()
                if opened == wanted:
                    break
        self.row = None
        self.state = "comma"

    def _next(self):
        """What comes after a comma."""
        inside = self.open[-1][0] if self.open else 0
        self.row = self.items if inside == 0x5B else None
        self.state = "key" if inside == 0x7B else "value" if inside == 0x5B else "lost"


def _rows(row):
    """The rows of the object that is the value, or an item of the value, of ``row``."""
    if row is None:
        return None
    if row[1] == "object" or row[1] == "ip":
        return row[3]
    return row[3][0] if row[1] == "objects" else None


def _text(token):
    """The text of a string token, None where it has escapes or no end."""
    if len(token) < 2 or token[-1:] != b'"' or b"\\" in token:
        return None
    try:
        return token[1:-1].decode()
    except UnicodeError:
        return None


def _is_number(token):
    return all(byte in b"+-.0123456789eE" for byte in token)
