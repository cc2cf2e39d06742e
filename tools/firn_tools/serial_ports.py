"""Finding the serial port of a device, and saying what is wrong with one that cannot be used."""

import errno
import os
import stat
from pathlib import Path

from serial.tools import list_ports

from .errors import Failure

# USB vendors whose products boards are, and bridge chips that boards carry: vendor -> (what it
# is, the product ids, or None for all of them).
_BOARDS = {
    0x2E8A: ("Raspberry Pi", None),
    0x303A: ("Espressif", None),
    0xF055: ("MicroPython", None),
    0x10C4: ("CP210x", (0xEA60, 0xEA70, 0xEA71)),
    0x1A86: ("CH340", (0x7523, 0x7522, 0x5523, 0x55D3, 0x55D4)),
    0x0403: ("FTDI", (0x6001, 0x6010, 0x6011, 0x6014, 0x6015)),
}


class Port:
    """A serial port: ``device`` is what to open, ``about`` says what is behind it."""

    def __init__(self, device, about):
        self.device = device
        self.about = about

    def __str__(self):
        return "%s (%s)" % (self.device, self.about)


def boards(ports=None):
    """The Ports among ``ports`` (default: this computer's) that may be boards, by name."""
    found = []
    for port in list_ports.comports() if ports is None else ports:
        vendor, products = _BOARDS.get(port.vid, (None, ()))
        if vendor and (products is None or port.pid in products):
            about = vendor
            if port.product and port.product not in vendor:
                about = "%s, %s" % (vendor, port.product)
            if port.serial_number:
                about += ", serial number " + port.serial_number
            found.append(Port(port.device, about))
    return sorted(found, key=lambda port: port.device)


def choose(named=None, environment=os.environ, ports=None):
    """The port to open: ``named``, else FIRN_PORT of ``environment``, else the only board.

    ``ports``: what list_ports gives, for tests. Failure where there is no board, or several.
    """
    named = named or environment.get("FIRN_PORT")
    if named:
        return named
    found = boards(ports)
    if len(found) == 1:
        return found[0].device
    if found:
        raise Failure(
            "several devices; choose one by --port (or FIRN_PORT):\n"
            + "\n".join("  --port " + str(port) for port in found)
        )
    raise Failure(
        "no device found; connect one by USB with a cable that carries data, or name its port:"
        " --port /dev/ttyACM0 (or FIRN_PORT); an emulated one: --port socket://127.0.0.1:PORT"
    )


def explain(port, error, root="/proc"):
    """The Failure for ``port`` (str) that could not be opened; ``error`` is what opening said."""
    if "://" in port:
        return Failure(
            "%s: nothing listens there (%s); is the emulator running, with --serial?"
            % (port, _reason(error))
        )
    try:
        mode = os.stat(port).st_mode
    except OSError:
        return Failure(_no_such_port(port))
    if not stat.S_ISCHR(mode):
        return Failure("%s: expected a serial port, got something else" % port)
    if not os.access(port, os.R_OK | os.W_OK):
        return Failure(_no_permission(port, mode))
    users = holders(port, root)
    if users or "lock" in str(error).lower() or _number(error) in (errno.EBUSY, errno.EAGAIN):
        who = ", ".join("%s (process %d)" % user for user in users) or "another program"
        return Failure("%s: in use by %s; end that first" % (port, who))
    return Failure("%s: cannot be opened: %s" % (port, _reason(error)))


def _no_such_port(port):
    found = boards()
    if not found:
        return "%s: no such port, and no device found; is it connected?" % port
    return "%s: no such port; there is %s" % (port, ", ".join(str(one) for one in found))


def _no_permission(port, mode):
    group = _group(port) if mode & stat.S_IWGRP else None
    if group in (None, "root"):
        return "%s: no permission; type: sudo chmod a+rw %s" % (port, port)
    return (
        "%s: no permission; it is for members of the group %s. Type: sudo usermod -a -G %s"
        " $USER, then log out and in again" % (port, group, group)
    )


def _group(path):
    try:
        return Path(path).group()
    except (KeyError, OSError, NotImplementedError):
        return None


def _number(error):
    """The errno of ``error``, also where another error was made of it."""
    while error is not None:
        if getattr(error, "errno", None):
            return error.errno
        error = error.__cause__ or error.__context__
    return None


def _reason(error):
    number = _number(error)
    return os.strerror(number).lower() if number else str(error)


def holders(port, root="/proc"):
    """[(name, process id)] of the other processes that have ``port`` open, as far as told."""
    target = os.path.realpath(port)
    found = []
    for folder in sorted(Path(root).glob("[0-9]*")):
        if int(folder.name) == os.getpid():
            continue
        try:
            opened = any(os.path.realpath(fd) == target for fd in (folder / "fd").iterdir())
            if opened:
                found.append(((folder / "comm").read_text().strip(), int(folder.name)))
        except OSError:
            continue  # of another user, or ended meanwhile
    return found
