"""ESP32 boards, written by esptool through their serial bootloader."""

import importlib.metadata
import re
import sys
import tempfile
from pathlib import Path

from . import esp_image, partitions, tool_output
from .errors import Failure
from .progress import Step, say, size_text

_BAUDRATE = 460800
_PROGRESS = re.compile(r"Writing at 0x[0-9a-f]+.*?(\d+(?:\.\d+)?) ?%", re.I)
_FLASH_SIZE = re.compile(r"Detected flash size: (\d+)([KM])B")
_CHIP = re.compile(r"(?m)^(?:Chip is|Chip type:) +(.+)$")
_UNKNOWN_CHIP = "This chip doesn't appear to be"  # and esptool would go on
_OTHER_CHIP = re.compile(r"This chip is (.+?),? not (\S+?)\. ")
_BOOT = (
    "put the board into download mode: hold its BOOT button (GPIO0 on some), press and release "
    "RESET or EN, release BOOT, then run this again"
)


class Plan:
    """What is to be written: ``data`` (bytes) at ``offset``; ``chip``, its key in
    esp_image.CHIPS; ``partitions`` of the image."""

    def __init__(self, name, data, board):
        self.name = name
        self.chip = board.about["mcu"]
        self.offset = offset(board)
        self.data = data
        check(name, data, self.chip)
        self.partitions = esp_image.partition_table(name, data, self.offset)

    @property
    def end(self):
        return self.offset + len(self.data)

    def filesystem(self):
        """The Partition of the board's files, or None."""
        return partitions.filesystem(self.partitions)

    def replaces_files(self):
        files = self.filesystem()
        return files is not None and self.end > files.offset

    def keep_files(self):
        """Leave out what the image has for the board's files, and after them."""
        if self.replaces_files():
            self.data = self.data[: self.filesystem().offset - self.offset]


def offset(board):
    """Where in flash the image of ``board`` belongs (int), as its board.json says."""
    text = board.about.get("deploy_options", {}).get("flash_offset", "0")
    try:
        return int(str(text), 0)
    except ValueError:
        raise Failure(
            "%s: board.json: deploy_options.flash_offset: expected a number such as 0x1000, got %r"
            % (board.name, text)
        )


def check(name, data, chip):
    """Failure unless ``data`` of the file ``name`` is a whole image for ``chip``."""
    number = esp_image.chip_id(data)
    wanted, _tool, wanted_name = esp_image.CHIPS[chip]
    if number is None:
        raise Failure("%s: expected an image for the %s, got another file" % (name, wanted_name))
    if number != wanted:
        raise Failure(
            "%s: expected an image for the %s, got one for the %s; nothing was written"
            % (name, wanted_name, esp_image.chip_name(number))
        )
    if esp_image.is_app(data):
        raise Failure(
            "%s: expected a whole image (.bin) with bootloader and partition table, got the "
            "program alone (.app-bin), which is for updates; nothing was written" % name
        )


def flash(plan, port, erase=False):
    """Write ``plan`` to the board at ``port`` (str) and verify it; Failure says what became of
    the board. ``erase``: the whole flash first."""
    _require_room(plan, port)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "image.bin"
        file.write_bytes(plan.data)
        words = [_word("write-flash"), hex(plan.offset), str(file)]
        if erase:
            words.insert(1, "--erase-all")
        with _Watch(plan, port, erase) as watch:
            status, text = tool_output.run(
                _command(plan, port, _word("hard-reset"), ["--baud", str(_BAUDRATE), *words]),
                watch.line,
            )
            if status:
                raise watch.failure(text)
            if "Hash of data verified" not in text:
                raise Failure(
                    "%s: %s was written, but esptool could not verify it; it said:\n%s"
                    % (port, plan.name, _last(text))
                )
    say("%s written and verified (MD5 of the flash)" % size_text(len(plan.data)))


