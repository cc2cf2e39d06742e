"""rp2 boards without a mounted drive, written by picotool where it is installed."""

import re
import shutil
import tempfile
from pathlib import Path

from . import tool_output
from .errors import Failure
from .flash_drive import BOOT
from .progress import Step, say, size_text

_PERCENT = re.compile(r"(\w+)[^%]*?(\d+) ?%")
_NO_DEVICE = "No accessible RP"


def installed():
    """Whether there is a picotool."""
    return shutil.which("picotool") is not None


def write(data, name, erase=False):
    """Write ``data`` (bytes of UF2) to the only board in its boot ROM, verify it, start it.

    ``name``: of the image, for messages; ``erase``: the whole flash first.
    """
    if erase:
        _run(["erase", "-a"], "erasing the flash", name, "nothing was written")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "firmware.uf2"
        file.write_bytes(data)
        label = "writing %s by picotool" % size_text(len(data))
        state = "the board may have half an image: %s, and run this again" % BOOT
        _run(["load", "-v", "-x", str(file)], label, name, state)
    say("picotool has read it back: it is what was written")


def _run(words, label, name, state):
    """Run picotool with ``words``; ``state``: of the board, should that fail."""
    started = False

    def line(text):
        nonlocal started
        found = _PERCENT.search(text)
        if found:
            started = True
            step.update(int(found.group(2)) / 100, found.group(1).lower())

    with Step(label) as step:
        status, text = tool_output.run(["picotool", *words], line)
        if not status:
            return
        if _NO_DEVICE in text:
            raise Failure(
                "picotool finds no board in its boot ROM: %s; nothing was written" % BOOT
            )
        if "permission" in text.lower():
            raise Failure(
                "picotool may not use the board; install picotool's udev rules "
                "(99-picotool.rules), or mount the board's drive; nothing was written"
            )
        what = state if started else "nothing was written"
        said = "\n".join("  " + one for one in text.splitlines() if not _PERCENT.search(one))
        raise Failure("%s: %s; picotool said:\n%s" % (name, what, said))
