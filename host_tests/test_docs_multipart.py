"""Runs the examples of docs/multipart.md, and compares its tables with the module."""

import asyncio
import os
import re

import pytest
from doc_examples import check_page
from forms import field, file, form
from forms import post as send

from microdot import Request
from microdot.multipart import FileUpload, FormDataIter
from targets import ROOT


def post(app, path, *parts, body=None):
    """The Answer of ``app`` to a form."""
    if body is None:
        body = form(*[
            field(name.encode(), more[0].encode()) if len(more) == 1
            else file(name.encode(), more[0].encode(), more[1])
            for name, *more in parts
        ])  # fmt: skip
    return asyncio.run(send(app, body, path=path))


@pytest.fixture
def limits(monkeypatch):
    monkeypatch.setattr(Request, "max_content_length", Request.max_content_length)


def test_examples_print_what_the_page_shows(tmp_path, limits):
    check_page("multipart.md", post=post, folder=str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["image", "photo.bin"]


def test_the_table_has_the_limits_of_the_class():
    text = (ROOT / "docs" / "multipart.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \| \d+ \|", text, re.M))
    names = [name for name in vars(FormDataIter) if not name.startswith("_")]
    assert rows == {name: str(getattr(FormDataIter, name)) for name in names}
    assert "`FileUpload.max_memory_size` bytes (%d)" % FileUpload.max_memory_size in text
