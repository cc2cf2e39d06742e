"""What the device notes: the last lines in RAM, on the console, and in a file if one is named.

A line in RAM and in the file is "TIME LEVEL TEXT"; TIME is UTC as ISO 8601 has it, or the seconds
since the start while the clock is not set. One line is one line, whatever a text contains: control
characters are escaped, and the further lines of a traceback are lines of their own that begin with
"| " after the level, so that no stranger can write a line that the device did not.

Lines are numbered for those who follow them. The numbers begin anywhere, so that one kept from
before a restart (by a page that reconnects) is known to be none of now.
"""

import os
import time

from . import platform, status

LEVELS = ("debug", "info", "warning", "error", "critical")
LONGEST = 320  # bytes of a text; the rest is cut off
_RING = 3600  # bytes of lines kept in RAM, with what a string takes besides
_STRING = 40  # bytes that a string takes besides, and its place in the list
_HIDDEN = 40  # secrets that are kept out; more than a configuration has networks
_SHORTEST = 4  # characters of a secret: a shorter one would take everyday words away
_FIRST_FRAMES = 3  # lines of a traceback that are kept of its beginning
_LAST_FRAMES = 9  # and of its end
_POLL = 0.25  # seconds
_HOUR = 3600

_lines = []
_last = int.from_bytes(os.urandom(3), "big")  # number of the newest line
_level = 1
_hidden = []
_file = None


def configure(section):
    """Take level, file and size from ``section``, the Section "log" of the configuration."""
    global _file, _level
    _level = LEVELS.index(section.level)
    flush()
    _file = None
    if section.file:
        from .log_file import LogFile

        _file = LogFile("/" + section.file, section.max_bytes)


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


def critical(text):
    """Note ``text`` (str): the device does not work."""
    note(4, text)


def exception(text, error):
    """Note ``text`` (str) and the traceback of ``error``, of a long one its two ends."""
    try:
        _keep(3, text)
        trace = platform.traceback(error).rstrip().split("\n")
        left_out = len(trace) - _FIRST_FRAMES - _LAST_FRAMES
        if left_out > 1:
            trace[_FIRST_FRAMES:-_LAST_FRAMES] = ["(%d lines left out)" % left_out]
        for line in trace:
            _keep(3, "| " + line)
    except MemoryError:
        print("firn:", type(error).__name__)  # what can be said without memory
    _hurry()


def note(level, text):
    """Note ``text`` (str) at ``level``, an index of LEVELS. Never raises for want of memory."""
    try:
        _keep(level, text)
    except MemoryError:
        return
    if level >= 3:
        _hurry()


def _keep(level, text):
    global _last
    if level < _level:
        return
    text = _clean(_without_secrets(text if isinstance(text, str) else str(text)))
    print("firn:", text)
    line = "%s %s %s" % (now(), LEVELS[level], text)
    _lines.append(line)
    _last += 1
    size = 0
    for kept in _lines:
        size += _STRING + len(kept.encode())
    while size > _RING:
        size -= _STRING + len(_lines.pop(0).encode())
    if _file is not None:
        _file.add(line)


def _hurry():
    if _file is not None:
        _file.hurry()


def now():
    """The time as lines have it (str): of day in UTC, or seconds since the start."""
    clock = time.gmtime()
    if clock[0] < 2024:  # nobody has set it
        return str(status.uptime())
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % tuple(clock[:6])


# Secrets


def redact(secret):
    """Have "***" stand for ``secret`` (str) in every line, those kept in RAM included.

    One of less than 4 characters is left alone; None is no secret.
    """
    if not secret or len(secret) < _SHORTEST or secret in _hidden:
        return
    _hidden.append(secret)
    # The longest first: it may contain another.
    _hidden.sort(key=lambda one: -len(one))
    if len(_hidden) > _HIDDEN:
        _hidden.pop()
    for index, line in enumerate(_lines):
        if secret in line:
            _lines[index] = line.replace(secret, "***")
    if _file is not None:
        _file.redact(secret)


def redact_configuration(config):
    """Keep the secrets of ``config`` (a Config) out of every line."""
    for section in config.network.wifi:
        redact(section.password)
    redact(config.network.access_point.password)
    redact(config.secret_key)


def _without_secrets(text):
    for secret in _hidden:
        if secret in text:
            text = text.replace(secret, "***")
    return text


def _clean(text):
    """``text`` as one printable line of at most LONGEST bytes."""
    data = text[: LONGEST + 1].encode("utf-8", "backslashreplace")
    plain = len(data) <= LONGEST
    if plain:
        for byte in data:
            if not 32 <= byte < 127:
                plain = False
                break
    return text if plain else _escaped(data)


def _escaped(data):
    """The text of UTF-8 ``data`` with what moves a terminal's cursor, or hides, as \\xNN."""
    line = bytearray()
    end = len(data)
    at = 0
    while at < end:
        byte = data[at]
        size = 1 if byte < 0xC0 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
        piece = data[at : at + size]
        if byte < 32 or byte == 127 or _is_hidden(piece):
            piece = b"".join([b"\\x%02x" % byte for byte in piece])
            if piece == b"\\x0a":
                piece = b"\\n"
        if len(line) + len(piece) > LONGEST - 3:
            line += b"..."
            break
        line += piece
        at += size
    try:
        return line.decode()
    except UnicodeError:  # a str of MicroPython may contain what is no UTF-8
        return repr(bytes(line))[:LONGEST]


def _is_hidden(piece):
    """Whether a character (bytes) is a control of ISO 6429 or of the direction of writing."""
    if len(piece) == 2:
        return piece[0] == 0xC2 and piece[1] < 0xA0
    if len(piece) != 3:
        return False
    if piece[:2] == b"\xe2\x80":
        return 0x8B <= piece[2] <= 0x8F or 0xA8 <= piece[2] <= 0xAE
    return (piece[:2] == b"\xe2\x81" and piece[2] >= 0xA0) or piece == b"\xef\xbb\xbf"


# Readers


def lines():
    """The lines kept in RAM (a list of str), the oldest first."""
    return list(_lines)


def last():
    """The number of the newest line."""
    return _last


def since(after=None):
    """The lines newer than number ``after``, a list of (number, line).

    All that are kept where ``after`` is None, or no number of the lines that are, or were just
    before them.
    """
    first = _last - len(_lines) + 1
    if after is None or not first <= after <= _last:
        after = first - 1
    return [(number, _lines[number - first]) for number in range(after + 1, _last + 1)]


async def newer(after):
    """since(after), once there is such a line."""
    from asyncio import sleep

    # Asking now and then: a line may be noted by another thread or an interrupt, which cannot
    # wake a task, and a follower that goes away leaves nothing behind.
    while True:
        found = since(after) if after != _last else None
        if found:
            return found
        await sleep(_POLL)


def follow(after=None):
    """(number, line) of every line newer than ``after``, as since() has it, without an end.

    For ``async for``. Who is slower than lines come misses the oldest; the numbers tell.
    """
    return _Follower(after)


class _Follower:
    def __init__(self, after):
        self._after = after
        self._ready = []

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self._ready:
            self._ready = await newer(self._after)
        found = self._ready.pop(0)
        self._after = found[0]
        return found


# The file


def flush():
    """Write to the file what it still lacks; before a restart, for instance. Never raises."""
    if _file is not None:
        _file.flush()


async def run():
    """Keep the file up to date, until cancelled."""
    from asyncio import sleep

    try:
        while True:
            if _file is None:
                await sleep(_HOUR)
            else:
                await sleep(_file.wait)
                _file.flush_in_time()
    finally:
        flush()
