"""Runs the examples of docs/notebook-display.md."""

from doc_examples import check_page


def test_examples_print_what_the_page_shows():
    check_page("notebook-display.md")
