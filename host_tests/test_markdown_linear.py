"""mo.md takes work in proportion to its text, whatever the text.

Work is counted in lines of Python that are run, not in seconds, plus the bytes that find() passes.
"""

import sys

import pytest

from marimo.markdown import md

_PIECES = [
    "*", "_", "*a ", "a* ", "*a_ ", "_a*b_ ", "**a*b ", "~~a ~", "^a", "`", "`a``b```", "[", "]",
    "[a](", "![", "[a](b", "[[a](b)](c) ", "<", "<a ", "<a b='", '<a b="c" ', "<div>", "</div>",
    "<div>\n\n", "<div></div", "<x-y>", "<!-- ", "&", "&amp", "\\", "a  \n", "- ", "- a\n", "-\n",
    "> ", "> a\n", "1. ", "  - a\n", "|", "|a|\n|-|\n", "| a ", "#", "# a\n", "```\n", "~~~\n",
    "    a\n", "\n", "\t", "http://a ", "http://", "a:", "[ ] ", "===\n", "a\n-\n", "é", "> - ",
    "<textarea>",
    "*a **b ", "<a b='<a b=\"", "](", "[](<a", "[a](((", "[a](b 'c", "**a [b](c", "<div <div>",
]  # fmt: skip


def steps(text):
    """How many lines are run to make the HTML of ``text``."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        md(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", _PIECES)
def test_work_grows_with_the_text(piece):
    for before, after in (("", ""), ("", ">"), ("", "`"), ("", "</div>"), ("[[*", "*](a)")):
        small = steps(before + piece * 300 + after)
        large = steps(before + piece * 1200 + after)
        assert large < 4.6 * small + 4000, (piece, after, small, large)


@pytest.mark.parametrize("start, end", [
    ("*a ", " a*"), ("**a ", "**"), ("[", "](b)"), ("![", "](b)"),
    ("<div>", "</div>"), ("_(", ")_"), ("<div>", "</div></div>"), ("<x-a>", "</x-a>"), ("> ",
    "\n"), ("- ", "\n"), ("~~a ", " a~~"),
])  # fmt: skip
def test_nesting_costs_no_more(start, end):
    small = steps(start * 300 + end * 300)
    large = steps(start * 1200 + end * 1200)
    assert large < 4.6 * small + 4000, (small, large)


def test_distinct_names_of_elements_that_do_not_end():
    def text(count):
        return "".join(["<x-%d>" % n for n in range(count)])

    assert steps(text(1200)) < 4.6 * steps(text(300)) + 4000


def test_output_is_in_proportion_to_the_text():
    for piece in _PIECES:
        assert len(md(piece * 2000).text) < 60 * len(piece * 2000) + 1000, piece
    wide = "|" + "a|" * 64 + "\n|" + "-|" * 64 + "\n" + "|\n" * 1000
    assert len(md(wide).text) < 1_000_000
    too_wide = "|" + "a|" * 65 + "\n|" + "-|" * 65 + "\n" + "|\n" * 10
    assert "<table" not in md(too_wide).text
