"""microdot.multipart where there is no room: in the storage, in memory."""

import gc
import os

from forms import field, file, form, pieces, post, upload
from quiet import Quiet
from template_files import Folder

from expect import equal, raises_async
from microdot import Microdot, multipart_files
from microdot.multipart import FileUpload, FormDataIter, with_form_data

LONG = bytes(range(256)) * 16


def application():
    app = Microdot()

    @app.post("/")
    @with_form_data
    async def index(request):
        return sorted(request.files)

    return app


class Full:
    """Stands in for ``open`` in microdot.multipart_files: files that take no more."""

    def __init__(self, number):
        self.number = number
        self.left = 0

    def __call__(self, path, mode):
        self.file = open(path, mode)  # noqa: SIM115 (close() closes it)
        return self

    def __enter__(self):
        multipart_files.open = self
        return self

    def __exit__(self, *error):
        del multipart_files.open

    def write(self, data):
        raise OSError(self.number, "full")

    def close(self):
        self.file.close()
        raise OSError(self.number, "full")


async def test_a_full_storage_is_said_to_be_full():
    if not hasattr(os, "VfsLfs2"):
        return await failing_writes()
    with Folder(blocks=12) as folder, Quiet() as printed:
        FileUpload.temporary_directory = folder.path
        for _ in range(3):
            answer = await post(application(), pieces(form(file(b"f", b"x", LONG)), 500))
            equal((answer.status, answer.text), (507, "Insufficient storage"))
            equal(folder.names(), [])
        equal((await post(application(), form(file(b"f", b"x", b"abc")))).text, '["f"]')
        fields = FormDataIter(await upload(form(file(b"f", b"x", LONG))))
        _, value = await fields.__anext__()
        equal((await raises_async(OSError, value.save(folder.path + "/x"))).errno, 28)
        equal(folder.names(), [])
        equal(printed, [])
    FileUpload.temporary_directory = None


async def failing_writes():
    with Folder() as folder, Quiet() as printed, Full(28):
        fields = FormDataIter(await upload(form(file(b"f", b"x", LONG))))
        _, value = await fields.__anext__()
        equal((await raises_async(OSError, value.save(folder.path + "/x"))).errno, 28)
        equal((folder.names(), printed), ([], []))


class Forgetful:
    """Stands in for ``os`` in microdot.multipart_files: memory runs out when a file is removed."""

    def __init__(self):
        self.failed = 0

    def __getattr__(self, name):
        return getattr(os, name)

    def remove(self, path):
        if not self.failed:
            self.failed += 1
            raise MemoryError
        os.remove(path)


async def test_a_file_is_removed_with_the_memory_that_is_given_back():
    with Folder() as folder:
        FileUpload.temporary_directory = folder.path
        multipart_files.os = Forgetful()
        try:
            equal((await post(application(), form(file(b"f", b"x", LONG)))).text, '["f"]')
            equal((multipart_files.os.failed, folder.names()), (1, []))
        finally:
            multipart_files.os = os
            FileUpload.temporary_directory = None


def allocated():
    """Bytes of memory that are in use."""
    gc.collect()
    if hasattr(gc, "mem_alloc"):
        return gc.mem_alloc()
    import tracemalloc

    tracemalloc.start()  # which counts from the first call on
    return tracemalloc.get_traced_memory()[0]


async def test_memory_does_not_grow_with_a_file():
    class Endless:
        """A form with a file of 300 KB."""

        def __init__(self):
            self.left = 300
            self.most = 0

        async def read(self, n):
            self.left -= 1
            if self.left == 299:
                return form(field(b"a", b"1"))[:-8] + file(b"f", b"x", b"12")[:-2]
            if self.left % 30 == 0:
                self.most = max(self.most, allocated())
            return b"\r\n--XX--" if not self.left else b"x" * 1024

    class Counter:
        size = 0

        def write(self, data):
            self.size += len(data)
            return len(data)

    req = await upload([])
    req.stream_only(Endless())
    counter = Counter()
    before = allocated()
    async for _, value in FormDataIter(req):
        if not isinstance(value, str):
            await value.save(counter)
    equal(counter.size, 298 * 1024 + 2)
    assert req.stream.most - before < 5000, req.stream.most - before
