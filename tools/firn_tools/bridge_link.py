"""The computer's end of the line to a device: sessions and channels, without ports and sockets.

Bytes of the serial line go in by ``Link.feed()``, come out by the function given to it. The
protocol is told in docs/usb.md. Everything runs in one asyncio loop.
"""

import asyncio
import collections
import importlib
import random
import string
import sys
import time

from . import paths

# States of a device
SILENT = "silent"  # it has not answered, or does not any more
PROMPT = "prompt"  # its Python prompt has the line
UP = "up"

_CREDIT = 0x2020  # bytes that a channel may send to us; two bytes that no prompt acts upon
_GRANT = _CREDIT // 4
LONGEST = 2048  # bytes of an escaped body from the device
_PIECE = 112  # bytes of data in a frame, where the window allows no more
_HELLO_EVERY = 1.0  # seconds
_PING_AFTER = 1.0  # seconds without a frame from the device
_SUSPECT = 2.0  # seconds without a frame that make a prompt of what looks like one
_QUIET = 0.3  # seconds after which a line that was printed is whole
_CUT_OFF = 3.0  # seconds after which nothing more of a frame is to come; emulators may be slow
_SILENT_AFTER = 15.0  # seconds: a handler may compute for long
_PROMPT = b">>> "
_RAW_PROMPT = b"raw REPL; CTRL-B to exit"
_REBOOT = b"MPY: soft reboot"
_TAIL = 256  # bytes of what was printed last


def _codec():
    """The device's own codec (frozen/firn/usb_frames.py), without leaving its neighbours on the
    module path."""
    sys.path.insert(0, str(paths.frozen()))
    try:
        return importlib.import_module("firn.usb_frames")
    finally:
        sys.path.remove(str(paths.frozen()))


frames = _codec()


