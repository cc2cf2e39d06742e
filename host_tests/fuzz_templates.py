"""Fuzz target: what compiles templates. ``python host_tests/fuzz.py templates``

Whatever a template holds: a TemplateError that names its line, or Python. Nothing that is found
is run, but for templates without tags, which are what they yield.
"""

import atexit
import re
import shutil
import tempfile
import warnings
from pathlib import Path

from utemplate import TemplateError, compiler

MAX_LENGTH = 600  # bytes of an input
WORDS = (
    b"{%", b"%}", b"{{", b"}}", b"{#", b"#}", b"{% if a %}", b"{% elif b %}", b"{% else %}",
    b"{% endif %}", b"{% for x in y %}", b"{% endfor %}", b"{% while 1 %}", b"{% endwhile %}",
    b"{% set x = 1 %}", b"{% args a, b=2 %}", b'{% include "other.html" a %}', b"{% break %}",
    b'{% include "t.html" %}', b"{% include {{ a }} %}", b'{% extends "other.html" %}',
    b"{% block one %}", b"{% endblock %}", b"{% super %}", b"{% def f(x) %}", b"{% enddef %}",
    b"{% with a as b %}", b"{% endwith %}", b"{% import json %}", b"{% from a import b %}",
    b"yield from", b"yield", b"lambda", b"await", b"\\", b"'", b'"', b"'''", b"(", b")", b"[",
    b"]", b"{", b"}", b"\n", b"\r\n", b"\r", b"#", b":", b"=", b";", b"\xc3\xa9", b"\xff", b"\0",
)  # fmt: skip
_OTHER = b"{% args a=1 %}<p>{% block one %}one {{ a }}{% endblock %}{% block two %}{% endblock %}"

_folder = Path(tempfile.mkdtemp(prefix="fuzz-templates-"))
atexit.register(shutil.rmtree, _folder, True)
(_folder / "other.html").write_bytes(_OTHER)
# Of the Python in an input: invalid escapes, comparisons of literals.
warnings.simplefilter("ignore")


def seeds():
    from test_utemplate_errors import MISTAKES

    page = (Path(__file__).resolve().parent.parent / "docs" / "templates.md").read_text("utf-8")
    pages = re.findall(r"(?ms)^```html \S+\n(.*?)^```$", page)
    texts = pages + [case[0] for case in MISTAKES]
    return [(text.encode() if isinstance(text, str) else text)[:MAX_LENGTH] for text in texts]


def one_input(data):
    """For the fuzzer: ``data`` is a template."""
    (_folder / "t.html").write_bytes(data)
    out = Out()
    try:
        compiler.compile_to("%s/" % _folder, "t.html", out)
    except TemplateError as error:
        line = re.match(r"(?:t|other)\.html:(\d+): .", str(error))
        assert line, error
        lines = max(data.count(b"\n"), _OTHER.count(b"\n"))
        assert 1 <= int(line.group(1)) <= lines + 1, error
        return
    code = compile(bytes(out.data), "t_html.py", "exec")
    if not re.search(rb"\{[%{#]", data):
        namespace = {}
        exec(code, namespace)
        text = data[3:] if data[:3] == b"\xef\xbb\xbf" else data
        assert "".join(namespace["render"]()) == text.decode()


class Out:
    """Takes what is written."""

    def __init__(self):
        self.data = bytearray()

    def write(self, data):
        self.data += data
