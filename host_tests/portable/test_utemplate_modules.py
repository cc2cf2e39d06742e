"""Compiled templates as modules: in packages, as .mpy, or frozen in an image."""

import sys

from template_files import Folder

from expect import equal, raises
from utemplate import TemplateError, compiled, compiler, recompile, source


class Path:
    """``entries`` come first on sys.path while the ``with`` block lasts.

    Packages of the names ``packages`` are forgotten after it.
    """

    def __init__(self, entries, *packages):
        self.entries = entries
        self.packages = packages

    def __enter__(self):
        self._saved = list(sys.path)
        sys.path[:] = self.entries + self._saved

    def __exit__(self, kind, error, trace):
        sys.path[:] = self._saved
        for name in list(sys.modules):
            if name.split(".")[0] in self.packages:
                del sys.modules[name]


def page(loader, name):
    return "".join(loader.load(name)())


def compile_all(folder, *names):
    """Compile the templates beside themselves, and remove them."""
    for name in names:
        path = folder.path + "/" + name
        compiler.compile_file(path, path.replace(".", "_") + ".py")
        folder.remove(name)


def test_compiled_templates_are_modules_too():
    with Folder({"pages/t.html": "x{% include {{'u.html'}} %}", "pages/u.html": "u"}) as folder:
        compile_all(folder, "pages/t.html", "pages/u.html")
        with Path([folder.path], "pages"):
            loader = compiled.Loader("__main__", "pages")  # relative to where this runs: no file
            equal(page(loader, "t.html"), "xu")
            raises(OSError, loader.load, "v.html")


def test_frozen_templates_are_found_behind_a_directory_of_that_name():
    # As a filesystem's templates/ comes before the one in the image.
    files = {
        "views/t.html": "",
        "views/p/u.html": "",
        "image/views/f.html": "frozen{% include {{'p/g.html'}} %}",
        "image/views/p/g.html": " too",
    }
    with Folder(files) as folder:
        compile_all(folder, "image/views/f.html", "image/views/p/g.html")
        with Path([folder.path, folder.path + "/image"], "views"):
            for loader_class in (compiled.Loader, source.Loader, recompile.Loader):
                loader = loader_class(None, "views")
                equal(page(loader, "f.html"), "frozen too")
                equal(page(loader, "p/g.html"), " too")
                for name in ("t.html", "p/u.html", "p/none.html", "none/f.html"):
                    raises(OSError, loader.load, name)
            path = sys.modules["views"].__path__  # CPython: all the directories
            if isinstance(path, str):  # left as it was
                equal(path, folder.path + "/views")


def test_a_template_in_the_filesystem_goes_before_the_frozen_one():
    files = {"views/t.html": "new", "image/views/t.html": "frozen"}
    with Folder(files) as folder:
        compile_all(folder, "image/views/t.html")
        with Path([folder.path + "/image"], "views"):
            equal(page(recompile.Loader(None, folder.path + "/views"), "t.html"), "new")
            equal(page(recompile.Loader(None, "views"), "t.html"), "frozen")


def test_a_directory_of_a_package():
    files = {"shop/__init__.py": "", "shop/pages/t.html": "x"}
    with Folder(files) as folder, Path([folder.path], "shop"):
        for loader_class in (recompile.Loader, compiled.Loader):
            equal(page(loader_class("shop", "pages"), "t.html"), "x")
        equal("def render" in folder.read("shop/pages/t_html.py"), True)


def test_other_python_is_no_template():
    with Folder({"led.py": "LED = 1\n", "views/lamp.py": "LAMP = 1\n"}) as folder:
        error = raises(TemplateError, compiled.Loader(None, folder.path).load, "led")
        message = "led.py: expected a compiled template, got no function render"
        equal(str(error), folder.path + "/" + message)
        with Path([folder.path], "views"):
            raises(OSError, compiled.Loader(None, "views").load, "lamp")
