"""The boards: one folder each under boards/, found by name.

A variant is the same board built with further settings, those of its folder's
``mpconfigvariant_NAME.cmake`` and ``.h``. It is called BOARD-NAME, and only who asks for it gets
it: the lists of boards, and so a release, are without variants.
"""

import difflib
import json
import re

from . import partitions, paths
from .errors import Failure

_STORAGE = r"(?m)^#define MICROPY_HW_FLASH_STORAGE_BYTES \((\d+) \* 1024\)"


class Board:
    """A board folder; ``name``, ``folder``, ``variant``, ``about`` (its board.json), ``port``.

    ``variant``: its name, or None; it is then in the board's name, too.
    """

    def __init__(self, folder, variant=None):
        self.name = folder.name + ("-" + variant if variant else "")
        self.folder = folder
        self.variant = variant
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
        """(offset, size) in bytes of the filesystem in the flash of an rp2 or ESP32 board.

        As in MicroPython: on rp2 it is at the flash's end and mpconfigboard.h gives its size, of a
        variant its own mpconfigvariant_NAME.h; on ESP32 it is a partition.
        """
        if self.port == "esp32":
            place = partitions.filesystem(self.partitions())
            return place.offset, place.size
        name = "mpconfigvariant_%s.h" % self.variant if self.variant else "mpconfigboard.h"
        header = (self.folder / name).read_text()
        kilobytes = re.search(_STORAGE, header)
        size = int(kilobytes.group(1)) * 1024
        return self.about["flash_size"] - size, size

    def partitions(self):
        """The Partitions of an ESP32 board's flash."""
        name = "boards/%s/partitions.csv" % self.name
        return partitions.parse_csv((self.folder / "partitions.csv").read_text(), name)


def names():
    """All boards there are, in alphabetical order."""
    return sorted(file.parent.name for file in (paths.root() / "boards").glob("*/board.json"))


def find(name):
    """The Board of that name, or Failure with those that exist."""
    known = names()
    board, dash, variant = name.partition("-")
    if board in known and (not dash or variant in variants(board)):
        return Board(paths.root() / "boards" / board, variant or None)
    near = difflib.get_close_matches(name.upper(), known, 1)
    hint = ", did you mean %s" % near[0] if near else ""
    raise Failure("no board %r%s; boards: %s" % (name, hint, ", ".join(known)))


def variants(name):
    """The variants of the board ``name``, in alphabetical order."""
    prefix = "mpconfigvariant_"
    files = (paths.root() / "boards" / name).glob(prefix + "*.cmake")
    return sorted(file.stem[len(prefix) :] for file in files)
