"""firn.network on a board with a fake radio: its time passes by itself, and quickly."""

import asyncio

from fake_network import Air, Module, section

from firn import access_point, network, ntp, platform, radio

_NAMES = (
    "_module", "_STEP", "_AFTER_ERROR", "_RETRY", "_answer_names", "_section", "_lan", "_radio",
    "_station", "_access_point", "_started", "_failure",
)  # fmt: skip


class FakeBoard:
    """Inside ``with FakeBoard(port, air, **section) as board:`` firn.network has a radio.

    Every look at the clock lets 100 ms pass. ``names`` are the addresses that the portal's name
    server was started for, ``None`` for each time it ended; ``clocks`` the NTP servers.
    """

    def __init__(self, port, air=None, **values):
        self.air = air or Air()
        self.module = Module(self.air, port)
        self.port = port
        self.section = section(**values)
        self.names = []
        self.clocks = []

    def __enter__(self):
        self._kept = [(owner, name, getattr(owner, name)) for owner, name in self._replaced()]
        network._module = lambda: self.module
        network._STEP = network._AFTER_ERROR = network._RETRY = 0
        network._answer_names = self._answer_names
        platform.ticks_ms = self._ticks
        ntp.run = self._keep_clock
        self._radio = radio.Radio
        radio.Radio = self._make_radio
        network.start(self.section)
        return self

    def __exit__(self, *error):
        for owner, name, value in self._kept:
            setattr(owner, name, value)
        radio.Radio = self._radio

    def _replaced(self):
        for name in _NAMES:
            yield network, name
        yield platform, "ticks_ms"
        yield ntp, "run"

    def _make_radio(self, module):
        made = self._radio(module, self.port)
        made.start_thread = lambda function, arguments: function(*arguments)
        return made

    def _ticks(self):
        self.air.clock.now += 100
        return self.air.clock.now

    async def _answer_names(self, address):
        self.names.append(address)
        try:
            while True:
                await asyncio.sleep(60)
        finally:
            self.names.append(None)

    async def _keep_clock(self, host, is_connected, name_server):
        while not is_connected():
            await asyncio.sleep(0)
        self.clocks.append((host, name_server()))

    async def until(self, condition):
        """Run the network until ``condition()``, a thousand seconds at most."""
        task = asyncio.create_task(network.run())
        begin = self.air.clock.now
        try:
            while not condition():
                assert not task.done(), "network.run() ended"
                assert self.air.clock.now - begin < 1000000, network.values()
                await asyncio.sleep(0)
        finally:
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                pass


def state_is(state):
    """A condition for until()."""
    return lambda: network.values()["state"] == state


assert access_point  # imported before time is replaced
