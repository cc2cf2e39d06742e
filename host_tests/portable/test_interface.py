"""firn.interface: the wired interface is asked for as its port wants it, and set up."""

from fake_network import section

from expect import equal
from firn import interface


class Lan:
    """network.LAN, which notes what is done with it."""

    def __init__(self, **options):
        self.calls = [options]
        self.up = False

    def active(self, up=None):
        if up is None:
            return self.up
        self.up = up

    def ipconfig(self, name=None, **values):
        if name is None:
            self.calls.append(values)
        return False


class Module:
    """MicroPython's module ``network`` of a board with a wired interface."""

    LAN = Lan

    def hostname(self):
        return "lamp"


def test_a_wired_interface_comes_up_with_dhcp():
    lan = interface.start_lan(Module(), section(hostname="lamp"))
    equal(lan.up, True)
    equal(lan.calls, [{}, {"dhcp4": True}, {"dhcp4": True}])


def test_an_emulated_esp32_has_a_controller_of_its_own_type():
    module = Module()
    module.PHY_OPENETH = 7
    lan = interface.start_lan(module, section(hostname="lamp"))
    equal(lan.calls[0], {"phy_type": 7, "phy_addr": 1})
    equal(lan.up, True)
