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

from . import build, build_rp2, flash_image, paths, programs, rp2040, site_folder, uf2
from .emulator import STOP_TIMEOUT, Emulator, stopped
from .errors import Failure
from .progress import say

BRIDGE_PORT = 8080  # of 127.0.0.1, unless another is named
_HTTP_PORT = 80  # of a device whose configuration names no other
# What QEMU says when it is ended, and when a client comes before the board has a network.
_NOISE = re.compile(rb"qemu-system-arm: (terminating on|Slirp:).*\n?")
FLASH_SIZE = 1408 * 1024  # the filesystem of a Raspberry Pi Pico


def run(board, options):
    """Boot ``board`` with the command line's ``options`` until it ends or Ctrl-C; exit status."""
    folder = site_folder.named(options.folder)
    emulators = {"unix": _unix, "qemu": _qemu, "rp2": _rp2040}
    if board.port in ("unix", "qemu"):
        require_free(options.port)
        if options.uart:
            raise Failure("--uart is for boards with an RP2040: RPI_PICO")
    else:
        rp2040.require_emulated(board)
        if options.heap:
            raise Failure("--heap is for UNIX and QEMU; %s has what it has" % board.name)
        if options.serial:
            require_free(options.serial)
    build.build(board, if_needed=True)
    # An emulator that is told to end has to end what it started.
    signal.signal(signal.SIGTERM, _interrupt)
    return emulators[board.port](board, folder, options)


def emulator(board, **options):
    """The emulator (see Emulator) of a ``board`` that is no program: not started yet."""
    return (rp2040.Rp2040 if board.port == "rp2" else Qemu)(board, **options)


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
        return stopped(process, signal.SIGINT)


# QEMU: the image is a firmware


class Qemu(Emulator):
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
        super().__init__(board, serial)
        self.folder = paths.build(board.name)
        self.flash = flash
        self.port = port
        self.http_port = http_port
        self.heap = heap
        self.pty = pty
        self.console = console

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
            self.spoken.set()
            if self.console:
                self.console(_NOISE.sub(b"", chunk))

    def __exit__(self, *exception):
        stopped(self.process)
        self._pump.join(STOP_TIMEOUT)
        self.process.stdout.close()


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
            device._pump.join(STOP_TIMEOUT)
            return status
    except KeyboardInterrupt:
        return 0


def prepare_flash(folder, flash, fresh, size=FLASH_SIZE, unit=flash_image.QEMU_UNIT):
    """Have a flash image: the kept one, or a new one with ``folder``'s files.

    ``size``: of a new one, in bytes; ``unit``: bytes that the board programs at once.
    """
    now = {"folder": str(folder.resolve()), "digest": _digest(folder)}
    _keep(flash, fresh, folder, now, lambda: flash_image.create(folder, flash, size, unit=unit))


def _keep(flash, fresh, source, now, create):
    """Keep ``flash``, or ``create()`` it and write down that ``now`` is what it was made from."""
    origin = flash.with_name(flash.name + ".json")
    if fresh or not flash.is_file():
        create()
        origin.write_text(json.dumps(now))
        say("flash: %s, new from %s" % (flash, source))
        return
    try:
        then = json.loads(origin.read_text())
    except (OSError, ValueError):
        then = now
    changed = "" if then == now else "; %s is not what it was made from" % source
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
        self._show = _text_only()

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
        self._show(chunk)


def _text_only():
    """A function that shows what a console prints, without what firn bridge has on its line."""
    from .bridge_link import LONGEST, frames

    return frames.Decoder(LONGEST, _show).feed


# RP2040: the image is a UF2 file


def _rp2040(board, folder, options):
    flash = Path(options.flash or paths.flash(board.name, folder)).absolute()
    prepare_rp2_flash(board, options.folder and folder, flash, options.fresh)
    terminal = not options.serial
    device = rp2040.Rp2040(
        board,
        flash,
        options.serial,
        pty=terminal,
        console=_text_only(),
        told=say,
        uart=options.uart,
    )
    try:
        with device:
            say("console: mpremote connect " + device.console_name)
            bridge = "firn bridge --device " + device.console_name
            if options.port != BRIDGE_PORT:
                bridge += " --listen %d" % options.port
            say("pages: %s, then http://127.0.0.1:%d" % (bridge, options.port))
            return device.wait()
    except KeyboardInterrupt:
        return 0


def prepare_rp2_flash(board, folder, flash, fresh):
    """Have the filesystem of an emulated rp2 ``board``: see prepare_flash().

    ``folder``: whose files a new one gets; None: it is that of the board's UF2 file.
    """
    offset, size = board.filesystem()
    if flash.is_file() and flash.stat().st_size != size and not fresh:
        got = flash.stat().st_size
        raise Failure("%s: expected %d bytes, got %d; --fresh makes it anew" % (flash, size, got))
    if folder:
        prepare_flash(folder, flash, fresh, size, flash_image.RP2_UNIT)
        return
    image = uf2.parse(board.image.read_bytes(), board.image)
    content = image.read(build_rp2.FLASH + offset, size)
    now = {"image": str(board.image), "digest": hashlib.sha256(content).hexdigest()}
    _keep(flash, fresh, board.image, now, lambda: flash.write_bytes(content))


def _show(chunk):
    sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
