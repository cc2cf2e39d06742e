"""Live values of the device, for pages and programs."""

from . import __version__, platform

site = None  # the running Site, set while it serves

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
    """A dict of plain values: heap_free and heap_used (bytes), uptime (seconds), requests,
    board, micropython, firn (versions)."""
    free, used = platform.heap()
    return {
        "heap_free": free,
        "heap_used": used,
        "uptime": uptime(),
        "requests": site.requests if site else 0,
        "board": platform.board(),
        "micropython": platform.version(),
        "firn": __version__,
    }
