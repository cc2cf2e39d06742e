"""The emulated board with a benchmark image: what is frozen into it, booting it, asking it."""

import hashlib
import re
import runpy
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from firn_tools import boards, build, emulate, flash_image, notebooks, paths, ports
from firn_tools.errors import Failure

from . import BUILD, HERE, PEERS, process

HTTP_PORT = 80  # of the device
PROBE_PORT = 81
_FLASH_SIZE = 256 * 1024
# QEMU's network sends what was lost again after 6, 18, 30 and 60 s.
TIMEOUT = 65


class Image(boards.Board):
    """The QEMU board with another manifest: ``contestant`` is "firn", "peer" or
    "notebooks"."""

    def __init__(self, contestant):
        super().__init__(paths.root() / "boards" / "QEMU")
        self.manifest = HERE / "images" / (contestant + ".py")
        self.name = "bench/QEMU-" + contestant

    def build(self):
        """Build what has changed; the path of the image."""
        folder = BUILD.parent / self.name
        _freeze()
        settings = [
            "FROZEN_MANIFEST=%s" % self.manifest,
            # What the tools do not know to be a part of this image.
            "BENCH_INPUTS=%s" % _digest(HERE / "images", HERE / "servers", PEERS / "microdot",
                                        paths.frozen() / "standins", self.folder,
                                        HERE / "notebooks"),
        ]  # fmt: skip
        image = build.build(self, if_needed=True, settings=settings)
        command = ["make", "-C", str(paths.root() / "firmware" / "qemu"), "listen_backlog"]
        command.append("BUILD=%s" % folder)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failure("listen_backlog.so could not be built: %s" % done.stderr)
        return image


def _freeze():
    """Make what the image of the notebooks has beside what is in the source."""
    frozen = BUILD / "frozen"
    notebooks.freeze(HERE / "notebooks", frozen / "frozen_notebooks")
    packing = runpy.run_path(str(paths.frozen() / "microdot" / "packing.py"))
    packing["freeze"](
        str(paths.frozen() / "marimo" / "assets"), str(frozen / "marimo" / "page_data.py")
    )


def _digest(*folders):
    total = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


class Device(emulate.Qemu):
    """A board that runs one program: ``with Device("floor", image, "floor_close") as device``.

    ``name``: how it is called in the table; ``words``: the program and its settings (see
    servers/main.py); ``probe``: whether the program servers/probe.py runs beside it;
    ``heap``: bytes; ``files``: a folder (Path) to be copied to the board. All that the console
    prints is in ``printed``.
    """

    def __init__(self, name, image, *words, heap=None, probe=False, files=None):
        self.name = name
        self._files = files
        self.words = [*words, "probe=%d" % PROBE_PORT] if probe else list(words)
        self.printed = ""
        self.probe_port = ports.free_port() if probe else None
        self._said = threading.Event()
        port = ports.free_port()
        super().__init__(image, None, port, HTTP_PORT, heap, console=self._print)

    def command(self):
        found = super().command()
        if self.probe_port:
            where = found.index("-nic") + 1
            found[where] += ",hostfwd=tcp:127.0.0.1:%d-:%d" % (self.probe_port, PROBE_PORT)
        return found

    def _print(self, chunk):
        self.printed += chunk.decode(errors="replace")
        self._said.set()

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="firn-bench-")
        files = Path(self._folder.name)
        (files / "site").mkdir()
        (files / "site" / "program").write_text(" ".join(self.words))
        if self._files:
            shutil.copytree(self._files, files / "site" / self._files.name)
        self.flash = files / "flash.img"
        flash_image.create(files / "site", self.flash, _FLASH_SIZE)
        with process.pinned(process.cores()[0]):
            return super().__enter__()

    def __exit__(self, *exception):
        if self._probe is not None:
            self._probe.close()
        super().__exit__(*exception)
        self._folder.cleanup()

    def wait_for(self, pattern, timeout=TIMEOUT):
        """The match of the regular expression ``pattern`` on the console, once it is there."""
        end = time.monotonic() + timeout
        while True:
            found = re.search(pattern, self.printed)
            if found:
                return found
            if self.process.poll() is not None or time.monotonic() > end:
                raise Failure("%s: expected %r, got %r" % (self.name, pattern, self.printed))
            self._said.wait(0.1)
            self._said.clear()

    def ask(self, command):
        """The probe's answer: (bytes of heap in use, connections open)."""
        if self._probe is None:
            self._probe = connect(self.probe_port)
        self.asked += 1
        self._probe.sendall(command)
        line = b""
        while not line.endswith(b"\n"):
            piece = self._probe.recv(64)
            if not piece:
                raise Failure("%s: the probe ended: %r" % (self.name, self.printed))
            line += piece
        return tuple(int(word) for word in line.split())

    _probe = None
    asked = 0  # how often


def connect(port, timeout=TIMEOUT):
    """A connection to the device behind 127.0.0.1:``port``."""
    client = socket.create_connection(("127.0.0.1", port), timeout)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client
