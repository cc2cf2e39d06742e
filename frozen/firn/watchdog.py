"""The watchdog: a board whose site makes no progress is reset; one that is at the REPL never is.

The hardware's watchdog cannot be stopped once it runs (RP2040, ESP32), and knows only short times
on some chips. So a timer feeds it every second, whatever Python does, as long as the heartbeat of
the asyncio loop is not late; where no site is served nothing is expected and it is always fed.
An endless loop in Python still lets the timer's callback run: it notes what happened and resets.
A block in C does not, and what resets then is the hardware.
"""

import sys

from . import boot_record, platform

_PERIOD = 1000  # ms between two feedings, and between two heartbeats
_ENABLED = 1 << 30  # CTRL of the RP2040's and RP2350's watchdog
# The longest time that the hardware knows, less what a timer may be late.
_LONGEST = {"rp2": 8300, "qemu": 170000}  # ms
_TIMERS = (-1, 3, 1, 0)  # one that is not of hardware, or else the least likely to be taken

_wdt = None
_timer = None
_beat = None  # ticks of the last heartbeat; None: none is expected
_limit = 0  # ms without a heartbeat
_bite = None  # called once when there was none


def start(seconds, bite=None):
    """Expect heartbeats from now on, at most ``seconds`` (int) apart; 0: never mind.

    ``bite()`` is called when one is missing, before the reset. Without a hardware watchdog nothing
    is started. Returns after how many seconds the hardware resets a board that hangs in C, 0
    where it does not. Raises OSError or ValueError where the hardware refuses.
    """
    global _beat, _limit, _bite
    if seconds <= 0 or not hasattr(boot_record.machine(), "WDT"):
        return 0
    _limit = seconds * 1000 + _PERIOD  # a heartbeat that is just not late may be that old
    _bite = bite
    timeout = min(seconds * 1000 + 2 * _PERIOD, _LONGEST.get(sys.platform, 1 << 30))
    _start(timeout)
    _beat = platform.ticks_ms()
    return timeout // 1000


def _start(timeout):
    global _wdt
    board = boot_record.machine()
    _start_timer(board)  # first: without one, nothing would feed what cannot be stopped
    _wdt = board.WDT(timeout=timeout)


def _start_timer(board):
    global _timer
    if _timer is not None:
        return
    for number in _TIMERS:
        try:
            timer = board.Timer(number)
        except ValueError:
            continue
        timer.init(mode=board.Timer.PERIODIC, period=_PERIOD, callback=_feed)
        _timer = timer
        return
    raise ValueError("expected a timer, got none")


def take_over(seconds, cause):
    """Go on feeding what ran before a soft reset; True if it was so.

    ``seconds``: of the record, 0 if the watchdog is not ours; ``cause``: of the reset.
    """
    board = boot_record.machine()
    base = boot_record.registers()
    runs = board.mem32[base] & _ENABLED if base else cause == "soft"
    if not (seconds and runs and hasattr(board, "WDT")):
        return False
    _start(seconds * 1000)
    return True


def beat():
    """The heartbeat, to be called every second while a site is served."""
    global _beat
    if _beat is not None:
        _beat = platform.ticks_ms()


def rest():
    """Expect no heartbeat any more; the watchdog is fed until ``start()`` is called again."""
    global _beat
    _beat = None


def _feed(timer):
    global _bite
    if _beat is not None and platform.ticks_diff(platform.ticks_ms(), _beat) > _limit:
        bite, _bite = _bite, None
        if bite:
            bite()
        return
    if _wdt is not None:
        _wdt.feed()


def seconds():
    """How long the heart has not beaten, in seconds (int)."""
    if _beat is None:
        return 0
    return platform.ticks_diff(platform.ticks_ms(), _beat) // 1000
