"""Runs the examples of docs/wsgi.md."""

from doc_examples import check_page
from doc_files import check_command
from test_wsgi import Answer, environ


def show(app, path):
    print(Answer(app, environ("GET", path)).body.decode())


def test_examples_print_what_the_page_shows():
    check_page("wsgi.md", show=show)


def test_the_command_serves_the_file(tmp_path):
    check_command("wsgi.md", tmp_path)
