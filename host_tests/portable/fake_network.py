"""MicroPython's module ``network`` as ESP32 and rp2 have it, over an air that tests decide on.

What differs between the ports and matters is here as it is in their drivers: the numbers of the
states, that ESP32 keeps the reason of the last failure until there is another, tries again by
itself unless told not to, and configures only an access point that is up.
"""


class Clock:
    """Time that passes when a test says so; ``now`` in milliseconds."""

    def __init__(self):
        self.now = 1000


class Network:
    """A network in the air. ``accepts`` False: refuses for a reason that is not the password;
    ``leases`` False: its DHCP server is silent."""

    def __init__(self, password="", rssi=-50, accepts=True, leases=True):
        self.password = password
        self.rssi = rssi
        self.accepts = accepts
        self.leases = leases


class Air:
    """The networks there are, by name, and a record of what was done: ``calls``."""

    def __init__(self, **networks):
        self.networks = networks
        self.hidden = []
        self.calls = []
        self.clock = Clock()

    def tried(self):
        """The names in the calls of connect(), in order."""
        return [call[1] for call in self.calls if call[0] == "connect"]

    def count(self, name):
        return len([call for call in self.calls if call[0] == name])


class WLAN:
    """What both ports share; ``fails`` names methods that are to raise OSError."""

    IF_STA = 0
    IF_AP = 1
    SEC_OPEN = 0
    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2
    settings = ("pm",)

    def __init__(self, module, interface):
        self.module = module
        self.air = module.air
        self.interface = interface
        self.up = False
        self.config_values = {"mac": b"\x28\xcd\xc1\x0a\xbe\xef"}
        self.fails = ()
        self.stations = []
        self.dhcp = True
        self.static = None
        self._begin()

    def _begin(self):
        self.joining = None  # (ssid, password, when it began)
        self.joined = None
        self.reason = None  # of the last failure: "wrong", "missing", "refused", "lost"

    def _call(self, name, *details):
        self.air.calls.append((name,) + details)
        if name in self.fails:
            raise OSError("Wifi Internal Error")

    def active(self, up=None):
        if up is None:
            return self.up
        self._call("active", self.interface, up)
        self.up = up
        if not up:
            self._begin()

    def config(self, *names, **values):
        if names:
            return self.config_values[names[0]]
        self._call("config", self.interface, values)
        for name in values:
            if name not in self.settings:
                raise ValueError("unknown config param")
        self._configure()
        self.config_values.update(values)

    def connect(self, ssid, key=None):
        self._call("connect", ssid)
        assert self.up, "the interface is down"
        self.joining = (ssid, key or "", self.air.clock.now)
        self.joined = None

    def disconnect(self):
        self._call("disconnect")
        self.joining = self.joined = None

    def scan(self):
        self._call("scan")
        if not self.up:
            raise OSError("STA must be active")
        if self.joining:
            return []
        return [
            (name.encode(), b"\1\2\3\4\5\6", 6, one.rssi, 3 if one.password else 0, False)
            for name, one in self.air.networks.items()
            if name not in self.air.hidden
        ]

    def _look(self):
        """Let happen what has happened by now."""
        if self.joined and self.joined not in self.air.networks:
            self.joined = None
            self.reason = "lost"
        if not self.joining:
            return
        ssid, key, since = self.joining
        passed = self.air.clock.now - since
        there = self.air.networks.get(ssid)
        reason = None
        if not there:
            reason = "missing" if passed >= 2400 else None
        elif passed >= 1500 and there.password != key:
            reason = "wrong" if passed >= 4000 else None
        elif passed >= 1500 and not there.accepts:
            reason = "refused"
        elif passed >= 2500 and (there.leases or self.static):
            self.joined = ssid
            self.joining = self.reason = None
        if reason:
            self.reason = reason
            self.joining = self._again(ssid, key)

    def _again(self, ssid, key):
        """What the driver goes on to join after a failure."""
        return None

    def isconnected(self):
        if self.interface == self.IF_AP:
            return len(self.stations) > 0
        self._look()
        return self.joined is not None

    def status(self, what=None):
        if what == "stations":
            if "stations" in self.fails:
                raise OSError("Wifi Internal Error")
            return [(mac,) for mac in self.stations]
        self._look()
        if what == "rssi":
            return self.air.networks[self.joined].rssi
        return self._status()

    def ifconfig(self):
        if self.interface == self.IF_AP:
            return ("192.168.4.1", "255.255.255.0", "192.168.4.1", "192.168.4.1")
        return self.static or (self.air.address, "255.255.255.0", "10.0.0.1", "10.0.0.1")

    def ipconfig(self, *names, **values):
        if names:
            return self.dhcp
        if "dhcp4" in values:
            self.dhcp = values["dhcp4"]
        if "addr4" in values:
            self.static = values["addr4"] + (values["gw4"], "0.0.0.0")


