"""Constants in source: arguments of cells and of the application, texts of markdown cells."""

from .tokens import TokenError, Tokens, const

# As in tokens.py.
_NAME = const(1)
_NUMBER = const(2)
_STRING = const(3)
_NEWLINE = const(7)
_END = const(10)
_OPERATOR = const(11)

_MAX_DEPTH = const(8)  # of lists in lists


def arguments(tokens):
    """The constant arguments of the call whose "(" is the present token: {name: value}, and
    under a number those without a name. Others are left out. Ends at the call's ")"."""
    found = {}
    position = 0
    kind = tokens.advance()
    while kind != 0x29:
        name = position
        begin = tokens.start
        is_name = kind == _NAME
        value = None
        is_constant, kind, end = _value(tokens, kind)
        if kind == 0x3D and is_name:
            name = str(tokens.data[begin:end], "utf-8")
            kind = tokens.advance()
            begin = tokens.start
            is_constant, kind, end = _value(tokens, kind)
        else:
            position += 1
        if is_constant and end > begin:
            try:
                value = eval(str(tokens.data[begin:end], "utf-8"), {})
            except Exception:  # such as "a" + 1, or digits without end
                is_constant = False
        if is_constant and end > begin:
            found[name] = value
        if kind == 0x2C:
            kind = tokens.advance()
        elif kind != 0x29:
            raise TokenError("expected ',' or ')', got %r" % tokens.text(), tokens.start)
    return found


def _value(tokens, kind):
    """(whether it is a constant, the kind of the token after it, where it ends) of a value."""
    depth = 0
    is_constant = True
    end = tokens.start
    while True:
        if kind == 0x28 or kind == 0x5B or kind == 0x7B:
            depth += 1
            if kind == 0x7B or depth > _MAX_DEPTH:
                is_constant = False
        elif kind == 0x29 or kind == 0x5D or kind == 0x7D:
            if not depth:
                break
            depth -= 1
        elif not depth and (kind == 0x2C or kind == 0x3D):
            break
        elif kind == _NAME:
            if tokens.text() not in ("None", "True", "False"):
                is_constant = False
        elif kind == _OPERATOR:
            if tokens.text() != "-":
                is_constant = False
        elif kind in (_END, _NEWLINE):
            raise TokenError("expected ')'", tokens.start)
        elif kind != _STRING and kind != _NUMBER and kind != 0x2C:
            is_constant = False
        end = tokens.end
        kind = tokens.advance()
    return is_constant, kind, end


def markdown(code):
    """The text of the cell ``code`` if it is one call of mo.md with a constant, else None."""
    tokens = Tokens(code.encode() + b"\n")
    try:
        for _ in range(4):  # mo . md (
            tokens.advance()
        given = arguments(tokens)
        if tokens.advance() != _NEWLINE or tokens.advance() != _END:
            return None
    except TokenError:
        return None
    text = given.get(0)
    return text if len(given) == 1 and isinstance(text, str) else None
