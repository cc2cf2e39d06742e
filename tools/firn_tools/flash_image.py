"""The flash image of an emulated board: a littlefs filesystem in a file."""

import os
from pathlib import Path

from littlefs import LittleFS, LittleFSError

from .errors import Failure

BLOCK_SIZE = 4096
# Smaller files are kept in their directory's block, and a board can only handle those there that
# fit its cache, which MicroPython makes four times the larger of these (extmod/vfs_lfsx.c).
_READ = 32
QEMU_UNIT = 32  # bytes that are programmed at once
RP2_UNIT = 256
# Files a board never needs; a site folder is often a checkout.
_IGNORED = ("__pycache__", ".git", ".DS_Store")
# The same, where they are at the top of the folder: the project around the site.
_PROJECT = (
    ".*", "test_*.py", "*_test.py", "conftest.py", "tests", "README*", "LICENSE*", "Makefile",
    "pyproject.toml", "pytest.ini", "requirements*.txt", "config.schema.json", "node_modules",
)  # fmt: skip


def create(folder, image, size, files=None, unit=QEMU_UNIT):
    """Write the littlefs ``image`` (path) of ``size`` bytes with the files of ``folder`` in it.

    ``files``: the Paths below ``folder`` that it gets; left out, those of site_files(). ``unit``:
    bytes that the board programs at once, as its _boot.py says.
    """
    folder = Path(folder)
    filesystem = LittleFS(
        block_size=BLOCK_SIZE,
        block_count=size // BLOCK_SIZE,
        read_size=_READ,
        prog_size=unit,
        cache_size=4 * unit,
    )
    for path in site_folders(folder) if files is None else ():
        filesystem.makedirs("/" + path.relative_to(folder).as_posix(), exist_ok=True)
    for path in site_files(folder) if files is None else files:
        name = "/" + path.relative_to(folder).as_posix()
        try:
            filesystem.makedirs(os.path.dirname(name), exist_ok=True)
            with filesystem.open(name, "wb") as target:
                target.write(path.read_bytes())
        except LittleFSError as error:
            room = size // 1024
            raise Failure("%s does not fit a flash of %d KB: %s" % (folder, room, error))
    partial = image.with_name(image.name + ".partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    partial.write_bytes(filesystem.context.buffer)
    partial.replace(image)


def read(image, name):
    """The bytes of file ``name`` in the littlefs ``image`` (path), or None if it is not there."""
    content = bytearray(image.read_bytes())
    try:
        filesystem = LittleFS(
            block_size=BLOCK_SIZE, block_count=len(content) // BLOCK_SIZE, mount=False
        )
        filesystem.context.buffer = content
        filesystem.mount()
        with filesystem.open(name, "rb") as file:
            return file.read()
    except (LittleFSError, FileNotFoundError):
        return None


def site_files(folder):
    """The files of a site ``folder`` (Path) that belong on a board, in a fixed order.

    What a project has beside its site is left out: tests, virtual environments, hidden files and
    what else _PROJECT names at the top, caches and checkouts anywhere; and what a runtime that
    served the folder has left there: compiled templates.
    """
    return [path for path in _entries(folder) if path.is_file() and not is_compiled(path)]


def is_compiled(path):
    """Whether ``path`` (Path) is the compiled form of a template: about_html.py of about.html."""
    name, _, suffix = path.stem.rpartition("_")
    return path.suffix == ".py" and bool(name) and (path.parent / (name + "." + suffix)).is_file()


def site_folders(folder):
    """The folders below ``folder`` (Path) that belong on a board, the outer before the inner."""
    return [path for path in _entries(folder) if path.is_dir()]


def _entries(folder):
    found = []
    for path in sorted(folder.iterdir()):
        if path.name in _IGNORED or any(path.match(pattern) for pattern in _PROJECT):
            continue
        if (path / "pyvenv.cfg").exists():
            continue
        found.append(path)
        for inner in sorted(path.rglob("*")):
            if not any(part in _IGNORED for part in inner.relative_to(folder).parts):
                found.append(inner)
    return found
