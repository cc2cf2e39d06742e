"""Boards with an RP2040, emulated by rp2040js: the very UF2 file that is made for them boots."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from . import paths, programs
from .console_relay import Port, Relay, Terminal
from .emulator import STOP_TIMEOUT, Emulator, stopped
from .errors import Failure
from .lock import locked
from .progress import Step

_HERE = Path(__file__).resolve().parent / "rp2040"
_NODE = 18  # the oldest Node.js that has what the emulator is written with
# How the emulator's process ends when the board does not go on.
WAITS_FOR_UF2 = 3
LOCKED_UP = 4


class Rp2040(Emulator):
    """The board as a process: ``with Rp2040(board, flash=path) as device``.

    ``flash``: the image (path) of its filesystem, changed when the board changes it; None: that
    of the UF2 file, and nothing is kept; ``serial``: TCP port for the console, chosen free when
    None; ``pty``: give the console a pseudo-terminal instead, whose name is ``console_name``;
    ``console``: called with the bytes that the board prints; ``told``: called with what the
    emulator says (str); ``uart``: path of a UNIX socket to make, for the bytes of UART 0;
    ``image``: another UF2 file than that of ``board``; ``statistics``: say at the end how fast it
    was.
    """

    boot_timeout = 90  # twenty million instructions, on a computer that may be busy

    def __init__(
        self,
        board,
        flash=None,
        serial=None,
        pty=False,
        console=None,
        told=None,
        uart=None,
        image=None,
        statistics=False,
    ):
        require_emulated(board)
        super().__init__(board, serial)
        self.flash = flash
        self.pty = pty
        self.console = console
        self.told = told
        self.uart = uart
        self.image = image or board.image
        self.statistics = statistics
        self.said = []  # lines of the emulator
        self._library = library()
        self._name = None

    @property
    def console_name(self):
        return self._name or super().console_name

    def command(self):
        """The emulator's command line."""
        command = ["node", str(_HERE / "run.mjs"), "--library", str(self._library)]
        command += ["--uf2", str(self.image)]
        if self.flash:
            offset, _ = self.board.filesystem()
            command += ["--keep", str(self.flash), "--at", str(offset)]
        if self.uart:
            command += ["--uart", str(self.uart)]
        return command + ["--stats"] * self.statistics

    def __enter__(self):
        line = Terminal() if self.pty else Port(self.serial)
        self._name = line.name
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            self.command(), stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0
        )
        self._relay = Relay(self.process, line, self._printed, self._told)
        return self

    def _printed(self, chunk):
        self.spoken.set()
        if self.console:
            self.console(chunk)

    def _told(self, line):
        self.said.append(line)
        if self.told:
            self.told(re.sub(r"^rp2040: ", "", line))

    def wait(self):
        """Wait until the board's process ends, and until its last words are shown; its status."""
        status = self.process.wait()
        self._relay.join(STOP_TIMEOUT)
        return status

    def __exit__(self, *exception):
        stopped(self.process)
        self._relay.join(STOP_TIMEOUT)


def is_emulated(board):
    """Whether ``board`` is one of these: no radio is emulated."""
    return board.port == "rp2" and board.about["mcu"] == "rp2040" and not board.has_radio


def require_emulated(board):
    """Failure unless there is an emulator of ``board``."""
    if not is_emulated(board):
        what = board.about.get("mcu", board.port)
        if board.has_radio:
            what += " with its radio"
        raise Failure("%s: there is no emulator of its %s" % (board.name, what))


def library():
    """The folder whose node_modules has rp2040js: installed once, as the lock file pins it."""
    digest = hashlib.sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()
    folder = paths.cache() / ("rp2040js-" + digest[:12])
    programs.ensure("node")
    if not folder.is_dir():
        programs.ensure("npm")
        _require_version()
        with locked(paths.cache()):
            if not folder.is_dir():
                _install(folder)
    return folder


def _require_version():
    found = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    number = re.match(r"v(\d+)\.", found)
    if not number or int(number.group(1)) < _NODE:
        got = found.strip() or "none"
        raise Failure("node: expected Node.js %d or later, got %s" % (_NODE, got))


def _install(folder):
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_HERE / name, partial / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    with Step("installing rp2040js"):
        done = subprocess.run(
            command, cwd=partial, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            raise Failure("%s failed:\n%s" % (" ".join(command), done.stderr.strip()))
    partial.rename(folder)
