"""What an image has frozen, as files for one that has not: the same modules, as .mpy."""

import contextlib
import functools
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from . import build, image_mark, mpy_cross, notebooks, paths
from .errors import Failure
from .progress import Step

# Our entry points: the frozen ones would not find the user's files, see there.
_ENTRY_POINTS = "firmware/bundle"
LIBRARY = "lib"


class Module(NamedTuple):
    """A module of a manifest: ``target`` (such as "firn/site.py"), its ``source`` (Path), and the
    level of optimisation."""

    target: str
    source: Path
    opt: int


def entry_points():
    """{name: bytes} of our boot.py and main.py."""
    folder = paths.root() / _ENTRY_POINTS
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}


def compiled(board, version, site_notebooks=None):
    """{package: {file name: bytes}} of all that an image for ``board`` has frozen, as .mpy for
    MicroPython ``version`` (three ints); modules that are in no package are their own.

    ``site_notebooks``: the folder (Path) of notebooks to compile as well.
    """
    cross = str(mpy_cross.mpy_cross(version))
    packages = {}
    with tempfile.TemporaryDirectory() as name, Step("compiling the packages") as step:
        modules = collect(board, version, Path(name), site_notebooks)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(functools.partial(compile_module, cross), modules)
            for number, (module, data) in enumerate(zip(modules, found)):
                step.update(number / len(modules), module.target)
                package, _, rest = module.target.partition("/")
                top = package if rest else package[:-3]
                packages.setdefault(top, {})[module.target[:-3] + ".mpy"] = data
    return packages


def collect(board, version, folder, site_notebooks=None):
    """The Modules of ``board``'s manifest; what it makes for the board goes to ``folder``."""
    mark = folder / "mark"
    image_mark.write(mark, board.name, build.commit_time(), ".".join(map(str, version)))
    variables = {"BUILD": str(folder), "FIRN_MARK": str(mark), "FIRN_NOTEBOOKS": ""}
    if site_notebooks is not None:
        notebooks.freeze(site_notebooks, folder / "notebooks" / "frozen_notebooks")
        variables["FIRN_NOTEBOOKS"] = str(folder / "notebooks")
    manifest = _Manifest()
    with _environment(variables):
        manifest.include(str(board.folder / "manifest.py"))
    return manifest.modules


class _Options:
    """The options that a manifest was included with."""

    def __init__(self, given):
        self._values = given

    def defaults(self, **values):
        self._values = {**values, **self._values}

    def __getattr__(self, name):
        return self._values.get(name)


class _Manifest:
    """Runs a board's manifest as MicroPython's manifestfile.py does, which comes with its sources
    only; ``modules``: what the project's own manifest has. What else boards freeze is the part of
    the image that a bundle is made on."""

    def __init__(self):
        self.modules = []
        self._is_ours = False

    def include(self, path, **given):
        """Run the manifest ``path`` (str); "$(MPY_DIR)" and the like are MicroPython's."""
        if path.startswith("$("):
            return
        path = Path(path).resolve()
        names = {
            "include": self.include,
            "package": self.package,
            "freeze": self.freeze,
            "options": _Options(given),
            "__file__": str(path),
        }
        before = os.getcwd(), self._is_ours
        os.chdir(path.parent)  # what manifests name is relative to their folder
        self._is_ours = path == paths.root() / "manifest.py"
        try:
            exec(compile(path.read_bytes(), str(path), "exec"), names)
        finally:
            os.chdir(before[0])
            self._is_ours = before[1]

    def package(self, name, files=None, base_path=".", opt=0):
        """The package ``name`` of ``base_path``, or only those ``files`` of it."""
        folder = Path(base_path).resolve() / name
        if files is None:
            found = sorted(folder.rglob("*.py"))
            files = [path.relative_to(folder).as_posix() for path in found]
        if self._is_ours:
            for file in files:
                self.modules.append(Module("%s/%s" % (name, file), folder / file, opt))

    def freeze(self, path, files=None, opt=0):
        """The modules ``files`` of the folder ``path``; our entry points are no modules."""
        if self._is_ours:
            for file in files:
                if file not in ("boot.py", "main.py"):
                    self.modules.append(Module(file, Path(path).resolve() / file, opt))


@contextlib.contextmanager
def _environment(variables):
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def compile_module(cross, module):
    """The .mpy of ``module``. No code of it is native, so that any processor runs it."""
    command = [cross, "-O%d" % module.opt, "-s", module.target, "-o", "-", str(module.source)]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
        raise Failure("%s could not be compiled: %s" % (module.source, said))
    return done.stdout
