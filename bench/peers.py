"""The peers: installed from their lock file under build/, never beside anything of ours."""

import hashlib
import shutil
import subprocess
import sys
import venv

from firn_tools import paths
from firn_tools.errors import Failure
from firn_tools.lock import locked
from firn_tools.progress import Step

from . import BUILD, HERE, PEERS

MARIMO = HERE / "marimo-requirements.txt"
_INSTALLING = 280  # seconds at most
LOCK = HERE / "requirements.lock"
# What the rows use of Microdot.
MODULES = ("__init__", "microdot", "helpers", "websocket", "sse", "multipart", "session")


def install(folder=PEERS, lock=LOCK):
    """Have what ``lock`` names in ``folder``; installed anew only when the lock has changed.

    A folder that is there is whole: it gets its name when everything is in it.
    """
    stamp = folder / ".lock-digest"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return folder
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install"]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:"]
    command += ["--target", str(partial), "-r", str(lock)]
    with Step("installing the peers"):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failure("the peers could not be installed: %s" % done.stderr.strip())
    (partial / ".lock-digest").write_text(digest)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder


def version(name="microdot", folder=PEERS):
    """The version of the peer ``name`` in ``folder``, as its metadata says."""
    found = sorted(folder.glob(name + "-*.dist-info"))
    if not found:
        raise Failure("%s: expected %s, got nothing of that name" % (folder, name))
    return found[0].name[len(name) + 1 : -len(".dist-info")]


def compiled(version_tuple, folder=PEERS):
    """The folder with MODULES of Microdot as MicroPython bytecode, made like what is frozen."""
    from firn_tools import mpy_cross

    target = BUILD / "bytecode" / "microdot"
    target.mkdir(parents=True, exist_ok=True)
    for name in MODULES:
        command = [str(mpy_cross.mpy_cross(version_tuple)), "-O3", "-s", name + ".py"]
        command += ["-o", str(target / (name + ".mpy"))]
        command += [str(folder / "microdot" / (name + ".py"))]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Failure("Microdot could not be compiled: %s" % done.stderr.strip())
    return target.parent


def marimo():
    """The path (str) of a Python that has the real marimo, in an environment of its own.

    It is under build/, and made anew when the requirements change.
    """
    folder = paths.build("marimo-venv-%d.%d" % sys.version_info[:2])
    stamp = folder / ".installed"
    wanted = MARIMO.read_text()
    executable = folder / "bin" / "python"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if not stamp.is_file() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            pip = [str(executable), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            with Step("installing marimo"):
                venv.create(folder, with_pip=True)
                done = subprocess.run(
                    [*pip, "-r", str(MARIMO)], capture_output=True, text=True, timeout=_INSTALLING
                )
            if done.returncode:
                raise Failure("marimo could not be installed: %s" % done.stderr.strip())
            stamp.write_text(wanted)
    return str(executable)


def marimo_version():
    """The version of the real marimo."""
    return MARIMO.read_text().split("marimo==")[1].split()[0]
