"""After flashing: the device's console found again, its site seen to answer, its address told."""

import time

from . import serial_ports, site_start
from .device import Device, open_port
from .errors import Failure
from .progress import Step, say

_PORT_TIMEOUT = 30  # seconds until the console is there: a first start makes the filesystem
# Seconds without a word after which the start is taken to be over: what was said before the port
# was opened is lost. The making of a filesystem, which must not be stopped, is shorter.
_QUIET = 8


def wait(port, candidates, url=None, timeout=_PORT_TIMEOUT, quiet=_QUIET):
    """Wait for the console of a device that was just flashed, and for its site; exit status.

    ``port``: the console's name (str), or None; then it is the only one of ``candidates()``, see
    ports_of(); ``url``: where to ask for an answer instead of at the device's own address.
    """
    with Step("waiting for the console of the device") as step:
        transport = _opened(port, candidates, step, timeout)
    port = transport.device_name
    device = Device(port, fresh=True, transport=transport)
    try:
        with Step("waiting for the site") as step:
            outcome = site_start.follow(device, step, None, url, quiet)
    except BaseException:
        transport.close()
        raise
    if outcome is None:  # it serves already, or there is something else in the flash: ask
        outcome = _asked(device, url)
    else:
        transport.close()
    status = site_start.report(outcome)
    if not outcome.answered:
        say("through the cable: firn bridge --port %s" % port)
    return status


def _opened(port, candidates, step, timeout):
    """The transport of the console, as soon as it can be opened."""
    end = time.monotonic() + timeout
    while True:
        name, trouble = port, None
        if name is None:
            found = serial_ports.boards(candidates())
            name = found[0].device if len(found) == 1 else None
            if len(found) > 1:
                trouble = Failure(
                    "several devices; choose one by --port:\n"
                    + "\n".join("  --port " + str(one) for one in found)
                )
        if name is not None:
            try:
                return open_port(name)
            except Failure as failure:
                trouble = failure
        if time.monotonic() > end:
            raise Failure(
                "the image is written, but the device's console does not appear: %s"
                % (trouble or "no serial port of a board; unplug it and connect it again")
            )
        step.update(None, name or "")
        time.sleep(0.1)


def _asked(device, url):
    """The Outcome of a start anew, for which the device is stopped."""
    with device:
        device.require_firn()
        address = device.lines("address()")[0]
        with Step("starting the site") as step:
            device.start_site()
            return site_start.follow(device, step, address, url)


def ports_of(vendors=(), without=()):
    """A function that gives this computer's serial ports, as pyserial's list_ports does, that are
    by one of the USB ``vendors``, or by none of ``without``."""
    from serial.tools import list_ports

    def candidates():
        ports = list_ports.comports()
        return [p for p in ports if (p.vid in vendors if vendors else p.vid not in without)]

    return candidates
