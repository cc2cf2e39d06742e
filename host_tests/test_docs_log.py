"""The examples of docs/log.md."""

from doc_examples import check_page

from firn import log


def test_examples_print_what_the_page_shows():
    for kept in (log._lines, log._hidden):
        del kept[:]
    log._file = None
    log._level = 1
    check_page("log.md")
