"""A device at a serial port: its raw REPL entered, code run there, the site started again."""

import ast
import contextlib
import json
import re
import time
import tokenize
from pathlib import Path

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from . import serial_ports
from .errors import Failure
from .progress import say

_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
_ATTEMPTS = 5  # Ctrl-C comes to nothing while a device is between two programs
_ANSWER_TIMEOUT = 2  # seconds per attempt
_BOOT_TIMEOUT = 20  # seconds that boot.py gets
_CALL_TIMEOUT = 30  # seconds without a byte: flash that has to be erased takes some
_BAUDRATE = 115200


class DeviceError(Failure):
    """What went wrong on the device: the name and text of the exception there."""

    # MicroPython's numbers, those of Linux, whatever this computer's are.
    _WORDS = {
        2: "no such file or directory", 5: "the flash does not work", 20: "it is no directory",
        21: "it is a directory", 28: "no room left", 30: "the filesystem cannot be written",
        36: "the name is too long", 39: "the directory is not empty",
    }  # fmt: skip

    def __init__(self, text):
        found = re.match(r"OSError: (?:\[Errno )?(\d+)", text)
        words = self._WORDS.get(int(found.group(1))) if found else None
        super().__init__("%s (%s)" % (words, text) if words else text)


class Gone(Failure):
    """The connection to the device has ended."""


class _Transport(SerialTransport):
    """mpremote's, but reading what there is at once and never for ever."""

    def __init__(self, port):
        self.pending = b""
        super().__init__(port, baudrate=_BAUDRATE)
        self.is_pty = False
        self.serial.timeout = 0.05
        self.serial.write_timeout = _CALL_TIMEOUT
        self.line = self.serial
        self.serial = self

    # What mpremote's own methods ask of a serial port; this is that port, with a buffer.

    def inWaiting(self):
        return len(self.pending) or self.line.in_waiting

    def write(self, data):
        with _ended(self.device_name):
            return self.line.write(data)

    def read(self, size):
        """``size`` bytes, or fewer when they do not come in time."""
        end = time.monotonic() + _CALL_TIMEOUT
        while len(self.pending) < size and time.monotonic() < end:
            self.pending += self.receive()
        data, self.pending = self.pending[:size], self.pending[size:]
        return data

    def receive(self):
        """What comes within 0.05 s, without the buffer."""
        with _ended(self.device_name):
            return self.line.read(max(1, self.line.in_waiting))

    def read_until(
        self, min_num_bytes, ending, timeout=10, data_consumer=None, timeout_overall=None
    ):
        """Up to and with ``ending``, or what came until nothing did for ``timeout`` seconds."""
        started = last = time.monotonic()
        data, self.pending = self.pending, b""
        while ending not in data:
            chunk = self.receive()
            now = time.monotonic()
            if chunk:
                data += chunk
                last = now
            elif timeout is not None and now - last > timeout:
                break
            if timeout_overall is not None and now - started > timeout_overall:
                break
        found, end, self.pending = data.partition(ending)
        return found + end

    def close(self):
        self.serial = self.line
        try:
            super().close()
        except (OSError, SerialException):
            with contextlib.suppress(OSError, SerialException):
                self.line.close()


@contextlib.contextmanager
def _ended(port):
    try:
        yield
    except (OSError, SerialException, TypeError) as error:
        # TypeError: pyserial's, when another thread or a signal has closed the port.
        raise Gone("%s: the connection to the device has ended (%s)" % (port, error))


def open_port(port):
    """The _Transport for ``port`` (str); Failure saying what to do where it cannot be opened."""
    try:
        return _Transport(port)
    except (TransportError, OSError, ValueError) as error:
        raise serial_ports.explain(port, error)


