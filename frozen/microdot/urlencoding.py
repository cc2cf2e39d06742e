"""Percent-encoding of URLs and forms (RFC 3986 section 2.1 and the URL standard's forms)."""

from .datastructures import MultiDict


def urldecode(text, plus=True):
    """Decode the %XX of ``text`` (str or bytes) as UTF-8; ``plus``: a ``+`` is a space.

    A ``%`` at the end is kept, also with one character after it. Every other one that does not
    encode a byte, and what is not UTF-8, raise ValueError.
    """
    if not isinstance(text, str):
        text = bytes(text).decode()
    if plus:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    parts = text.encode().split(b"%")
    for index in range(1, len(parts)):
        part = parts[index]
        if len(part) >= 2 and _is_hex(part[0]) and _is_hex(part[1]):
            parts[index] = bytes([int(part[:2], 16)]) + part[2:]
        elif len(part) < 2 and index == len(parts) - 1:
            parts[index] = b"%" + part
        else:
            raise ValueError("bad percent-encoding")
    return b"".join(parts).decode()


def _is_hex(c):
    return 48 <= c <= 57 or 65 <= c <= 70 or 97 <= c <= 102


def normalize(path):
    """``path`` (str) with needless percent-encoding undone (RFC 3986 section 6.2.2.2).

    So "/%61" and "/a" are one path; what encodes a delimiter such as "/" stays encoded. Spaces and
    letters outside ASCII, as a pattern may have them, become encoded.
    """
    out = []
    at = 0
    bare = -3  # where the last % is that encodes nothing
    data = path.encode()
    while at < len(data):
        c = data[at]
        encoded = False
        digits = data[at + 1 : at + 3]
        if c == 37 and len(digits) == 2 and _is_hex(digits[0]) and _is_hex(digits[1]):
            c = int(digits, 16)
            at += 2
            # unreserved: ALPHA DIGIT - . _ ~
            encoded = not (48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c in b"-._~")
            if len(out) - bare <= 2:  # its digits would become those of the bare %
                encoded = True
        elif c == 37:
            bare = len(out)
        out.append("%%%02X" % c if encoded or c <= 32 or c >= 127 else chr(c))
        at += 1
    return "".join(out)


def urlencode(text):
    """Encode ``text`` (str) for use as a name or value in a query."""
    out = []
    for c in text.encode():
        if 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c in b"-._~/:@!$'()*,;":
            out.append(chr(c))
        else:
            out.append("+" if c == 32 else "%%%02X" % c)
    return "".join(out)


def parse_query(text):
    """The MultiDict of a query or form (str or bytes); ValueError for bad encoding."""
    if not isinstance(text, str):
        text = bytes(text).decode()
    found = MultiDict()
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            found[urldecode(name)] = urldecode(value)
    return found
