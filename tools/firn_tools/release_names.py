"""What a release is called: its commit, its date, its version, the names of its files."""

import re
import subprocess
import time
from typing import NamedTuple

from . import paths
from .errors import Failure


class Release(NamedTuple):
    """What every part of a release says of it."""

    version: str  # "0.1.0", or "0.1.0+dirty" where the work tree differs from the commit
    commit: str  # 40 hexadecimal digits
    time: int  # of the commit, seconds since 1970

    @property
    def date(self):
        """The commit's day in UTC, "2026-11-21"."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.time))

    @property
    def created(self):
        """The commit's time in UTC, "2026-11-21T09:00:00Z"."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.time))

    @property
    def is_dirty(self):
        """Whether the images are made of something that no commit has."""
        return self.version.endswith("+dirty")

    def file_name(self, board, extension, variant=None):
        """Such as "firn-RPI_PICO-20261121-v0.1.0.uf2"."""
        parts = ["firn", board, variant, self.date.replace("-", ""), "v" + self.version]
        return "-".join(part for part in parts if part) + "." + extension


def read(allow_dirty=False):
    """The Release of the work tree as it is.

    Raises Failure where there is no repository, and for a tree with changes (files that git does
    not know count, because they would be frozen) unless ``allow_dirty``.
    """
    commit, seconds = _git("log", "-1", "--format=%H %ct").split()
    changes = _git("status", "--porcelain").splitlines()
    if changes and not allow_dirty:
        raise Failure(
            "expected a work tree without changes, got %s (%d in all); commit them, or use "
            "--dirty for images that are marked as such" % (changes[0][3:], len(changes))
        )
    return Release(version() + ("+dirty" if changes else ""), commit, int(seconds))


def version():
    """The version that images carry: ``firn.__version__`` of what is frozen."""
    text = (paths.frozen() / "firn" / "__init__.py").read_text("utf-8")
    return re.search(r'(?m)^__version__ = "([^"]+)"', text).group(1)


def _git(*arguments):
    command = ["git", "-C", str(paths.root()), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise Failure("a release needs git: %s" % error)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["exit status %d" % done.returncode]
        raise Failure("a release is made from a git repository: %s" % lines[-1])
    return done.stdout
