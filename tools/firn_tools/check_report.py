"""How ``firn check`` shows mistakes: a line each, JSON, or on a terminal with the place below."""

import json
import re
import shutil
import sys
import unicodedata
from pathlib import Path

from .check import check_folder
from .progress import console, say

_INDENT = "    "
# Lines that may hold what no message repeats: passwords, keys, hashes.
_PRIVATE = re.compile(r"password|secret|pbkdf2|\busers\b", re.IGNORECASE)


def run(folder, run_programs=False, as_json=False):
    """Check ``folder`` and print what is wrong on stdout; the exit status, 0 or 1."""
    problems = check_folder(Path(folder), run_programs)
    if as_json:
        print(json.dumps([as_dict(problem) for problem in problems], indent=2))
    else:
        for problem in problems:
            print(problem)
            if sys.stdout.isatty():
                excerpt = place(Path(folder), problem, shutil.get_terminal_size().columns)
                print(excerpt, end="")
        if not problems and console.is_terminal:
            say("%s: no mistakes" % folder)
    return 1 if problems else 0


def as_dict(problem):
    """The parts of a problem, for programs."""
    return {name: getattr(problem, name) for name in ("file", "line", "column", "key", "message")}


def place(folder, problem, width=80):
    """The line of the file that ``problem`` is in, and a caret below its column.

    Two lines of at most ``width`` characters; "" where there is nothing to show, or something that
    is not to be shown.
    """
    if not problem.line or problem.key.startswith("users"):
        return ""
    try:
        text = (folder / problem.file).read_bytes().decode("utf-8-sig", "replace")
        line = re.split("\r\n|\r|\n", text)[problem.line - 1]
    except (OSError, IndexError):
        return ""
    if _PRIVATE.search(line):
        return ""
    room = max(20, width - len(_INDENT) - 1)
    start = max(0, min(problem.column - 1 - room // 2, len(line) - room))
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + room])
    before = _columns(shown[: problem.column - 1 - start])
    return "%s%s\n%s%s^\n" % (_INDENT, shown.rstrip(), _INDENT, " " * before)


def _columns(text):
    """How many columns of a terminal ``text`` takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)
