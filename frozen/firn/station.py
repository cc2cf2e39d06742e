"""Joining one of the known networks, and again whenever it is lost: a state machine.

It knows the time only from its caller and never waits: ``step(now)`` is called about twice a
second. A round tries every known network once, in order of preference, those that a scan has seen
before the others (which may be hidden); between rounds it pauses, longer each time. A network
that is not there or that refuses is tried again in the next round, for ever: routers restart, and
a refusal may be due to a weak signal.
"""

from . import log, platform
from .radio import CONNECTED, FAILED, NOT_FOUND, WRONG_PASSWORD

CONNECTING = "connecting"
OFF = "off"

_ATTEMPT = 20000  # milliseconds for joining and getting an address
_STALE = 8000  # for which a failure may still be that of the attempt before
_LOST = 5000  # for which the driver itself may try to get a lost network back
_PAUSE = 2000  # after the first round
_LONGEST_PAUSE = 60000
_QUIET_PAUSE = 120000  # between attempts while somebody is on the access point

# What the machine is doing
_RESTS, _SCANS, _TRIES, _JOINED = range(4)


class Station:
    """The radio as a station of other networks.

    ``radio``: a firn.radio.Radio; ``networks``: list of (ssid, password) in order of preference.
    Attributes: ``state`` ("off", "connecting", "connected", "wrong password" or "not found": of
    the last round, if it failed), ``ssid`` (the network that ``state`` is about, or None) and
    ``wants_scan`` (whether it waits for found()).
    """

    def __init__(self, radio, networks):
        self._radio = radio
        self._networks = networks
        self._outcomes = [None] * len(networks)
        self._queue = list(range(len(networks)))  # what is left of this round
        self._current = 0
        self._doing = _RESTS
        self._since = 0  # ticks when that began
        self._pause = 0
        self._rounds = 0  # that failed in a row
        self._scanned = False
        self._stale = None
        self._lost = None  # ticks when the network was lost
        self.state = CONNECTING if networks else OFF
        self.ssid = networks[0][0] if networks else None

    @property
    def wants_scan(self):
        """Whether a scan is wanted, whose result goes to found()."""
        return self._doing == _SCANS

    @property
    def connected(self):
        """Whether a network is joined and not known to be lost."""
        return self.state == CONNECTED

    @property
    def busy(self):
        """Whether an attempt to join is under way."""
        return self._doing == _TRIES

    def step(self, now, quiet=False):
        """Do what is due at ``now`` (ticks in milliseconds).

        ``quiet``: somebody is on the access point, whom every attempt cuts off for seconds.
        """
        if not self._networks:
            return
        if self._doing == _JOINED:
            self._watch(now)
        elif self._doing == _TRIES:
            self._look(now)
        elif self._doing == _RESTS:
            pause = _QUIET_PAUSE if quiet and self._rounds else self._pause
            if platform.ticks_diff(now, self._since) >= pause:
                self._next(now, quiet)

    def found(self, ssids, now):
        """Go on after a scan, which has seen ``ssids`` (list of str)."""
        if self._doing == _SCANS:
            self._scanned = True
            networks = self._networks
            seen = [one for one in self._queue if networks[one][0] in ssids]
            self._queue = seen + [one for one in self._queue if one not in seen]
            self._try(now)

    def interrupt(self, now):
        """Give up the attempt under way, if there is one; it is made again at the next step."""
        if self._doing == _TRIES:
            self._radio.leave()
            self._queue.insert(0, self._current)
            self._rest(now, 0)

    # Steps

    def _next(self, now, quiet):
        """Begin the next attempt, and a round if the last one is over."""
        begins = not self._queue
        if begins:
            self._queue = list(range(len(self._networks)))
        if self._should_scan(begins) and not quiet:
            self._doing = _SCANS
            self._since = now
        else:
            self._try(now)

    def _should_scan(self, begins):
        """Whether to look around before the next attempt, which may begin a round.

        The very first attempt goes straight to the preferred network. A scan that holds up the
        whole device is made once only.
        """
        if len(self._queue) < 2 or (self._scanned and self._radio.scan_blocks):
            return False
        return begins or (not self._scanned and len(self._queue) < len(self._networks))

    def _try(self, now):
        self._current = self._queue.pop(0)
        ssid, password = self._networks[self._current]
        if self.state == CONNECTING:
            self.ssid = ssid
        self._doing = _TRIES
        self._since = now
        try:
            self._radio.connect(ssid, password)
            # ESP32 keeps the reason of the last failure until there is another.
            self._stale = self._radio.outcome()
        except (OSError, RuntimeError, ValueError) as error:
            log.warning('network: "%s" could not be tried: %s' % (ssid, error))
            self._failed(FAILED, now)

    def _look(self, now):
        """See what has become of the attempt."""
        outcome = self._radio.outcome()
        lasted = platform.ticks_diff(now, self._since)
        if outcome == CONNECTED:
            self._joined(now)
        elif outcome is None or (outcome == self._stale and lasted < _STALE):
            if outcome is None:
                self._stale = None
            if lasted >= _ATTEMPT:
                self._failed(FAILED, now)
        else:
            self._failed(outcome, now)

    def _joined(self, now):
        self._doing = _JOINED
        self._since = now
        self._lost = None
        self._rounds = 0
        self._queue = []
        self._outcomes[self._current] = CONNECTED
        self.state = CONNECTED
        self.ssid = self._networks[self._current][0]
        log.info('network: joined "%s" as %s' % (self.ssid, self._radio.address()[0]))

    def _failed(self, outcome, now):
        ssid = self._networks[self._current][0]
        if self._outcomes[self._current] != outcome:
            self._outcomes[self._current] = outcome
            reason = "no answer or no address" if outcome == FAILED else outcome
            log.warning('network: "%s" not joined: %s' % (ssid, reason))
        self._radio.leave()
        if self._queue:
            self._rest(now, 0)
            return
        self._judge()
        self._rest(now, min(_PAUSE << min(self._rounds, 8), _LONGEST_PAUSE))
        self._rounds += 1

    def _judge(self):
        """Say what a round has come to: what the owner can mend comes first."""
        for state in (WRONG_PASSWORD, FAILED, NOT_FOUND):
            if state in self._outcomes:
                self.state = CONNECTING if state == FAILED else state
                self.ssid = self._networks[self._outcomes.index(state)][0]
                return

    def _rest(self, now, pause):
        self._doing = _RESTS
        self._since = now
        self._pause = pause

    def _watch(self, now):
        """See whether the network that was joined is still there, or the driver has given up."""
        if self._radio.is_connected():
            self._lost = None
        elif self._lost is None:
            self._lost = now
        elif platform.ticks_diff(now, self._lost) >= _LOST or self._radio.outcome():
            log.warning('network: lost "%s"' % self.ssid)
            self._outcomes[self._current] = None
            self._radio.leave()
            self.state = CONNECTING
            self._rest(now, 0)
