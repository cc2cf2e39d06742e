"""A board in memory: stands in for ``machine`` and for what says which board it is."""

from fake_files import FakeFiles

from firn import boot_record, config, known_good, log, platform, replace, safety, trial, watchdog

_STATE = (
    (boot_record, ("machine", "sys", "os", "open")),
    (config, ("os", "open", "forget")),
    (known_good, ("open",)),
    (log, ("note",)),
    (platform, ("can_reset", "board", "ticks_ms", "is_file")),
    (replace, ("os", "open")),
    (safety, ("sys", "open", "mode", "_record", "_cause", "_sound", "_good", "_keep", "_since",
              "_trial", "_watched")),
    (trial, ("pending", "_paused", "_began", "_left")),
    (watchdog, ("sys", "_wdt", "_timer", "_beat", "_limit", "_bite")),
)  # fmt: skip


class Reset(Exception):
    """machine.reset() was called."""


class Sys:
    def __init__(self, platform):
        self.platform = platform


class Machine:
    """``cause``: what reset_cause() gives; ``rtc``: the clock's memory, None without one."""

    PWRON_RESET = 1
    HARD_RESET = 2
    WDT_RESET = 3
    DEEPSLEEP_RESET = 4
    SOFT_RESET = 5

    def __init__(self, cause=1, rtc=b""):
        self.cause = cause
        self.rtc = rtc
        self.mem32 = {}
        self.watchdogs = []
        self.timers = []
        self.fed = 0
        machine = self

        class RTC:
            def memory(self, data=None):
                if data is None:
                    return machine.rtc
                machine.rtc = data

        class WDT:
            def __init__(self, timeout):
                machine.watchdogs.append(timeout)

            def feed(self):
                machine.fed += 1

        class Timer:
            PERIODIC = 1

            def __init__(self, number):
                if number != machine.timer_number:
                    raise ValueError("no such timer")

            def init(self, mode, period, callback):
                machine.timers.append((mode, period, callback))

        self.timer_number = -1
        self.WDT = WDT
        self.Timer = Timer
        if rtc is not None:
            self.RTC = RTC

    def reset_cause(self):
        return self.cause

    def reset(self):
        raise Reset


class Board:
    """``with Board(machine, files) as board:`` everything runs on that board.

    ``machine``: a Machine, None for a host; ``files``: {path: bytes}; ``name``: sys.platform.
    ``now`` is the clock in ms; ``notes`` are the texts of the log.
    """

    def __init__(self, machine=None, files=None, name="qemu", board="Board"):
        self.machine = machine
        self.files = FakeFiles(files)
        self.name = name if machine else "linux"
        self.board = board
        self.now = 0
        self.notes = []

    def __enter__(self):
        self._kept = []
        for module, names in _STATE:
            for name in names:
                self._kept.append((module, name, getattr(module, name, None)))
        self.install()
        for module in (boot_record, safety, watchdog):
            module.sys = Sys(self.name)
        boot_record.machine = lambda: self.machine
        config.forget = lambda name: None  # a module loaded anew would see the real files
        platform.can_reset = lambda: self.machine is not None
        platform.board = lambda: self.board
        platform.ticks_ms = lambda: self.now
        platform.is_file = lambda path: path in self.files.files
        log.note = lambda level, text: self.notes.append(text)
        self._timer = watchdog._timer
        if self._timer is not None:  # of the real board
            self._timer.deinit()
        watchdog._wdt = watchdog._timer = watchdog._beat = None
        safety.mode = "normal"
        safety._record = boot_record.Record()
        return self

    def install(self):
        """Have everything use ``files``."""
        self.files.install(boot_record, config, known_good, replace, safety)

    def __exit__(self, *error):
        for module, name, value in self._kept:
            if value is None and name == "open":
                delattr(module, name)
            elif name != "os" or value is not None:
                setattr(module, name, value)
        if hasattr(boot_record, "os"):
            del boot_record.os
        for module in (known_good, safety):
            if hasattr(module, "os"):
                del module.os
        if self._timer is not None:
            self._timer.init(period=1000, callback=watchdog._feed)

    def tick(self, seconds=1):
        """Let time pass; the timers call back each second."""
        for _ in range(seconds):
            self.now += 1000
            for _, _, callback in self.machine.timers:
                callback(None)

    def restart(self, cause):
        """What begins as the machine is reset: nothing in memory, but for the record."""
        self.machine.cause = cause
        self.machine.timers = []
        self.machine.watchdogs = []
        watchdog._wdt = watchdog._timer = watchdog._beat = None
        safety.begin()
