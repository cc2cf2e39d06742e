"""A folder for the templates of a test: a littlefs in RAM on MicroPython, else a temporary one."""

import os

_BLOCK = 256
_BLOCKS = 48
_MOUNT = "/templates_test"


class Storage:
    """A block device in RAM; after ``left`` changes (None: never) all of them fail (EIO)."""

    def __init__(self):
        self.data = bytearray(_BLOCK * _BLOCKS)
        self.count = _BLOCKS
        self.left = None

    def _change(self, start, contents):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                return -5
        self.data[start : start + len(contents)] = contents
        return 0

    def readblocks(self, block, buffer, offset=0):
        start = block * _BLOCK + offset
        buffer[:] = memoryview(self.data)[start : start + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        return self._change(block * _BLOCK + offset, buffer)

    def ioctl(self, operation, argument):
        if operation == 4:
            return self.count
        if operation == 5:
            return _BLOCK
        if operation == 6:
            return self._change(argument * _BLOCK, b"\xff" * _BLOCK)
        return 0


# One for all tests: on a small heap there may be no place for another.
_storage = Storage() if hasattr(os, "VfsLfs2") else None


class Folder:
    """An empty directory while the ``with`` block lasts; ``path`` is its path.

    ``files`` ({name: str or bytes}) are in it from the start; ``blocks`` is its size where it is
    a littlefs, in units of 256 bytes, at most 48.
    """

    def __init__(self, files=None, blocks=_BLOCKS):
        self.files = files or {}
        self.blocks = blocks
        self.storage = _storage

    def __enter__(self):
        if self.storage is not None:
            self.storage.count = self.blocks
            os.VfsLfs2.mkfs(self.storage)
            self.path = _MOUNT
            self.mount()
        else:
            import tempfile

            self.path = tempfile.mkdtemp()
        for name in self.files:
            self.write(name, self.files[name])
        return self

    def __exit__(self, kind, error, trace):
        if self.storage is not None:
            os.umount(_MOUNT)
        else:
            import shutil

            shutil.rmtree(self.path)

    def mount(self, **options):
        """Mount the littlefs; it is as after a restart."""
        os.mount(os.VfsLfs2(self.storage), _MOUNT, **options)

    def write(self, name, contents):
        parts = name.split("/")
        for count in range(1, len(parts)):
            try:
                os.mkdir(self.path + "/" + "/".join(parts[:count]))
            except OSError:
                pass
        data = contents if isinstance(contents, bytes) else contents.encode()
        with open(self.path + "/" + name, "wb") as file:
            file.write(data)

    def read(self, name):
        with open(self.path + "/" + name, "rb") as file:
            return file.read().decode()

    def remove(self, name):
        os.remove(self.path + "/" + name)

    def names(self):
        return sorted(os.listdir(self.path))
