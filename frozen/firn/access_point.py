"""The device's own network: never, always, or while no known one is joined.

Like the station, it knows the time only from its caller: ``step(now, ...)``. While it is open as
a fallback there is the captive portal, whose name server runs as a task beside.
"""

from . import log, platform
from .station import OFF

_BOOT = 20000  # milliseconds without a known network before the fallback opens, after the start
_AWAY = 60000  # the same after a network was lost: routers take that long to restart
_LINGER = 60000  # how long the fallback stays open beside a joined network that nobody uses
_RETRY = 60000  # after the driver refused to open it


class AccessPoint:
    """The radio as an access point.

    ``radio``: a firn.radio.Radio; ``section``: "network.access_point" of the configuration;
    ``now``: ticks in milliseconds. Attributes: ``ssid``, ``address`` and ``netmask`` (str, None
    while closed) and ``clients`` (how many there are).
    """

    def __init__(self, radio, section, now):
        self._radio = radio
        self._section = section
        self._since = now  # of the last change: start, open, station gone or back
        self._wait = 0 if section.when == "always" else _BOOT
        self._linger = None  # ticks since when there was no need for it
        self.ssid = section.ssid.replace("{id}", radio.id())
        self.address = None
        self.netmask = None
        self.clients = 0

    @property
    def is_open(self):
        """Whether the network is open."""
        return self.address is not None

    @property
    def is_fallback(self):
        """Whether the network is open for want of a known one, with the captive portal."""
        return self.is_open and self._section.when == "fallback"

    def step(self, now, station_state):
        """Do what is due at ``now``; ``station_state``: of firn.station.Station."""
        if self.is_open:
            self.clients = self._radio.clients()
            if self._section.when == "fallback":
                self._close_in_time(now, station_state == "connected")
        elif station_state == "connected" and self._section.when == "fallback":
            self._since = now
            self._wait = _AWAY
        elif (
            # Nothing to wait for without known networks.
            (station_state == OFF and self._wait == _BOOT)
            or platform.ticks_diff(now, self._since) >= self._wait
        ):
            self._open(now)

    def close(self):
        """Close the network, whatever the configuration says."""
        self.address = self.netmask = None
        self.clients = 0
        self._radio.close_access_point()

    def _open(self, now):
        section = self._section
        self._since = now
        self._wait = _RETRY
        self._linger = None
        try:
            self.address, self.netmask = self._radio.open_access_point(
                self.ssid, section.password, section.channel
            )
        except (OSError, RuntimeError, ValueError) as error:
            log.error('network: access point "%s" not opened: %s' % (self.ssid, error))
            return
        kind = "" if section.password else "open "
        log.info('network: %saccess point "%s" at %s' % (kind, self.ssid, self.address))

    def _close_in_time(self, now, connected):
        """Close the fallback once a known network has been joined for a while."""
        if not connected or self.clients:
            self._linger = None
        elif self._linger is None:
            self._linger = now
        elif platform.ticks_diff(now, self._linger) >= _LINGER:
            log.info('network: access point "%s" closed' % self.ssid)
            self._since = now
            self._wait = _AWAY
            self.close()


def same_network(first, second, netmask):
    """Whether two IPv4 addresses (str, dotted) are in one network of ``netmask`` (str)."""
    mask = _number(netmask)
    return _number(first) & mask == _number(second) & mask


def _number(address):
    number = 0
    for part in address.split("."):
        number = number << 8 | int(part)
    return number
