"""Setting the clock by SNTP (RFC 4330, RFC 5905), in the background.

A board has no clock that runs without power. Asked is once after joining a network and then once
a day; where that fails, again after a pause that grows.
"""

import asyncio
import os
import time

from . import log, platform
from .datagrams import Datagrams
from .lookup import lookup

_PORT = 123
_SIZE = 48
_TIMEOUT = 5  # seconds for an answer
_PAUSE = 15  # seconds; nobody may ask more often (RFC 4330 section 10)
_LONGEST_PAUSE = 3600
_DAY = 86400
_WAIT = 2  # seconds between looks whether there is a network
_1970 = 2208988800  # seconds from 1900, where NTP begins to count, to 1970
_2000 = 946684800  # seconds from 1970 to 2000
_PLAUSIBLE = 1704067200  # 2024-01-01: no server that is right says less


class Kiss(ValueError):
    """The server asks to be left alone (RFC 4330 section 8)."""


async def run(host, is_connected, name_server):
    """Keep the clock right until cancelled.

    ``host``: name or address of the server; ``is_connected()``: whether there is a network;
    ``name_server()``: address of the name server (str).
    """
    pause = _PAUSE
    while True:
        while not is_connected():
            await asyncio.sleep(_WAIT)
        try:
            set_clock(await ask(await lookup(host, name_server())))
            log.info("clock set by " + host)
            pause = _PAUSE
            await asyncio.sleep(_DAY)
            continue
        except Kiss as error:
            log.warning("clock: %s: %s" % (host, error))
            await asyncio.sleep(_DAY)
            continue
        except (OSError, ValueError) as error:
            # The first time it is worth a line; a network without internet is no fault.
            log.note(2 if pause == _PAUSE else 0, "clock not set by %s: %s" % (host, error))
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def ask(address, port=_PORT, timeout=_TIMEOUT):
    """The time from the server at ``address`` (dotted), in seconds since 1970 (int).

    OSError where nobody answers, ValueError for an answer that is not to be believed.
    """
    datagrams = Datagrams()
    try:
        datagrams.connect(address, port)
        # The server sends our time back; a random one says that the answer is to this question.
        cookie = os.urandom(8)
        sent = platform.ticks_ms()
        datagrams.send(b"\x23" + bytes(39) + cookie)  # version 4, client
        try:
            reply = (await asyncio.wait_for(datagrams.receive(_SIZE), timeout))[0]
        except asyncio.TimeoutError:
            raise OSError("expected an answer from %s, got none" % address)
        way = platform.ticks_diff(platform.ticks_ms(), sent)
    finally:
        datagrams.close()
    return time_in(reply, cookie, way)


def time_in(reply, cookie, way=0):
    """The time that ``reply`` (bytes) tells, in seconds since 1970 (int); ValueError.

    ``cookie``: the eight bytes that were sent; ``way``: milliseconds from request to answer.
    """
    if len(reply) < _SIZE:
        raise ValueError("expected %d bytes, got %d" % (_SIZE, len(reply)))
    first = reply[0]
    # The checks of RFC 4330 section 5.
    if first & 7 != 4 or not 1 <= first >> 3 & 7 <= 4:
        raise ValueError("expected an answer of a server, got mode %d" % (first & 7))
    if reply[24:32] != cookie:
        raise ValueError("expected the answer to our question, got another")
    stratum = reply[1]
    if stratum == 0:
        raise Kiss("expected a time, got %r" % reply[12:16])
    if first >> 6 == 3 or stratum > 15:
        raise ValueError("expected a server whose clock is set, got one whose is not")
    # Root delay and dispersion, in whole seconds (RFC 5905: 16 is infinity).
    if _number(reply, 4, 2) >= 16 or _number(reply, 8, 2) >= 16:
        raise ValueError("expected a server near a clock, got one too far from it")
    seconds = _number(reply, 40, 4)
    if not seconds:
        raise ValueError("expected a time, got none")
    if seconds < 0x80000000:
        seconds += 0x100000000  # the count began anew in 2036 (RFC 4330 section 3)
    # The fraction of a second and half of the way, rounded.
    seconds += ((_number(reply, 44, 2) * 1000 >> 16) + way // 2 + 500) // 1000 - _1970
    if seconds < _PLAUSIBLE:
        raise ValueError("expected a time of these years, got %d seconds since 1970" % seconds)
    return seconds


def _number(data, at, size):
    number = 0
    for byte in data[at : at + size]:
        number = number << 8 | byte
    return number


def set_clock(seconds):
    """Set the board's clock to ``seconds`` since 1970 (UTC); nothing where it is right anyway."""
    if platform.keeps_time():
        return
    from machine import RTC

    RTC().datetime(date(seconds))


def date(seconds, epoch=None):
    """What machine.RTC.datetime() takes for ``seconds`` since 1970.

    ``epoch``: the year in which the port's time begins, 1970 or 2000; its own if None.
    """
    if (epoch or time.gmtime(0)[0]) == 2000:
        seconds -= _2000
    year, month, day, hour, minute, second, weekday = time.gmtime(seconds)[:7]
    return (year, month, day, weekday, hour, minute, second, 0)
