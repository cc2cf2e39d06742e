"""WebSocket frames (RFC 6455 section 5) without a socket: bytes in, messages out, and back.

Feed a MessageDecoder with what was received, in pieces of any size, and ask it for what is in
there; encode_frame() makes what goes out. Text is checked as it comes, so that a bad byte is
found in the piece that has it and not at the end of a long message (section 8.1).
"""

from .compat import const

# Section 5.2: opcodes; those of control frames have bit 3 set.
CONT = const(0)
TEXT = const(1)
BINARY = const(2)
CLOSE = const(8)
PING = const(9)
PONG = const(10)

# Section 7.4.1: close codes.
NORMAL = const(1000)
GOING_AWAY = const(1001)
PROTOCOL_ERROR = const(1002)
NO_STATUS = const(1005)  # never sent: a Close without a code
ABNORMAL = const(1006)  # never sent: no Close at all
BAD_DATA = const(1007)
POLICY = const(1008)
TOO_BIG = const(1009)
INTERNAL_ERROR = const(1011)

_FIN = const(0x80)
_TEXT = const(0x81)  # FIN and opcode
_BINARY = const(0x82)
_RSV = const(0x70)
_MASKED = const(0x80)
_LENGTH = const(0x7F)
_MAX_CONTROL = const(125)  # section 5.5: bytes of a control frame's payload
_UNMASK = const(256)  # bytes at a time: what the numbers in between need stays small


class FrameError(Exception):
    """What a peer must not send: ``code`` (int, for the Close frame), ``reason`` (str)."""

    def __init__(self, code, reason):
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


def encode_frame(opcode, payload):
    """An unfragmented, unmasked frame (bytes), as servers send them (sections 5.1 and 5.2)."""
    length = len(payload)
    if length < 126:
        head = bytes((_FIN | opcode, length))
    elif length < 65536:
        head = bytes((_FIN | opcode, 126, length >> 8, length & 255))
    else:
        head = bytes((_FIN | opcode, 127)) + length.to_bytes(8, "big")
    return head + payload


def encode_close(code, reason=""):
    """A Close frame (section 5.5.1); without a code for NO_STATUS. ``reason``: str, cut to fit."""
    if code == NO_STATUS:
        return encode_frame(CLOSE, b"")
    text = reason.encode()[: _MAX_CONTROL - 2]
    return encode_frame(CLOSE, code.to_bytes(2, "big") + text[: _whole(text)])


def is_close_code(code):
    """Whether a Close frame may carry ``code`` (int): sections 7.4.1 and 7.4.2, and what IANA
    has registered since."""
    if 3000 <= code <= 4999:
        return True
    return 1000 <= code <= 1014 and code not in (1004, NO_STATUS, ABNORMAL)


def parse_close(payload):
    """(code, reason) of a Close frame's payload (section 5.5.1); FrameError for a bad one."""
    if not payload:
        return NO_STATUS, ""
    if len(payload) == 1:
        raise FrameError(PROTOCOL_ERROR, "expected a close code of 2 bytes, got 1")
    code = payload[0] << 8 | payload[1]
    if not is_close_code(code):
        raise FrameError(PROTOCOL_ERROR, "expected a valid close code, got %d" % code)
    return code, decode_text(payload[2:])


def unmask(data, mask):
    """``data`` (bytes) masked or unmasked with ``mask`` (4 bytes; section 5.3).

    As one number: a loop over bytes takes an interpreter dozens of times as long.
    """
    size = len(data)
    if size > _UNMASK:
        # A multiple of four, so that every piece begins with the mask's first byte.
        pieces = [unmask(data[at : at + _UNMASK], mask) for at in range(0, size, _UNMASK)]
        return b"".join(pieces)
    number = int.from_bytes((mask * (size + 3 >> 2))[:size], "little")
    return (int.from_bytes(data, "little") ^ number).to_bytes(size, "little")


# UTF-8


def decode_text(data):
    """``data`` (bytes) as str; FrameError (1007) unless it is UTF-8 as RFC 3629 has it."""
    try:
        text = data.decode()
    except UnicodeError:
        raise FrameError(BAD_DATA, "expected UTF-8")
    if len(text) != len(data):
        _check_sequences(data)
    return text


