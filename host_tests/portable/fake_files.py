"""A filesystem in memory that loses power: stands in for ``os`` and ``open`` in one module."""


class PowerCut(BaseException):
    """Not an Exception: no code may go on after it."""


class FakeFiles:
    """``files``: {path: bytes} as a restart finds them.

    ``cut``: how many changes happen before the power goes; None for never. ``partial``: whether
    what was written is there before the file is closed (FAT), or not (littlefs). ``replaces``:
    whether a rename may take a name that is taken (littlefs), or not (FAT). ``full``: writing
    fails with ENOSPC.
    """

    def __init__(self, files=None, cut=None, partial=False, replaces=True):
        self.files = dict(files or {})
        self.cut = cut
        self.changes = 0
        self.partial = partial
        self.replaces = replaces
        self.full = False

    def install(self, *modules):
        """Make ``modules`` use this filesystem."""
        for module in modules:
            module.os = self
            module.open = self.open

    def change(self):
        if self.cut is not None and self.changes >= self.cut:
            raise PowerCut
        self.changes += 1

    def stat(self, path):
        if path not in self.files:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, len(self.files[path]), 0, 0, 0)

    def remove(self, path):
        self.stat(path)
        self.change()
        del self.files[path]

    def rename(self, old, new):
        self.stat(old)
        if new in self.files and not self.replaces:
            raise OSError(17)
        self.change()
        self.files[new] = self.files.pop(old)

    def open(self, path, mode):
        if "a" in mode:
            if path not in self.files:
                self.change()
                self.files[path] = b""
            return FakeFile(self, path, self.files[path])
        if "w" not in mode:
            self.stat(path)
            return FakeFile(self, path, self.files[path])
        self.change()
        self.files[path] = b""
        return FakeFile(self, path, b"")


class FakeFile:
    def __init__(self, system, path, data):
        self.system = system
        self.path = path
        self.data = data
        self.changed = False
        self.at = 0  # where to read

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def seek(self, at):
        self.at = at

    def read(self, size):
        piece = self.data[self.at : self.at + size]
        self.at += len(piece)
        return piece

    def write(self, data):
        if self.system.full:
            raise OSError(28)
        for half in (data[: len(data) // 2], data[len(data) // 2 :]):
            self.data += bytes(half)
            self.changed = True
            if self.system.partial:
                self.system.change()
                self.system.files[self.path] = self.data
        return len(data)

    def close(self):
        if self.changed:
            self.system.change()
            self.system.files[self.path] = self.data
            self.changed = False
