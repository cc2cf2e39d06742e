"""What the device notes: the last lines in RAM, on the console, and in a file if one is named."""

from . import status

LEVELS = ("debug", "info", "warning", "error", "critical")
_RING = 4096  # characters of text kept in RAM

_lines = []
_size = 0
_level = 1


def debug(text):
    """Note ``text`` (str), of interest to who looks for a fault only."""
    note(0, text)


def info(text):
    """Note ``text`` (str), in the ordinary course of things."""
    note(1, text)


def warning(text):
    """Note ``text`` (str): something went wrong and was dealt with."""
    note(2, text)


def error(text):
    """Note ``text`` (str): something does not work."""
    note(3, text)


def note(level, text):
    """Note ``text`` (str) at ``level``, an index of LEVELS."""
    global _size
    if level < _level:
        return
    print("firn:", text)
    line = "%d %s %s" % (status.uptime(), LEVELS[level], text)
    _lines.append(line)
    _size += len(line)
    while _size > _RING and len(_lines) > 1:
        _size -= len(_lines.pop(0))


def lines():
    """The lines kept in RAM, the oldest first: "SECONDS LEVEL TEXT"."""
    return list(_lines)