class ChannelClosed(Exception):
    """The device, or the line, has ended the channel; ``reason``: "full", "lost", "gone"."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


_REASONS = {b"f": "full", b"b": "lost", b"g": "gone"}


class Channel:
    """One connection to the device; made by ``Link.open()``."""

    def __init__(self, link, number, credit):
        self.link = link
        self.number = number
        self.credit = credit  # bytes that the device takes
        self.coming = self.going = 0  # places of the frames to come
        self.outgoing = b""
        self.opened = False  # whether the device was told of it
        self.ending = False  # whether CLOSE is to follow what is outgoing
        self.said_last = self.heard_last = False
        self.failure = None  # why it ended, when not by the device's CLOSE
        self._incoming = collections.deque()
        self._consumed = 0
        self._changed = asyncio.Event()

    def changed(self):
        """Wake whoever waits for the channel."""
        self._changed.set()

    async def _wait(self):
        self._changed.clear()
        await self._changed.wait()

    async def send(self, data):
        """Send ``data`` and wait until it is on the line; ChannelClosed."""
        self.outgoing += data
        self.link.pump()
        while self.outgoing:
            if self.failure or self.heard_last:
                raise ChannelClosed(self.failure or "gone")
            await self._wait()

    def end(self):
        """Nothing more will be sent."""
        self.ending = True
        self.link.pump()

    async def receive(self):
        """The next bytes, b"" at the end; ChannelClosed."""
        while not self._incoming:
            if self.failure:
                raise ChannelClosed(self.failure)
            if self.heard_last:
                return b""
            await self._wait()
        data = b"".join(self._incoming)
        self._incoming.clear()
        return data

    def took(self, count):
        """``count`` received bytes were passed on, so that more may come."""
        self._consumed += count
        if self._consumed >= _GRANT and not self.heard_last and not self.said_last:
            self.link.grant(self, self._consumed)
            self._consumed = 0

    def fed(self, data):
        """Keep what the device has sent."""
        self._incoming.append(data)
        self.changed()

    def fail(self, reason):
        """End it from our side; what is under way is forgotten."""
        self.failure = self.failure or reason
        self.outgoing = b""
        self.changed()


class Link:
    """``write(bytes)`` sends to the device; ``text(bytes)`` gets what it prints.

    ``noticed(state)`` is called when the state changes: SILENT, PROMPT or UP. ``board``: its name.
    """

    def __init__(self, write, text, noticed):
        self._write = write
        self._text = text
        self._noticed = noticed
        self.state = SILENT
        self.board = None
        self.channels = {}
        self._limits = (0, 0, 240)  # channels, credit of each, bytes under way
        self._numbers = frames.Numbers()
        self._decoder = frames.Decoder(LONGEST, self._printed)
        self._under_way = collections.deque()  # (number, bytes)
        self._nonce = None
        self._letters = None  # of the last frame that a prompt would echo
        self._next_hello = 0
        self._heard_at = self._pinged_at = time.monotonic()
        self._suspected_at = None
        self._fed_at = 0
        self._tail = b""
        self._turn = 0
        self._free = asyncio.Event()

    # Time

    def tick(self):
        """To be called several times a second: greets, asks, gives up."""
        now = time.monotonic()
        quiet = now - self._fed_at
        if quiet > _CUT_OFF:
            self._decoder.give_up()
        if self.state == PROMPT and quiet > _QUIET and not self._at_prompt():
            self._become(SILENT)  # something runs there
        if self.state == SILENT:
            if now >= self._next_hello:
                self._hello(now)
        elif self.state == UP:
            silent = now - self._heard_at
            if self._suspected_at and now - self._suspected_at > _SUSPECT:
                self._become(PROMPT)
            elif silent > _SILENT_AFTER:
                self._become(SILENT)
            elif silent > _PING_AFTER and now - self._pinged_at > _PING_AFTER:
                self._ping(now)

    def _hello(self, now):
        self._next_hello = now + _HELLO_EVERY
        self._numbers.begin()
        self._under_way.clear()
        credit = _CREDIT.to_bytes(2, "little")
        hello, self._nonce = self._audible(frames.HELLO, frames.VERSION, credit)
        self._numbers.sent(0)
        self._write(hello)

    def _ping(self, now):
        self._pinged_at = now
        self._put(self._audible(frames.PING)[0], 0)

    def _audible(self, kind, before=b"", after=b""):
        """A frame, and the random letters in its payload. A prompt that gets it echoes them, and
        gets nothing that it would act upon."""
        while True:
            letters = "".join(random.choices(string.ascii_letters, k=4)).encode()
            wire = self._encode(kind, 0, before + letters + after)
            if all(byte >= 0x20 and byte != 0x7F for byte in wire):
                self._letters = letters
                return wire, letters

    def _at_prompt(self):
        line = self._tail[self._tail.rfind(b"\n") + 1 :]
        return line.startswith(_PROMPT) or _RAW_PROMPT in self._tail

    def _become(self, state):
        if state == self.state:
            return
        self.state = state
        self._suspected_at = None
        self._next_hello = 0
        if state != UP:
            self.fail("gone")
        self._noticed(state)
        self._free.set()

    def fail(self, reason):
        """End all channels without a word to the device."""
        for channel in list(self.channels.values()):
            channel.fail(reason)
        self.channels.clear()
        self._free.set()

    # What comes

    def feed(self, data):
        """Act upon ``data`` from the line."""
        self._fed_at = time.monotonic()
        for frame in self._decoder.feed(data):
            if frame is None:
                if self.state == UP:
                    self._ping(time.monotonic())  # its answer's number tells which one it was
            else:
                self._received(*frame)
        self.pump()

    def _printed(self, text):
        shown = bytes(byte for byte in text if byte < 0xF8)
        self._text(shown)
        self._keep(shown)
        if _REBOOT in self._tail and self.state != SILENT:
            self._tail = b""
            self._become(SILENT)
        if self._letters and self._letters in self._tail:  # it echoes
            if self._at_prompt():
                self._write(b"\x03")  # so that its line is empty again
            self._tail = _PROMPT
            self._letters = None
            self._become(PROMPT)
        if not self._at_prompt():
            return
        if self.state == SILENT:
            self._become(PROMPT)
        elif self.state == UP and self._suspected_at is None:
            self._suspected_at = time.monotonic()  # or a handler has printed that
            self._ping(self._suspected_at)

    def _keep(self, shown):
        """Keep what was printed last, and how a line longer than that begins: with a prompt?"""
        text = self._tail + shown
        line = text.rfind(b"\n") + 1
        begin = text[line : line + len(_PROMPT)] if len(text) - line > _TAIL else b""
        self._tail = begin + text[-_TAIL:]

    def _received(self, kind, number, count, acknowledged, place, payload):
        self._heard_at = time.monotonic()
        self._suspected_at = None
        if kind == frames.WELCOME:
            if payload[1:5] == self._nonce:
                self._welcomed(count, acknowledged, payload)
            return
        if kind == frames.NOBODY:
            self._become(SILENT)  # it was restarted; greet it anew
            return
        if self.state != UP:
            return
        self._acknowledge(acknowledged)
        for lost in self._numbers.received(count):
            self._send(frames.LOST, 0, bytes((lost,)))
        if number == 0:
            if kind == frames.LOST and payload:
                self._lost(self._numbers.channel_of(payload[0]))
            return
        channel = self.channels.get(number)
        if channel:
            self._of_channel(channel, kind, place, payload)

    def _welcomed(self, count, acknowledged, payload):
        self._limits = tuple(
            int.from_bytes(payload[first:last], "little")
            for first, last in ((5, 6), (6, 8), (8, 10))
        )
        self.board = payload[10:].decode("utf-8", "replace")
        self._nonce = None
        self._numbers.acknowledged = count
        self._under_way.clear()
        self.fail("gone")
        self._become(UP)

    def _acknowledge(self, number):
        if any(one == number for one, _size in self._under_way):
            while self._under_way.popleft()[0] != number:
                pass

    def _of_channel(self, channel, kind, place, payload):
        if kind == frames.RESET:
            channel.heard_last = True
            channel.fail(_REASONS.get(payload[:1], "gone"))
            self._say_last(channel, frames.RESET)
            return
        if kind == frames.CREDIT:
            channel.credit += int.from_bytes(payload, "little")
            return
        if place != channel.coming % frames.NUMBERS and not channel.failure:
            self.reset(channel, "lost")
            return
        channel.coming += 1
        if kind == frames.CLOSE:
            channel.heard_last = True
            channel.outgoing = b""
            self._say_last(channel, frames.CLOSE)
            channel.changed()
        elif kind == frames.DATA and not channel.failure:
            channel.fed(payload)

    def _lost(self, number):
        channel = self.channels.get(number)
        if channel:
            self.reset(channel, "lost")

    def _say_last(self, channel, kind):
        """Send the channel's last frame, unless that has happened; its number may be free then."""
        if not channel.said_last:
            channel.said_last = True
            self._send(kind, channel.number, b"", channel.going)
        if channel.heard_last and self.channels.get(channel.number) is channel:
            del self.channels[channel.number]
            self._free.set()

    def reset(self, channel, reason):
        """End ``channel`` at once, for a reason to be told to who uses it."""
        channel.fail(reason)
        if channel.opened:
            if self.channels.get(channel.number) is channel:
                # Also when CLOSE was sent before: that may be what was lost.
                channel.said_last = False
                self._say_last(channel, frames.RESET)
        elif self.channels.get(channel.number) is channel:
            del self.channels[channel.number]
            self._free.set()

    # What goes

    async def open(self, patience):
        """A Channel when there is a free number within ``patience`` seconds, else None."""
        end = time.monotonic() + patience
        while self.state == UP:
            most, credit, _window = self._limits
            for number in range(1, most + 1):
                if number not in self.channels:
                    self.channels[number] = channel = Channel(self, number, credit)
                    return channel
            self._free.clear()
            try:
                await asyncio.wait_for(self._free.wait(), end - time.monotonic())
            except asyncio.TimeoutError:
                return None
        return None

    def grant(self, channel, count):
        """Let the device send ``count`` bytes more on ``channel``."""
        self._send(frames.CREDIT, channel.number, count.to_bytes(2, "little"))

    def _encode(self, kind, channel, payload=b"", place=0):
        numbers = self._numbers
        return frames.encode(
            kind, channel, numbers.number, numbers.acknowledged, place, payload, frames.TO_DEVICE
        )

    def _send(self, kind, channel, payload=b"", place=0):
        self._put(self._encode(kind, channel, payload, place), channel)

    def _put(self, wire, channel):
        self._under_way.append((self._numbers.sent(channel), len(wire)))
        self._write(wire)

    def _room(self):
        """Bytes of a frame that can be sent now."""
        window = self._limits[2]
        free = window - sum(size for _number, size in self._under_way)
        # A device acknowledges a quarter of its window unasked.
        return min(free, window // 2) if len(self._under_way) < frames.NUMBERS - 8 else 0

    def pump(self):
        """Send what may be sent, the channels in turn."""
        if self.state != UP:
            return
        waiting = True
        while waiting and self.state == UP:
            waiting = False
            numbers = sorted(self.channels)
            numbers = [n for n in numbers if n > self._turn] + [
                n for n in numbers if n <= self._turn
            ]
            for number in numbers:
                channel = self.channels.get(number)
                if channel and self._pump_one(channel):
                    self._turn = number
                    waiting = True
                    break

    def _pump_one(self, channel):
        """Send one frame of ``channel`` if there is one that may be sent; whether there was."""
        if channel.said_last or channel.failure:
            return False
        room = self._room()
        if channel.outgoing and channel.credit:
            return self._pump_data(channel, room)
        if channel.ending and not channel.outgoing and room > 24:
            if not channel.opened:
                channel.opened = True
                self._send(frames.OPEN, channel.number, b"", 0)
                channel.going = 1
            self._say_last(channel, frames.CLOSE)
            return True
        return False

    def _pump_data(self, channel, room):
        kind = frames.DATA if channel.opened else frames.OPEN
        count = min(len(channel.outgoing), channel.credit, max(_PIECE, self._limits[2] // 2 - 16))
        while count:
            wire = self._encode(kind, channel.number, channel.outgoing[:count], channel.going)
            if len(wire) <= room:
                break
            count = count * 3 // 4 if room > 100 else 0
        if not count:
            return False
        self._put(wire, channel.number)
        channel.opened = True
        channel.going += 1
        channel.credit -= count
        channel.outgoing = channel.outgoing[count:]
        if not channel.outgoing:
            channel.changed()
        return True
