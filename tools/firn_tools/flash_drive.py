"""rp2 boards, written by copying a UF2 file to the drive of their boot ROM."""

import errno
import os
import re
import string
import sys
import time
from pathlib import Path

from .errors import Failure
from .progress import Step, say, size_text

_INFO = "INFO_UF2.TXT"
_MOUNTS = "/proc/self/mounts"
# What INFO_UF2.TXT says of the chip -> board.json's mcu.
_CHIPS = {"RPI-RP2": "rp2040", "RP2350": "rp2350"}
_LABELS = {"rp2040": "RPI-RP2", "rp2350": "RP2350"}
_PIECE = 64 * 1024  # bytes written between two looks at how far it is
_ACCEPT_TIMEOUT = 20  # seconds until the drive goes, as the board starts
_GONE = (errno.EIO, errno.ENODEV, errno.ENOENT, errno.ENXIO, errno.ENOTCONN, errno.EROFS)
BOOT = (
    "hold the board's BOOTSEL button while you connect its cable, or while you press its reset "
    "button"
)


class Drive:
    """A drive of a boot ROM: ``folder`` (Path), ``mcu`` (None where it is another's)."""

    def __init__(self, folder):
        self.folder = Path(folder)
        text = (self.folder / _INFO).read_text("utf-8", "replace")
        found = re.search(r"(?m)^Board-ID: *(\S+)", text)
        self.name = found.group(1) if found else "unknown"
        self.mcu = _CHIPS.get(self.name)

        self._device = _device_of(self.folder)

    def is_there(self):
        """Whether the drive is there; its mount may outlive it."""
        device = self._device
        return (self.folder / _INFO).is_file() and (device is None or os.path.exists(device))

    def __str__(self):
        return "%s (%s)" % (self.folder, self.name)


def drives(folders=None):
    """The Drives among ``folders`` (default: what is mounted), by name."""
    found = []
    for folder in _mounted() if folders is None else folders:
        try:
            found.append(Drive(folder))
        except OSError:
            continue  # no such drive, or not for us to read
    return sorted(found, key=lambda drive: str(drive.folder))


def _mounted():
    """Where drives are mounted on this system."""
    if sys.platform == "win32":
        return [letter + ":\\" for letter in string.ascii_uppercase[2:]]
    if sys.platform == "darwin":
        return sorted(Path("/Volumes").glob("*"))
    return mounted_on_linux(Path(_MOUNTS).read_text())


def mounted_on_linux(text):
    """{folder: device} of the FAT filesystems in ``text``, the contents of /proc/self/mounts."""
    found = {}
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) > 2 and words[2] in ("vfat", "msdos", "fuseblk", "9p", "drvfs"):
            # Blanks and the like are octal there (fstab(5)).
            folder = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal.group(1), 8)), words[1])
            found[folder] = words[0]
    return found


def _device_of(folder):
    """The device mounted at ``folder``, or None where that is not known."""
    try:
        device = mounted_on_linux(Path(_MOUNTS).read_text()).get(str(folder))
    except OSError:
        return None  # not Linux
    return device if device and device.startswith("/dev/") else None


def unmounted(mcu, labels=Path("/dev/disk/by-label")):
    """The device of a drive that is there but not mounted, or None (Linux)."""
    device = labels / _LABELS.get(mcu, "")
    return device if mcu in _LABELS and device.exists() else None


def choose(mcu, named=None, folders=None):
    """The Drive to write to, that of a chip ``mcu``; None where there is none.

    ``named``: the folder given on the command line. Failure where it is no such drive, is for
    another chip, or where there are several.
    """
    if named:
        try:
            found = [Drive(named)]
        except OSError:
            raise Failure(
                "%s: expected the drive of a board's boot ROM, with a file %s; got %s; %s"
                % (named, _INFO, _what(named), BOOT)
            )
    else:
        found = drives(folders)
    right = [drive for drive in found if drive.mcu == mcu]
    if len(right) > 1:
        raise Failure(
            "several drives; choose one by --drive:\n"
            + "\n".join("  --drive %s" % drive for drive in right)
        )
    if right:
        return right[0]
    for drive in found:
        if drive.mcu or named:
            raise Failure(
                "%s: expected the drive of an %s, got that of %s; it is another board; nothing "
                "was written" % (drive.folder, mcu.upper(), (drive.mcu or drive.name).upper())
            )
    return None


def _what(folder):
    if not os.path.exists(folder):
        return "no such folder"
    return "another folder" if os.path.isdir(folder) else "a file"


def write(drive, data, name, timeout=_ACCEPT_TIMEOUT):
    """Copy ``data`` (bytes of UF2) to ``drive`` and see it accepted: the drive goes.

    ``name``: of the image, for messages; ``timeout``: seconds for the board to take it.
    """
    target = drive.folder / "firmware.uf2"
    done = 0
    try:
        with Step("copying %s to %s" % (size_text(len(data)), drive.folder)) as step:
            try:
                for done in _copy(target, data):
                    step.update(done / len(data), size_text(done))
            except OSError as error:
                # With its last block the board starts, and the drive goes while it is in use.
                if done + _PIECE < len(data) or error.errno not in _GONE:
                    raise
    except OSError as error:
        raise _failure(error, drive, done, len(data))
    except KeyboardInterrupt:
        say("%s of %s were copied; %s" % (size_text(done), size_text(len(data)), _again()))
        raise
    with Step("waiting for the board to start") as step:
        end = time.monotonic() + timeout
        while drive.is_there():
            if time.monotonic() > end:
                raise Failure(
                    "%s: %s was copied, but the board does not start; expected the drive to go; "
                    "%s" % (drive.folder, name, _again())
                )
            step.update(None, "")
            time.sleep(0.05)
    say("the board has taken all blocks: its drive is gone")


def _copy(target, data):
    """Write ``data`` to ``target``, yielding how many bytes are on the drive."""
    # Unbuffered and in pieces that have arrived: else the system's cache takes all at once.
    with open(target, "wb", buffering=0) as file:
        view = memoryview(data)
        at = 0
        while at < len(data):
            at += file.write(view[at : at + _PIECE])
            os.fsync(file.fileno())
            yield at


def _again():
    return (
        "the board has no whole firmware now, but its boot ROM is always there: %s, and run this "
        "again" % BOOT
    )


def _failure(error, drive, done, total):
    """The Failure for the OSError ``error`` after ``done`` of ``total`` bytes."""
    at = "%s: " % drive.folder
    if not drive.is_there():
        return Failure(
            "%sthe drive has gone after %s of %s; %s"
            % (at, size_text(done), size_text(total), _again())
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Failure(
            "%scannot be written (%s); mount it for your user: unplug the board, connect it "
            "again with BOOTSEL held; nothing was written" % (at, error.strerror.lower())
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Failure(
            "%sno room on the drive after %s of %s; a boot ROM's drive has room for any image: "
            "is it one? %s" % (at, size_text(done), size_text(total), _again())
        )
    return Failure(
        "%sthe copy failed after %s of %s (%s); %s"
        % (at, size_text(done), size_text(total), error.strerror or error, _again())
    )
