"""microdot.multipart: whole forms, and what becomes of the files that are made of uploads."""

import asyncio
import json
import os

from forms import Stream, field, file, form, part, pieces, post, upload
from quiet import Quiet
from template_files import Folder

from expect import equal, raises_async
from microdot import Microdot
from microdot.multipart import FileUpload, FormDataIter, with_form_data

LONG = bytes(range(256)) * 8
FORM = form(
    field(b"a", b"1"), field(b"b", b"2"), field(b"a", b"3"),
    file(b"f", b"long.bin", LONG), file(b"f", b"short", b"abc"), file(b"g", b"", b""),
)  # fmt: skip


class Temporary(Folder):
    """An empty directory that temporary files go to."""

    def __enter__(self):
        super().__enter__()
        FileUpload.temporary_directory = self.path
        return self

    def __exit__(self, *error):
        FileUpload.temporary_directory = None
        super().__exit__(*error)


def application(handler):
    app = Microdot()
    app.post("/")(with_form_data(handler))
    return app


async def test_a_form_is_dicts_of_the_last_values_and_lists_of_all():
    async def handler(request):
        values = request.form
        equal(values["a"], "3")
        equal(values, {"a": "3", "b": "2"})
        equal(values.copy(), {"a": "3", "b": "2"})
        equal(json.dumps(request.form), '{"a": "3", "b": "2"}')
        equal(sorted(values.items()), [("a", "3"), ("b", "2")])
        equal(values.getlist("a"), ["1", "3"])
        equal(values.getlist("a", type=int), [1, 3])
        equal((values.get("b", type=int), values.get("x"), values.get("x", 5)), (2, None, 5))
        equal((values.getlist("x"), "x" in values, len(values)), ([], False, 2))
        equal(sorted(request.files), ["f", "g"])
        long, short = request.files.getlist("f")
        assert request.files["f"] is short
        equal((long.filename, await long.read(300), await long.read()),
              ("long.bin", LONG[:300], LONG[300:]))  # fmt: skip
        equal((short.filename, short.content_type, await short.read()),
              ("short", "text/plain", b"abc"))  # fmt: skip
        equal((request.files["g"].filename, await request.files["g"].read()), ("", b""))
        return values.get("c", "none"), 201

    with Temporary() as folder:
        for data in (FORM, pieces(FORM, 100)):
            answer = await post(application(handler), data)
            equal((answer.status, answer.text, folder.names()), (201, "none", []))


async def test_a_value_of_another_type_is_the_client_s_mistake():
    async def handler(request):
        return str(request.form.get("a", type=int))

    answer = await post(application(handler), form(field(b"a", b"x")))
    equal((answer.status, answer.text), (400, "Bad request: bad value for a"))


async def test_plain_functions_and_arguments():
    app = Microdot()

    @app.post("/<name>")
    @with_form_data
    def handler(request, name):
        return "%s %s" % (name, request.form)

    req = await upload(form(field(b"a", b"1")))
    req._head.path = "/x"
    equal((await app.dispatch_request(req)).body, b"x {'a': '1'}")


async def test_other_requests_are_left_as_they_are():
    async def handler(request):
        return "%s %s" % (request.form and request.form["a"], request.files)

    app = application(handler)
    answer = await post(app, b"a=5", "application/x-www-form-urlencoded")
    equal(answer.text, "5 None")
    equal((await post(app, b"a=5", "text/plain")).text, "None None")


async def test_what_is_long_is_in_a_file_while_it_is_needed():
    with Temporary() as folder:
        seen = []

        async def handler(request):
            seen.extend(folder.names())
            return "ok"

        app = application(handler)
        for size in (FileUpload.max_memory_size, FileUpload.max_memory_size + 1):
            equal((await post(app, pieces(form(file(b"f", b"x", b"1" * size)), 99))).text, "ok")
            equal(len(seen), size - FileUpload.max_memory_size)
            equal(folder.names(), [])
        FileUpload.max_memory_size = 0
        try:
            seen.clear()
            await post(app, FORM)
            equal(len(seen), 2)
        finally:
            FileUpload.max_memory_size = 1024


class Cancelled(asyncio.CancelledError):
    """One that the tests' own loop does not take for its own."""


