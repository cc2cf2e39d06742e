"""Names that are of one cell only, where several cells have the same: each gets its own."""

from .tokens import END, NAME, TokenError, Tokens

_FUNCTIONS = ("def", "lambda", "class")
_OPEN = (0x28, 0x5B, 0x7B)
_CLOSE = (0x29, 0x5D, 0x7D)


def renamed(code, names, prefix):
    """``code`` (str) with ``prefix`` before each of ``names`` that stands for a variable.

    Where a parameter has such a name, or there is a class, the code stays as it is.
    """
    data = code.encode() + b"\n"
    found = []
    try:
        if not _find(Tokens(data), names, found):
            return code
    except TokenError:
        return code
    prefix = prefix.encode()
    pieces = []
    done = 0
    for start in found:
        pieces.append(data[done:start])
        pieces.append(prefix)
        done = start
    pieces.append(data[done:-1])
    return b"".join(pieces).decode()


def _find(tokens, names, found):
    """Add where the variables are; False if they cannot be told from other names."""
    opened = []  # for each open bracket whether it is a call's
    last = None  # the kind of the last token
    word = ""  # what the last name was
    head = 0  # in the head of a function: how many brackets were open before it, and one
    pending = None  # a name that may be a keyword argument's
    while True:
        kind = tokens.advance()
        if pending is not None:
            if kind != 0x3D:  # =
                found.append(pending)
            pending = None
        if kind == END:
            return True
        if kind == NAME:
            text = tokens.text()
            if text in names and last != 0x2E:  # .
                if head and not (last == NAME and word == "def"):
                    return False
                if opened and opened[-1] and last in (0x28, 0x2C):
                    pending = tokens.start
                else:
                    found.append(tokens.start)
            elif text in _FUNCTIONS:
                if text == "class":
                    return False
                head = len(opened) + 1
            word = text
        elif kind in _OPEN:
            called = last == NAME and not _is_keyword(word)
            opened.append(kind == 0x28 and (called or last in (0x29, 0x5D)))
        elif kind in _CLOSE:
            if opened:
                opened.pop()
        elif kind == 0x3A and head == len(opened) + 1:
            head = 0
        last = kind


def _is_keyword(word):
    return " %s " % word in (
        " and or not in is if elif else for while return yield await assert del with as raise "
    )
