"""The emulated board with its console on a pseudo-terminal, and the firn command against it."""

import os
import re
import signal
import subprocess
import sys

from firn_tools import boards, emulate, flash_image
from targets import ROOT, Site

_COMMAND_TIMEOUT = 120  # seconds


class Done:
    """A command that ended: ``status``, ``out`` (str), ``err`` (str, with spaces folded)."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        err = err or ""
        self.err = " ".join(err.split())
        assert "Traceback" not in err.partition("the device says")[0], err

    def __str__(self):
        return "status %s\n%s\n%s" % (self.status, self.out, self.err)


class PtyBoard(Site):
    """``with PtyBoard(folder, flash)``: ``tty`` is its console, ``url`` where its site answers."""

    def __init__(self, folder, flash, serving=True):
        super().__init__(folder)
        self.flash = flash
        self.serving = serving
        self.url = "http://127.0.0.1:%d/" % self.port

    def __enter__(self):
        if not self.flash.exists():
            flash_image.create(self.folder, self.flash, emulate.FLASH_SIZE)
        board = boards.find("QEMU")
        self.device = emulate.Qemu(
            board, self.flash, self.port, pty=True, console=self._console.append
        )
        self.device.__enter__()
        try:
            found = self.wait(
                lambda: re.search(r"redirected to (\S+) \(label", self.console), "the pty's name"
            )
            self.tty = found.group(1)
            if self.serving:
                # Not before: the emulator repeats a request that came too early seconds later.
                self.wait_for_console("firn: serving on")
                self.wait_until_served()
        except BaseException:
            self.device.__exit__()
            raise
        return self

    def ended(self):
        return self.device.process.poll() is not None

    def __exit__(self, *exception):
        self.device.__exit__()

    def start(self, *arguments, port=None, **options):
        """The firn command with ``arguments`` as a process, its device this one."""
        environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"), COLUMNS="200")
        environment["PYTHONUNBUFFERED"] = "1"
        environment["FIRN_PORT"] = port or self.tty
        pipe = subprocess.PIPE
        options = {"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe, **options}
        return subprocess.Popen(
            [sys.executable, "-m", "firn_tools", *map(str, arguments)],
            env=environment, text=True, **options,
        )  # fmt: skip

    def firn(self, *arguments, **options):
        """Run the firn command to its end."""
        return finish(self.start(*arguments, **options))

    def push(self, folder, *options):
        return self.firn("push", folder, "--url", self.url, *options)


def finish(process, number=None):
    """The Done of ``process``, after sending it the signal ``number`` if one is given."""
    if number is not None:
        process.send_signal(number)
    try:
        out, err = process.communicate(timeout=_COMMAND_TIMEOUT)
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, out, err)


def interrupt(process):
    """Ctrl-C."""
    return finish(process, signal.SIGINT)
