"""What a boot knows of those before it: a few bytes that outlive a reset of the machine.

They are kept in the first of these that there is:

- RP2040, RP2350: the watchdog's scratch registers 0 to 3 (RP2040 datasheet 4.7, RP2350 datasheet
  12.9; 4 to 7 are the bootrom's);
- ``machine.RTC().memory()``, unless a program of the user has put something of its own there;
- the file /boot_record.json, written only when something changes: on hosts, mainly.

Whatever else is found in those places is no record and is left alone; all is then as it is after
power-on.
"""

import binascii
import struct
import sys

from . import platform

PATH = "/boot_record.json"

# Record.flags
CRASHED = 1  # the boot has ended in a crash that is counted already
SERVING = 2  # a site was being served
TRIED = 4  # the last good configuration was used since the row of crashes began
TRIAL = 8  # the boot tried a change of the network

# Record.kind: what the last crash was
EXCEPTION = 1
MEMORY = 2
WATCHDOG = 3
FAULT = 4

_MAGIC = b"FiR1"
_LAYOUT = "<4sBBBBHHI"  # magic, failed, flags, kind, 0, watchdog, 0, CRC-32 of all before it
_SIZE = 16
_LIMIT = 256  # bytes of the file
_RP2040 = 0x40058000  # WATCHDOG_BASE
_RP2350 = 0x400D8000
_REASON = 0x08  # offsets
_SCRATCH = 0x0C
_FORCED = 2  # REASON: bit 1, the reset was asked for; bit 0, the time was over


class Record:
    """``failed``: crashes in a row; ``kind``, ``flags``: see above; ``watchdog``: after how many
    seconds the hardware's watchdog, once started by us, resets; 0 if it was not started."""

    def __init__(self, failed=0, flags=0, kind=0, watchdog=0):
        self.failed = failed
        self.flags = flags
        self.kind = kind
        self.watchdog = watchdog


def load():
    """The Record that was saved last; a fresh one where there is none."""
    for read in (_read_scratch, _read_memory, _read_file):
        data = read()
        if data is not None:
            record = _unpack(data)
            if record:
                return record
    return Record()


def save(record):
    """Keep ``record``. Raises nothing: a device that cannot count still has to start."""
    try:
        data = _pack(record)
        _write_scratch(data) or _write_memory(data) or _write_file(data)
    except (OSError, MemoryError):
        pass


def machine():
    """The module ``machine`` of a board; None on a host."""
    if not platform.can_reset():
        return None
    import machine

    return machine


def cause():
    """Why the board was reset: "power", "reset", "watchdog", "sleep", "soft"; None on a host."""
    board = machine()
    if board is None:
        return None
    base = registers()
    if base and board.mem32[base + _REASON] & _FORCED:
        return "reset"  # machine.reset() goes through the watchdog there
    number = board.reset_cause()
    for name, label in (
        ("PWRON_RESET", "power"),
        ("WDT_RESET", "watchdog"),
        ("SOFT_RESET", "soft"),
        ("DEEPSLEEP_RESET", "sleep"),
    ):
        if getattr(board, name, None) == number:
            return label
    return "reset"


def _pack(record):
    head = struct.pack(
        _LAYOUT,
        _MAGIC,
        min(record.failed, 255),
        record.flags,
        record.kind,
        0,
        record.watchdog,
        0,
        0,
    )[:-4]
    return head + struct.pack("<I", binascii.crc32(head))


def _unpack(data):
    """The Record in ``data`` (bytes); None if that is anything else."""
    if len(data) != _SIZE or data[:4] != _MAGIC:
        return None
    _, failed, flags, kind, _, seconds, _, check = struct.unpack(_LAYOUT, data)
    if binascii.crc32(data[:-4]) != check:
        return None
    return Record(failed, flags, kind, seconds)


# The scratch registers


def registers():
    """The address of the watchdog's registers; 0 on other chips."""
    if sys.platform != "rp2":
        return 0
    return _RP2350 if "RP2350" in platform.board() else _RP2040


def _read_scratch():
    base = registers()
    if not base:
        return None
    mem32 = machine().mem32
    words = [mem32[base + _SCRATCH + 4 * index] & 0xFFFFFFFF for index in range(4)]
    return struct.pack("<IIII", *words)


def _write_scratch(data):
    base = registers()
    if base:
        mem32 = machine().mem32
        for index, word in enumerate(struct.unpack("<IIII", data)):
            mem32[base + _SCRATCH + 4 * index] = word
    return base


# The memory of the real-time clock


def _rtc():
    """The clock, where it has memory; else None."""
    board = machine()
    if registers() or not hasattr(board, "RTC"):
        return None
    rtc = board.RTC()
    return rtc if hasattr(rtc, "memory") else None


def _read_memory():
    rtc = _rtc()
    return bytes(rtc.memory()) if rtc else None


def _write_memory(data):
    rtc = _rtc()
    if rtc:
        found = bytes(rtc.memory())
        if not found or (len(found) == _SIZE and found[:4] == _MAGIC):
            rtc.memory(data)
            return True
    return False


# The file


def _read_file():
    import json

    try:
        with open(PATH, "rb") as file:
            return binascii.unhexlify(json.loads(file.read(_LIMIT))["record"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _write_file(data):
    from . import replace

    old = _read_file()
    if old is None:
        found = _unpack(data)
        if not (found.failed or found.flags & ~SERVING or found.watchdog):
            return  # nothing that differs from no record at all
    if old != data:
        with replace.Replacement(PATH, False) as file:
            file.write(b'{"record": "%s"}' % binascii.hexlify(data))
