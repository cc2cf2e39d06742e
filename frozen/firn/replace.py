"""Replacing a file so that a power cut leaves the old one or the new one, never half of one.

The new contents go to ``path.new``; closing it commits them (littlefs does so on close). Then the
previous file becomes ``path.bak``, and ``path.new`` becomes ``path``. A cut can leave:

    path, no .new          nothing was under way, or all of it was done
    path and .new          cut while .new was written, or just after: the old file counts, as
                           nothing tells whether .new is whole
    .new and .bak, no path cut between the two renames: .new was closed before the first of them,
                           so it is whole, and it is what was meant to be there
    .new alone             cut while a first version was written: it may be half, and before it
                           there was nothing, so nothing it is

For the last two to differ, a first version removes what an earlier file of that name left as .bak.
A .bak alone is no trace of a cut (no step leaves that): the file was deleted on purpose.

Without a backup ``path.new`` becomes ``path`` in one step where the filesystem has that (littlefs
and those of hosts): there is a ``path`` at every moment, and nothing to finish. FAT has not.
"""

import os


def write(path, data):
    """Replace the file ``path`` (str) by ``data`` (bytes or str, written as UTF-8).

    Raises OSError, with the old file as it was, where there is no room or no such directory.
    """
    with Replacement(path) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def recover(path):
    """Finish or undo a replacement of ``path`` that was cut; nothing to do costs one stat.

    Returns True where it had to. Raises OSError where the filesystem cannot be written.
    """
    new = path + ".new"
    if not _exists(new):
        return False
    if not _exists(path) and _exists(path + ".bak"):
        os.rename(new, path)
    else:
        os.remove(new)
    return True


class Replacement:
    """A file under way: ``write()`` pieces, then ``commit()`` or ``abort()``.

    As a context manager it commits at the end of the block and aborts on an exception.
    ``backup``: whether the previous file is kept as ``path.bak``.
    """

    def __init__(self, path, backup=True):
        recover(path)
        self.path = path
        self._backup = backup
        if not _exists(path):
            _remove(path + ".bak")
        self._file = open(path + ".new", "wb")  # noqa: SIM115

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.commit()
        else:
            self.abort()

    def write(self, data):
        """Append ``data`` (bytes-like). On an OSError nothing is replaced."""
        try:
            self._file.write(data)
        except OSError:
            self.abort()
            raise

    def commit(self):
        """Put the new contents in the place of the old ones."""
        path = self.path
        if self._file is None:
            return
        try:
            _close(self._file)
        except OSError:
            self.abort()
            raise
        self._file = None
        if not self._backup and _take_place(path + ".new", path):
            return
        if _exists(path):
            # FAT renames to no name that is taken; the old file still is where it was.
            _remove(path + ".bak")
            os.rename(path, path + ".bak")
        os.rename(path + ".new", path)
        if not self._backup:
            _remove(path + ".bak")

    def abort(self):
        """Leave the old file as it is; no error if that is how it is already."""
        file = self._file
        if file is not None:
            self._file = None
            try:
                file.close()
            except OSError:
                pass
            _remove(self.path + ".new")


def _close(file):
    """Close ``file`` with its contents on the storage, not in some cache."""
    if hasattr(os, "fsync"):  # a host; littlefs commits when a file is closed
        file.flush()
        os.fsync(file.fileno())
    file.close()
    if hasattr(os, "sync"):
        os.sync()


def _take_place(new, path):
    """Rename ``new`` to ``path``, taken or not; False where the filesystem does not."""
    try:
        os.rename(new, path)
        return True
    except OSError:
        return False


def _exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass
