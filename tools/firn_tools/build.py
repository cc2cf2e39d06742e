"""``firn build``: one image per board, out of source, quiet unless something is wrong."""

import hashlib
import os
import re
import subprocess

from . import build_esp32, build_rp2, image_mark, mpy_cross, notebooks, paths, programs, sources
from .errors import Failure
from .lock import locked
from .progress import Step

_PROGRAMS = {
    "unix": ("gcc", "make"),
    "qemu": ("gcc", "make", "arm-none-eabi-gcc"),
    "rp2": ("gcc", "make", "cmake", "arm-none-eabi-gcc", "arm-none-eabi-libstdc++"),
    "esp32": ("gcc", "make", "cmake", "git"),
}
# What an image is made of; a change in any of these files makes it out of date.
_INPUTS = ("frozen", "firmware", "manifest.py", "tools/firn_tools/versions.py")
_NOT_INPUTS = "firmware/filesystem/"
_NOTEBOOKS = "firmware/filesystem/notebooks"  # but for these, which are frozen too
_BY_CMAKE = {"esp32": build_esp32, "rp2": build_rp2}
_NO_HEAP = {"unix": "the UNIX image's heap is set when it runs: firn emulate UNIX --heap N"}


def build(board, heap=None, jobs=None, if_needed=False, settings=()):
    """Build ``board``'s image; returns its path.

    ``heap``: bytes of the MicroPython heap (QEMU only); ``jobs``: parallel compilations, default
    one per core; ``if_needed``: do nothing when nothing it is made of has changed; ``settings``:
    further make variables (NAME=value). Raises Failure with the reason when the build fails.
    """
    if heap is not None and board.port != "qemu":
        raise Failure(_NO_HEAP.get(board.port, "--heap is for an emulated board's image: QEMU"))
    folder = paths.build(board.name)
    tree = sources.tree()
    mark = folder / ".inputs"
    inputs = fingerprint(board, tree, heap, settings)

    def is_made():
        return board.image.is_file() and mark.is_file() and mark.read_text() == inputs

    if if_needed and is_made():
        return board.image
    programs.ensure(*_PROGRAMS[board.port])
    with locked(folder):
        if if_needed and is_made():  # by another process, meanwhile
            return board.image
        mark.unlink(missing_ok=True)
        _make(board, tree, folder, heap, jobs or os.cpu_count() or 1, settings)
        mark.write_text(inputs)
    return board.image


def fingerprint(board, tree, heap=None, settings=()):
    """A digest of names, sizes and times of all that ``board``'s image is made of."""
    root = paths.root()
    version = os.environ.get("FIRN_VERSION")  # of a release from a changed work tree
    total = hashlib.sha256(repr((str(tree), heap, tuple(settings), version)).encode())
    for top in (*_INPUTS, "boards/" + board.folder.name, _NOTEBOOKS):
        place = root / top
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            name = file.relative_to(root).as_posix()
            is_input = top == _NOTEBOOKS or not name.startswith(_NOT_INPUTS)
            if is_input and file.is_file() and "__pycache__" not in name:
                status = file.stat()
                total.update(repr((name, status.st_size, status.st_mtime_ns)).encode())
    return total.hexdigest()


def _make(board, tree, folder, heap, jobs, settings):
    version = sources.version(tree)
    environment = _environment(tree, version)
    _hide_paths(environment, tree, folder)
    frozen = folder / "notebooks"
    notebooks.freeze(paths.root() / _NOTEBOOKS, frozen / "frozen_notebooks")
    environment["FIRN_NOTEBOOKS"] = str(frozen)
    environment["FIRN_MARK"] = str(folder / "mark")
    release = "%d.%d.%d" % version
    image_mark.write(folder / "mark", board.name, environment["SOURCE_DATE_EPOCH"], release)
    cross = str(mpy_cross.mpy_cross(version))
    log = folder / "build.log"
    log.unlink(missing_ok=True)
    if board.port in _BY_CMAKE:
        environment["MICROPY_MPYCROSS"] = cross
        environment["BUILD"] = str(folder)
    if board.port == "rp2":
        commands = build_rp2.commands(board, tree, folder, jobs, settings)
    elif board.port == "esp32":
        commands = build_esp32.commands(board, tree, folder, settings)
    else:
        commands = [_make_command(board, tree, folder, heap, jobs, cross, settings)]
    for number, command in enumerate(commands, 1):
        what = "building" if number == len(commands) else "configuring"
        _run(board, command, log, environment, what)
    if board.port in _BY_CMAKE:
        _BY_CMAKE[board.port].finish(board, folder)


