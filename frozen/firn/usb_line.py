"""The device's end of the line to a bridge: channels, each of which is a connection of the server.

A Channel goes the way of every TCP connection: the same dispatch, limits and timeouts. It only
has its bytes from frames and puts them into frames. How much may be under way is limited per
channel and direction by credits, and towards the device by the size of its serial buffer.
"""

import asyncio
import gc

from microdot.compat import const
from microdot.connection import WRITE, Connection

from . import platform, usb_frames
from .usb_frames import (
    ACK,
    CLOSE,
    CREDIT,
    DATA,
    HELLO,
    LOST,
    NOBODY,
    OPEN,
    PING,
    RESET,
    TO_HOST,
    VERSION,
    WELCOME,
)  # fmt: skip

_ECONNRESET = const(104)
_PIECE = const(512)  # bytes of data in a frame to the bridge
_CREDIT = const(1024)  # bytes that a channel holds for who reads slowly
_MORE = const(4)  # channels beyond max_connections: the server makes room or refuses, as for TCP
_MOST = const(32)  # channels

# Reasons of a RESET
FULL = b"f"
BROKEN = b"b"
GONE = b"g"


class Channel(Connection):
    """A connection of the server; ``stream`` is its Line, ``address`` its number."""

    client_addr = ("usb", 0)
    scheme = "http"  # whatever is spoken on the network

    def __init__(self, server, stream, address):
        self.server = server
        self.line = stream
        self.number = address
        self.credit = stream.credit  # bytes that may be sent
        self.ended = False  # whether the client sends no more
        self.coming = 0  # the place of the next frame that has one
        self.going = 0
        self._held = b""
        self._taken = 0  # bytes that the bridge has no new credit for yet
        self._open = True
        self._changed = asyncio.Event()

    @property
    def sock(self):
        """(reader, writer) for applications that ask for them."""
        from microdot.takeover import ConnectionStream

        stream = ConnectionStream(self)
        return stream, stream

    # What comes from the line

    def fed(self, data):
        """Keep ``data`` until it is asked for; False where the bridge had no credit for it."""
        if len(self._held) + self._taken + len(data) > _CREDIT:
            return False
        self._held = self._held + data if self._held else data
        self._changed.set()
        return True

    def allowed(self, credit):
        """The client has taken so many bytes more."""
        self.credit += credit
        if self.deadline is not None and self.waiting == WRITE:  # it takes something, if slowly
            self.wait(WRITE, self.server.write_timeout)
        self._changed.set()

    def end(self):
        """The client sends no more."""
        self.ended = True
        self._changed.set()

    def abort(self):
        """The client has gone."""
        self._open = False
        self._changed.set()

    # What a Connection asks of its Transport

    async def receive(self):
        """The next bytes, b"" at the end, OSError when the client is gone."""
        while not self._held:
            if not self._open:
                raise OSError(_ECONNRESET)
            if self.ended:
                return b""
            self._changed.clear()
            await self._changed.wait()
        data, self._held = self._held, b""
        self._taken += len(data)
        if self._taken >= _CREDIT // 2 and self._open:
            self.line.send(CREDIT, self.number, self._taken.to_bytes(2, "little"))
            self._taken = 0
        return data

    receive_idly = receive

    def put(self, data):
        """Send a first piece of ``data`` without waiting; what is left of it, or None."""
        if not self._open:
            raise OSError(_ECONNRESET)
        count = min(len(data), self.credit, _PIECE)
        if count:
            self.credit -= count
            whole = count == len(data)
            piece = data if whole else memoryview(data)[:count]
            self.line.send(DATA, self.number, piece, self.going)
            self.going += 1
            if whole:
                return None
        return memoryview(data)[count:]

    async def drain(self, rest):
        """Send what put() has returned, a piece at a time: other channels have their turns."""
        while rest is not None:
            if self.credit or not self._open:
                await asyncio.sleep(0)
            else:
                self._changed.clear()
                await self._changed.wait()
            rest = self.put(rest)

    def close(self):
        """Close the channel; nothing is to be awaited then."""
        if self._open:
            self._open = False
            self.line.closed(self, CLOSE)

    def drop(self):
        """Close the channel at once."""
        if self._open:
            self._open = False
            self.line.closed(self, RESET, GONE)

    def end_of_answers(self):
        """Tell the client that nothing follows: the bridge hears it from close()."""

    def no_delay(self):
        """Nothing is held back on a line."""


