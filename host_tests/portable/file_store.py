"""Files with chosen times: stands in for ``os`` and ``open`` in modules that look at them."""

from microdot import files

NEW = 1780000000  # 2026-05-28 20:26:40
OLD = 1000  # of a clock that was never set


class Store:
    """``contents``: {name: bytes}; ``modified``: seconds since 1970, of every file."""

    def __init__(self, contents, modified=NEW):
        self.contents = contents
        self.modified = modified
        self.opened = []

    def __enter__(self):
        self._os = files.os
        files.os = self
        files.open = self.open
        return self

    def __exit__(self, kind, error, trace):
        files.os = self._os
        del files.open

    def stat(self, name):
        if name + "/" in self.contents:
            return (0x4000, 0, 0, 0, 0, 0, 0, 0, self.modified, 0)
        if name not in self.contents:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, len(self.contents[name]), 0, self.modified, 0)

    @property
    def path(self):  # as in os.path
        return self

    def islink(self, name):
        return False

    def ilistdir(self, name):
        return iter(())

    def open(self, name, mode):
        self.stat(name)
        self.opened.append(File(self.contents[name]))
        return self.opened[-1]

    @property
    def all_closed(self):
        return all(file.closed for file in self.opened)


class File:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def seek(self, at):
        self.at = at

    def read(self, n):
        data = self.data[self.at : self.at + n]
        self.at += len(data)
        return data

    def readinto(self, buffer):
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self):
        self.closed = True
