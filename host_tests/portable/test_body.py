"""microdot.body: bodies in pieces, and what is closed when they end or are left."""

from expect import equal, raises, raises_async
from microdot.body import as_bytes, body_iterator


async def pieces(body, size=4):
    """All pieces of a body (list of bytes), which is closed then."""
    found = []
    iterator = body_iterator(body, size)
    try:
        async for piece in iterator:
            found.append(bytes(piece))
    finally:
        await iterator.aclose()
    return found


class File:
    """A file that gives ``data``; notes in ``closed`` that it was closed."""

    closed = False

    def __init__(self, data):
        self.data = data
        self.asked = []

    def take(self, n):
        self.asked.append(n)
        data, self.data = self.data[:n], self.data[n:]
        return data

    def read(self, n):
        return self.take(n)

    def close(self):
        self.closed = True


class AsyncFile(File):
    async def read(self, n):
        return self.take(n)

    async def close(self):
        self.closed = True


class Readable(File):
    def readinto(self, buffer):
        data = self.take(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class AsyncReadable(File):
    async def readinto(self, buffer):
        return Readable.readinto(self, buffer)


class Nameless:
    """A file-like object without close()."""

    def __init__(self):
        self.left = ["text", ""]

    def read(self, n):
        return self.left.pop(0)


async def test_bytes_are_one_piece():
    for body in (b"abc", bytearray(b"abc"), memoryview(b"abc")):
        equal(await pieces(body), [b"abc"])
    equal(await pieces(b""), [])


async def test_files_come_in_pieces_and_are_closed():
    for kind in (File, AsyncFile, Readable, AsyncReadable):
        file = kind(b"0123456789")
        equal(b"".join(await pieces(file)), b"0123456789", kind.__name__)
        assert set(file.asked) == {4}, file.asked
        assert file.closed, kind.__name__
        file = kind(b"")
        equal((await pieces(file), file.closed), ([], True), kind.__name__)
    equal(await pieces(Nameless()), [b"text"])


async def test_a_file_that_gives_less_than_asked_has_not_ended():
    class Slow(File):
        def read(self, n):
            return self.take(1)

    equal(b"".join(await pieces(Slow(b"abc"))), b"abc")


async def test_a_file_is_closed_when_it_is_left():
    for kind in (File, AsyncFile, Readable):
        file = kind(b"0123456789")
        iterator = body_iterator(file, 4)
        equal(bytes(await iterator.__anext__()), b"0123")
        await iterator.aclose()
        assert file.closed, kind.__name__


async def test_generators_and_iterators():
    def generate():
        yield "\u00e9"
        yield b"b"
        yield bytearray(b"c")
        yield ""
        yield 5

    equal(await pieces(generate()), [b"\xc3\xa9", b"b", b"c", b"", b"5"])
    equal(await pieces(iter(("a", "b"))), [b"a", b"b"])
    equal(await pieces(("a", b"b")), [b"a", b"b"])


async def test_an_iterator_need_not_be_iterable():
    class Count:
        left = 2

        def __next__(self):
            if not self.left:
                raise StopIteration
            self.left -= 1
            return str(self.left)

    equal(await pieces(Count()), [b"1", b"0"])


async def test_a_generator_is_ended_when_it_is_left():
    ends = []

    def generate():
        try:
            yield "a"
            yield "b"
        finally:
            ends.append("end")

    iterator = body_iterator(generate(), 4)
    equal(await iterator.__anext__(), b"a")
    await iterator.aclose()
    equal(ends, ["end"])
    await raises_async(StopAsyncIteration, iterator.__anext__())


class Later:
    """An asynchronous iterator of ``values``."""

    closed = False

    def __init__(self, *values):
        self.values = list(values)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.values:
            raise StopAsyncIteration
        return self.values.pop(0)

    async def aclose(self):
        self.closed = True


class Iterable:
    """Gives an asynchronous iterator when asked for it."""

    def __init__(self, iterator):
        self.iterator = iterator

    def __aiter__(self):
        return self.iterator


class Bare:
    """An asynchronous iterator with nothing but ``__anext__``."""

    def __init__(self):
        self.later = Later("x")

    async def __anext__(self):
        return await self.later.__anext__()


async def test_asynchronous_iterators():
    later = Later("a", b"b", 3)
    equal((await pieces(later), later.closed), ([b"a", b"b", b"3"], True))
    later = Later("c")
    equal((await pieces(Iterable(later)), later.closed), ([b"c"], True))
    equal(await pieces(Bare()), [b"x"])
    later = Later("a", "b")
    iterator = body_iterator(later, 4)
    equal(await iterator.__anext__(), b"a")
    await iterator.aclose()
    assert later.closed
    equal((iterator.waits, body_iterator(iter(()), 4).waits), (True, False))


async def test_errors_of_a_body_reach_the_caller_and_it_is_closed():
    class Failing(File):
        def read(self, n):
            raise OSError(5)

    file = Failing(b"")
    await raises_async(OSError, pieces(file))
    assert file.closed

    def generate():
        yield "a"
        raise KeyError("x")

    await raises_async(KeyError, pieces(generate()))


def test_what_is_no_body_is_refused():
    for body in (1, 1.5, object(), len):
        raises(TypeError, body_iterator, body, 4)


def test_pieces_as_bytes():
    equal(as_bytes("\u00e9"), b"\xc3\xa9")
    equal(as_bytes(1.5), b"1.5")
    piece = memoryview(b"ab")
    assert as_bytes(piece) is piece
