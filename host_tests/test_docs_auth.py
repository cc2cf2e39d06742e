"""Runs the examples of docs/auth.md."""

import asyncio

import test_auth
from doc_examples import check_page
from exchange import ask


def show(app, path, headers=None):
    answer = asyncio.run(ask(app, "GET", path, headers))
    print(answer.status, answer.text)


def basic(name, password):
    return test_auth.basic(name + ":" + password)


def test_examples_print_what_the_page_shows():
    check_page("auth.md", show=show, basic=basic)