class Line:
    """The line and its channels.

    ``console``: has ``read()`` (what there is, b"" for nothing), ``write(data)``, and ``wait()``
    (to be awaited, until there is something to read); ``window``: bytes of its receive buffer.
    ``server``: the microdot.server.Server that the channels are connections of.
    """

    credit = 0  # of a new channel, as the bridge wants it

    def __init__(self, console, server):
        self.console = console
        self.server = server
        self.channels = {}
        self._numbers = usb_frames.Numbers()
        self._decoder = usb_frames.Decoder(console.window)
        self._closing = 0  # a bit for each channel whose end the bridge has not confirmed
        self._owed = 0  # bytes that came since the last frame was sent
        self._session = False

    async def run(self, data):
        """Serve until cancelled; ``data``: what was read before."""
        console = self.console
        while True:
            try:
                self.feed(data)
            except MemoryError:  # frames are lost, and their channels: the numbers tell
                self._decoder.give_up()
                gc.collect()
            await console.wait()
            data = console.read()

    def feed(self, data):
        """Act upon ``data`` (bytes) from the line."""
        self._owed += len(data)
        for frame in self._decoder.feed(data):
            if frame:  # the number of the next one tells of a broken one
                self._received(*frame)
        if self._owed >= self.console.window // 4 and self._session:
            self.send(ACK, 0)

    def send(self, kind, channel, payload=b"", place=0):
        """Send a frame, by one write: what is printed cannot get into it."""
        self._owed = 0
        numbers = self._numbers
        number = numbers.sent(channel)
        self.console.write(
            usb_frames.encode(kind, channel, number, numbers.acknowledged, place, payload, TO_HOST)
        )

    def closed(self, channel, kind, reason=b""):
        """Tell the bridge that ``channel`` has ended; it is forgotten here."""
        number = channel.number
        if self.channels.get(number) is channel:
            del self.channels[number]
            self._last(number, channel.ended, kind, reason, channel.going)

    def _last(self, number, ended, kind, reason, place=0):
        """Send the last frame of a channel; until the bridge's has come, too, it is closing."""
        if not ended:
            self._closing |= 1 << number
        self.send(kind, number, reason, place)

    def _received(self, kind, number, count, _acknowledged, place, payload):
        if kind == HELLO:
            self._welcome(count, payload)
            return
        if not self._session:
            self.send(NOBODY, 0)
            return
        for lost in self._numbers.received(count):
            self.send(LOST, 0, bytes((lost,)))
        if number == 0:
            if kind == PING:
                self.send(ACK, 0)
            elif kind == LOST and payload:
                self._lost(self._numbers.channel_of(payload[0]))
            return
        channel = self.channels.get(number)
        if kind == OPEN:
            channel = self._opened(number, channel)
        if channel is None:
            self._ended_before(kind, number)
        elif kind == CREDIT:
            channel.allowed(int.from_bytes(payload, "little"))
        elif kind == RESET:
            channel.ended = True
            self._reset(channel)
        elif not self._in_order(channel, place):  # one before it was lost
            self._reset(channel)
        elif kind == CLOSE:
            channel.end()
        elif payload and not channel.fed(payload):
            self._reset(channel)

    @staticmethod
    def _in_order(channel, place):
        expected = channel.coming
        channel.coming = (expected + 1) % usb_frames.NUMBERS
        return place == expected

    def _welcome(self, count, payload):
        """Begin a new session with the bridge; what there was of an old one has gone."""
        if payload[:1] != VERSION or len(payload) < 7:
            self.send(NOBODY, 0, VERSION)
            return
        for channel in list(self.channels.values()):
            channel.abort()
        self.channels.clear()
        self._closing = 0
        self._session = True
        self._numbers.begin()
        self._numbers.acknowledged = count
        self.credit = int.from_bytes(payload[5:7], "little")
        most = min(self.server.max_connections + _MORE, _MOST)
        limits = bytes((most,)) + _CREDIT.to_bytes(2, "little")
        limits += self.console.window.to_bytes(2, "little")
        self.send(WELCOME, 0, payload[:5] + limits + platform.board().encode()[:64])

    def _opened(self, number, channel):
        """The Channel for a new ``number``, or None where the server has no room."""
        if channel:  # its end was lost
            channel.abort()
        self._closing &= ~(1 << number)
        self.channels.pop(number, None)
        channel = None if self.server.closing else self.server.admit(self, number, Channel)
        if channel is None:
            self._last(number, False, RESET, FULL)
            return None
        self.channels[number] = channel
        channel.task = asyncio.create_task(channel.run())
        return channel

    def _ended_before(self, kind, number):
        """A frame for a channel that is none: on its way when the channel ended, mostly."""
        if kind in (CLOSE, RESET):
            bit = 1 << number
            if self._closing & bit:
                self._closing &= ~bit
            else:  # its beginning was lost, and the bridge waits for an answer
                self.send(RESET, number, BROKEN)

    def _reset(self, channel, reason=BROKEN):
        channel.abort()
        self.closed(channel, RESET, reason)

    def _lost(self, number):
        """A frame to the bridge for channel ``number`` was lost, and with it the channel."""
        if number:
            channel = self.channels.get(number)
            if channel:
                self._reset(channel)
            else:
                self.send(RESET, number, BROKEN)