class _Watch:
    """How far writing is, on a Step; what a failure at that point means."""

    def __init__(self, plan, port, erase):
        self.plan = plan
        self.port = port
        self.erase = erase
        self.written = None  # percent, None before anything is
        self.erased = False
        self.step = Step("writing %s to %s" % (size_text(len(plan.data)), port))

    def __enter__(self):
        self.step.__enter__()
        return self

    def __exit__(self, kind, error, trace):
        self.step.__exit__(kind, error, trace)
        if kind is KeyboardInterrupt:
            say(self._state())

    def line(self, text):
        found = _PROGRESS.search(text)
        if found:
            self.written = float(found.group(1))
            self.step.update(self.written / 100, "%.0f %%" % self.written)
        elif "Erasing flash" in text:
            self.erased = True
            self.step.update(None, "erasing, up to a minute")
        elif self.written is not None and "erifying" in text:
            self.step.update(None, "verifying")

    def failure(self, text):
        if "MD5 of file does not match" in text or "flash region is empty" in text:
            return Failure(
                "%s: what is in the flash is not what was written (its MD5 differs); run this "
                "again, with --erase if it happens again; the flash may be worn out or the power "
                "weak" % self.port
            )
        if self.written is None and not self.erased:
            return explain(self.plan, self.port, text)
        return Failure(
            "%s: the connection was lost while writing%s; %s\nesptool said:\n%s"
            % (
                self.port,
                "" if self.written is None else ", at %.0f %%" % self.written,
                self._state(),
                _last(text),
            )
        )

    def _state(self):
        if self.written is None and not self.erased:
            return "nothing was written; the board is as it was"
        files = "its files are erased" if self.erased else "its files are as they were"
        if not self.erased and self.plan.replaces_files():
            files = "its files may be gone"
        return (
            "the board has half an image and does not start until it is flashed again (%s); its "
            "bootloader for that is in ROM and always there: run the same command again, and if "
            "the board is not found, %s" % (files, _BOOT)
        )


def _require_room(plan, port):
    """Failure unless the chip at ``port`` is the right one, with flash for all partitions."""
    with Step("looking at the chip at %s" % port):
        status, text = tool_output.run(
            _command(plan, port, _word("no-reset"), [_word("flash-id")])
        )
    if status or _UNKNOWN_CHIP in text:
        raise explain(plan, port, text)
    chip = _CHIP.search(text)
    size = _FLASH_SIZE.search(text)
    if not size:
        say("%s: the size of the flash is unknown, going on" % port)
        return
    room = int(size.group(1)) * (1024 if size.group(2) == "K" else 1024 * 1024)
    say("%s with %d KB of flash" % (chip.group(1) if chip else plan.chip, room // 1024))
    need = max([plan.end, *(one.end for one in plan.partitions)])
    if need > room:
        raise Failure(
            "%s: expected %d KB of flash, got %d KB; %s does not fit this board; nothing was "
            "written" % (port, need // 1024, room // 1024, plan.name)
        )


def explain(plan, port, text):
    """The Failure for what esptool said (``text``) before anything was written."""
    other = _OTHER_CHIP.search(text)
    wanted = esp_image.CHIPS[plan.chip][2]
    if other:
        return Failure(
            "%s: expected an %s, got an %s; %s is not for this board; nothing was written"
            % (port, wanted, other.group(1), plan.name)
        )
    if "Could not open" in text or "port is busy" in text:
        from . import serial_ports

        return serial_ports.explain(port, text)
    if "Failed to connect" in text or "No serial data" in text or "Wrong boot mode" in text:
        return Failure(
            "%s: no %s answers in download mode; %s. Nothing was written" % (port, wanted, _BOOT)
        )
    if "will not fit" in text:
        return Failure(
            "%s: the flash is too small for %s (%s); nothing was written"
            % (port, plan.name, size_text(len(plan.data)))
        )
    return Failure("%s: nothing was written; esptool said:\n%s" % (port, _last(text)))


def _last(text):
    """The end of ``text``, without progress."""
    lines = [line for line in text.splitlines() if not _PROGRESS.search(line)]
    return "\n".join("  " + line for line in lines[-8:])


def _command(plan, port, after, words):
    tool = esp_image.CHIPS[plan.chip][1]
    command = [sys.executable, "-m", "esptool", "--chip", tool, "--port", port]
    return [*command, "--before", _word("default-reset"), "--after", after, *words]


def _word(name):
    """esptool's command or choice ``name`` as the installed version writes it."""
    version = importlib.metadata.version("esptool")
    return name if int(version.split(".")[0]) >= 5 else name.replace("-", "_")
