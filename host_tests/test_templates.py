"""The template engine on CPython: any text, several threads, and other engines' safe text."""

import html
import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import utemplate
from microdot.utemplate import Template
from utemplate import TemplateError, compiled, compiler, recompile, safe

SPECIAL = set("<>\"'")


class Memory:
    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("templates")


def compile_text(folder, text):
    """The generator function of a template with ``text`` (bytes)."""
    (folder / "t.html").write_bytes(text)
    out = Memory()
    compiler.compile_to(str(folder) + "/", "t.html", out)
    namespace = {}
    exec(out.data.decode(), namespace)
    return namespace["render"]


def page(folder, text, *args):
    return "".join(compile_text(folder, text)(*args)).encode()


@given(st.text())
def test_escaped_text_has_no_character_of_html_and_means_the_same(text):
    escaped = utemplate.escape(text)
    assert not SPECIAL & set(escaped)
    assert html.unescape(escaped) == html.unescape(html.escape(text))


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_no_value_leaves_its_place(folder, value, other):
    template = compile_text(folder, b'{% args a, b %}<p title="{{ a }}">{{ b }}{{ safe(b) }}</p>')
    found = "".join(template(value, other))
    head, tail = '<p title="', other + "</p>"
    assert found.startswith(head) and found.endswith(tail)
    middle = found[len(head) : -len(tail)]
    first, _, second = middle.partition('">')
    assert not SPECIAL & set(first + second)
    assert first == utemplate.escape(value) and second == utemplate.escape(other)


@given(
    st.text(alphabet=st.one_of(st.sampled_from("{}\\\"'\n\r\0a"), st.characters(codec="utf-8")))
)
@settings(max_examples=500, deadline=None)
def test_text_survives_byte_for_byte(folder, text):
    for tag in ("{{", "{%", "{#"):
        text = text.replace(tag, "")
    text = text.lstrip("\ufeff")
    if any(tag in text for tag in ("{{", "{%", "{#")):
        return
    assert page(folder, text.encode()) == text.encode()


@given(st.lists(st.sampled_from([
    b"{{ 1 }}", b"{{", b"}}", b"{%", b"%}", b"{#", b"#}", b"{% if 1 %}", b"{% endif %}", b"x",
    b'"',
    b"{% for i in (1, 2) %}", b"{% endfor %}", b"{% else %}", b"\n", b"\r\n", b"{", b"'", b"\xff",
    b"{% block b %}", b"{% endblock %}", b"{% extends 't.html' %}", b"{% super %}", b"(", b"\\",
    b"{% args a=1 %}", b"{% set a = 2 %}", b"{% def f() %}", b"{% enddef %}", b"\xc3\xbc", b" ",
    b"#", b"'''", b"{{ 1 #", b"{% set a = 1", b"{% if 1", b"{% args a): pass", b",", b":", b"\r",
]), max_size=14))  # fmt: skip
@settings(max_examples=1500, deadline=None)
def test_any_template_compiles_or_is_a_template_error(folder, parts):
    text = b"".join(parts)
    try:
        template = compile_text(folder, text)
    except TemplateError as error:
        assert str(error).startswith("t.html:") and ": expected " in str(error)
        line = int(str(error).split(":")[1])
        assert 1 <= line <= text.count(b"\n") + 1
    else:
        assert isinstance("".join(template()), str)


@given(st.integers(1, 2000), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_pieces_are_cut_at_characters(folder, count, shift):
    text = ("." * shift + "\u20ac" * count).encode()
    template = compile_text(folder, text)
    pieces = list(template())
    assert "".join(pieces).encode() == text
    assert len(pieces) == -(-len(text) // 1022) or len(pieces) == -(-len(text) // 1024)


def test_no_text_and_no_name_runs_as_python(folder):
    text = b'""")\nraise SystemExit\nyield "%s \\" \\\\ \\n \'\'\' # {x}\n'
    assert page(folder, text) == text


def test_markupsafe_text_is_safe_here(folder):
    class Markup(str):  # as markupsafe has it
        def __html__(self):
            return str(self)

    template = compile_text(folder, b"{% args a %}{{ a }}")
    assert "".join(template(Markup("<b>"))) == "<b>"
    assert safe("<b>").__html__() == "<b>"


def test_many_threads_compile_one_template(tmp_path):
    (tmp_path / "t.html").write_text("{{ 1 }}" * 200)
    loader = recompile.Loader(None, str(tmp_path))
    pages = []

    def load():
        for number in range(10):
            # Replaced, not written anew: nobody sees half of it.
            new = tmp_path / ("new%d" % threading.get_ident())
            new.write_text("{{ 1 }}" * (200 + number))
            os.replace(new, tmp_path / "t.html")
            pages.append("".join(loader.load("t.html")()))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 40
    assert sorted(os.listdir(tmp_path)) == ["t.html", "t_html.py"]


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path, capsys, monkeypatch):
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr("utemplate.files.temporary", lambda path: str(tmp_path / "no" / "file"))
    loader = recompile.Loader(None, str(tmp_path))
    assert "".join(loader.load("a.html")()) + "".join(loader.load("b.html")()) == "a.htmlb.html"
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "compiling templates in memory" in said


def test_nothing_is_left_of_an_interrupted_compilation(tmp_path, monkeypatch):
    (tmp_path / "t.html").write_text("x")

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("utemplate.files.close", interrupt)
    with pytest.raises(KeyboardInterrupt):
        recompile.Loader(None, str(tmp_path)).load("t.html")
    assert os.listdir(tmp_path) == ["t.html"]


def test_the_compiler_is_not_imported_for_compiled_templates(tmp_path):
    import subprocess
    import sys

    (tmp_path / "t.html").write_text("x")
    recompile.Loader(None, str(tmp_path)).load("t.html")
    code = (
        "import sys; from microdot.utemplate import Template;"
        "assert 'utemplate' not in sys.modules;"
        "Template.initialize(%r); print(Template('t.html').render());"
        "print([n for n in ('compiler', 'reader', 'writer') if 'utemplate.' + n in sys.modules])"
    )
    environment = dict(os.environ, PYTHONPATH=os.path.dirname(os.path.dirname(utemplate.__file__)))
    command = [sys.executable, "-c", code % str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "x\n[]\n"


def test_the_sample_templates_compile(tmp_path):
    from targets import SAMPLE

    for template in (SAMPLE / "templates").glob("*.html"):
        target = tmp_path / (template.stem + "_html.py")
        compiler.compile_file(template, target)
        assert callable(compiled.Loader(None, str(tmp_path)).load(template.name))


async def test_generate_async_works_with_async_for(tmp_path, monkeypatch):
    monkeypatch.setattr(Template, "_loader", recompile.Loader(None, str(tmp_path)))
    (tmp_path / "t.html").write_text("{% for i in range(3) %}{{ i }}{% endfor %}")
    assert [piece async for piece in Template("t.html").generate_async()] == ["012"]
