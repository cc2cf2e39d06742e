"""The emulated Pico with its console on a pseudo-terminal, and the firn command against it."""

import os
import subprocess
import sys

from pty_board import PtyBoard

from firn_tools import boards, flash_image, rp2040

_RUN_TIMEOUT = 120  # seconds for a program on the board


def make_flash(folder, flash):
    """Make the image ``flash`` (Path) of the board's filesystem, with ``folder``'s files."""
    _, size = boards.find("RPI_PICO").filesystem()
    flash_image.create(folder, flash, size, unit=flash_image.RP2_UNIT)


class PicoBoard(PtyBoard):
    """``with PicoBoard(folder, flash) as board``; ``serving``: wait until its site is served."""

    def __enter__(self):
        if not self.flash.exists():
            make_flash(self.folder, self.flash)
        self.device = rp2040.Rp2040(
            boards.find("RPI_PICO"), self.flash, pty=True, console=self._console.append
        )
        self.device.__enter__()
        self.tty = self.device.console_name
        try:
            if self.serving:
                self.wait_for_console("firn: serving on USB")
        except BaseException:
            self.__exit__()
            raise
        return self

    def mpremote(self, *arguments):
        """Run mpremote on the board's console; its output, with "\\n" ends."""
        command = [sys.executable, "-m", "mpremote", "connect", self.tty, *arguments]
        for _ in range(3):
            done = subprocess.run(command, capture_output=True, text=True, timeout=_RUN_TIMEOUT)
            if "could not enter raw repl" not in done.stderr:
                break
        assert done.returncode == 0, "%s: %s%s" % (arguments, done.stdout, done.stderr)
        return done.stdout.replace("\r", "")

    def type(self, keys):
        """Send ``keys`` (bytes) to the console, as one who has no program for it."""
        line = os.open(self.tty, os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(line, keys)
        finally:
            os.close(line)

    def serve_again(self, keys):
        """Send ``keys`` and wait until the site is served once more."""
        count = self.console.count("firn: serving on USB")
        self.type(keys)
        self.wait_for_count("firn: serving on USB", count + 1)
