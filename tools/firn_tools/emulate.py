"""``firn emulate``: boots an image on a site folder, as a process or in an emulated board."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from . import build, flash_image, paths, programs
from .errors import Failure
from .ports import free_port
from .progress import say

_HTTP_PORT = 80  # of a device whose configuration names no other
# What QEMU says when it is ended, and when a client comes before the board has a network.
_NOISE = re.compile(rb"qemu-system-arm: (terminating on|Slirp:).*\n?")
_BOOT_TIMEOUT = 20  # seconds until the console says something
_STOP_TIMEOUT = 5  # seconds an emulator gets to end before it is killed
FLASH_SIZE = 1408 * 1024  # the filesystem of a Raspberry Pi Pico


def run(board, options):
    """Boot ``board`` with the command line's ``options`` until it ends or Ctrl-C; exit status."""
    folder = Path(options.folder or paths.root() / "firmware" / "filesystem")
    if not folder.is_dir():
        raise Failure("%s: expected a folder with a site" % folder)
    require_free(options.port)
    build.build(board, if_needed=True)
    emulators = {"unix": _unix, "qemu": _qemu}
    # An emulator that is told to end has to end what it started.
    signal.signal(signal.SIGTERM, _interrupt)
    return emulators[board.port](board, folder, options)


def _interrupt(number, frame):
    raise KeyboardInterrupt


