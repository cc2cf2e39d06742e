"""What the tests run: the portable modules, the sample site, and sites in images."""

from pathlib import Path

from firn_tools import boards, sources
from firn_tools.running import (
    REQUEST_TIMEOUT,
    Answer,
    Patience,
    QemuSite,
    Site,
    UnixSite,
    mpremote,
)

__all__ = [
    "PORTABLE",
    "REQUEST_TIMEOUT",
    "ROOT",
    "SAMPLE",
    "Answer",
    "Patience",
    "QemuSite",
    "Site",
    "UnixSite",
    "build_images",
    "mpremote",
]
ROOT = Path(__file__).resolve().parent.parent
PORTABLE = ROOT / "host_tests" / "portable"
SAMPLE = ROOT / "firmware" / "filesystem"


def build_images(further=()):
    """Build what the tests boot, unless it is up to date; ``further``: names of more boards."""
    from firn_tools import build

    sources.tree()
    for name in ("UNIX", "QEMU", *sorted(further)):
        build.build(boards.find(name), if_needed=True)
