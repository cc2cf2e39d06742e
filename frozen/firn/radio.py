"""The radio of a board: where the ports' ``network.WLAN`` differ, in one place.

Both ports name their states ``network.STAT_...``, but with different numbers, and ESP32 passes on
reasons of its driver for which there is no name at all.
"""

import sys

from .interface import attempt, set_address

CONNECTED = "connected"
WRONG_PASSWORD = "wrong password"
NOT_FOUND = "not found"
FAILED = "failed"  # refused, or no address: for reasons that may pass

# (name in the module network, its number where a port lacks the name, what it means)
_OUTCOMES = (
    ("STAT_WRONG_PASSWORD", 202, WRONG_PASSWORD),
    ("STAT_HANDSHAKE_TIMEOUT", 204, WRONG_PASSWORD),
    # ESP32: the four-way handshake did not end; with a wrong passphrase it never does.
    ("", 15, WRONG_PASSWORD),
    # There is such a network, but it wants a passphrase, or another kind of security.
    ("STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY", 210, WRONG_PASSWORD),
    ("STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD", 211, WRONG_PASSWORD),
    ("STAT_NO_AP_FOUND", 201, NOT_FOUND),
    ("STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD", 212, NOT_FOUND),
    ("STAT_CONNECT_FAIL", 203, FAILED),
    # rp2, by number.
    ("", -3, WRONG_PASSWORD),
    ("", -2, NOT_FOUND),
    ("", -1, FAILED),
)
_ESP32_IDLE = 1000  # the least of ESP32's states that are no reasons of a failure


class Radio:
    """The radio that the module ``network`` (or one like it) drives.

    ``port`` is the name of the MicroPython port, as sys.platform gives it. Errors of the driver
    are OSError, RuntimeError (ESP32, for codes without a name) or ValueError.
    """

    def __init__(self, module, port=sys.platform):
        self._module = module
        self._esp32 = port == "esp32"
        self._station = module.WLAN(module.WLAN.IF_STA)
        self._access_point = None
        # ESP32 scans without holding up the other threads, rp2 knows no such way.
        self.scan_blocks = not self._esp32

    def start(self, section):
        """Switch the radio on for the section ``network`` of the configuration."""
        module = self._module
        # The firmware announces the name (DHCP, mDNS) and takes the country's rules when the
        # interface comes up: both have to be there before.
        attempt("the country", module.country, section.country)
        attempt("the hostname", module.hostname, section.hostname)
        station = self._station
        station.active(True)
        mode = "PM_" + section.power_save.upper()
        attempt("power_save", lambda: station.config(pm=getattr(module.WLAN, mode)))
        attempt("the address", set_address, module, station, section.ip)
        self.leave()  # what a soft reset has left joined

    def take_over(self):
        """Have the driver make one attempt at a time: who tries again, and where, is ours."""
        if self._esp32:
            attempt("reconnects", self._station.config, reconnects=0)

    # Station

    def connect(self, ssid, password):
        """Begin to join a network; ``password`` "" for an open one. Returns at once."""
        self._station.connect(ssid, password or None)

    def leave(self):
        """Leave the network, or give up an attempt to join one."""
        try:
            self._station.disconnect()
        except (OSError, RuntimeError):
            pass  # there was nothing to leave

    def is_connected(self):
        """Whether a network is joined and there is an address."""
        return self._station.isconnected()

    def outcome(self):
        """What has become of connect(): one of the constants above; None while under way."""
        if self._station.isconnected():
            return CONNECTED
        status = self._station.status()
        for name, number, outcome in _OUTCOMES:
            if status == getattr(self._module, name, number):
                return outcome
        # Any other reason for which ESP32's driver has given up; on rp2 these are stages.
        return FAILED if self._esp32 and 0 < status < _ESP32_IDLE else None

    def rssi(self):
        """Strength of the joined network in dBm (int); None where it is not known."""
        try:
            return self._station.status("rssi")
        except (OSError, RuntimeError, ValueError):
            return None

    def address(self):
        """(address, netmask) of the device in the joined network (str)."""
        return self._station.ifconfig()[:2]

    def name_server(self):
        """Address of the name server (str)."""
        return self._station.ifconfig()[3]

    def id(self):
        """The last four hexadecimal digits of the device's MAC address (str)."""
        mac = self._station.config("mac")
        return "%02x%02x" % (mac[4], mac[5])

    # Scan

    def scan(self):
        """What the air holds: the driver's list of tuples. Takes seconds, and blocks."""
        return self._station.scan()

    async def scan_aside(self):
        """scan(), in a thread where that keeps the others running."""
        if self.scan_blocks:
            return self.scan()
        import asyncio

        results = []
        self.start_thread(self._scan_into, (results,))
        while not results:
            await asyncio.sleep(0.1)
        if isinstance(results[0], Exception):
            raise results[0]
        return results[0]

    def _scan_into(self, results):
        try:
            results.append(self.scan())
        except Exception as error:
            results.append(error)

    def start_thread(self, function, arguments):
        """Run ``function(*arguments)`` in a thread of its own."""
        import _thread

        _thread.start_new_thread(function, arguments)

    # Access point

    def open_access_point(self, ssid, password, channel):
        """Open a network; ``password`` "" for an open one. Returns its (address, netmask)."""
        wlan_class = self._module.WLAN
        wlan = self._access_point = wlan_class(wlan_class.IF_AP)
        settings = {"ssid": ssid, "channel": channel, "security": wlan_class.SEC_OPEN}
        if password:
            settings["key"] = password
            # rp2's name for WPA2 says that it lets WPA in as well.
            rp2 = getattr(wlan_class, "SEC_WPA_WPA2", None)
            settings["security"] = getattr(wlan_class, "SEC_WPA2", rp2)
        # ESP32 configures only what is up; rp2 would open a network with its own name first.
        if self._esp32:
            wlan.active(True)
            wlan.config(**settings)
        else:
            wlan.config(**settings)
            wlan.active(True)
        return wlan.ifconfig()[:2]

    def close_access_point(self):
        """Close the device's own network."""
        if self._access_point:
            self._access_point.active(False)

    def clients(self):
        """How many clients are on the device's own network."""
        return len(self._access_point.status("stations"))
