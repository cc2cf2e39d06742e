"""Loads templates by compiling their source in memory, each time they are loaded."""

from . import escape

# The switch for templates written for utemplate without escaping.
autoescape = True


def file_name(folder, name):
    """The path of template ``name`` in ``folder``; ValueError for a name that leads elsewhere."""
    for part in name.split("/"):
        if part in ("", ".", "..") or "\\" in part or "\0" in part:
            raise ValueError("expected the name of a template, got %r" % name)
    return (folder or ".") + "/" + name


class Loader:
    """``Loader(pkg, dir).load(name)`` gives the generator function of a template in ``dir``."""

    def __init__(self, pkg, dir):
        if dir == "." and pkg is not None and "." in pkg:
            dir = pkg[: pkg.rfind(".")].replace(".", "/")
        self.pkg = pkg
        self.dir = dir

    def load(self, name):
        """The generator function of template ``name``; OSError where there is no such file."""
        from .compiler import Compiler

        source = []
        with open(file_name(self.dir, name)) as lines:
            Compiler(name, lines, autoescape).compile(source.append)
        return self.run("".join(source))

    def run(self, source):
        """The function that compiled ``source`` (str) defines."""
        names = {"_escape": escape, "_load": self.load}
        exec(source, names)
        return names["render"]
