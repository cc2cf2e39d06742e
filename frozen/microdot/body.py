"""Response bodies that come in pieces: files, iterators, asynchronous iterators."""


def body_iterator(body, buffer_size):
    """An asynchronous iterator of bytes over any kind of response body."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return _Pieces(iter((body,) if len(body) else ()))
    if hasattr(body, "read"):
        return _FilePieces(body, buffer_size)
    if hasattr(body, "__anext__") or hasattr(body, "__aiter__"):
        return _AsyncPieces(body.__aiter__() if hasattr(body, "__aiter__") else body)
    # Iterators that were written for next() alone have no __iter__.
    return _Pieces(body if hasattr(body, "__next__") else iter(body))


def as_bytes(piece):
    """A piece of a body as bytes: str is encoded, other values are written out."""
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return piece
    return (piece if isinstance(piece, str) else str(piece)).encode()


class _Pieces:
    """Over a plain iterator or generator."""

    waits = False  # whether the first piece can take its time

    def __init__(self, iterator):
        self._iterator = iterator

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            piece = next(self._iterator)
        except StopIteration:
            raise StopAsyncIteration
        return as_bytes(piece)

    async def aclose(self):
        """End the generator, so that its ``finally`` clauses run."""
        if hasattr(self._iterator, "close"):
            self._iterator.close()


class _AsyncPieces:
    """Over an asynchronous iterator."""

    waits = True

    def __init__(self, iterator):
        self._iterator = iterator

    def __aiter__(self):
        return self

    async def __anext__(self):
        return as_bytes(await self._iterator.__anext__())

    async def aclose(self):
        """End the asynchronous generator."""
        if hasattr(self._iterator, "aclose"):
            await self._iterator.aclose()


class _FilePieces:
    """Over a file, or an object whose ``read(n)`` is plain or a coroutine."""

    waits = False

    def __init__(self, file, size):
        self._file = file
        self._size = size
        self._buffer = None

    def __aiter__(self):
        return self

    async def __anext__(self):
        # readinto() a buffer of our own spares a new bytes object per piece.
        if self._buffer is None and hasattr(self._file, "readinto"):
            self._buffer = memoryview(bytearray(self._size))
        if self._buffer is not None:
            count = self._file.readinto(self._buffer)
            if hasattr(count, "send") or hasattr(count, "__await__"):
                count = await count
            if not count:
                raise StopAsyncIteration
            return self._buffer[:count]
        piece = self._file.read(self._size)
        if hasattr(piece, "send") or hasattr(piece, "__await__"):
            piece = await piece
        if not piece:
            raise StopAsyncIteration
        return as_bytes(piece)

    async def aclose(self):
        """Close the file."""
        if hasattr(self._file, "close"):
            result = self._file.close()
            if hasattr(result, "send") or hasattr(result, "__await__"):
                await result
