"""Uploads: whole or not at all, in constant memory, as long as there is room."""

import gc
import os

from exchange import request, written
from forms import TYPE, file, form, pieces, upload
from test_setup_files import BASE, Files

from expect import equal
from firn import setup_paths, setup_upload


async def send(files, data, directory=""):
    """The Answer to an upload of the form ``data`` into ``directory``."""
    req = await upload(data, TYPE, BASE + directory + "?upload")
    return await written(await files.app.dispatch_request(req))


async def test_files_are_stored_where_they_were_sent():
    with Files({"www/a.txt": "old", "b": "untouched"}) as files:
        body = form(file(b"file", b"a.txt", b"new"), file(b"file", b"c.bin", b"\0\xff"))
        answer = await send(files, body, "www/")
        equal((answer.status, answer.headers["location"]), (303, "/_firn/files/www/"))
        equal((files.read("www/a.txt"), files.read("www/c.bin")), (b"new", b"\0\xff"))
        equal(files.read("www/a.txt.bak"), b"old")
        equal(files.read("b"), b"untouched")


async def test_where_nothing_was_chosen_nothing_is_stored():
    with Files({"b": "1"}) as files:
        for body in (form(), form(file(b"file", b"", b""))):
            equal((await send(files, body)).status, 400)
        equal((await send(files, form(file(b"file", b"a", b"1")), "b")).status, 404)
        equal((await send(files, form(file(b"file", b"a", b"1")), "no/")).status, 404)
        equal(os.listdir(files.root), ["b"])


async def test_an_upload_that_ends_early_leaves_the_old_file():
    whole = form(file(b"file", b"a.txt", b"new" * 100))
    with Files({"a.txt": "old"}) as files:
        for at in (20, 120, 200, len(whole) - 12, len(whole) - 9):
            answer = await send(files, pieces(whole[:at], 50))
            equal((answer.status, files.read("a.txt")), (400, b"old"), at)
        equal(os.listdir(files.root), ["a.txt"])
        # A connection that breaks.
        answer = await send(files, pieces(whole[:200], 50) + [OSError(104)])
        equal((answer.status, os.listdir(files.root)), (500, ["a.txt"]))
        equal(files.read("a.txt"), b"old")


async def test_names_that_lead_elsewhere_or_to_secrets_are_refused():
    with Files({"secrets.json": "s", "config.json": "c", "d/x": "1"}) as files:
        for name, status in ((b"secrets.json", 403), (b"SECRETS.json.bak", 403),
                             (b"config.json", 403), (b"config.good.json", 403), (b"..", 400),
                             (b"a.new", 400), (b"a.", 400), (b"a\x1b", 400), (b"n" * 101, 400),
                             (b"d", 409)):  # fmt: skip
            answer = await send(files, form(file(b"file", name, b"evil")))
            equal(answer.status, status, name)
        # Of a path, only the last part is the name of a file.
        equal((await send(files, form(file(b"file", b"../../up", b"1")), "d/")).status, 303)
        equal(files.read("d/up"), b"1")
        equal((files.read("secrets.json"), files.read("config.json")), (b"s", b"c"))
        equal(sorted(os.listdir(files.root)), ["config.json", "d", "secrets.json"])


async def test_two_uploads_of_one_file_do_not_mix():
    with Files({"a": "old"}) as files:
        other = []

        req = await upload([], TYPE, BASE + "?upload")
        whole = form(file(b"file", b"a", b"first" * 40))
        parts = pieces(whole, 90)

        class Slow:
            async def read(self, n):
                if len(parts) == 1 and not other:
                    other.append(await send(files, form(file(b"file", b"a", b"second"))))
                return parts.pop(0) if parts else b""

        req.stream_only(Slow())
        answer = await written(await files.app.dispatch_request(req))
        equal((other[0].status, answer.status), (409, 303))
        equal(files.read("a"), b"first" * 40)


async def test_what_is_longer_than_the_room_is_refused_before_it_comes():
    with Files({"a": "old"}) as files:
        free_room = setup_paths.free_room
        setup_paths.free_room = lambda: 100
        try:
            headers = {"Content-Type": TYPE}
            body = form(file(b"file", b"a", b"x" * 200))
            req = await request(files.app, "POST", BASE + "?upload", headers, body)
            answer = await written(await files.app.dispatch_request(req))
        finally:
            setup_paths.free_room = free_room
        equal(answer.status, 413)
        assert "Expected at most 100 bytes, which is the room that is left" in answer.text
        equal(files.read("a"), b"old")


async def test_where_the_room_ends_the_old_file_stays():
    class Full:
        def __init__(self, file):
            pass

        def write(self, data):
            raise OSError(28, "full")

    room = setup_upload._Room
    with Files({"b": "old"}) as files:
        first = file(b"file", b"a", b"new") + file(b"file", b"b", b"")[:-2]
        if not hasattr(os, "VfsLfs2"):
            data = form(file(b"file", b"b", b"x"))
            setup_upload._Room = Full
        else:
            data = [first] + [b"x" * 500] * 60 + [b"\r\n--XX--\r\n"]
        try:
            answer = await send(files, data)
        finally:
            setup_upload._Room = room
        equal(answer.status, 507)
        assert "There was no room for all of it" in answer.text
        equal(files.read("b"), b"old")
        assert "b.new" not in os.listdir(files.root)
        if hasattr(os, "VfsLfs2"):
            assert "Before that, a was stored." in answer.text
            equal(files.read("a"), b"new")


async def test_memory_does_not_grow_with_an_upload():
    class Long:
        """300 KB of a file's content between the two ends of a form."""

        def __init__(self):
            self.left = 302
            self.most = 0

        async def read(self, n):
            self.left -= 1
            if self.left == 301:
                return form(file(b"file", b"a", b""))[:-10]
            if self.left % 30 == 0:
                self.most = max(self.most, allocated())
            return b"x" * 1024 if self.left > 0 else b"\r\n--XX--\r\n"

    class Nowhere:
        """A file that keeps nothing; its size is ``size``."""

        size = 0

        def __init__(self, file):
            pass

        def write(self, data):
            Nowhere.size += len(data)

    room = setup_upload._Room
    setup_upload._Room = Nowhere
    try:
        with Files({}) as files:
            await send(files, form(file(b"file", b"b", b"1")))  # loads what is needed
            Nowhere.size = 0
            req = await upload([], TYPE, BASE + "?upload")
            stream = Long()
            req.stream_only(stream)
            before = allocated()
            answer = await written(await files.app.dispatch_request(req))
    finally:
        setup_upload._Room = room
    equal((answer.status, Nowhere.size), (303, 300 * 1024))
    # On a host, what opens the file has a buffer of 8 KB.
    growth = stream.most - before
    assert growth < (8000 if hasattr(gc, "mem_alloc") else 12000), growth


def allocated():
    """Bytes of memory that are in use."""
    gc.collect()
    if hasattr(gc, "mem_alloc"):
        return gc.mem_alloc()
    import tracemalloc

    tracemalloc.start()  # which counts from the first call on
    return tracemalloc.get_traced_memory()[0]
