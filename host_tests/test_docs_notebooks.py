"""Runs the examples of docs/notebooks.md."""

import re

from doc_examples import check_page

from marimo.headless import Session
from targets import ROOT

PAGE = ROOT / "docs" / "notebooks.md"
_NOTEBOOK = re.compile(r"^```notebook (\S+)\n(.*?)^```$", re.M | re.S)
_ELEMENT = re.compile(r"`(?:element\.)?(\w+)(?:\([^`]*\))?`")


def write_notebooks(folder):
    (folder / "notebooks").mkdir()
    for name, text in _NOTEBOOK.findall(PAGE.read_text(encoding="utf-8")):
        (folder / "notebooks" / name).write_text(text, encoding="utf-8")


def test_examples_print_what_the_page_shows(tmp_path, monkeypatch):
    write_notebooks(tmp_path)
    monkeypatch.chdir(tmp_path)
    check_page("notebooks.md")


def test_the_greeting_is_for_those_who_are_known(tmp_path):
    from marimo.request_data import HTTPRequest

    write_notebooks(tmp_path)
    for user, words in (
        ({"is_authenticated": False}, "Please log in."),
        ({"is_authenticated": True, "username": "ada"}, "Hello, ada!"),
    ):
        request = HTTPRequest.__new__(HTTPRequest)
        request.user = user
        session = Session(str(tmp_path / "notebooks" / "greeting.py"), request=request)
        assert words in session.run()[-1].output.text


def test_the_table_has_every_element():
    from marimo import ui

    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index("| element of `mo.ui`") : text.index("Options are a list")]
    named = {
        name
        for line in table.splitlines()[2:]
        if line.startswith("|")
        for name in _ELEMENT.findall(line.split("|")[1])
    }
    assert named == set(dir(ui))
