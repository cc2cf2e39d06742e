"""Frames on a serial line that is a console as well: bytes in, frames out, and back.

A frame is BEGIN, its escaped body and END. UTF-8 text holds none of these bytes, so text and
frames share the line. A body is

    kind, channel, number, acknowledged number, place    one byte each
    payload
    CRC-32 of all that, the lowest byte first            four bytes

Channel 0 is the line itself. The number counts the frames of a direction, the place those of a
channel that have an order (open, data, close). docs/usb.md tells what the kinds mean. The bridge
on the computer uses this module, too.
"""

import binascii

BEGIN = b"\xf8"
END = b"\xf9"
ESCAPE = b"\xfa"
NUMBERS = 64  # frames are counted modulo this

# Kinds
HELLO = 72  # H
WELCOME = 87  # W
OPEN = 79  # O
DATA = 68  # D
CREDIT = 67  # C
CLOSE = 69  # E, the end of the data
RESET = 82  # R
ACK = 65  # A
PING = 80  # P
LOST = 76  # L
NOBODY = 78  # N

VERSION = b"1"

# What is escaped, ESCAPE first. On its way to a device also what a Python prompt acts upon: Ctrl-C
# stays an interrupt at any moment, and a frame that a prompt gets to see executes nothing.
TO_HOST = b"\xfa\xf8\xf9"
TO_DEVICE = b"\xfa\xf8\xf9\x01\x02\x03\x04\x05\n\r"

_TURN = 0x40  # an escaped byte is sent with this bit turned
# Added to the numbers in a body: printing characters need no escape.
_BASE = 0x30
_HEAD = 5  # bytes of a body before its payload


def encode(kind, channel, number, acknowledged, place, payload, escaped=TO_HOST):
    """The frame, as bytes for the line; ``payload``: bytes or a memoryview."""
    body = bytes(
        (kind, _BASE + channel, _BASE + number, _BASE + acknowledged, _BASE + place % NUMBERS)
    )
    body += payload
    body += binascii.crc32(body).to_bytes(4, "little")
    for byte in escaped:
        plain = bytes((byte,))
        if plain in body:
            body = body.replace(plain, bytes((0xFA, byte ^ _TURN)))
    return BEGIN + body + END


def decode(body):
    """(kind, channel, number, acknowledged number, place, payload) of an escaped body; None if it
    is broken."""
    if ESCAPE in body:
        parts = body.split(ESCAPE)
        for index in range(1, len(parts)):
            part = parts[index]
            if not part:
                return None
            parts[index] = bytes((part[0] ^ _TURN,)) + part[1:]
        body = b"".join(parts)
    end = len(body) - 4
    if end < _HEAD or body[end:] != binascii.crc32(body[:end]).to_bytes(4, "little"):
        return None
    for index in range(1, _HEAD):
        if not _BASE <= body[index] < _BASE + NUMBERS:
            return None
    return (
        body[0], body[1] - _BASE, body[2] - _BASE, body[3] - _BASE, body[4] - _BASE,
        body[_HEAD:end],
    )  # fmt: skip


class Decoder:
    """Finds frames among text; ``longest``: bytes of an escaped body, more are a broken frame.

    ``text``: a function for the text (bytes) between the frames, or None to drop it.
    """

    def __init__(self, longest, text=None):
        self._longest = longest
        self._text = text
        self._inside = False
        self._held = b""

    def feed(self, data):
        """The frames that ``data`` (bytes) completes: a list, as decode() gives them."""
        found = []
        while data:
            if not self._inside:
                data = self._skip_text(data, found)
                if not self._inside:
                    break
            end = data.find(END)
            begin = data.find(BEGIN)
            if begin >= 0 and not 0 <= end < begin:
                found.append(None)  # its end is lost
                self._held = b""
                data = data[begin + 1 :]
            elif end < 0:
                self._held += data
                if len(self._held) > self._longest:
                    self.give_up()
                    found.append(None)
                break
            else:
                body = self._held + data[:end]
                found.append(decode(body) if len(body) <= self._longest else None)
                self.give_up()
                data = data[end + 1 :]
        return found

    def _skip_text(self, data, found):
        """``data`` from behind the next BEGIN on; sets ``_inside`` where there is one."""
        begin = data.find(BEGIN)
        text = data if begin < 0 else data[:begin]
        if END in text:
            found.append(None)  # its beginning is lost
        if text and self._text:
            self._text(text)
        self._inside = begin >= 0
        return data[begin + 1 :]

    def give_up(self):
        """Take what comes next for text."""
        self._inside = False
        self._held = b""


class Numbers:
    """The count of the frames of both directions, and of which channel the last ones were.

    Attributes: ``number``: of the next frame to be sent; ``acknowledged``: of the last one that
    was received.
    """

    def __init__(self):
        self.begin()

    def begin(self):
        """Begin with a new session."""
        self.number = 0
        self.acknowledged = NUMBERS - 1
        self._channels = bytearray(NUMBERS)

    def sent(self, channel):
        """Count a frame that is sent for ``channel``; its number."""
        number = self.number
        self._channels[number] = channel
        self.number = (number + 1) % NUMBERS
        return number

    def received(self, number):
        """Count a frame that has come; the numbers of those before it that never came."""
        expected = (self.acknowledged + 1) % NUMBERS
        self.acknowledged = number
        if number == expected:
            return ()
        return [(expected + n) % NUMBERS for n in range((number - expected) % NUMBERS)]

    def channel_of(self, number):
        """The channel that the frame ``number`` was sent for."""
        return self._channels[number % NUMBERS]
