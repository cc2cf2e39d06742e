"""What the server makes of its handlers: mistakes, take-overs, listeners; on every target."""

import pytest
from corpus_client import Client
from corpus_targets import TARGETS, answer, start

from targets import ROOT

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

_SITE = ROOT / "host_tests" / "server_site"
_GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot):
    with start(request.param, boot, _SITE) as site:
        yield site


@pytest.mark.parametrize(
    "name",
    ["raises", "header", "header-name", "status", "body", "first-piece", "io-in-pieces", "file"],
)
def test_a_handler_s_mistake_is_a_500_and_is_told_on_the_console(site, name):
    told = site.console.count("Traceback")
    with Client(site.port) as client:
        client.send(_GET % (b"/mistake/" + name.encode()))
        status, headers, body = client.answer()
    assert (status, body) == (500, b"Internal server error")
    assert "x" not in headers and "set-cookie" not in headers
    site.wait_for_count("Traceback", told + 1)
    assert answer(site, b"/")[2] == b"hello"


@pytest.mark.parametrize("name", ["later-piece", "too-few"])
def test_an_answer_cut_short_does_not_look_whole(site, name):
    with Client(site.port) as client:
        client.send(_GET % (b"/mistake/" + name.encode()))
        data = client.rest()
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not data.endswith(b"0\r\n\r\n")
    assert answer(site, b"/")[2] == b"hello"


def test_a_wrong_length_does_not_reach_the_client(site):
    with Client(site.port) as client:
        client.send(_GET % b"/wrong-length" + _GET % b"/too-much" + _GET % b"/")
        status, headers, body = client.answer()
        assert (status, headers["content-length"], body) == (200, "3", b"abc")
        status, headers, body = client.answer()
        assert (status, headers["content-length"], body) == (200, "5", b"abcde")
        assert client.answer()[2] == b"hello"


def test_a_handler_may_close_the_connection(site):
    with Client(site.port) as client:
        client.send(_GET % b"/close" + _GET % b"/")
        status, headers, body = client.answer()
        assert (status, headers["connection"], body) == (200, "close", b"bye")
        assert client.rest() == b""


def test_a_response_may_be_returned_again_and_again(site):
    with Client(site.port) as client:
        client.send(b"HEAD /shared HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.answer("HEAD")[1]["content-length"] == "6"
        for _ in range(2):
            client.send(_GET % b"/shared")
            assert client.answer()[2] == b"shared"


def test_a_connection_can_be_taken_over(site):
    with Client(site.port) as client:
        # The first bytes of the other protocol come with the head.
        client.send(_GET % b"/upgrade" + b"one")
        assert client.answer()[0] == 101
        assert client.exactly(5) == b"<one>"
        for data in (b"two", 9 * b"x"):
            client.send(data)
            assert client.exactly(len(data) + 2) == b"<" + data + b">"
        client.send(b"Q")
        assert client.rest() == b""
    assert answer(site, b"/gone")[2] == b"Q"


def test_who_took_over_sees_the_client_s_end(site):
    with Client(site.port) as client:
        client.send(_GET % b"/upgrade")
        assert client.answer()[0] == 101
        client.end()
        assert client.rest() == b""
    site.wait(lambda: answer(site, b"/gone")[2] == b"end", "the end of the connection")


def test_handlers_may_use_the_streams_of_the_connection(site):
    with Client(site.port) as client:
        client.send(_GET % b"/sock")
        assert client.answer()[0] == 101
        client.send(b"abc")
        assert client.rest() == b"<abc>"


def test_a_listener_hears_the_head_at_once_and_its_going_is_noticed(site):
    with Client(site.port) as client:
        client.send(_GET % b"/ticks")
        head = client.until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n") and client.held == b""
        assert client.until(b"tick\r\n") == b"4\r\ntick\r\n"
    site.wait(lambda: answer(site, b"/gone")[2] == b"listener", "that the listener went")


def test_what_a_listener_sends_meanwhile_is_answered_afterwards(site):
    with Client(site.port) as client:
        client.send(_GET % b"/ticks")
        client.until(b"tick\r\n")
        client.send(_GET % b"/")
        client.end()
        body = b""
        while not body.endswith(b"0\r\n\r\n"):
            body += client.exactly(1)
        assert client.answer()[2] == b"hello"
    assert answer(site, b"/gone")[2] == b"listener"
