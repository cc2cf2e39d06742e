"""Runs the examples of docs/notebook-server.md."""

from asgi_exchange import call, scope
from doc_examples import check_page
from notebook_files import notebook


def status(app, path):
    """The status of the answer of ``app`` for ``path``."""
    return call(app, scope("GET", path)).status


def test_examples_print_what_the_page_shows(tmp_path):
    for name in ("index", "sales"):
        (tmp_path / (name + ".py")).write_text(notebook('"shown"'))
    check_page("notebook-server.md", folder=str(tmp_path), status=status)
