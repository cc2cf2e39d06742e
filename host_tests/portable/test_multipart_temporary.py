"""microdot.multipart: where temporary files are, and how they are named, when nothing is said."""

import os

from forms import file, form, upload
from template_files import Folder

from expect import equal
from microdot import multipart_files
from microdot.multipart import FormDataIter

LONG = bytes(range(256)) * 4 + b"\n"
HOSTED = hasattr(os, "getenv")  # rather than a device that is ours alone


class Inside(Folder):
    """An empty directory that is the current one; on a device, what is told nothing goes there."""

    def __enter__(self):
        super().__enter__()
        self.before = os.getcwd()
        os.chdir(self.path)
        return self

    def __exit__(self, *error):
        os.chdir(self.before)
        super().__exit__(*error)


async def copies(count):
    """Copies of ``count`` files, each in a temporary file."""
    kept = []
    async for _, value in FormDataIter(await upload(form(*[file(b"f", b"x", LONG)] * count))):
        kept.append(await value.copy())
    return kept


async def test_files_at_the_same_time_have_different_names():
    with Inside() as folder:
        kept = await copies(3)
        paths = [copy._copy._path for copy in kept]
        equal(len(set(paths)), 3)
        for copy, path in zip(kept, paths):
            os.stat(path)
            assert "/upload-" in path and path[-4:] == ".tmp", path
            equal(path.startswith(folder.path + "/"), not HOSTED, path)
            equal(await copy.read(), LONG)
            await copy.close()
            assert not multipart_files._exists(path)
        equal(folder.names(), [])
        equal(multipart_files._used, [])


async def test_a_device_uses_up_what_a_power_cut_has_left():
    if HOSTED:
        return await test_files_at_the_same_time_have_different_names()
    with Inside({"upload-0.tmp": "x" * 100}) as folder:
        first, second = await copies(2)
        await first.close()
        equal(folder.names(), ["upload-1.tmp"])
        third = (await copies(1))[0]
        equal(folder.names(), ["upload-0.tmp", "upload-1.tmp"])
        equal((await third.read(), await second.read()), (LONG, LONG))
        await second.close()
        await third.close()
        equal(folder.names(), [])


async def test_the_current_directory_may_change():
    with Inside() as folder:
        kept = await copies(1)
        os.chdir("/")
        equal(await kept[0].read(), LONG)
        await kept[0].close()
        equal(folder.names(), [])
