"""Compiling on a real littlefs: full, read-only, and with the power going at any moment."""

import os

from template_files import Folder

from expect import equal, raises
from utemplate import compiled, recompile

OLD = "{{ 1 }} old"
NEW = "{{ 2 }} the new one"
ON_LITTLEFS = hasattr(os, "VfsLfs2")  # MicroPython


def page(loader_class, folder):
    return "".join(loader_class(None, folder.path).load("t.html")())


def test_a_full_filesystem_compiles_in_memory_and_leaves_nothing():
    if not ON_LITTLEFS:
        return
    text = "text " * 500
    with Folder({"t.html": text}, blocks=16) as folder:
        equal(page(recompile.Loader, folder), text)
        equal(folder.names(), ["t.html"])
        raises(OSError, compiled.Loader(None, folder.path).load, "t.html")


def test_a_read_only_filesystem_compiles_in_memory():
    if not ON_LITTLEFS:
        return
    with Folder({"t.html": OLD}) as folder:
        os.umount(folder.path)
        folder.mount(readonly=True)
        equal(page(recompile.Loader, folder), "1 old")


def test_a_stale_compiled_template_on_a_read_only_filesystem_is_not_used():
    if not ON_LITTLEFS:
        return
    with Folder({"t.html": OLD}) as folder:
        page(recompile.Loader, folder)
        folder.write("t.html", NEW)
        os.umount(folder.path)
        folder.mount(readonly=True)
        equal(page(recompile.Loader, folder), "2 the new one")


def test_a_power_cut_leaves_the_compiled_template_from_before_or_the_new_one():
    if not ON_LITTLEFS:
        return
    with Folder({"t.html": OLD}, blocks=24) as folder:
        page(recompile.Loader, folder)
        folder.write("t.html", NEW)
        before = bytes(folder.storage.data)
        seen = set()
        cut = 0
        done = False
        while not done:
            folder.storage.data[:] = before
            folder.storage.left = cut
            os.umount(folder.path)
            folder.mount()
            loader = recompile.Loader(None, folder.path)
            try:
                loader.load("t.html")
            except OSError:
                pass  # a storage that fails may fail in reading, too
            done = folder.storage.left >= 0
            folder.storage.left = None
            os.umount(folder.path)
            folder.mount()
            seen.add(page(compiled.Loader, folder))
            equal(page(recompile.Loader, folder), "2 the new one", cut)
            cut += 1
        equal(seen, {"1 old", "2 the new one"})
        equal(cut > 3, True)
