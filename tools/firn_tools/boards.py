"""The boards: one folder each under boards/, found by name."""

import difflib
import json
import re

from . import paths
from .errors import Failure


_STORAGE = r"(?m)^#define MICROPY_HW_FLASH_STORAGE_BYTES \((\d+) \* 1024\)"


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
        names = {"unix": "firn", "rp2": "firmware.uf2", "esp32": "firmware.bin"}
        return paths.build(self.name) / names.get(self.port, "firmware.elf")

    @property
    def has_radio(self):
        """Whether the board has Wi-Fi."""
        return "WiFi" in self.about["features"]

    @property
    def elf(self):
        """The linked program: what the image is made of."""
        return self.image if self.port == "unix" else self.image.with_name("firmware.elf")

    def filesystem(self):
        """(offset, size) in bytes of the filesystem in the flash of an rp2 board.

        As in MicroPython, it is at the flash's end and mpconfigboard.h gives its size.
        """
        header = (self.folder / "mpconfigboard.h").read_text()
        kilobytes = re.search(_STORAGE, header)
        size = int(kilobytes.group(1)) * 1024
        return self.about["flash_size"] - size, size


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
