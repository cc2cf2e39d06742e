"""Uploaded files that are kept: saved to a path, copied to memory or to a temporary file."""

import gc
import os

from .compat import MICROPYTHON
from .datastructures import _convert
from .multipart import FileUpload, FormDataIter
from .streams import AsyncBytesIO

_ENOSPC = 28
_used = []  # paths of temporary files


class FormData(dict):
    """A dict that knows of every name the last value, and all of them."""

    def __init__(self):
        super().__init__()
        self._lists = {}

    def add(self, name, value):
        """Set ``name`` to ``value``, and add that to its list."""
        self[name] = value
        self._lists.setdefault(name, []).append(value)

    def get(self, key, default=None, type=None):
        """The last value for ``key``, or ``default``; ``type`` converts the value.

        BadValue, a ValueError, for a value that ``type`` refuses.
        """
        return _convert(self[key], type, key) if key in self else default

    def getlist(self, key, type=None):
        """All values for ``key`` as a list, empty where there is none; ``type`` converts each.

        BadValue, a ValueError, for a value that ``type`` refuses.
        """
        return [_convert(value, type, key) for value in self._lists.get(key, ())]

    async def load(self, request):
        """Read the form of ``request`` into its ``form`` and, copied, these ``files``."""
        form = FormData()
        try:
            async for name, value in FormDataIter(request):
                if isinstance(value, str):
                    form.add(name, value)
                else:
                    self.add(name, value)
                    await value.copy()
        except OSError as error:
            if error.errno != _ENOSPC:
                raise
            from .app import abort

            abort(507, "Insufficient storage")
        request.form = form
        request.files = self

    def close(self):
        """Close the files."""
        for uploads in self._lists.values():
            for upload in uploads:
                upload._close()


async def save(upload, path):
    """What FileUpload.save() does with a path."""
    if upload._copy is not None and upload._copy.moved_to(path):
        return
    file = open(path, "wb")  # noqa: SIM115 (it is closed, and removed where that fails)
    try:
        await upload._write_to(file)
        file.close()  # where littlefs writes what it still holds
    except BaseException:
        _discard(file, path)
        raise


async def copy(upload, max_memory_size):
    """What ``upload`` is read from once it is copied: a MemoryCopy or a TemporaryFile."""
    pieces = []
    size = 0
    while size <= max_memory_size:
        piece = await upload._read(FormDataIter.buffer_size)
        if not piece:
            return MemoryCopy(b"".join(pieces))
        size += len(piece)
        pieces.append(piece)
    path, file = _create(FileUpload.temporary_directory)
    try:
        while pieces:
            file.write(pieces.pop(0))
        await upload._write_to(file)
        file.close()
    except BaseException:
        _discard(file, path)
        raise
    return TemporaryFile(path)


class MemoryCopy(AsyncBytesIO):
    """A copy in memory."""

    def moved_to(self, path):
        """Whether it is at ``path`` now: no."""
        return False

    def close(self):
        """Give the memory back."""
        self._data = b""


class TemporaryFile:
    """A copy in a file; open only from the first reading on, so that many need no handles."""

    def __init__(self, path):
        self._path = path
        self._file = None

    async def read(self, n):
        """Up to ``n`` bytes; b"" at the end, and of a file that was moved."""
        if self._file is None:
            if self._path is None:
                return b""
            self._file = open(self._path, "rb")  # noqa: SIM115 (closed by close())
        return self._file.read(n)

    def moved_to(self, path):
        """Whether the file is at ``path`` now; else, as once it was read, it has to be copied.

        On a device there may not be room for two. Elsewhere a temporary file is private, and would
        still be after the move.
        """
        if not MICROPYTHON or self._file is not None or self._path is None:
            return False
        try:
            os.rename(self._path, path)
        except OSError:  # another filesystem, or one that replaces nothing
            return False
        _forget(self._path)
        self._path = None
        return True

    def close(self):
        """Remove the file."""
        path, self._path = self._path, None
        if path is not None:
            _discard(self._file, path)


def _create(directory):
    """(path, file) of a new temporary file, open to be written."""
    if not MICROPYTHON:
        from tempfile import mkstemp

        handle, path = mkstemp(".tmp", "upload-", directory)
        return path, os.fdopen(handle, "wb")
    hosted = hasattr(os, "getenv")
    if directory is None:
        directory = "/tmp" if hosted and _exists("/tmp") else os.getcwd()
    path = directory.rstrip("/") + "/upload-%s.tmp"
    if hosted:  # others use the directory, too
        path = path % os.urandom(8).hex()
    else:  # the same few names again and again, so that those a power cut has left are used up
        number = 0
        while path % number in _used:
            number += 1
        path = path % number
    file = open(path, "wb")  # noqa: SIM115 (the caller's to close)
    _used.append(path)
    return path, file


def _exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def _forget(path):
    if path in _used:
        _used.remove(path)


def _discard(file, path):
    """Close ``file`` (or None) and remove what is at ``path``; neither may fail the caller."""
    try:
        _remove(file, path)
    except MemoryError:
        gc.collect()
        _remove(file, path)


def _remove(file, path):
    if file is not None:
        try:
            file.close()
        except OSError:  # no room for what it still holds
            pass
    try:
        if os.stat(path)[0] & 0xF000 == 0x8000:  # not a device, which may be saved to as well
            os.remove(path)
    except OSError:
        pass
    _forget(path)
