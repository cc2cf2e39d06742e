"""firn.replace on the real littlefs, with the power going at every write to its storage."""

import os

from firn import replace

PATH = "/cut/config.json"
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


def read():
    try:
        with open(PATH, "rb") as file:
            return file.read()
    except OSError:
        return None


def on(storage, action):
    """Mount ``storage``, run ``action``; whether it came to its end."""
    os.mount(os.VfsLfs2(storage), "/cut")
    try:
        return True, action()
    except OSError:
        return False, None
    finally:
        os.umount("/cut")


def cut_everywhere(old, new):
    """Replace ``old`` (None: no file) by ``new`` with every cut; how many cuts there were."""
    storage = Storage(bytearray(BLOCK * BLOCKS))
    os.VfsLfs2.mkfs(storage)
    if old is not None:
        on(storage, lambda: replace.write(PATH, old))
    before = bytes(storage.data)
    seen = set()
    cut = 0
    done = False
    while not done:
        storage.data[:] = before
        storage.left = cut
        done, _ = on(storage, lambda: replace.write(PATH, new))
        storage.left = None
        on(storage, lambda: replace.recover(PATH))
        _, found = on(storage, read)
        assert found in (old, new), (cut, found)
        seen.add(found)
        cut += 1
    assert found == new
    assert seen == {old, new}
    return cut


if hasattr(os, "VfsLfs2"):

    def test_a_cut_at_any_block_leaves_the_old_or_the_new_small_file():
        assert cut_everywhere(b"old" * 10, b"new" * 12) > 5

    def test_a_cut_at_any_block_leaves_the_old_or_the_new_large_file():
        assert cut_everywhere(b"old" * 300, b"newer" * 250) > 8

    def test_a_cut_at_any_block_leaves_no_half_of_a_first_file():
        assert cut_everywhere(None, b"newer" * 250) > 8
