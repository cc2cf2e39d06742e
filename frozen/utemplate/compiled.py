"""Loads templates that are compiled already: from files, from .mpy, or from frozen modules."""

import sys

from . import TemplateError, files, names


class Loader:
    """Templates of one directory, compiled before; their sources are not needed.

    ``pkg``: name of the package (str) whose directory ``dir`` is relative to; None or "__main__"
    for the current directory. ``dir``: the directory (str), such as "templates".
    """

    def __init__(self, pkg, dir):
        self.pkg = None if pkg == "__main__" else pkg
        self.dir = dir
        self._loaded = {}
        self.root = "" if dir in ("", ".") else dir if dir.endswith("/") else dir + "/"
        if self.pkg:
            __import__(self.pkg)
            path = sys.modules[self.pkg].__path__  # MicroPython: str, CPython: list
            self.root = "%s/%s" % (path if isinstance(path, str) else path[0], self.root)

    def load(self, name):
        """The generator function of the template ``name`` (str).

        Raises ValueError for a name that leads out of the directory, OSError (ENOENT) where there
        is no such template, TemplateError where there is Python that is none.
        """
        render = self._loaded.get(name)
        if render is None:
            names.check(name)
            render = self._loaded[name] = self._find(name)
        return render

    def compiled_path(self, name):
        """Where the template ``name`` is or would be compiled to."""
        return self.root + names.compiled(name)

    def _find(self, name):
        path = self.compiled_path(name)
        if files.status(path) is not None:
            return self._execute(path)
        module = self._import(name)
        if not hasattr(module, "render"):  # None, or another module of that name
            raise OSError(2, "expected a template, got no file %s%s" % (self.root, name))
        module._load = self.load
        return module.render

    def _execute(self, path):
        namespace = {"_load": self.load}
        files.execute(path, namespace)
        if "render" not in namespace:
            raise TemplateError("%s: expected a compiled template, got no function render" % path)
        return namespace["render"]

    def _import(self, name):
        """The module that the template is as .mpy or frozen in the image, or None."""
        parts = [part for part in self.dir.split("/") if part and part != "."]
        if self.pkg:
            parts.insert(0, self.pkg)
        return files.import_module(".".join(parts + names.compiled(name)[:-3].split("/")))
