"""Forms of the setup page (URL standard, section 5.1), decoded while they arrive.

A text of 16 KB is three times as long on its way; only what it means is kept.
"""

import gc

from microdot import abort

_CHUNK = 512  # bytes
_NAME = 32  # bytes of a field's name


class Form:
    """What came: ``data`` is {name: bytes}. Lines end in LF, not in the CR LF that forms have."""

    def __init__(self, data):
        self.data = data

    def get(self, name):
        """The field ``name`` as str; "" where it is missing, 400 where it is not UTF-8."""
        try:
            return self.data.get(name, b"").decode()
        except UnicodeError:
            abort(400, "expected UTF-8 in the field %s" % name)


async def read(request, limits):
    """The Form that ``request`` has as its body.

    ``limits``: {name: the most bytes of the value}; other fields are left out. Raises
    HTTPException: 415 for another kind of body, 413 for too long a value, 400 for bad encoding.
    """
    if request.media_type != "application/x-www-form-urlencoded":
        abort(415, "expected a form (application/x-www-form-urlencoded)")
    gc.collect()  # so that a long value finds its place
    decoder = _Decoder(limits, request.content_length)
    while True:
        chunk = await request.stream.read(_CHUNK)
        if not chunk:
            break
        first = True
        for piece in bytes(chunk).split(b"&"):
            if not first:
                decoder.end()
            first = False
            decoder.part(piece)
    decoder.end()
    return Form(decoder.data)


class _Decoder:
    def __init__(self, limits, length):
        self.limits = limits
        self._length = length  # of the body; no value is longer
        self.data = {}
        self._name = None  # None: it is still to come
        self._value = None  # bytearray; one that grows would be in memory twice
        self._size = 0
        self._tail = b""  # what cannot be decoded without what follows

    def part(self, piece):
        """Take a part of a field."""
        piece = self._tail + piece
        self._tail = b""
        if self._name is None:
            name, equals, piece = piece.partition(b"=")
            if len(name) > _NAME:
                abort(400, "expected names of fields of at most %d bytes" % _NAME)
            if not equals:
                self._tail = name
                return
            self._begin(name)
        cut = piece.find(b"%", max(len(piece) - 2, 0))
        if cut >= 0:
            self._tail = piece[cut:]
            piece = piece[:cut]
        self._append(piece)

    def end(self):
        """The field is whole."""
        if self._name is None:
            self._begin(self._tail)
            self._tail = b""
        if self._tail:
            _bad()
        if self._value is not None:
            self.data[self._name] = bytes(memoryview(self._value)[: self._size])
        self._name = self._value = None

    def _begin(self, name):
        try:
            self._name = _decoded(name).decode()
        except UnicodeError:
            abort(400, "expected UTF-8 in the names of fields")
        self._value = None
        self._size = 0
        if self._name in self.limits:
            self._value = bytearray(min(self.limits[self._name], self._length))

    def _append(self, piece):
        piece = _decoded(piece)
        if self._value is not None:
            piece = piece.replace(b"\r", b"")
            limit = self.limits[self._name]
            end = self._size + len(piece)
            if end > limit:
                abort(413, "expected at most %d bytes in the field %s" % (limit, self._name))
            self._value[self._size : end] = piece
            self._size = end


def _decoded(piece):
    """``piece`` (bytes) without percent-encoding."""
    parts = piece.replace(b"+", b" ").split(b"%")
    for index in range(1, len(parts)):
        part = parts[index]
        if len(part) < 2:
            _bad()
        code = _digit(part[0]) << 4 | _digit(part[1])
        parts[index] = bytes((code,)) + part[2:]
    return b"".join(parts)


def _digit(byte):
    # int() would take signs, spaces and underscores as well.
    value = b"0123456789abcdefABCDEF".find(bytes((byte,)))
    if value < 0:
        _bad()
    return value if value < 16 else value - 6


def _bad():
    abort(400, "expected two hexadecimal digits after each % of a form")