def _make_command(board, tree, folder, heap, jobs, cross, settings):
    variables = {
        "BUILD": folder,
        "FROZEN_MANIFEST": board.folder / "manifest.py",
        "MICROPY_MPYCROSS": cross,
    }
    if board.port == "unix":
        where = tree / "ports" / "unix"
        variables["VARIANT_DIR"] = board.folder
    else:
        where = paths.root() / "firmware" / board.port
        variables["BOARD_DIR"] = board.folder
        variables["MPY_DIR"] = tree
        if heap is not None:
            variables["MICROPY_HEAP_SIZE"] = heap
    command = ["make", "-C", str(where), "-j%d" % jobs]
    command += ["%s=%s" % item for item in variables.items()]
    return [*command, *settings]


def _environment(tree, version):
    """The environment of a build that gives the same bytes for the same commit."""
    environment = dict(os.environ, LC_ALL="C")
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):  # of a make that called us
        environment.pop(name, None)
    if not (tree / ".git").exists():
        environment["MICROPY_GIT_TAG"] = "v%d.%d.%d" % version
        environment["MICROPY_GIT_HASH"] = ""
    environment.setdefault("SOURCE_DATE_EPOCH", str(commit_time()))
    # MicroPython's generators write the names of a pin in the order of a set.
    environment["PYTHONHASHSEED"] = "0"
    return environment


def _hide_paths(environment, tree, folder):
    """Have compilers write names that do not depend on where the project and its caches are."""
    places = {folder: "build", tree: "micropython", paths.root(): "firn"}
    # The last map that fits wins: a folder inside another has to come after it.
    ordered = sorted(places, key=lambda place: len(str(place)))
    maps = " ".join("-ffile-prefix-map=%s=%s" % (place, places[place]) for place in ordered)
    for name in ("CFLAGS", "CXXFLAGS", "ASMFLAGS"):
        environment[name] = ("%s %s" % (environment.get(name, ""), maps)).strip()


def commit_time():
    """Seconds since 1970 of the project's commit; 2026-01-01 where there is no repository."""
    git = ["git", "-C", str(paths.root()), "log", "-1", "--format=%ct"]
    try:
        return int(subprocess.run(git, capture_output=True, text=True, check=True).stdout)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 1767225600


def _run(board, command, log, environment, what):
    """Run make with its output in ``log``; show how many files it has made."""
    with open(log, "a") as output, Step("%s %s" % (what, board.name)) as step:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        made = 0
        try:
            for line in process.stdout:
                output.write(line)
                made += line.startswith(("CC ", "MPY ", "AS ", "CXX ")) or "] Building " in line
                step.update(None, "%d files" % made)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        status = process.wait()
    if status:
        text = log.read_text(errors="replace")
        print(text, end="")
        raise Failure(_reason(board, text, log))


def _reason(board, text, log):
    overflow = re.search(r"region `?'?(\w+)'? overflowed by (\d+) bytes", text)
    if overflow:
        return "%s: the image is %s bytes larger than the board's %s" % (
            board.name,
            overflow.group(2),
            overflow.group(1).lower(),
        )
    known = build_esp32.reason(board, text) if board.port == "esp32" else None
    failed = "%s: the build failed; its whole output is above and in %s" % (board.name, log)
    return known or failed
