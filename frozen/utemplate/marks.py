"""Which sources a compiled template was made of, and whether they still are the same.

A compiled file ends with one line per source and a line that says where those begin:

    #: SIZE CHECKSUM TIME NAME
    #utemplate1 OFFSET

A file without that end was not written by this engine, or not to its end.

A time of modification tells that a file is unchanged only where the clock is one: many boards
start in 2000 or 2021 at every reset, some filesystems keep no times, and a file that was just
written can be written again in the same second. So a time that is not to be trusted is kept as 0,
and then the size and the checksum decide.
"""

import time
from binascii import crc32

from . import files

_END = b"#utemplate1 %010d\n"
_END_SIZE = 23
_SETTLED = 3  # s; the coarsest times (FAT) go in steps of 2
# 2024-01-01, before this engine: where a clock starts that was never set.
_CLOCK_SET = 1704067200 if time.gmtime(0)[0] == 1970 else 757382400


class Source:
    """One source as it was when it was read.

    ``name`` (str), ``size`` (bytes), ``checksum``, and ``time``, that of its last modification
    where a later one would differ (see ``settled``), else 0.
    """

    def __init__(self, name, size, checksum, modified):
        self.name = name
        self.size = size
        self.checksum = checksum
        self.time = modified

    def line(self):
        """The line of a compiled file for it (bytes)."""
        trusted = self.time if self.time >= _CLOCK_SET else 0
        return b"#: %d %d %d %s\n" % (self.size, self.checksum, trusted, self.name.encode())

    def unchanged(self, path):
        """Whether the file ``path`` still has the same contents."""
        found = files.status(path)
        if found is None or found[0] != self.size:
            return False
        if found[1] and found[1] == self.time:
            return True
        modified = settled(found[1])  # before it is read, not after
        if checksum(path) != self.checksum:
            return False
        # Within one run of the clock even a wrong time tells a later change.
        self.time = modified
        return True


def settled(modified):
    """``modified`` (s) if a change from now on would give another time, else 0."""
    return modified if abs(int(time.time()) - modified) >= _SETTLED else 0


def checksum(path):
    """The CRC-32 of the file ``path``, read in small pieces."""
    value = 0
    buffer = bytearray(256)
    view = memoryview(buffer)
    with open(path, "rb") as file:
        while True:
            count = file.readinto(buffer)
            if not count:
                return value
            value = crc32(view[:count], value)


def write(out, offset, sources):
    """End a compiled file: ``out`` (with write(bytes)) has had ``offset`` bytes so far."""
    for source in sources:
        out.write(source.line())
    out.write(_END % offset)


def read(path):
    """The sources of the compiled file ``path``, its template first; None if it has no mark."""
    try:
        with open(path, "rb") as file:
            file.seek(-_END_SIZE, 2)
            end = file.read(_END_SIZE)
            offset = int(end[-11:])
            if end != _END % offset:
                return None
            file.seek(offset)
            return [_parse(line) for line in file.read().split(b"\n")[:-2]]
    except (OSError, ValueError):  # UnicodeError is a ValueError
        return None


def _parse(line):
    mark, size, check, modified, name = line.split(b" ", 4)
    if mark != b"#:":
        raise ValueError
    return Source(name.decode(), int(size), int(check), int(modified))
