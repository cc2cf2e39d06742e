"""The boards: one folder each under boards/, found by name."""

import difflib
import json

from . import paths
from .errors import Failure


class Board:
    """A board folder; ``name``, ``folder``, ``about`` (its board.json) and ``port``."""

    def __init__(self, folder):
        self.name = folder.name
        self.folder = folder
        self.about = json.loads((folder / "board.json").read_text())
        self.port = self.about["port"]

    @property
    def image(self):
        """What a build leaves: the executable or the image file."""
        return paths.build(self.name) / {"unix": "firn"}.get(self.port, "firmware.elf")


def names():
    """All boards there are, in alphabetical order."""
    return sorted(file.parent.name for file in (paths.root() / "boards").glob("*/board.json"))


def find(name):
    """The Board of that name, or Failure with those that exist."""
    known = names()
    if name not in known:
        near = difflib.get_close_matches(name.upper(), known, 1)
        hint = ", did you mean %s" % near[0] if near else ""
        raise Failure("no board %r%s; boards: %s" % (name, hint, ", ".join(known)))
    return Board(paths.root() / "boards" / name)
