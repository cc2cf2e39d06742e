"""What an image has frozen, as files for one that has not: the same modules, as .mpy."""

import contextlib
import os
import subprocess
import tempfile
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
    with tempfile.TemporaryDirectory() as name, Step("compiling the packages") as step:
        folder = Path(name)
        modules = collect(board, version, folder, site_notebooks)
        packages = {}
        for number, module in enumerate(modules):
            step.update(number / len(modules), module.target)
            package, _, rest = module.target.partition("/")
            top = package if rest else package[:-3]
            file = module.target[:-3] + ".mpy"
            packages.setdefault(top, {})[file] = _compile(cross, module, folder / "out.mpy")
    return packages


def collect(board, version, folder, site_notebooks=None):
    """The Modules of the project's manifest; what it makes for the board goes to ``folder``."""
    mark = folder / "mark"
    image_mark.write(mark, board.name, build.commit_time(), ".".join(map(str, version)))
    variables = {"BUILD": str(folder), "FIRN_MARK": str(mark), "FIRN_NOTEBOOKS": ""}
    if site_notebooks is not None:
        notebooks.freeze(site_notebooks, folder / "notebooks" / "frozen_notebooks")
        variables["FIRN_NOTEBOOKS"] = str(folder / "notebooks")
    manifest = _Manifest()
    with _environment(variables):
        manifest.run(paths.root() / "manifest.py")
    return manifest.modules


class _Manifest:
    """Runs a manifest in the manner of MicroPython's manifestfile.py, which comes with its sources
    only: the functions that ours call."""

    def __init__(self):
        self.modules = []

    def run(self, path):
        names = {"package": self.package, "freeze": self.freeze, "__file__": str(path)}
        before = os.getcwd()
        os.chdir(path.parent)  # what manifests name is relative to their folder
        try:
            exec(compile(path.read_bytes(), str(path), "exec"), names)
        finally:
            os.chdir(before)

    def package(self, name, files=None, base_path=".", opt=0):
        """The package ``name`` of ``base_path``, or only those ``files`` of it."""
        folder = Path(base_path).resolve() / name
        if files is None:
            found = sorted(folder.rglob("*.py"))
            files = [path.relative_to(folder).as_posix() for path in found]
        for file in files:
            self.modules.append(Module("%s/%s" % (name, file), folder / file, opt))

    def freeze(self, path, files, opt=0):
        """The modules ``files`` of the folder ``path``; our entry points are no modules."""
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


def _compile(cross, module, output):
    """The .mpy of ``module``. No code of it is native, so that any processor runs it."""
    command = [cross, "-O%d" % module.opt, "-s", module.target, "-o", str(output)]
    done = subprocess.run([*command, str(module.source)], capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise Failure("%s could not be compiled: %s" % (module.source, said))
    return output.read_bytes()
