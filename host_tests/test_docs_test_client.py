"""Runs the examples of docs/test_client.md."""

from doc_examples import check_page


def test_examples_print_what_the_page_shows():
    check_page("test_client.md")
