"""The log's file: lines appended in batches, in two files of half the size each.

NAME has the newest lines, NAME.1 those before. When NAME is full it becomes NAME.1. littlefs takes
an appended batch whole or not at all when the power goes; FAT may keep half a line at the end of
the file, which is closed with a newline before anything comes after it.
"""

import os

from . import platform

_BATCH = 2048  # bytes; lines wait in the log's ring anyhow
_WAIT = 10000  # ms until a line is in the file: each append costs an erased block of flash
_WAIT_ERROR = 2000  # ms between two appends for errors
_WAIT_FAILED = 60000  # ms until a file that could not be written is tried again


class LogFile:
    """The file ``path`` (str) of at most ``max_bytes``, with ``path.1``."""

    wait = _WAIT // 1000  # seconds between two calls of flush_in_time()

    def __init__(self, path, max_bytes):
        self.path = path
        self._half = max_bytes // 2
        self._batch = min(_BATCH, self._half)
        self._waiting = []
        self._size = 0  # bytes of _waiting
        self._lost = 0  # lines
        self._failed = False
        self._whole = False  # whether the file's last line is known to be
        self._began = 0  # ticks at which the first of _waiting came
        self._tried = platform.ticks_ms() - _WAIT_ERROR

    def add(self, line):
        """Have ``line`` (str, without newline) written some time. Never raises."""
        if not self._waiting:
            self._began = platform.ticks_ms()
        self._waiting.append(line)
        self._size += _size(line)
        if not self._failed:
            if self._size >= self._batch or _since(self._began) >= _WAIT:
                self.flush()
        else:
            if _since(self._tried) >= _WAIT_FAILED:
                self.flush()
            while self._size > self._batch:
                self._size -= _size(self._waiting.pop(0))
                self._lost += 1

    def hurry(self):
        """Write what waits, unless that was done, or failed, a short while ago. Never raises."""
        if _since(self._tried) >= (_WAIT_FAILED if self._failed else _WAIT_ERROR):
            self.flush()

    def redact(self, secret):
        """Take ``secret`` (str) out of what is not yet written."""
        self._waiting = [line.replace(secret, "***") for line in self._waiting]
        self._size = sum([_size(line) for line in self._waiting])

    def flush_in_time(self):
        """Write what waits, unless the file failed a short while ago. Never raises."""
        if not self._failed or _since(self._tried) >= _WAIT_FAILED:
            self.flush()

    def flush(self):
        """Write what waits. Never raises; what could not be written goes on waiting."""
        if not self._waiting:
            return
        self._began = 0  # ticks at which the first of _waiting came
        self._tried = platform.ticks_ms()
        try:
            self._write()
        except (OSError, MemoryError) as error:
            self._whole = False
            self._fail(error)
        else:
            self._failed = False

    def _fail(self, error):
        if not self._failed:
            self._failed = True  # first, as the next line may come here again
            from . import log

            text = "%s: expected a file that can be written, got %s %s"
            log.warning(text % (self.path, type(error).__name__, error))

    def _write(self):
        size = self._there()
        if size and not self._whole and not _ends_whole(self.path, size):
            with open(self.path, "ab") as file:
                file.write(b"\n")
            size += 1
        self._whole = True
        if self._lost:
            from . import log

            text = "%s warning %d lines are missing here" % (log.now(), self._lost)
            self._waiting.insert(0, text)
            self._size += _size(text)
            self._lost = 0
        while self._waiting:
            if size and size + _size(self._waiting[0]) > self._half:
                _rotate(self.path)
                size = 0
            size = self._append(size)

    def _there(self):
        """The bytes that are in the file."""
        try:
            return os.stat(self.path)[6]
        except OSError:
            return 0

    def _append(self, size):
        """Append lines up to the half; the bytes that are in the file then."""
        count = 0
        with open(self.path, "ab") as file:
            for line in self._waiting:
                length = _size(line)
                if size + length > self._half and size:
                    break
                file.write(line.encode())
                file.write(b"\n")
                size += length
                count += 1
        # Only now: until the file was closed it may have none of them.
        for line in self._waiting[:count]:
            self._size -= _size(line)
        self._waiting = self._waiting[count:]
        return size


def _since(ticks):
    """Milliseconds that have passed since ``ticks``."""
    passed = platform.ticks_diff(platform.ticks_ms(), ticks)
    return passed if passed >= 0 else _WAIT_FAILED  # so many that the counter has wrapped


def _size(line):
    """The bytes of ``line`` in the file."""
    return len(line.encode()) + 1


def _ends_whole(path, size):
    """Whether the last line of a file of ``size`` bytes has its newline."""
    with open(path, "rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"


def _rotate(path):
    """Make the file of ``path`` that of ``path.1``, whose lines have had their time."""
    try:
        os.rename(path, path + ".1")
    except OSError:  # FAT, and Windows: the name is taken
        os.remove(path + ".1")
        os.rename(path, path + ".1")
