"""Event streams over sockets, on every target."""

import json

import pytest
from corpus_client import Client
from corpus_targets import TARGETS, answer, start

from targets import ROOT

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

_SITE = ROOT / "host_tests" / "events_site"
_GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot):
    with start(request.param, boot, _SITE) as site:
        yield site


def wait_for_end(site, name):
    site.wait(lambda: name in answer(site, b"/ended")[2], "the end of the handler")


def test_events_and_then_another_request_on_the_same_connection(site):
    with Client(site.port) as client:
        client.send(_GET % b"/count/40")
        status, headers, body = client.answer()
        assert (status, headers["content-type"]) == (200, "text/event-stream")
        assert headers["cache-control"] == "no-cache"
        events = body.split(b"\n\n")
        assert events[40:] == [b"event: comment\ndata: end", b""]
        for number, event in enumerate(events[:40]):
            line, data = event.split(b"\n")
            assert line == b"id: %d" % number
            assert json.loads(data[6:]) == {"counter": number}
        client.send(_GET % b"/")
        assert client.answer()[2] == b"hello"


def test_a_client_of_http_1_0_gets_the_same_without_chunks(site):
    with Client(site.port) as client:
        client.send(b"GET /count/0 HTTP/1.0\r\n\r\n")
        assert client.answer()[2] == b"event: comment\ndata: end\n\n"


def test_head_has_no_body(site):
    with Client(site.port) as client:
        client.send(b"HEAD /wait/head HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.answer("HEAD")[1]["content-type"] == "text/event-stream"
        client.send(_GET % b"/tell/x")
        assert client.answer()[2] == b"0"


@pytest.mark.parametrize("how", ["end", "reset"])
def test_the_handler_ends_when_its_client_has_gone(site, how):
    with Client(site.port) as client:
        client.send(_GET % (b"/wait/" + how.encode()))
        client.until(b"data: first\n\n")
        getattr(client, how)()
        wait_for_end(site, how.encode())
    assert answer(site, b"/tell/x")[2] == b"0"


def test_a_client_that_comes_back_says_what_it_has_seen(site):
    with Client(site.port) as client:
        client.send(b"GET /wait/back HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 7\r\n\r\n")
        client.until(b"data: 7\n\n")
    wait_for_end(site, b"back")


def test_other_tasks_send_to_all_listeners(site):
    clients = [Client(site.port) for _ in range(4)]
    try:
        for client in clients:
            client.send(_GET % b"/wait/many")
            client.until(b"data: first\n\n")
        for word in (b"one", b"two"):
            assert answer(site, b"/tell/" + word)[2] == b"4"
            for client in clients:
                client.until(b"data: " + word + b"\n\n")
    finally:
        for client in clients:
            client.socket.close()
    site.wait(lambda: answer(site, b"/tell/x")[2] == b"0", "the end of all handlers")


def test_heartbeats(site):
    with Client(site.port) as client:
        client.send(_GET % b"/beat")
        for _ in range(3):
            client.until(b"\r\n:\n\n\r\n")


def test_a_handler_that_never_pauses_leaves_the_others_their_turn(site):
    with Client(site.port) as client:
        client.send(_GET % b"/flood")
        client.until(b"xxx\n\n")
        assert answer(site, b"/")[2] == b"hello"
        client.reset()
    wait_for_end(site, b"flood")


def test_a_mistake_is_told_on_the_console(site):
    told = site.console.count("KeyError")
    body = answer(site, b"/mistake")[2]
    assert body == b"data: before\n\n"
    site.wait_for_count("KeyError", told + 1)


def test_when_the_server_stops_so_does_the_handler(site):
    """The last test: the site does not answer any more."""
    with Client(site.port) as client:
        client.send(_GET % b"/wait/stop")
        client.until(b"data: first\n\n")
        assert answer(site, b"/stop")[2] == b"stopping"
        client.rest()
    site.wait_for_console("ended stop")
