"""Loads templates, compiling those that are new or have changed.

What was compiled is kept beside the template (index.html in index_html.py) and in memory. Its
first line tells which source it was made from, so a clock that was never set does no harm.
"""

import os

from . import source
from .compiled import compiled_name


class Loader(source.Loader):
    """``Loader(pkg, dir).load(name)`` gives the function of a template as its file is now."""

    def __init__(self, pkg, dir):
        super().__init__(pkg, dir)
        self._loaded = {}  # name: (size and time of the source, function)

    def load(self, name):
        """The generator function of template ``name``; OSError where there is no such file."""
        path = source.file_name(self.dir, name)
        status = os.stat(path)
        state = (status[6], status[8])
        found = self._loaded.get(name)
        if found is None or found[0] != state:
            found = (state, self._compiled(name, path))
            self._loaded[name] = found
        return found[1]

    def _compiled(self, name, path):
        from .compiler import Compiler, mark

        first = " escaped" if source.autoescape else " plain"
        first = mark(path) + first
        target = compiled_name(self.dir, name)
        try:
            with open(target) as file:
                if file.readline().rstrip() == first:
                    return self.run(file.read())
        except OSError:
            pass
        pieces = [first + "\n"]
        with open(path) as lines:
            Compiler(name, lines, source.autoescape).compile(pieces.append)
        text = "".join(pieces)
        _keep(target, text)
        return self.run(text)


def _keep(target, text):
    """Write the compiled form, whole or not at all; without room it stays in memory."""
    partial = target + ".new"
    try:
        with open(partial, "w") as file:
            file.write(text)
        os.rename(partial, target)
    except OSError as error:
        print("utemplate: %s is not kept: %s" % (target, error))
        try:
            os.remove(partial)
        except OSError:
            pass
