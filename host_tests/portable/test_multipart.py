"""microdot.multipart: the fields of a form one by one, and files that are read on the way."""

from forms import TYPE, field, file, form, part, pieces, post, upload

from expect import equal, raises_async
from microdot import Microdot
from microdot.multipart import FileUpload, FormDataIter

TEXT = b"0123456789" * 30
FORM = form(
    field(b"a", b"1"),
    file(b"f", b"x.txt", TEXT),
    field(b"a", b"\xc3\xa4\r\n"),
    part(b'Content-Disposition: form-data; name="g"; filename=""', b""),
)


async def collect(data, read):
    """[(name, text or what ``read`` makes of a file)] of a form."""
    found = []
    async for name, value in FormDataIter(await upload(data)):
        found.append((name, value if isinstance(value, str) else await read(value)))
    return found


class Sink:
    """A file in memory whose write() says ``count``, or what was written."""

    def __init__(self, count=None):
        self.data = b""
        self.count = count

    def write(self, data):
        self.data += data
        return len(data) if self.count is None else self.count


class AsyncSink(Sink):
    async def write(self, data):
        self.data += data


async def test_fields_come_in_their_order_at_any_chunking():
    async def read(value):
        return value.filename, value.content_type, await value.read()

    expected = [
        ("a", "1"), ("f", ("x.txt", "text/plain", TEXT)),
        ("a", "\u00e4\r\n"), ("g", ("", None, b"")),
    ]  # fmt: skip
    equal(await collect(FORM, read), expected)
    for size in (1, 2, 3, 7, 50, 64, 400):
        equal(await collect(pieces(FORM, size), read), expected, size)


async def test_files_can_be_read_in_pieces_of_any_size():
    for size in (1, 3, 10, 64, 299, 300, 301):
        sizes = []

        async def read(value, size=size, sizes=sizes):
            data = b""
            while True:
                piece = await value.read(size)
                data += piece
                sizes.append(len(piece))
                if not piece:
                    return data, await value.read(), await value.read(0)

        for chunks in (FORM, pieces(FORM, 7), pieces(FORM, 100)):
            sizes.clear()
            equal((await collect(chunks, read))[1], ("f", (TEXT, b"", b"")), size)
            expected = [size] * (300 // size) + [300 % size] * (300 % size > 0) + [0]
            equal(sizes[: len(expected)], expected)


async def test_a_file_is_skipped_where_it_was_not_read():
    async def nothing(value):
        return None

    async def some(value):
        return await value.read(4)

    for chunks in (FORM, pieces(FORM, 7)):
        equal([name for name, _ in await collect(chunks, nothing)], ["a", "f", "a", "g"])
        equal((await collect(list(chunks) if chunks is not FORM else FORM, some))[1:3],
              [("f", b"0123"), ("a", "\u00e4\r\n")])  # fmt: skip


async def test_a_file_that_was_passed_by_cannot_be_read():
    fields = FormDataIter(await upload(FORM))
    await fields.__anext__()
    _, value = await fields.__anext__()
    equal(await value.read(5), b"01234")
    await fields.__anext__()
    await raises_async(ValueError, value.read())
    _, value = await fields.__anext__()
    await value.close()
    await raises_async(ValueError, value.read())
    await raises_async(StopAsyncIteration, fields.__anext__())
    await raises_async(StopAsyncIteration, fields.__anext__())


async def test_saving_to_what_is_open():
    for sink in (Sink, AsyncSink):

        async def save(value, sink=sink):
            out = sink()
            await value.read(5)
            await value.save(out)
            return out.data

        equal((await collect(pieces(FORM, 40), save))[1], ("f", TEXT[5:]))


async def test_a_file_that_takes_too_little_is_an_error():
    async def save(value):
        await value.save(Sink(count=1))

    error = await raises_async(OSError, collect(FORM, save))
    assert "expected 300 bytes to be written, got 1" in str(error), error


async def test_copies_outlast_the_form():
    for limit in (None, 300, 2000):
        fields = FormDataIter(await upload(FORM))
        kept = []
        async for _, value in fields:
            if not isinstance(value, str):
                assert await value.copy(limit) is value
                assert await value.copy(limit) is value
                kept.append(value)
        equal(await kept[0].read(5), TEXT[:5])
        out = Sink()
        await kept[0].save(out)
        equal(out.data, TEXT[5:])
        equal(await kept[1].read(), b"")
        await kept[0].close()
        await kept[0].close()
        await raises_async(ValueError, kept[0].read())


async def test_uploads_of_a_program():
    async def read(n):
        return b"abcdef"[: n if n >= 0 else None] if not done and not done.append(1) else b""

    done = []
    equal(await FileUpload("a", "b/c", read).read(), b"abcdef")


async def test_no_more_than_the_buffer_size_is_asked_for():
    class Greedy:
        def __init__(self):
            self.data = FORM
            self.asked = []

        async def read(self, n=-1):
            self.asked.append(n)
            data, self.data = self.data[:n], self.data[n:]
            return data

    size = FormDataIter.buffer_size
    FormDataIter.buffer_size = 16
    try:
        req = await upload([])
        req.stream_only(Greedy())
        found = []
        async for name, _value in FormDataIter(req):
            found.append(name)
        equal(found, ["a", "f", "a", "g"])
        equal(set(req.stream.asked), {16})
    finally:
        FormDataIter.buffer_size = size


async def test_other_content_types_have_no_fields():
    for content_type in (None, "", "text/plain", "multipart/mixed; boundary=XX", "multipart"):
        async for _ in FormDataIter(await upload(FORM, content_type)):
            raise AssertionError(content_type)


async def test_the_documented_handler():
    app = Microdot()
    seen = []

    @app.post("/")
    async def index(request):
        async for name, _value in FormDataIter(request):
            seen.append(name)
        equal((request.form, request.files), (None, None))
        return "done"

    for content_type in (TYPE, 'Multipart/Form-Data; charset=x; boundary="XX"; y=z'):
        equal((await post(app, FORM, content_type)).text, "done")
    equal(seen, ["a", "f", "a", "g"] * 2)


async def test_the_documented_examples():
    app = Microdot()

    # fmt: off
    from microdot.multipart import with_form_data

    @app.post('/upload')
    @with_form_data
    async def upload(request):
        print('form fields:', request.form)
        print('files:', request.files)

    from microdot.multipart import FormDataIter

    @app.post('/upload2')
    async def upload2(request):
        async for name, value in FormDataIter(request):
            print(name, value)
    # fmt: on

    for path in ("/upload", "/upload2"):
        answer = await post(app, FORM, path=path)
        equal((answer.status, answer.text), (204, ""))