def _whole(data):
    """The length of ``data`` without the beginning of a character at its end."""
    size = len(data)
    for back in range(1, min(size, 3) + 1):
        byte = data[size - back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return size - back if needed > back else size
        if byte < 0x80:
            break
    return size


# RFC 3629 section 4: the second byte that these first bytes need; others need 80 to BF.
_SECOND = ((b"\xe0", 0xA0, 0xBF), (b"\xed", 0x80, 0x9F), (b"\xf0", 0x90, 0xBF), (b"\xf4", 0, 0x8F))


def _check_sequences(data):
    """Refuse what MicroPython decodes although it is no UTF-8, also in a character's beginning.

    Those are longer forms than needed, surrogates and what is beyond U+10FFFF.
    """
    bad = b"\xc0" in data or b"\xc1" in data or max(data) > 0xF4
    for first, low, high in _SECOND:
        at = data.find(first)
        while at >= 0 and not bad:
            second = data[at + 1 : at + 2]
            bad = len(second) > 0 and not low <= second[0] <= high
            at = data.find(first, at + 1)
    if bad:
        raise FrameError(BAD_DATA, "expected UTF-8")


# Messages


class MessageDecoder:
    """Frames from a client, put together to messages (sections 5.2 to 5.7).

    ``limit``: the longest message in bytes, 0 for none.
    """

    def __init__(self, limit):
        self.limit = limit
        self._data = b""  # fed
        self._at = 0  # how much of it was used
        # The frame that has begun:
        self._first = 0  # FIN and opcode
        self._left = -1  # bytes of payload to come; -1 where no frame has begun
        self._mask = b""
        # The message that has begun:
        self._type = 0  # TEXT or BINARY; 0 where no message has begun
        self._size = 0
        self._buffer = b""
        self._used = 0  # bytes of the buffer
        self._cut = b""  # the beginning of a character, whose end comes later

    def feed(self, data):
        """Add what was received (bytes)."""
        self._data = self._data[self._at :] + data if self._at < len(self._data) else data
        self._at = 0

    def next(self):
        """(opcode, payload) of the next message or control frame; None until more is fed.

        The payload of TEXT is str, of everything else bytes. FrameError for what section 5
        forbids, once: nothing can be decoded after it.
        """
        data = self._data
        at = self._at
        if self._left < 0 and not self._type and len(data) > at + 6:
            # A short message in one frame, as most are, without the steps of others.
            first = data[at]
            size = data[at + 1] - _MASKED
            end = at + 6 + size
            short = 0 < size <= _MAX_CONTROL and end <= len(data)
            fits = size <= self.limit or not self.limit
            if short and fits and first in (_TEXT, _BINARY):
                self._at = end
                piece = unmask(data[at + 6 : end], data[at + 2 : at + 6])
                return (TEXT, decode_text(piece)) if first == _TEXT else (BINARY, piece)
        while self._left >= 0 or self._begin():
            left = self._left
            at = self._at
            opcode = self._first & 15
            # A length can be more than an index can.
            held = len(self._data) - at
            piece = self._data[at : at + left] if left < held else self._data[at:]
            size = len(piece)
            if size < left and (opcode >= CLOSE or not size):
                return None
            self._at = at + size
            if size:
                piece = unmask(piece, self._mask)
            left -= size
            if not left:
                self._left = -1
                if opcode >= CLOSE:
                    return opcode, piece
                if self._first & _FIN:
                    return self._end(piece)
            else:
                self._left = left
                turn = size & 3
                self._mask = self._mask[turn:] + self._mask[:turn]
            if size:
                self._add(piece)
        return None

    def _begin(self):
        """Read a frame's head; False until all of it was fed."""
        data = self._data
        at = self._at
        held = len(data) - at
        if held < 2:
            return False
        first = data[at]
        length = data[at + 1] & _LENGTH
        self._check(first, data[at + 1], length)
        size = 2
        if length > _MAX_CONTROL:
            size = 4 if length == 126 else 10
            if held < size:
                return False
            length = _extended_length(data[at + 2 : at + size])
        if held < size + 4:
            return False
        if first & 15 < CLOSE:
            total = self._size + length
            if total > self.limit > 0:
                text = "expected a message of at most %d bytes, got %d"
                raise FrameError(TOO_BIG, text % (self.limit, total))
            self._size = total
            self._type = self._type or first & 15
        self._mask = data[at + size : at + size + 4]
        self._at = at + size + 4
        self._first = first
        self._left = length
        return True

    def _check(self, first, second, length):
        """Section 5.2, and 5.4 on what may follow what."""
        opcode = first & 15
        if first & _RSV:
            raise FrameError(PROTOCOL_ERROR, "expected RSV bits 0: no extension was agreed on")
        if not second & _MASKED:  # section 5.1
            raise FrameError(PROTOCOL_ERROR, "expected a masked frame")
        if opcode >= CLOSE:
            if opcode > PONG:
                raise FrameError(PROTOCOL_ERROR, "expected a known opcode, got %d" % opcode)
            if not first & _FIN or length > _MAX_CONTROL:  # section 5.5
                text = "expected a control frame in one piece of at most 125 bytes"
                raise FrameError(PROTOCOL_ERROR, text)
        elif opcode > BINARY:
            raise FrameError(PROTOCOL_ERROR, "expected a known opcode, got %d" % opcode)
        elif opcode and self._type:
            raise FrameError(PROTOCOL_ERROR, "expected the message's next fragment")
        elif not opcode and not self._type:
            raise FrameError(PROTOCOL_ERROR, "expected a message, got a later fragment of one")

    def _add(self, piece):
        """Keep a piece of a message."""
        if self._type == TEXT:
            self._check_text(piece, False)
        used = self._used
        end = used + len(piece)
        if end > len(self._buffer):
            # Twice as long each time, in one piece for the heap's sake, but not as long as the
            # client says before it has sent as much.
            buffer = bytearray(max(end, min(self._size, 2 * end)))
            buffer[:used] = memoryview(self._buffer)[:used]
            self._buffer = buffer
        self._buffer[used:end] = piece
        self._used = end

    def _check_text(self, piece, last):
        """Look at a piece of a text as far as its characters are whole."""
        if self._cut:
            piece = self._cut + piece
        whole = len(piece) if last else _whole(piece)
        self._cut = piece[whole:]
        if self._cut:
            _check_sequences(piece)
        decode_text(piece[:whole])

    def _end(self, piece):
        """The message that ends with ``piece``."""
        opcode = self._type
        if self._used:
            if opcode == TEXT:
                self._check_text(piece, True)
                self._type = 0  # is checked
            self._add(piece)
            data = memoryview(self._buffer)[: self._used]
            piece = str(data, "utf-8") if opcode == TEXT else bytes(data)
            self._buffer = b""
            self._used = 0
        elif opcode == TEXT:
            piece = decode_text(piece)
        self._type = self._size = 0
        return opcode, piece


def _extended_length(data):
    """Section 5.2: in as few bytes as possible, the most significant bit 0."""
    length = int.from_bytes(data, "big")
    if length < 126 or (len(data) == 8 and (length < 65536 or length >> 63)):
        text = "expected the payload's length in its shortest form, got %d in %d bytes"
        raise FrameError(PROTOCOL_ERROR, text % (length, len(data)))
    return length
