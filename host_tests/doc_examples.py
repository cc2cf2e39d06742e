"""Runs the examples of a page of docs/ that shows what they print.

A ``python`` block is a program; all of a page run in one namespace. A block ``text output`` shows
what the programs since the last such block have printed.
"""

import io
import re
from contextlib import redirect_stdout

from targets import ROOT

_BLOCK = re.compile(r"^```(python|text output)\n(.*?)^```$", re.M | re.S)


def check_page(name, **names):
    """Run docs/``name``, whose examples may use ``names``; AssertionError where one is wrong."""
    check_text((ROOT / "docs" / name).read_text(encoding="utf-8"), names)


def check_text(text, names):
    namespace = dict(names, __name__="example")
    output = io.StringIO()
    shown = 0
    for found in _BLOCK.finditer(text):
        kind, block = found.groups()
        line = text.count("\n", 0, found.start()) + 1
        if kind == "python":
            with redirect_stdout(output):
                exec(compile(block, "example in line %d" % line, "exec"), namespace)
        else:
            printed = output.getvalue()
            assert lines(printed) == lines(block), "line %d: printed\n%s" % (line, printed)
            output = io.StringIO()
            shown += 1
    assert shown, "expected examples"
    assert not output.getvalue(), "expected output to be shown: " + output.getvalue()


def lines(text):
    """The lines without white space at their ends, and without empty ones at the end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()
