"""Multipart forms, which carry uploaded files: ``with_form_data`` and ``FormDataIter``.

Of a body, no more than ``FormDataIter.buffer_size`` is in memory at a time. Handlers do not see a
malformed one, which is answered with 400, nor one that is beyond a limit: 413.
"""

from .compat import MICROPYTHON, invoke, iscoroutine


class FileUpload:
    """One uploaded file; reading goes on where it has stopped.

    ``filename``: the name (str) that the client gave it, without folders; "" where no file was
    chosen. ``content_type``: as the client says (str), or None. ``read``: a coroutine function
    that gives up to n bytes, b"" at the end.

    Class tunables: ``max_memory_size`` (bytes), above which ``copy()`` makes a temporary file, and
    ``temporary_directory`` (str), where; None: where the system has them, on a device the current
    directory.
    """

    max_memory_size = 1024
    temporary_directory = None

    _copy = None

    def __init__(self, filename, content_type, read):
        self.filename = filename
        self.content_type = content_type
        self._read = read

    async def read(self, n=-1):
        """The next ``n`` bytes, fewer only at the end; all that is left when ``n`` is negative.

        ValueError once the iteration has gone on to the next field, or after ``close()``.
        """
        if n is None or n < 0:
            n = -1
        pieces = []
        while n:
            piece = await self._read(n)
            if not piece:
                break
            if n > 0:
                n -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def save(self, path_or_file):
        """Write what is left to a file: one that is open for bytes, or made at a path (str).

        A file's ``write()`` may be a coroutine. If anything fails on the way to a path,
        cancellation included, no part of a file stays there. OSError as of open() and write().
        """
        if hasattr(path_or_file, "write"):
            await self._write_to(path_or_file)
        else:
            from .multipart_files import save

            await save(self, path_or_file)

    async def _write_to(self, file):
        size = FormDataIter.buffer_size
        while True:
            piece = await self._read(size)
            if not piece:
                break
            count = file.write(piece)
            if iscoroutine(count):
                count = await count
            if count is not None and count != len(piece):
                raise OSError("expected %d bytes to be written, got %d" % (len(piece), count))

    async def copy(self, max_memory_size=None):
        """Set the file aside, to be read after further fields; returns itself.

        Up to ``max_memory_size`` bytes (the class's if None) stay in memory, more become a
        temporary file, which ``close()`` removes: close what you copy.
        """
        if self._copy is None:
            from .multipart_files import copy

            if max_memory_size is None:
                max_memory_size = self.max_memory_size
            self._copy = await copy(self, max_memory_size)
            self._read = self._copy.read
        return self

    async def close(self):
        """Remove what ``copy()`` has made; the file cannot be read any more."""
        self._close()

    def _close(self):
        self._read = _closed
        if self._copy is not None:
            self._copy.close()


async def _closed(n):
    raise ValueError("expected a file that can be read, got one that is closed or passed by")


class FormDataIter:
    """The fields of a multipart form in their order: ``async for name, value in ...``.

    A value is a str, or a FileUpload to be read before the next step; what is not read of it is
    skipped. There are none in a request of another content type.

    Class tunables: ``buffer_size`` (bytes that are read at a time), and limits of what a client
    may send: ``max_parts``, ``max_header_size`` (bytes, of one part) and ``max_fields_size``
    (bytes, of all names and texts together).
    """

    buffer_size = 2048 if MICROPYTHON else 16384
    max_parts = 64
    max_header_size = 1024
    max_fields_size = 16384

    _upload = None  # the file of the present field

    def __init__(self, request):
        from .multipart_reader import Reader

        self._reader = Reader(self, request)

    def __aiter__(self):
        return self

    async def __anext__(self):
        upload = self._upload
        if upload is not None:
            self._upload = None
            if upload._copy is None:
                upload._read = _closed
        part = await self._reader.next_part()
        if part is None:
            raise StopAsyncIteration
        name, filename, value = part
        if filename is not None:
            value = self._upload = FileUpload(filename, value, self._reader.read)
        return name, value


def with_form_data(f):
    """Decorator: give ``f(request, ...)`` the fields of a multipart form.

    ``request.form``: the texts, a dict of the last of each name that has ``getlist(name)``, too;
    ``request.files``: the same of FileUpload, which are closed when ``f`` is done. Requests of
    another content type are left as they are. 507 where there is no room for a file.
    """

    async def handler(request, *args, **kwargs):
        if request.media_type != "multipart/form-data":
            return await invoke(f, request, *args, **kwargs)
        from .multipart_files import FormData

        files = FormData()
        try:
            await files.load(request)
            return await invoke(f, request, *args, **kwargs)
        finally:
            files.close()

    return handler
