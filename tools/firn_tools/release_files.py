"""The files that a release has of each board, found in its build, and their checksums."""

import hashlib
import shutil
from pathlib import Path
from typing import NamedTuple, Optional

from elftools.elf.elffile import ELFFile

from . import build_esp32, build_rp2, partitions, paths, sources
from .errors import Failure

# Port -> (file in the build, its kind, the extension of its name in a release).
# "full": the whole flash, written at its offset; "app": what an update over the network takes.
_FILES = {
    "unix": (("firn", "elf", "elf"),),
    "qemu": (("firmware.elf", "elf", "elf"),),
    # The second one leaves a board's own files alone.
    "rp2": (("firmware.uf2", "uf2", "uf2"), ("firmware.update.uf2", "uf2", "update.uf2")),
    "esp32": (("firmware.bin", "full", "bin"), ("firmware.app-bin", "app", "app-bin")),
}


class File(NamedTuple):
    """One file of a release."""

    name: str
    kind: str  # "full", "app", "uf2" or "elf"
    offset: Optional[int]  # where it goes in flash; None where the file itself says that
    size: int
    sha256: str
    machine: Optional[str]  # what an executable runs on, such as "x64"; None for firmware

    def about(self):
        """What manifest.json says of it."""
        return {key: value for key, value in self._asdict().items() if value is not None}


def reason_not_here(board):
    """Why ``board`` cannot be built with what is here and what to type, or None."""
    tree, folder = sources.tree(), paths.build(board.name)
    try:
        # Neither does anything but look.
        if board.port == "rp2":
            build_rp2.commands(board, tree, folder, 1, ())
        elif board.port == "esp32":
            build_esp32.commands(board, tree, folder, ())
    except Failure as failure:
        return str(failure)
    return None


def in_short(board, reason):
    """``reason`` without what to type on this machine, for a file that is the same on others."""
    return reason.split("; ")[0].replace(board + ": ", "")


def collect(board, release, folder):
    """Copy what ``board``'s build has left to ``folder`` (Path); returns the Files."""
    return [_copy(board, release, folder, *row) for row in _FILES[board.port]]


def _copy(board, release, folder, name, kind, extension):
    source = paths.build(board.name) / name
    if not source.is_file():
        raise Failure("%s: expected its build to leave %s" % (board.name, name))
    target = folder / release.file_name(board.name, extension)
    shutil.copyfile(source, target)
    target.chmod(0o755 if board.port == "unix" else 0o644)
    machine = machine_of(target) if board.port == "unix" else None
    offset = _offset(board, kind)
    return File(target.name, kind, offset, target.stat().st_size, sha256(target), machine)


def _offset(board, kind):
    """Bytes from the start of flash, as the board's folder has it."""
    if kind == "full":
        return int(board.about["deploy_options"]["flash_offset"], 0)
    if kind == "app":
        return partitions.apps(board.partitions())[0].offset
    return None


def machine_of(path):
    """The processor that the executable at ``path`` is for, such as "x64" or "ARM"."""
    with open(path, "rb") as file:
        return ELFFile(file).get_machine_arch()


def sha256(path):
    """The SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
