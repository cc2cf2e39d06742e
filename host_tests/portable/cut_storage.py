"""A littlefs in RAM whose power goes after so many changes."""

import os

BLOCK = 512
BLOCKS = 16


class Storage:
    """A block device in RAM whose power goes after ``left`` changes (None: never).

    The change during which it goes is half done; after it every one fails (EIO).
    """

    def __init__(self, data):
        self.data = data
        self.left = None

    def _change(self, start, contents):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                if self.left == -1:
                    half = len(contents) // 2
                    self.data[start : start + half] = contents[:half]
                return -5
        self.data[start : start + len(contents)] = contents
        return 0

    def readblocks(self, block, buffer, offset=0):
        start = block * BLOCK + offset
        buffer[:] = memoryview(self.data)[start : start + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        return self._change(block * BLOCK + offset, buffer)

    def ioctl(self, operation, argument):
        if operation == 4:
            return BLOCKS
        if operation == 5:
            return BLOCK
        if operation == 6:
            return self._change(argument * BLOCK, b"\xff" * BLOCK)
        return 0


def on(storage, action):
    """Mount ``storage``, run ``action``; whether it came to its end."""
    os.mount(os.VfsLfs2(storage), "/cut")
    try:
        return True, action()
    except OSError:
        return False, None
    finally:
        os.umount("/cut")


def made():
    """A Storage with an empty filesystem."""
    storage = Storage(bytearray(BLOCK * BLOCKS))
    os.VfsLfs2.mkfs(storage)
    return storage
