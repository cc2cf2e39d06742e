"""Loads templates that were compiled before, without looking at their source."""

from . import source


def compiled_name(folder, name):
    """Where the compiled form of template ``name`` is: index.html is compiled to index_html.py."""
    return source.file_name(folder, name.replace(".", "_") + ".py")


class Loader(source.Loader):
    """``Loader(pkg, dir).load(name)`` reads the compiled form beside the template, once."""

    def __init__(self, pkg, dir):
        super().__init__(pkg, dir)
        self._loaded = {}

    def load(self, name):
        """The generator function of template ``name``; OSError where it was not compiled."""
        if name not in self._loaded:
            with open(compiled_name(self.dir, name)) as file:
                self._loaded[name] = self.run(file.read())
        return self._loaded[name]
