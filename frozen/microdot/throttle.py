"""Counts what clients do wrong, in a table that does not grow."""

from .compat import ticks_add, ticks_diff, ticks_ms


class Throttle:
    """Lets everyone fail ``max_failures`` times in ``window`` seconds, then makes them wait.

    The wait ends ``window`` seconds after the first of these failures, whatever the client does
    meanwhile: others who come from the same address are not locked out for good. ``size`` clients
    are known at a time; the one whose first failure is the longest ago is forgotten for a new one.
    """

    def __init__(self, max_failures=10, window=60, size=16):
        self.max_failures = max_failures
        self.window = window
        self.size = size
        self._known = []  # [client, failures, ticks of the end], the oldest first

    def delay(self, client):
        """The seconds (int, at least 1) that ``client`` has to wait; 0: it may try."""
        entry = self._find(client)
        if entry is None or entry[1] < self.max_failures:
            return 0
        return (ticks_diff(entry[2], ticks_ms()) + 999) // 1000

    def failed(self, client):
        """Count a failure of ``client``."""
        entry = self._find(client)
        if entry is not None:
            entry[1] += 1
            return
        if len(self._known) >= self.size:
            self._known.pop(0)
        self._known.append([client, 1, ticks_add(ticks_ms(), int(self.window * 1000))])

    def succeeded(self, client):
        """Forget the failures of ``client``."""
        entry = self._find(client)
        if entry is not None:
            self._known.remove(entry)

    def _find(self, client):
        """The entry of ``client``, None for none; forgets those whose time is over."""
        now = ticks_ms()
        while self._known and ticks_diff(self._known[0][2], now) <= 0:
            self._known.pop(0)
        for entry in self._known:
            if entry[0] == client:
                return entry
        return None