class Esp32WLAN(WLAN):
    SEC_WPA2 = 3
    SEC_WPA_WPA2 = 4
    settings = ("pm", "reconnects", "ssid", "channel", "security", "key")

    def _configure(self):
        if not self.up:
            raise OSError("Wifi Invalid Mode")

    def _again(self, ssid, key):
        for_ever = self.config_values.get("reconnects", -1) == -1
        return (ssid, key, self.air.clock.now) if for_ever else None

    def _status(self):
        if self.joined:
            return 1010
        number = {"wrong": 202, "missing": 201, "refused": 203, "lost": 200}.get(self.reason)
        if self.joining:
            # The reason of the attempt before shines through, of these at least.
            return number if number in (201, 202) else 1001
        return number or 1000


class Rp2WLAN(WLAN):
    SEC_WPA_WPA2 = 0x00400006
    settings = ("pm", "ssid", "channel", "security", "key")

    def _configure(self):
        assert self.interface == self.IF_STA or not self.up, "cycles the interface"

    def connect(self, ssid, key=None):
        self.reason = None
        super().connect(ssid, key)

    def _status(self):
        if self.joined:
            return 3
        if self.joining:
            return 2 if self.air.clock.now - self.joining[2] > 1500 else 1
        return {"wrong": -3, "missing": -2, "refused": -1}.get(self.reason, 0)


class Module:
    """The module ``network`` of a port, "esp32" or "rp2"."""

    def __init__(self, air, port):
        self.air = air
        self.air.address = "10.0.0.7"
        wlan = Esp32WLAN if port == "esp32" else Rp2WLAN
        self.interfaces = [wlan(self, wlan.IF_STA), wlan(self, wlan.IF_AP)]
        self.station, self.access_point = self.interfaces
        self.WLAN = _Class(self, wlan)
        self.port = port
        for name, esp32, rp2 in (
            ("STAT_IDLE", 1000, 0),
            ("STAT_CONNECTING", 1001, 1),
            ("STAT_GOT_IP", 1010, 3),
            ("STAT_NO_AP_FOUND", 201, -2),
            ("STAT_WRONG_PASSWORD", 202, -3),
            ("STAT_CONNECT_FAIL", 203, -1),
        ):
            setattr(self, name, esp32 if port == "esp32" else rp2)

    def country(self, code):
        self.air.calls.append(("country", code))

    def hostname(self, name):
        self.air.calls.append(("hostname", name))

    def ipconfig(self, dns):
        self.air.calls.append(("dns", dns))


class _Class:
    """network.WLAN: gives the interface there is, and has the constants."""

    def __init__(self, module, wlan):
        self._module = module
        for name in dir(wlan):
            if name[:3] in ("IF_", "SEC", "PM_"):
                setattr(self, name, getattr(wlan, name))

    def __call__(self, interface):
        return self._module.interfaces[interface]


def section(**values):
    """A Section "network" of a checked configuration with these keys."""
    import json

    from firn import config

    checked = config.check(json.dumps({"network": values}))
    assert not checked.problems, checked.problems
    return checked.network


PORTS = ("esp32", "rp2")


class Board:
    """A radio of ``port`` in ``air``, and what Firn makes of it.

    ``station`` and ``access_point`` are driven by ``run()``, half a second at a time.
    """

    def __init__(self, port, air, **values):
        from firn import radio, station
        from firn.access_point import AccessPoint

        self.air = air
        self.clock = air.clock
        self.section = section(**values)
        self.module = Module(air, port)
        self.radio = radio.Radio(self.module, port)
        self.radio.start(self.section)
        self.radio.take_over()
        networks = [(one.ssid, one.password) for one in self.section.wifi]
        self.station = station.Station(self.radio, networks)
        self.access_point = None
        if self.section.access_point.when != "never":
            self.access_point = AccessPoint(self.radio, self.section.access_point, self.clock.now)
        self.states = []

    def step(self):
        quiet = False
        if self.access_point:
            self.access_point.step(self.clock.now, self.station.state)
            quiet = self.access_point.clients > 0
        self.station.step(self.clock.now, quiet)
        if self.station.wants_scan:
            found = [entry[0].decode() for entry in self.radio.scan()]
            self.station.found(found, self.clock.now)
        if self.states[-1:] != [self.station.state]:
            self.states.append(self.station.state)

    def is_in(self, state):
        """A condition for seconds_until(): the station's state."""
        return lambda: self.station.state == state

    def run(self, seconds):
        """Let ``seconds`` pass."""
        for _ in range(int(seconds * 2)):
            self.step()
            self.clock.now += 500

    def seconds_until(self, condition, limit=600):
        """Let time pass until ``condition()``; how many seconds it took."""
        begin = self.clock.now
        while not condition():
            assert self.clock.now - begin < limit * 1000, self.states
            self.run(0.5)
        return (self.clock.now - begin) / 1000


def on_both(air=None, **values):
    """A Board of each port, each in an air of its own; ``air``: function that makes it."""
    for port in PORTS:
        yield Board(port, air() if air else Air(), **values)
