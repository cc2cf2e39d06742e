"""A site on the emulated Pico whose only network is a PPP link: its variant PPP."""

import socket
import time
from pathlib import Path

from ppp_peer import Network

from firn_tools import boards, flash_image, rp2040

_WAIT = 120  # seconds for what a busy machine may delay
_LOOK = 0.05
_PATIENCE = 3  # until a key is pressed again


class Rp2Site:
    """The site in ``folder``, served where ``connect()`` leads; its console is in ``console``.

    A context manager; it makes its files beside the folder.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.board = boards.find("RPI_PICO-PPP")
        self._console = []
        self._network = None

    @property
    def console(self):
        return b"".join(self._console).decode(errors="replace")

    def connect(self, port=80, receive_buffer=None):
        """A socket connected to the board; see Network.connect()."""
        return self._network.connect(port, receive_buffer)

    def __enter__(self):
        flash = self.folder.with_suffix(".img")
        line = self.folder.with_suffix(".uart")
        flash_image.create(
            self.folder, flash, self.board.filesystem()[1], unit=flash_image.RP2_UNIT
        )
        self._device = rp2040.Rp2040(
            self.board, flash, console=self._console.append, uart=line, statistics=True
        )
        self._device.__enter__()
        try:
            self._network = Network(self._open(line))
            self.wait_until_served()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _open(self, line):
        """The socket to the board's UART, once the emulator listens there."""
        made = socket.socket(socket.AF_UNIX)
        self.wait(lambda: made.connect_ex(str(line)) == 0, "the UART's socket")
        return made

    def wait(self, condition, what):
        """Poll ``condition`` until it is true; fails with the console when it never is."""
        end = time.monotonic() + _WAIT
        while not condition():
            running = self._device.process.poll() is None
            if not running or time.monotonic() > end:
                said = "\n".join([self.console, *self._device.said])
                raise AssertionError("expected %s; the console says:\n%s" % (what, said))
            time.sleep(_LOOK)

    def wait_until_served(self):
        def answers():
            try:
                self._network.connect(timeout=2).close()
                return True
            except OSError:
                return False

        self.wait(answers, "a connection")

    def soft_reset(self):
        """Ctrl-C for the prompt and Ctrl-D there; wait until the site is served again."""
        with socket.create_connection(("127.0.0.1", self._device.serial)) as keyboard:
            self._press(keyboard, b"\x03", ">>> ")
            self._press(keyboard, b"\x04", "soft reboot")
        self.wait_until_served()

    def _press(self, keyboard, key, answer):
        """Press ``key`` until the console answers: Ctrl-C is lost when it meets a callback."""
        seen = len(self.console)
        last = None

        def is_answered():
            nonlocal last
            if last is None or time.monotonic() > last + _PATIENCE:
                keyboard.sendall(key)
                last = time.monotonic()
            return answer in self.console[seen:]

        self.wait(is_answered, "%r on the console" % answer)

    def __exit__(self, *exception):
        if self._network:
            self._network.__exit__()
        self._device.__exit__()
