"""A site on the emulated Pico whose only network is a PPP link: its variant PPP."""

import os
import socket
import subprocess
import threading
import time
from pathlib import Path

from ppp_peer import Network

from firn_tools import boards, flash_image

_WAIT = 120  # seconds for what a busy machine may delay
_RUNNER = os.environ.get("RP2_RUNNER", "/tmp/wt/emu/tools/firn_tools/rp2040/run.mjs")
_LIBRARY = os.environ.get("RP2_LIBRARY", "/tmp/emu-npm")


class Rp2Site:
    """The site in ``folder`` (Path), served at ``connect()``; its console is in ``console``.

    A context manager; it uses files beside the folder.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self._console = []

    @property
    def console(self):
        return b"".join(self._console).decode(errors="replace")

    def connect(self, port=80, receive_buffer=None):
        """A socket connected to the board; see Network.connect()."""
        return self._network.connect(port, receive_buffer)

    def __enter__(self):
        board = boards.find("RPI_PICO-PPP")
        offset, size = board.filesystem()
        flash = self.folder.with_suffix(".img")
        line = self.folder.with_suffix(".uart")
        flash_image.create(self.folder, flash, size, unit=flash_image.RP2_UNIT)
        self._process = subprocess.Popen(
            ["node", _RUNNER, "--library", _LIBRARY,
             "--uf2", str(board.image.with_name("firmware.update.uf2")),
             "--keep", str(flash), "--at", str(offset), "--uart", str(line), "--stats"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self._network = Network(self._line(line))
            self.wait_until_served()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _read(self):
        for chunk in iter(lambda: self._process.stdout.read1(4096), b""):
            self._console.append(chunk)

    def _line(self, path):
        made = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + _WAIT
        while True:
            try:
                made.connect(str(path))
                return made
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.05)

    def wait_until_served(self):
        end = time.monotonic() + _WAIT
        while True:
            try:
                self._network.connect(timeout=2).close()
                return
            except OSError as error:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise AssertionError("%r; the console says:\n%s" % (error, self.console))
                time.sleep(0.1)

    def type(self, keys):
        self._process.stdin.write(keys)
        self._process.stdin.flush()

    def soft_reset(self):
        """Ctrl-C for the prompt, Ctrl-D there; wait until the site is served again."""
        before = self.console.count(">>> ")
        self.type(b"\x03")
        end = time.monotonic() + _WAIT
        while self.console.count(">>> ") == before:
            assert time.monotonic() < end, self.console
            time.sleep(0.05)
        self.type(b"\x04")
        while "soft reboot" not in self.console:
            assert time.monotonic() < end, self.console
            time.sleep(0.05)
        self.wait_until_served()

    def __exit__(self, *exception):
        if hasattr(self, "_network"):
            self._network.__exit__()
        self._process.terminate()
        self._process.wait(10)