async def test_temporary_files_are_removed_whatever_happens():
    async def fails(request):
        raise ValueError("mistake")

    async def waits(request):
        begun.append(folder.names())
        await asyncio.sleep(10)

    begun = []
    with Temporary() as folder:
        with Quiet() as printed:
            equal((await post(application(fails), FORM)).status, 500)
            equal((len(printed), folder.names()), (1, []))
            # Cut off in the middle of the second file, of the first, of nothing.
            for end in (len(FORM) - 170, len(FORM) - 1000, 30):
                equal((await post(application(waits), pieces(FORM[:end], 99))).status, 400)
                equal(folder.names(), [])
            for error in (MemoryError(), Cancelled()):
                app = application(waits)
                awaitable = post(app, [FORM[:-1000], error])
                await raises_async(type(error), awaitable)
                equal(folder.names(), [])
        task = asyncio.create_task(post(application(waits), FORM))
        while not begun:
            await asyncio.sleep(0)
        task.cancel()
        await raises_async(asyncio.CancelledError, task)
        equal((len(begun[0]), folder.names()), (1, []))


async def test_a_copy_that_fails_leaves_nothing():
    with Temporary() as folder:
        fields = FormDataIter(await upload([FORM[:-1000], MemoryError()]))
        for _ in range(4):
            _, value = await fields.__anext__()
        await raises_async(MemoryError, value.copy())
        equal(folder.names(), [])


async def test_copies_are_saved_too():
    with Temporary() as folder:

        async def handler(request):
            long, short = request.files.getlist("f")
            await long.save(folder.path + "/long")
            await short.save(folder.path + "/short")
            equal((await long.read(), await short.read(5)), (b"", b""))
            return "ok"

        for _ in range(2):
            equal((await post(application(handler), FORM)).text, "ok")
            equal(folder.names(), ["long", "short"])
            equal(folder.read("short"), "abc")
            with open(folder.path + "/long", "rb") as saved:
                equal(saved.read(), LONG)


async def test_a_copy_that_was_read_saves_the_rest():
    with Temporary() as folder:
        async for _, value in FormDataIter(await upload(form(file(b"f", b"x", LONG)))):
            await value.copy(0)
            equal(await value.read(1000), LONG[:1000])
            await value.save(folder.path + "/rest")
            await value.close()
        with open(folder.path + "/rest", "rb") as saved:
            equal(saved.read(), LONG[1000:])
        equal(folder.names(), ["rest"])


async def test_saving_on_the_way():
    with Temporary() as folder:
        async for name, value in FormDataIter(await upload(pieces(FORM, 100))):
            if name == "f":
                await value.save(folder.path + "/" + value.filename)
        equal(folder.names(), ["long.bin", "short"])
        with open(folder.path + "/long.bin", "rb") as saved:
            equal(saved.read(), LONG)


async def test_half_a_file_does_not_stay():
    with Temporary() as folder:
        for error in (MemoryError(), Cancelled(), OSError(5)):
            fields = FormDataIter(await upload([FORM[:-1000], error]))
            for _ in range(4):
                _, value = await fields.__anext__()
            await raises_async(type(error), value.save(folder.path + "/half"))
            equal(folder.names(), [])
        value = FileUpload("a", None, Stream([b"abc"]).read)
        await raises_async(OSError, value.save(folder.path + "/no/such"))


async def test_what_is_no_file_is_written_to_and_never_removed():
    async def read(n):
        raise OSError(5)

    if hasattr(os, "getenv"):  # where there is a /dev
        await FileUpload("a", None, Stream([b"abc"]).read).save("/dev/null")
        await raises_async(OSError, FileUpload("a", None, read).save("/dev/null"))
        equal(os.stat("/dev/null")[0] & 0xF000, 0x2000)


async def test_a_parameter_of_the_request_is_no_path():
    with Temporary() as folder:
        header = b'Content-Disposition: form-data; name="f"; filename="../../x"'
        async for _, value in FormDataIter(await upload(form(part(header, LONG)))):
            equal(value.filename, "x")
            await value.copy()
            equal(len(folder.names()), 1)
            await value.close()
        equal(folder.names(), [])
