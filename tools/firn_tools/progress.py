"""One line that moves while something takes its time, on a terminal and in a log alike."""

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

console = Console(stderr=True, highlight=False)
_LOG_INTERVAL = 10.0  # seconds between lines where there is no terminal


def say(text):
    """Print one line of the tool's own, apart from what programs print on stdout."""
    console.print("firn: " + text, markup=False, soft_wrap=True)
    sys.stderr.flush()


def count(number, name):
    """Such as "1 file", "2 files", "2 files": ``number`` of what is called ``name``."""
    return "%d %s%s" % (number, name, "" if number == 1 else "s")


class Step:
    """``with Step("building UNIX") as step: step.update(0.4, "12 files")`` shows how far it is."""

    def __init__(self, label):
        self.label = label
        self.started = self._logged = time.monotonic()
        self._bar = None

    def __enter__(self):
        if console.is_terminal:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[note]}", markup=False),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self.label, total=None, note="")
        return self

    def update(self, fraction=None, note=""):
        """Show ``fraction`` (0 to 1, or None where nobody knows) and a few words."""
        if self._bar is not None:
            total = None if fraction is None else 1.0
            self._bar.update(self._task, total=total, completed=fraction or 0, note=note)
        elif time.monotonic() - self._logged >= _LOG_INTERVAL:
            self._logged = time.monotonic()
            percent = "" if fraction is None else " %d %%" % (fraction * 100)
            say("%s:%s %s (%.0f s)" % (self.label, percent, note, self.seconds))

    @property
    def seconds(self):
        """Seconds since the step was made."""
        return time.monotonic() - self.started

    def __exit__(self, kind, error, trace):
        if self._bar is not None:
            self._bar.stop()
        if kind is None:
            say("%s: done in %.1f s" % (self.label, self.seconds))


class Transfer:
    """How far ``files`` files of ``total`` bytes in all have come, shown on ``step``."""

    def __init__(self, step, total, files):
        self.step = step
        self.total = total
        self.files = files
        self.bytes = 0  # of the files that are whole
        self._number = 0
        self._name = ""

    def begin(self, name):
        """The file ``name`` is next."""
        self._number += 1
        self._name = name

    def at(self, size):
        """``size`` bytes of the file have come."""
        taken = self.bytes + size
        rate = taken / 1000 / max(0.001, self.step.seconds)
        note = "%d/%d %s %.0f KB/s" % (self._number, self.files, self._name, rate)
        self.step.update(min(1.0, taken / max(1, self.total)), note)

    def end(self, size):
        """The file, of ``size`` bytes, is whole."""
        self.bytes += size

    def report(self):
        """Say the rate, where it took long enough to tell one."""
        seconds = self.step.seconds
        if seconds > 1:
            rate = self.bytes / 1000 / seconds
            say("%s in %.1f s: %.1f KB/s" % (size_text(self.bytes), seconds, rate))


def size_text(size):
    """``size`` (bytes) for people."""
    return "%d bytes" % size if size < 1000 else "%.1f KB" % (size / 1000)
