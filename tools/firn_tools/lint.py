"""``firn lint``: ruff for style, mypy for the tools and for the frozen packages' stubs."""

import os
import subprocess
import sys

from . import paths, versions
from .errors import Failure
from .progress import Step, say

# Type information of MicroPython's own modules, at the version that images are built from.
_STUBS = {"esp32": "micropython-esp32-stubs", "rp2": "micropython-rp2-stubs"}
_PACKAGES = ("microdot", "utemplate", "marimo", "firn")


def run():
    """Check the project; 0 when nothing is found, else 1."""
    found = _check("ruff check", ["ruff", "check", "."])
    found |= _check("ruff format", ["ruff", "format", "--check", "--quiet", "."])
    found |= _check("mypy: tools", ["mypy", "tools"])
    for port, package in _STUBS.items():
        found |= _check_stubs(port, _installed(package))
    return 1 if found else 0


def _check(label, command):
    say(label)
    return subprocess.call([sys.executable, "-m", *command], cwd=paths.root())


def _check_stubs(port, stubs):
    """Check our .pyi files against a port's stubs; what is wrong in those is not ours to mend."""
    say("mypy: stubs with %s" % port)
    files = [str(path) for name in _PACKAGES for path in (paths.frozen() / name).glob("*.pyi")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", *files],
        env=dict(os.environ, MYPYPATH="%s:%s" % (paths.frozen(), stubs)),
        cwd=paths.root(),
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stdout.splitlines() if line.startswith("frozen/")]
    print("\n".join(ours) if ours else "no issues in %d files" % len(files))
    sys.stderr.write(done.stderr)
    return int(bool(ours) or bool(done.stderr))


def _installed(package):
    """The folder with a stubs package; apart, because those of two ports exclude each other."""
    folder = paths.cache() / ("%s-%s" % (package, versions.MICROPYTHON))
    if not folder.is_dir():
        partial = folder.with_name(folder.name + ".partial")
        with Step("installing %s" % package):
            pip = [sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--no-deps"]
            wanted = "%s==%s.*" % (package, versions.MICROPYTHON)
            if subprocess.call([*pip, "--target", str(partial), wanted]):
                raise Failure("%s could not be installed" % package)
        partial.rename(folder)
    return folder
