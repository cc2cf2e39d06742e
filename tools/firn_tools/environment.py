"""Firn's packages, and a site's own modules, inside a host's process and apart from all else.

On a host `microdot` may be somebody else's package, and several sites may each have a module of
the same name. So what belongs to an environment is in ``sys.modules`` and on ``sys.path`` only
while the environment is in use; afterwards both are what they were.
"""

import functools
import importlib
import os
import sys
from pathlib import Path

from . import paths

_NOT_IMPORTED = ("standins",)  # for images that lack the real modules

_in_use: list = []  # the environments that were entered, the innermost last


class Environment:
    """``with Environment(): import microdot`` is Firn's microdot, and the same one each time.

    ``modules``: Path of a folder with a site's modules (its lib/ counts too), as a device's root;
    ``directory``: Path that is the current directory while the environment is in use. Environments
    may be entered within each other and again; the innermost counts.
    """

    def __init__(self, modules=None, directory=None):
        folders = [modules, modules / "lib"] if modules else []
        self._folders = [str(folder.resolve()) for folder in folders if folder.is_dir()]
        self._folders.append(str(paths.frozen()))
        self._names = _importable(self._folders)
        self._directory = directory
        self._own = {}  # what sys.modules has while this is in use
        self._others = {}  # what it had under the same names
        self._path = []
        self._home = None

    def __enter__(self):
        if _in_use:
            _in_use[-1]._leave()
        _in_use.append(self)
        self._come()
        return self

    def __exit__(self, *exception):
        self._leave()
        _in_use.pop()
        if _in_use:
            _in_use[-1]._come()

    def is_innermost(self):
        """Whether this is what an import would use now."""
        return bool(_in_use) and _in_use[-1] is self

    def _come(self):
        self._others = self._take()
        sys.modules.update(self._own)
        self._path = list(sys.path)
        sys.path[:0] = self._folders
        importlib.invalidate_caches()
        if self._directory:
            self._home = os.getcwd()
            os.chdir(self._directory)

    def _leave(self):
        self._own = self._take()
        sys.modules.update(self._others)
        self._others = {}
        sys.path[:] = self._path
        if self._directory:
            os.chdir(self._home)

    def _take(self):
        """Remove the modules whose names are this environment's from sys.modules; a dict."""
        names = [name for name in sys.modules if name.partition(".")[0] in self._names]
        return {name: sys.modules.pop(name) for name in names}


@functools.cache
def firn():
    """The Environment of Firn's packages alone, for what belongs to no site: made once."""
    return Environment()


def _importable(folders):
    """The names of the modules and packages in ``folders`` that an environment has for itself."""
    names = set()
    for folder in folders:
        for path in Path(folder).iterdir():
            if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py"))):
                names.add(path.stem)
    # What the interpreter itself holds on to cannot be exchanged.
    return names.difference(_NOT_IMPORTED, sys.builtin_module_names, ("os", "io", "importlib"))
