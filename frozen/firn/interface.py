"""Network interfaces, with a radio or without: what they have in common, and the wired one."""

from . import log


def set_address(module, interface, ip):
    """Give ``interface`` the address ``ip``: "dhcp", or the Section of a static one."""
    if ip == "dhcp":
        # A soft reset leaves a static address where it was.
        if not interface.ipconfig("dhcp4"):
            interface.ipconfig(dhcp4=True)
        return
    interface.ipconfig(dhcp4=False)
    interface.ipconfig(addr4=(ip.address, ip.netmask), gw4=ip.gateway)
    server = ip.dns or ip.gateway
    if server != "0.0.0.0":
        module.ipconfig(dns=server)


def attempt(what, function, *args, **kwargs):
    """Call ``function``; a failure is noted as one to set ``what``, and does no further harm."""
    try:
        function(*args, **kwargs)
    except (AttributeError, OSError, RuntimeError, ValueError) as error:
        log.warning("network: %s could not be set: %s" % (what, error))


def start_lan(module, section):
    """network.LAN of the module ``network``, set up for the section of the configuration."""
    if hasattr(module, "PHY_OPENETH"):  # the one of Espressif's emulator
        lan = module.LAN(phy_type=module.PHY_OPENETH, phy_addr=1)
    else:
        lan = module.LAN()
    if module.hostname() != section.hostname:
        attempt("the hostname", module.hostname, section.hostname)
        # It is announced when the interface comes up, which it did before there was a filesystem.
        if lan.active():
            lan.active(False)
    if not lan.active():
        lan.active(True)
        if section.ip == "dhcp":
            lan.ipconfig(dhcp4=True)
    attempt("the address", set_address, module, lan, section.ip)
    return lan
