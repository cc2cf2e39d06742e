"""What emulated boards have in common: how they boot, answer, and are stopped."""

import signal
import subprocess
import sys
import threading

from .errors import Failure
from .ports import free_port

_RUN_TIMEOUT = 120  # seconds for a program on the device
STOP_TIMEOUT = 5  # seconds an emulator gets to end before it is killed


class Emulator:
    """A board in a process; subclasses start it: see emulate.Qemu, rp2040.Rp2040.

    ``serial``: the TCP port of 127.0.0.1 that its console is at; ``process``: a Popen;
    ``boot_timeout``: seconds until the console says something.
    """

    boot_timeout = 20

    def __init__(self, board, serial=None):
        self.board = board
        self.serial = serial or free_port()
        self.process = None
        self.spoken = threading.Event()

    @property
    def console_name(self):
        """The console as mpremote's ``connect`` takes it."""
        return "socket://127.0.0.1:%d" % self.serial

    def wait_until_booted(self):
        """Wait for the first words on the console: before them, Ctrl-C may be lost."""
        if not self.spoken.wait(self.boot_timeout):
            raise Failure("%s says nothing on its console" % self.board.name)

    def run_at_boot(self, code):
        """What ``code`` prints on a device that has just run boot.py and not main.py."""
        self.wait_until_booted()
        command = [sys.executable, "-m", "mpremote", "connect", self.console_name]
        command += ["soft-reset", "exec", code]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_RUN_TIMEOUT)
        if done.returncode:
            raise Failure("%s does not answer: %s" % (self.board.name, done.stderr.strip()))
        return done.stdout


def stopped(process, number=signal.SIGTERM):
    """End ``process``, politely first, by signal ``number``; 0."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return 0
