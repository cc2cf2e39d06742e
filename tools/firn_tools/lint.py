"""``firn lint``: ruff for style, mypy for the stubs and the tools."""

import subprocess
import sys

from . import paths, versions
from .errors import Failure
from .progress import Step, say

# Type information of MicroPython's own modules, at the version the images are built from.
_STUBS = {"esp32": "micropython-esp32-stubs", "rp2": "micropython-rp2-stubs"}


def run():
    """Check the project; 0 when nothing is found."""
    root = paths.root()
    found = 0
    for label, command in (
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        ("mypy tools", ["mypy", "tools"]),
    ):
        found |= _check(label, command, root)
    for port, package in _STUBS.items():
        stubs = _stubs(package)
        for stub_package in ("microdot", "utemplate", "firn"):
            command = ["mypy", "--custom-typeshed-dir=", "frozen/" + stub_package]
            found |= _check(
                "mypy %s (%s)" % (stub_package, port), command[:1] + command[2:], root, stubs
            )
    return 1 if found else 0


def _check(label, command, root, stubs=None):
    environment = None
    if stubs:
        import os

        environment = dict(os.environ, MYPYPATH="%s:frozen" % stubs)
    say(label)
    return subprocess.call([sys.executable, "-m", *command], cwd=root, env=environment)


def _stubs(package):
    """The folder with a stubs package, installed apart: those of two ports exclude each other."""
    version = versions.MICROPYTHON
    folder = paths.cache() / ("%s-%s" % (package, version))
    if not folder.is_dir():
        partial = folder.with_name(folder.name + ".partial")
        with Step("installing %s %s" % (package, version)):
            pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(partial)]
            if subprocess.call([*pip, "%s==%s.*" % (package, version)]):
                raise Failure("%s could not be installed" % package)
        partial.rename(folder)
    return folder
