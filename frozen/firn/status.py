"""Live values of the device, for pages and programs."""

import sys

from . import __version__, platform

site = None  # the running Site, set while it serves

_PACKAGE = __name__[: __name__.rfind(".")]
_ERRORS = 5  # lines of the log that values() gives

_last = platform.ticks_ms()
_total = 0  # milliseconds up to _last


def uptime():
    """Seconds since the runtime was started (int).

    The tick counter of a board wraps after some days, so this has to be called at least that
    often; a serving site does so by itself.
    """
    global _last, _total
    now = platform.ticks_ms()
    _total += platform.ticks_diff(now, _last)
    _last = now
    return _total // 1000


def values():
    """A dict of plain values, none of them secret.

    heap_free, heap_used, filesystem_free, filesystem_total (bytes; 0 where unknown), uptime
    (seconds), requests, board, micropython, firn (versions), image (see image()), time (seconds
    since 1970; None while the clock is not set), network (see network.values(); None without),
    mode, failed_boots, reset_cause, last_crash (see safety.values()), trial (see trial.values()),
    errors (the last lines of the log that tell of one).
    """
    free, used = platform.heap()
    total, room = platform.filesystem()
    found = {
        "heap_free": free,
        "heap_used": used,
        "filesystem_total": total,
        "filesystem_free": room,
        "uptime": uptime(),
        "time": platform.clock(),
        "requests": site.requests if site else 0,
        "board": platform.board(),
        "micropython": platform.version(),
        "firn": __version__,
        "image": image(),
        "network": _of("network"),
        "mode": "normal",
        "failed_boots": 0,
        "reset_cause": None,
        "last_crash": None,
        "trial": _of("trial"),
        "errors": errors(),
    }
    found.update(_of("safety") or {})
    return found


def image():
    """What the running image says of itself: a dict of board, version, date, micropython (str).

    None where there is no image, as on a host.
    """
    try:
        from .image_info import MARK
    except ImportError:
        return None
    words = MARK.split(b"\0")[1].decode()
    return dict(part.split("=") for part in words.split(";"))


def errors():
    """The last lines of the log that tell of an error or a worse thing, the newest first."""
    log = sys.modules.get(_PACKAGE + ".log")
    found = []
    for line in reversed(log.lines() if log else []):
        parts = line.split(" ", 2)
        # What begins with "|" is the rest of the line before: a traceback.
        if len(parts) == 3 and parts[1] in ("error", "critical") and parts[2][:1] != "|":
            found.append(line)
            if len(found) == _ERRORS:
                break
    return found


def _of(name):
    """The values of another part of the runtime; None where nothing has loaded it."""
    part = sys.modules.get(_PACKAGE + "." + name)
    return part.values() if part else None
