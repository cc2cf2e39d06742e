"""Runs the examples of docs/jinja.md."""

import asyncio

from doc_examples import check_page
from doc_files import write_files

from microdot.jinja import Template
from microdot.test_client import TestClient


def show(app, path):
    print(asyncio.run(TestClient(app).get(path)).text)


def test_examples_print_what_the_page_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Template, "jinja_env", None)
    write_files("jinja.md", tmp_path)
    check_page("jinja.md", show=show)
