"""Runs the examples of docs/network.md, and compares its tables with the code."""

import re

import pytest
from doc_examples import check_page

from firn import config, config_table, network, radio, station
from targets import ROOT

PAGE = (ROOT / "docs" / "network.md").read_text(encoding="utf-8")


def test_examples_print_what_the_page_shows():
    check_page("network.md")


@pytest.mark.parametrize("text", re.findall(r"(?ms)^```json\n(.*?)^```$", PAGE))
def test_configurations_are_valid(text):
    checked = config.check(text)
    assert not checked.problems
    assert checked.network._values


def rows(heading):
    """The first column of the table under ``heading``."""
    table = PAGE[PAGE.index("| `%s` |" % heading) :].split("\n\n")[0]
    return re.findall(r"(?m)^\| `([^`]+)` \|", table)[1:]


def test_the_table_of_states_is_whole():
    states = {
        station.CONNECTING, station.OFF,
        radio.CONNECTED, radio.WRONG_PASSWORD, radio.NOT_FOUND,
    }  # fmt: skip
    states |= set(re.findall(r'"(lan|host)"', (ROOT / "frozen/firn/network.py").read_text()))
    assert set(rows("state")) == states
    for state in states:
        assert '"%s"' % state in network.values.__doc__, state


def test_the_table_of_the_access_point_is_whole():
    keys = next(row for row in config_table.KEYS if row[0] == "network")[3]
    point = next(row for row in keys if row[0] == "access_point")[3]
    assert rows("access_point.when") == list(next(row for row in point if row[0] == "when")[3])
