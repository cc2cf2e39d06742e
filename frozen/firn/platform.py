"""Where MicroPython and CPython differ for the device runtime: one small place."""

import io
import os
import sys

from . import overrides

try:
    execfile = execfile
except NameError:

    def execfile(path, names):
        """CPython has no execfile: read, compile under the file's name, run."""
        with open(path, "rb") as file:
            exec(compile(file.read(), path, "exec"), names)


def path(name):
    """The path of ``name`` (str, without a "/" before it) on the device's filesystem.

    A device's files start at the root; a host that runs a folder as a device would names the
    folder in overrides["root"] (no "/" at its end).
    """
    return overrides.get("root", "") + "/" + name


def run_file(path):
    """Run the Python file ``path`` as a main program; False where there is no such file."""
    if not is_file(path):
        return False
    execfile(path, {"__name__": "__main__", "__file__": path})
    return True


def is_file(path):
    """Whether ``path`` names a regular file."""
    try:
        return os.stat(path)[0] & 0xF000 == 0x8000
    except OSError:
        return False


def traceback(error):
    """The text of an exception's traceback."""
    text = io.StringIO()
    if hasattr(sys, "print_exception"):
        sys.print_exception(error, text)
    else:
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__, file=text)
    return text.getvalue()


def board():
    """The name of the board or machine, as MicroPython builds name it."""
    name = getattr(sys.implementation, "_machine", None)
    if name is None:
        import platform

        name = platform.platform()
    return name


def version():
    """The version of the Python this runs on, such as "1.25.0"."""
    return ".".join(str(part) for part in sys.implementation.version[:3])


def heap():
    """(free, used) bytes of the heap; zeros where there is no such thing."""
    import gc

    if hasattr(gc, "mem_free"):
        return gc.mem_free(), gc.mem_alloc()
    return 0, 0


def ticks_ms():
    """Milliseconds of a clock that only goes forward."""
    import time

    if hasattr(time, "ticks_ms"):
        return time.ticks_ms()
    return time.monotonic_ns() // 1000000


def ticks_diff(later, earlier):
    """Milliseconds from ``earlier`` to ``later``, both from ticks_ms(), across a wrap."""
    import time

    if hasattr(time, "ticks_diff"):
        return time.ticks_diff(later, earlier)
    return later - earlier


def tls_context(cert, key):
    """A server's TLS context; ``cert`` and ``key`` name files, DER on a device, PEM on a host."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def is_local(address):
    """Whether a client's ``address`` (str) is of this machine itself, not of a network.

    An emulated board sees programs of the machine that it runs on, and nobody else, as the
    gateway of the emulator's own network.
    """
    if address[:4] == "127." or address == "::1":
        return True
    return address == "10.0.2.2" and sys.platform == "qemu"


def can_reset():
    """Whether this is a board, which can be reset, and not a program on a host."""
    try:
        from machine import reset  # noqa: F401
    except ImportError:
        return False
    return sys.platform not in ("linux", "darwin", "win32")


def keep_firmware():
    """Tell the bootloader of an ESP32 to stay with this firmware.

    After an update it goes back to the firmware before at the next reset, unless told.
    """
    try:
        from esp32 import Partition
    except ImportError:
        return
    try:
        Partition.mark_app_valid_cancel_rollback()
    except OSError:  # nothing was updated
        pass


def filesystem(path="/"):
    """(total, free) bytes of the filesystem that ``path`` is on; zeros where nobody knows."""
    import os

    try:
        found = os.statvfs(path)
    except (AttributeError, OSError):
        return 0, 0
    return found[1] * found[2], found[1] * found[4]


def clock():
    """Seconds since 1970 (int), or None while the clock was never set."""
    import time

    if time.gmtime()[0] < 2024:
        return None
    # On some ports of MicroPython the epoch is 2000.
    return int(time.time()) + (946684800 if time.gmtime(0)[0] == 2000 else 0)


def keeps_time():
    """Whether the clock is right by itself: that of a host, and of a board emulated on one."""
    return sys.platform == "qemu" or not can_reset()
