"""The conversations of websocket_cases.py with CPython, the UNIX and the QEMU image."""

import contextlib

import pytest
from corpus_targets import TARGETS, ask, start
from websocket_cases import COUNTS, GROUPS, capped, fitting, limits
from websocket_client import play

from targets import ROOT

pytestmark = [pytest.mark.image, pytest.mark.timeout(1200)]

SITE = ROOT / "host_tests" / "websocket_site"
_HEAPS = {"unix": 32 << 20, "qemu": 1 << 20}  # bytes: for echoes of the longest messages
_ROUND_TRIPS = {"cpython": 1000, "unix": 1000, "qemu": 50}


@contextlib.contextmanager
def serve(target, boot):
    """The site on ``target``; at the end, its console must be free of tracebacks."""
    heap = {"heap": _HEAPS[target]} if target in _HEAPS else {}
    with start(target, boot, SITE, **heap) as site:
        site.limit = int(ask(site, b"/limit"))
        yield site
        assert "Traceback" not in site.console, site.console


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot):
    with serve(request.param, boot) as site:
        yield site


def run(site, cases):
    """Play the cases; fails with a line for each that the server has not passed."""
    failed = []
    for case in capped(cases, site.limit):
        try:
            play(site.port, case)
        except (AssertionError, OSError) as error:
            failed.append("%s: %s" % (case.name, error))
    assert not failed, "%d of %d:\n%s" % (len(failed), len(cases), "\n".join(failed))


def test_there_are_as_many_cases_as_the_suite_has():
    for group, count in COUNTS.items():
        names = [case.name for case in GROUPS[group]()]
        assert len(names) == len(set(names)) == count
        assert all(name.startswith("%d." % group) for name in names)
    assert sum(COUNTS.values()) - COUNTS[9] == 247


@pytest.mark.parametrize("group", [1, 2, 3, 4, 5, 6, 7, 10])
def test_conversations(site, group):
    run(site, GROUPS[group]())


def test_long_messages_up_to_the_limit_and_beyond(site):
    run(site, limits(_ROUND_TRIPS[site.target]))


def test_messages_as_long_as_the_limit(site):
    run(site, fitting(site.limit))


def test_nothing_is_left_behind(site):
    site.wait(lambda: ask(site, b"/connections") == b"1", "one connection")
