"""Sites running in images: started on free ports, stopped by their own process."""

import http.client
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import boards, emulate, flash_image, ports

START_TIMEOUT = 90  # seconds; an emulator on a busy machine
REQUEST_TIMEOUT = 65  # seconds; QEMU's network repeats a lost packet after 6, 18, 30 and 60
_BOOT_TIME = 2  # seconds until a board that says nothing listens; it takes less than one
# What a board says that listens: with firn.serve(), and with app.run(debug=True).
_LISTENS = ("serving on", "tarting async server")
_STOP_TIMEOUT = 10  # seconds until a program that was told to end is killed


class Answer:
    """An HTTP response: ``status``, ``headers`` (case-insensitive), ``body`` (bytes), ``text``."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()


def connect(scheme, host, port, timeout):
    """An HTTP connection; a device's certificate is its own, so that nobody can vouch for it."""
    if scheme == "https":
        context = ssl._create_unverified_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout)


class Patience:
    """How long to wait for a site that is starting: ``seconds``, longer after each lost attempt.

    QEMU's network repeats what came too early after 6 s; a new connection is sooner there.
    """

    def __init__(self):
        self.seconds = 2

    def lost(self):
        self.seconds = min(2 * self.seconds, 15)


class Site:
    """A site that answers on 127.0.0.1:``port``; what the device prints is in ``console``."""

    scheme = "http"  # or "https", whose certificate is taken as it is

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = ports.free_port()
        self._console = []

    @property
    def console(self):
        return b"".join(self._console).decode(errors="replace")

    def request(self, method, path, headers=None, body=None, timeout=REQUEST_TIMEOUT):
        connection = connect(self.scheme, "127.0.0.1", self.port, timeout)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, {k.replace("_", "-"): v for k, v in headers.items()})

    def wait(self, condition, what):
        """Poll ``condition`` until it is true; fails with the console when it never is.

        A connection that fails in it is tried again: an emulated network loses some.
        """
        end = time.monotonic() + START_TIMEOUT
        failure = ""
        while time.monotonic() < end:
            try:
                value = condition()
            except (OSError, http.client.HTTPException) as error:
                failure = " (%r)" % error
            else:
                if value:
                    return value
            time.sleep(0.05)
        told = "expected %s%s; the console says:\n%s" % (what, failure, self.console)
        raise AssertionError(told)

    def wait_for_count(self, text, count):
        """Wait until ``text`` has stood on the console ``count`` times."""
        what = "%r %d times on the console" % (text, count)
        return self.wait(lambda: self.console.count(text) >= count, what)

    def read_console(self, pipe):
        """Keep what comes out of ``pipe``, from now on."""

        def read():
            for chunk in iter(lambda: pipe.read1(4096), b""):
                self._console.append(chunk)

        self._reader = threading.Thread(target=read, daemon=True)
        self._reader.start()

    def wait_for_console(self, text):
        return self.wait(lambda: text in self.console, "%r on the console" % text)

    def wait_until_served(self):
        patience = Patience()

        def answers():
            if self.ended():
                raise AssertionError("the image ended; the console says:\n" + self.console)
            try:
                return self.request("GET", "/", timeout=patience.seconds).status
            except TimeoutError:
                patience.lost()
                raise

        return self.wait(answers, "an answer")


class UnixSite(Site):
    """The UNIX image serving ``folder``."""

    target = "unix"

    def __init__(self, folder, heap=None, wait=True):
        super().__init__(folder)
        self.heap = heap
        self._wait = wait

    def __enter__(self):
        command = emulate.unix_command(boards.find("UNIX"), self.folder, self.port, self.heap)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.read_console(self.process.stdout)
        try:
            if self._wait:
                self.wait_until_served()
        except BaseException:
            self.__exit__()
            raise
        return self

    def ended(self):
        return self.process.poll() is not None

    def __exit__(self, *exception):
        if not self.ended():
            self.process.terminate()
        try:
            self.process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(_STOP_TIMEOUT)
        self.process.stdout.close()


class QemuSite(Site):
    """The QEMU image serving a flash image made of ``folder``; ``board``: another than QEMU."""

    target = "qemu"

    def __init__(self, folder, flash, heap=None, wait=True, board=None):
        super().__init__(folder)
        self.board = board
        self._wait = wait
        self.flash = Path(flash)
        self._keyboard = None
        self.heap = heap

    def __enter__(self):
        if not self.flash.exists():
            flash_image.create(self.folder, self.flash, emulate.FLASH_SIZE)
        config = flash_image.read(self.flash, "config.json")
        self.device = emulate.Qemu(
            self.board or boards.find("QEMU"),
            self.flash,
            self.port,
            emulate.configured_port(config),
            self.heap,
            console=self._console.append,
        )
        self.device.__enter__()
        self.process = self.device.process
        try:
            if self._wait:
                self._wait_until_listening()
                self.wait_until_served()
        except BaseException:
            self.device.__exit__()
            raise
        return self

    def _wait_until_listening(self):
        """Give the board time for its network.

        QEMU's repeats what comes to a board before it is ready, but not before 6 s have passed.
        """
        end = time.monotonic() + _BOOT_TIME
        while time.monotonic() < end and not self.ended():
            if any(text in self.console for text in _LISTENS):
                return
            time.sleep(0.02)

    def ended(self):
        return self.device.process.poll() is not None

    def type(self, keys):
        """Send ``keys`` (bytes) to the console."""
        # Kept open: what an emulator has not yet read of a closed connection is lost.
        if self._keyboard is None:
            self._keyboard = socket.create_connection(("127.0.0.1", self.device.serial))
        self._keyboard.sendall(keys)

    def _leave_keyboard(self):
        if self._keyboard is not None:
            self._keyboard.close()
            self._keyboard = None

    def mpremote(self, *arguments, timeout=60):
        """Run mpremote on the device's console; its output."""
        self._leave_keyboard()
        return mpremote(self.device.serial, *arguments, timeout=timeout)

    def __exit__(self, *exception):
        self._leave_keyboard()
        self.device.__exit__()


def mpremote(serial, *arguments, timeout=60):
    """Run mpremote on the console at TCP port ``serial``; its standard output."""
    command = [sys.executable, "-m", "mpremote", "connect", "socket://127.0.0.1:%d" % serial]
    for _ in range(3):
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=timeout
        )
        # Ctrl-C comes to nothing while a device is between two programs; people press it again.
        if "could not enter raw repl" not in done.stderr:
            break
    assert done.returncode == 0, "mpremote %s: %s%s" % (arguments, done.stdout, done.stderr)
    return done.stdout
