"""firn.replace on the real littlefs, with the power going at every write to its storage."""

import os

from cut_storage import made, on

from firn import replace

PATH = "/cut/config.json"


def read():
    try:
        with open(PATH, "rb") as file:
            return file.read()
    except OSError:
        return None


def write(data, backup):
    with replace.Replacement(PATH, backup) as file:
        file.write(data)


def cut_everywhere(old, new, backup=True):
    """Replace ``old`` (None: no file) by ``new`` with every cut; how many cuts there were."""
    storage = made()
    if old is not None:
        on(storage, lambda: write(old, backup))
    before = bytes(storage.data)
    seen = set()
    cut = 0
    done = False
    while not done:
        storage.data[:] = before
        storage.left = cut
        done, _ = on(storage, lambda: write(new, backup))
        storage.left = None
        if not backup and old is not None:
            assert on(storage, read)[1] in (old, new), cut  # with nothing to finish
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

    def test_a_cut_at_any_block_without_a_backup_leaves_the_old_or_the_new_file():
        assert cut_everywhere(b"old" * 10, b"new" * 12, backup=False) > 3
        assert cut_everywhere(b"old" * 300, b"newer" * 250, backup=False) > 6
        assert cut_everywhere(None, b"newer" * 250, backup=False) > 6
