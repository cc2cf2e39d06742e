"""The bridge's end of a line in memory, for tests of the device's end."""

import asyncio

from firn import usb_frames as frames


class Console:
    """A line without a driver: what the device writes is in ``written``."""

    window = 240

    def __init__(self):
        self.written = []
        self._coming = []
        self._some = asyncio.Event()

    async def wait(self):
        while not self._coming:
            self._some.clear()
            await self._some.wait()

    def read(self):
        return self._coming.pop(0) if self._coming else b""

    def write(self, data):
        self.written.append(bytes(data))

    def type(self, data):
        """Have the device read ``data``."""
        self._coming.append(data)
        self._some.set()


class Peer:
    """Speaks to a device over ``console``; ``got`` are the frames that came, as tuples
    (kind, channel, place, payload)."""

    def __init__(self, console, credit=8224):
        self.console = console
        self.credit = credit
        self.numbers = frames.Numbers()
        self.decoder = frames.Decoder(4096)
        self.got = []
        self.places = {}
        self._read = 0

    def frame(self, kind, channel=0, payload=b"", place=0):
        """The bytes of the next frame."""
        number = self.numbers.sent(channel)
        return frames.encode(
            kind, channel, number, self.numbers.acknowledged, place, payload, frames.TO_DEVICE
        )

    def send(self, kind, channel=0, payload=b"", place=0):
        self.console.type(self.frame(kind, channel, payload, place))

    def hello(self, nonce=b"abcd"):
        self.numbers.begin()
        self.send(frames.HELLO, 0, frames.VERSION + nonce + self.credit.to_bytes(2, "little"))

    def open(self, channel, data=b""):
        self.places[channel] = 1
        self.send(frames.OPEN, channel, data)

    def data(self, channel, data):
        """Send ``data`` in frames that a line takes."""
        while data:
            self.send(frames.DATA, channel, data[:100], self.places[channel] % frames.NUMBERS)
            self.places[channel] += 1
            data = data[100:]

    def look(self):
        """Decode what the device has written since."""
        written = self.console.written
        while self._read < len(written):
            for found in self.decoder.feed(written[self._read]):
                assert found is not None, written[self._read]
                kind, channel, number, _acknowledged, place, payload = found
                if kind == frames.WELCOME:
                    self.numbers.acknowledged = number
                else:
                    assert not list(self.numbers.received(number))
                self.got.append((kind, channel, place, payload))
            self._read += 1
        return self.got

    async def wait(self, condition):
        """The first true value of ``condition()``, which looks at ``got``."""
        for _ in range(2000):
            self.look()
            value = condition()
            if value:
                return value
            await asyncio.sleep(0.001)
        raise AssertionError("nothing of that kind came: %r" % self.got[-8:])

    async def wait_for(self, kind, channel=None):
        """The payload of the first frame of that kind (and channel); it is taken off the list."""

        def find():
            for index, one in enumerate(self.got):
                if one[0] == kind and channel in (None, one[1]):
                    return self.got.pop(index)
            return None

        return (await self.wait(find))[3]

    def received(self, channel):
        """The data that came on ``channel``."""
        self.look()
        return b"".join([one[3] for one in self.got if one[:2] == (frames.DATA, channel)])

    def has(self, kind, channel):
        self.look()
        return any(one[:2] == (kind, channel) for one in self.got)