class Device:
    """``with Device(port) as device``: the site stopped, the helper (on_device.py) listening.

    ``fresh``: soft-reset first, so that nothing of the site is in the way. At the end, and on any
    error, the site is started again. Attributes: ``about`` (dict: "firn", "python", "machine").
    """

    def __init__(self, port, fresh=False, transport=None):
        self.port = port
        self.fresh = fresh
        self.transport = transport
        self.about = {}
        self._entered = False
        self._listening = False
        self._started = False

    def __enter__(self):
        if self.transport is None:
            self.transport = open_port(self.port)
        try:
            self._enter_raw_repl()
            self._load_helper()
            self.about = json.loads(self.call("about()"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        try:
            if self._entered and not self._started:
                self.start_site()
        except (Failure, TransportError):
            pass  # the connection is gone, and what there was to say has been said
        finally:
            self.transport.close()

    def require_firn(self):
        """Failure unless the device runs a Firn image."""
        if not self.about["firn"]:
            raise Failure(
                "%s: MicroPython without Firn (%s, %s); flash a Firn image, see `firn build`"
                % (self.port, self.about["machine"] or "unknown board", self.about["python"])
            )

    # Getting in and out

    def _enter_raw_repl(self):
        said = b""
        for attempt in range(_ATTEMPTS):
            self.transport.write(b"\r\x03" if attempt < 2 else b"\x03\x02\x03")
            time.sleep(0.1 * (attempt + 1))
            self.transport.write(b"\r\x01")
            text = self.transport.read_until(
                1, _PROMPT, timeout=_ANSWER_TIMEOUT, timeout_overall=2 * _ANSWER_TIMEOUT
            )
            said += text
            if attempt == 0 and not text.endswith(_PROMPT):
                say("%s: no answer yet; trying again" % self.port)
            if text.endswith(_PROMPT):
                self._entered = True
                break
        else:
            # A prompt: the site was stopped all the same.
            self._entered = b">>> " in said
            raise Failure(_no_micropython(self.port, said))
        if self.fresh:
            self.transport.write(b"\x04")
            text = self.transport.read_until(1, _PROMPT, timeout=_BOOT_TIMEOUT)
            if not text.endswith(_PROMPT):
                raise Failure(
                    "%s: the device does not come back from a soft reset; it said:\n%s"
                    % (self.port, _readable(text))
                )
        self.transport.pending = b">"  # mpremote looks for the prompt before each command
        self.transport.in_raw_repl = True

    def _load_helper(self):
        try:
            self.transport.exec(helper_source())
            self.transport.exec_raw_no_follow("serve()")
        except TransportError as error:
            text = getattr(error, "error_output", None) or str(error)
            raise Failure("%s: the device cannot run the helper: %s" % (self.port, text.strip()))
        self._listening = True

    def start_site(self):
        """Leave the raw REPL and soft-reset, so that boot.py and main.py run; nothing is read
        but the line that says so."""
        self._started = True
        if self._listening:
            self.transport.write(b"\x03")
            self.transport.read_until(1, b"\x04>", timeout=_ANSWER_TIMEOUT)
        self._listening = False
        self.transport.write(b"\x03\x02")
        self.transport.read_until(1, b">>> ", timeout=_ANSWER_TIMEOUT)
        self.transport.write(b"\x04")
        self.transport.read_until(1, b"soft reboot\r\n", timeout=_ANSWER_TIMEOUT)

    def start_boot_rom(self):
        """Have the board start its boot ROM, in which it is flashed; its serial port goes."""
        self._started = True  # the site is, in time, by who flashes it
        self.send("import machine;machine.bootloader()")

    # Calls

    def call(self, code):
        """What ``code`` (a line, run by the helper) prints, as str; DeviceError when it fails."""
        self.send(code)
        return self.result()

    def send(self, code):
        """Start ``code``; ``result()`` is to follow."""
        self.transport.write(code.encode() + b"\n")

    def result(self, seen=b""):
        """What the code printed that ``send()`` started; ``seen`` is what was read of it."""
        if b"\x04" not in seen:
            seen += self.transport.read_until(1, b"\x04", timeout=_CALL_TIMEOUT)
        output, end, rest = seen.partition(b"\x04")
        if not end:
            raise Gone("%s: the device has stopped answering" % self.port)
        if b"\x04" not in rest:
            rest += self.transport.read_until(1, b"\x04", timeout=_CALL_TIMEOUT)
        error = rest.partition(b"\x04")[0]
        if error:
            raise DeviceError(_readable(error))
        return output.decode("utf-8", "replace")

    def lines(self, code):
        """The values of the JSON lines that ``code`` prints."""
        text = self.call(code)
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise Failure(
                "%s: expected an answer to %s, got: %s" % (self.port, code, text.strip()[-200:])
            )


def _no_micropython(port, said):
    """What to tell of a device that gives no raw REPL; ``said`` is what came instead."""
    text = _readable(said)
    if not text:
        return (
            "%s: nothing answers; is it the right port, and does the board run MicroPython?"
            " Press its reset button and try again, or flash a Firn image" % port
        )
    return (
        "%s: no MicroPython answers, but other firmware, or a program that catches Ctrl-C;"
        " it says:\n%s" % (port, "\n".join("  " + line for line in text.splitlines()[-8:]))
    )


def _readable(data):
    text = data.decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable() or c == "\n").strip()


def helper_source():
    """on_device.py without comments and docstrings: its length is time and heap on the device."""
    path = Path(__file__).with_name("on_device.py")
    source = path.read_text()
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            text = node.body[0]
            for number in range(text.lineno, text.end_lineno + 1):
                lines[number - 1] = "\n"
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column] + "\n"
    return "".join(line.rstrip() + "\n" for line in lines if line.strip())
