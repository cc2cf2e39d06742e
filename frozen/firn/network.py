"""The network of the device: what the rest of the runtime knows of it.

``start()`` is called at boot, ``run()`` is a task of the site; both are at home on boards with a
radio, on boards with a LAN and on hosts, which see to their network themselves. (``import
network`` means MicroPython's own module: absolute imports know nothing of this package.)
"""

import asyncio

from . import log, platform

_STEP = 0.5  # seconds
_AFTER_ERROR = 5
_RETRY = 60  # after the radio could not be started

_section = None
_lan = None  # network.LAN of a board without a radio
_radio = None  # firn.radio.Radio, and what it is used as
_station = None
_access_point = None
_scanning = None  # the task of a scan
_seen = []  # what the last scan found
_started = True  # whether start() has succeeded
_failure = None  # the last failure that was noted


def start(section):
    """Bring the network up for ``section``, the Section "network" of the configuration.

    Returns at once, whatever there is to join, and never raises: what does not work is noted.
    """
    global _section, _lan, _radio, _station, _access_point, _started
    _section = section
    _lan = _radio = _station = _access_point = None
    _started = _guarded(_start, _module())


def _start(module):
    global _lan
    if hasattr(module, "WLAN"):
        _start_radio(module)
    elif hasattr(module, "LAN"):
        from .interface import start_lan

        _lan = start_lan(module, _section)


def _module():
    """MicroPython's module ``network``; None on a host, which has none."""
    try:
        import network
    except ImportError:
        return None
    return network


def _start_radio(module):
    global _radio, _station, _access_point
    wanted = _section.access_point.when != "never"
    networks = [(one.ssid, one.password) for one in _section.wifi]
    if not networks and not wanted:
        return  # off: a radio that nobody needs takes power and heap
    from . import radio, station

    started = radio.Radio(module)
    started.start(_section)
    now = platform.ticks_ms()
    _station = station.Station(started, networks)
    if wanted:
        from . import access_point

        _access_point = access_point.AccessPoint(started, _section.access_point, now)
        _guarded(_access_point.step, now, _station.state)
    _radio = started
    _guarded(_station.step, now)


async def run():
    """Keep the network up until cancelled; ends where there is nothing to do."""
    global _scanning
    _scanning = None  # of an event loop that is no more
    while _radio is None:
        if _started:
            return
        await asyncio.sleep(_RETRY)
        start(_section)
    _radio.take_over()
    tasks = _Tasks()
    if _section.ntp:
        tasks.start_clock(_section.ntp)
    try:
        while True:
            right = _guarded(_step_access_point, tasks)
            right = await _step_station() and right
            await asyncio.sleep(_STEP if right else _AFTER_ERROR)
    finally:
        tasks.cancel()


def _step_access_point(tasks):
    if _access_point:
        _access_point.step(platform.ticks_ms(), _station.state)
        tasks.answer_names(_access_point.address if _access_point.is_fallback else None)


async def _step_station():
    if _scanning:
        return True
    right = _guarded(_station.step, platform.ticks_ms(), _has_clients())
    if _station.wants_scan:
        found = await scan()
        _guarded(_station.found, [one[0] for one in found], platform.ticks_ms())
    return right


def _has_clients():
    return _access_point is not None and _access_point.clients > 0


def _guarded(function, *args):
    """Call ``function``; False where it failed: the driver, mostly, which may recover.

    The same failure is noted once.
    """
    global _failure
    try:
        function(*args)
        return True
    except Exception as error:
        if str(error) != _failure:
            _failure = str(error)
            log.exception("network", error)
        return False


class _Tasks:
    """What runs beside the network: the clock, and the name server of the portal."""

    def __init__(self):
        self._clock = None
        self._names = None
        self._address = None

    def start_clock(self, host):
        from . import ntp

        connected = lambda: _station.connected  # noqa: E731 (what ntp.run() asks)
        self._clock = asyncio.create_task(ntp.run(host, connected, _radio.name_server))

    def answer_names(self, address):
        """Have every name answered with ``address`` (str), or nobody answered (None)."""
        if address == self._address:
            return
        self._address = address
        if self._names:
            self._names.cancel()
            self._names = None
        if address:
            self._names = asyncio.create_task(_answer_names(address))

    def cancel(self):
        for task in (self._clock, self._names):
            if task:
                task.cancel()


async def _answer_names(address):
    from . import captive_dns, captive_portal

    captive_portal.open_gate()
    try:
        await captive_dns.serve(address)
    except OSError as error:
        log.error("captive DNS: not started: %s" % error)
    finally:
        captive_portal.close_gate()


def values():
    """The state of the network, a dict of plain values.

    "state": "connecting", "connected", "wrong password", "not found", "off", "lan" or "host";
    "ssid": the network that this is about; "address"; "rssi" in dBm; "access_point": None or a
    dict of "ssid", "address" and "clients"; "hostname". None stands for what there is not.
    """
    found = {
        "state": "off" if _module() else "host",
        "ssid": None,
        "address": None,
        "rssi": None,
        "access_point": None,
        "hostname": _section.hostname if _section else None,
    }
    if _lan:
        found["state"] = "lan"
        if _lan.isconnected():
            found["address"] = _lan.ifconfig()[0]
    elif _station:
        found["state"] = _station.state
        found["ssid"] = _station.ssid
        if _station.connected:
            found["address"] = _radio.address()[0]
            found["rssi"] = _radio.rssi()
        if _access_point and _access_point.is_open:
            found["access_point"] = {
                "ssid": _access_point.ssid,
                "address": _access_point.address,
                "clients": _access_point.clients,
            }
    return found


async def scan():
    """The networks in the air: a list of (ssid, rssi, secured), the strongest first.

    rssi (int) in dBm; secured (bool): whether it wants a password. Each ssid is there once; []
    without a radio. Takes some seconds. On ports whose driver knows no other way (rp2) nothing
    else runs meanwhile.
    """
    global _scanning
    if _radio is None:
        return []
    # In a task of its own: whoever waits may be cancelled, and several may wait for the same.
    if _scanning is None:
        _scanning = asyncio.create_task(_scan())
    while _scanning:
        await asyncio.sleep(0.1)
    return list(_seen)


async def _scan():
    global _scanning, _seen
    _seen = []
    try:
        # Drivers refuse to scan while they join.
        _station.interrupt(platform.ticks_ms())
        _seen = _sorted(await _radio.scan_aside())
    except (OSError, RuntimeError) as error:
        log.warning("network: no scan: %s" % error)
    finally:
        _scanning = None


def _sorted(found):
    """The driver's list of tuples, as scan() gives it out."""
    strongest = {}
    for entry in found:
        try:
            ssid = entry[0].decode()
        except UnicodeError:
            continue  # no configuration could name it
        if ssid and (ssid not in strongest or entry[3] > strongest[ssid][1]):
            strongest[ssid] = (ssid, entry[3], entry[4] != 0)
    return sorted(strongest.values(), key=lambda one: -one[1])


def via_access_point(address):
    """Whether a client at ``address`` (str) has come over the device's own access point.

    Where the joined network has the very same addresses nobody can tell: then it has not.
    """
    point = _access_point
    if point is None or not point.is_open or ":" in address:
        return False
    from .access_point import same_network

    if not same_network(address, point.address, point.netmask):
        return False
    if _station.connected:
        joined, netmask = _radio.address()
        return not same_network(address, joined, netmask)
    return True


def is_captive():
    """Whether the captive portal is on: the access point is open for want of a network."""
    return _access_point is not None and _access_point.is_fallback