def require_free(port):
    """Failure unless TCP ``port`` of 127.0.0.1 can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failure("port %d of 127.0.0.1: %s; try --port" % (port, error.strerror.lower()))


# UNIX: the image is a program


def unix_command(board, folder, port, heap=None):
    """The command that serves ``folder`` from the UNIX image on 127.0.0.1:``port``."""
    heap_option = ["-X", "heapsize=%d" % heap] if heap else []
    return [
        str(board.image),
        *heap_option,
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]


def _unix(board, folder, options):
    for given, name in ((options.flash, "--flash"), (options.serial, "--serial")):
        if given:
            raise Failure("%s is for an emulated board; UNIX serves the folder itself" % name)
    process = subprocess.Popen(unix_command(board, folder, options.port, options.heap))
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal's Ctrl-C has reached the image too; it stops by itself.
        return _stopped(process, signal.SIGINT)


def _stopped(process, number):
    """End ``process``, politely first; 0."""
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return 0


# QEMU: the image is a firmware


class Qemu:
    """The emulated board as a process: ``with Qemu(board, flash=path, port=8080) as device``.

    ``flash``: the flash image (a file, made blank when absent); ``port``: host port to forward to
    ``http_port`` of the device; ``heap``: bytes; ``serial``: TCP port for the console, chosen free
    when None; ``pty``: give the console a pseudo-terminal instead.
    """

    def __init__(
        self,
        board,
        flash=None,
        port=None,
        http_port=_HTTP_PORT,
        heap=None,
        serial=None,
        pty=False,
        console=None,
    ):
        programs.ensure("qemu-system-arm")
        self.board = board
        self.folder = paths.build(board.name)
        self.flash = flash
        self.port = port
        self.http_port = http_port
        self.heap = heap
        self.serial = serial or free_port()
        self.pty = pty
        self.console = console
        self.process = None
        self._spoken = threading.Event()

    def command(self):
        """The emulator's command line."""
        arguments = ["firmware"]
        if self.heap:
            arguments.append("heap=%d" % self.heap)
        arguments.append("flash=%s" % (self.flash or "none"))
        semihosting = "enable=on,target=native," + ",".join("arg=" + a for a in arguments)
        network = "user,model=lan9118"
        if self.port:
            network += ",hostfwd=tcp:127.0.0.1:%d-:%d" % (self.port, self.http_port)
        if self.pty:
            serial = "pty,id=console,logfile=/dev/stdout,logappend=on"
        else:
            serial = "socket,id=console,host=127.0.0.1,port=%d,server=on,wait=off" % self.serial
            serial += ",logfile=/dev/stdout,logappend=on"
        return [
            "qemu-system-arm", "-machine", "mps2-an385", "-display", "none", "-monitor", "none",
            "-semihosting-config", semihosting, "-nic", network, "-chardev", serial,
            "-serial", "chardev:console", "-kernel", str(self.board.image),
        ]  # fmt: skip

    def __enter__(self):
        environment = dict(os.environ)
        backlog = self.folder / "listen_backlog.so"
        if backlog.is_file():
            environment["LD_PRELOAD"] = str(backlog)
        self.process = subprocess.Popen(
            self.command(), cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._pump = threading.Thread(target=self._copy_console, daemon=True)
        self._pump.start()
        return self

    def _copy_console(self):
        for chunk in iter(lambda: self.process.stdout.read1(4096), b""):
            self._spoken.set()
            if self.console:
                self.console(_NOISE.sub(b"", chunk))

    def __exit__(self, *exception):
        _stopped(self.process, signal.SIGTERM)
        self._pump.join(_STOP_TIMEOUT)
        self.process.stdout.close()

    def wait_until_booted(self):
        """Wait for the first words on the console: before them, Ctrl-C may be lost."""
        if not self._spoken.wait(_BOOT_TIMEOUT):
            raise Failure("%s says nothing on its console" % self.board.name)

    def run_at_boot(self, code):
        """What ``code`` prints on a device that has just run boot.py and not main.py."""
        self.wait_until_booted()
        command = [sys.executable, "-m", "mpremote", "connect", "socket://127.0.0.1:%d"]
        command[-1] %= self.serial
        command += ["soft-reset", "exec", code]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise Failure("%s does not answer: %s" % (self.board.name, done.stderr.strip()))
        return done.stdout


def _qemu(board, folder, options):
    flash = Path(options.flash or paths.flash(board.name, folder)).absolute()
    prepare_flash(folder, flash, options.fresh)
    config = flash_image.read(flash, "config.json")
    device = Qemu(
        board,
        flash,
        options.port,
        configured_port(config),
        options.heap,
        options.serial,
        pty=not options.serial,
        console=Console(options.port),
    )
    try:
        with device:
            if options.serial:
                say("console: mpremote connect socket://127.0.0.1:%d" % options.serial)
            status = device.process.wait()
            device._pump.join(_STOP_TIMEOUT)
            return status
    except KeyboardInterrupt:
        return 0


def prepare_flash(folder, flash, fresh):
    """Have a flash image: the kept one, or a new one with ``folder``'s files."""
    origin = flash.with_name(flash.name + ".json")
    now = {"folder": str(folder.resolve()), "digest": _digest(folder)}
    if fresh or not flash.is_file():
        flash_image.create(folder, flash, FLASH_SIZE)
        origin.write_text(json.dumps(now))
        say("flash: %s, new from %s" % (flash, folder))
        return
    try:
        then = json.loads(origin.read_text())
    except (OSError, ValueError):
        then = now
    changed = "" if then == now else "; %s is not what it was made from" % folder
    say("flash: %s, kept%s (--fresh makes a new one)" % (flash, changed))


def _digest(folder):
    total = hashlib.sha256()
    for path in flash_image.site_files(folder):
        content = hashlib.sha256(path.read_bytes()).digest()
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + content)
    return total.hexdigest()


def configured_port(config):
    """The TCP port a device with this config.json (bytes or None) serves on."""
    try:
        port = json.loads(config)["server"]["port"]
    except (TypeError, ValueError, LookupError):
        return _HTTP_PORT
    return port if isinstance(port, int) and 0 < port < 65536 else _HTTP_PORT


class Console:
    """Shows the device's console on stdout; what the emulator says of itself goes elsewhere."""

    def __init__(self, port):
        self.port = port
        self._held = b""
        self._named = False

    def __call__(self, chunk):
        if not self._named:
            self._held += chunk
            found = re.search(
                rb"char device redirected to (\S+) \(label console\)\r?\n", self._held
            )
            if not found and len(self._held) < 200 and b"char" in self._held:
                return
            chunk, self._held, self._named = self._held, b"", True
            if found:
                chunk = chunk.replace(found.group(0), b"")
                say("console: mpremote connect " + found.group(1).decode())
            say("http://127.0.0.1:%d" % self.port)
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
