"""Runs the examples of docs/cors.md."""

import asyncio

from doc_examples import check_page
from exchange import ask


def show(app, method, path, headers=None):
    answer = asyncio.run(ask(app, method, path, headers))
    print(answer.status)
    for line in sorted(answer.lines):
        if line.startswith(("Access-Control-", "Vary:")):
            print(line)


def test_examples_print_what_the_page_shows():
    check_page("cors.md", show=show)
