"""Runs the examples of docs/csrf.md."""

import asyncio

from doc_examples import check_page
from exchange import ask


def show(app, method, path, headers=None):
    answer = asyncio.run(ask(app, method, path, headers))
    print(answer.status, answer.text)


def test_examples_print_what_the_page_shows():
    check_page("csrf.md", show=show)
