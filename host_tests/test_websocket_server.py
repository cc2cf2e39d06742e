"""WebSockets over real sockets: clients that leave, stall or come in numbers; on every target."""

import pytest
from corpus_client import Client
from corpus_targets import TARGETS, ask, start
from websocket_client import WebSocketClient, frame

from targets import ROOT

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

SITE = ROOT / "host_tests" / "websocket_site"
_HEAP_SLACK = 2048  # bytes: what the allocator's blocks and the dates of a clock come to


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot):
    with start(request.param, boot, SITE) as site:
        yield site


def told(site, text):
    """Wait until a handler has said ``text``."""
    said = []

    def look():
        try:
            said.append(ask(site, b"/told").decode())
        except AssertionError:  # a device that has no memory for an answer just now
            return False
        return any(text in item for item in said)

    site.wait(look, "%r among %r" % (text, said))
    return said


def only_one(site):
    site.wait(lambda: ask(site, b"/connections") == b"1", "one connection")


def test_frames_may_come_with_the_head(site):
    with WebSocketClient(site.port, early=frame(1, b"early") + frame(1, b"bird")) as client:
        assert client.frame() == (1, b"early")
        assert client.frame() == (1, b"bird")
        client.close()


def test_the_subprotocol_is_agreed_on(site):
    for offered, chosen in ((b"v1.chat, v2.chat", b"v2.chat"), (b"v1.chat", b"v1.chat")):
        with WebSocketClient(
            site.port, b"/chat", b"Sec-WebSocket-Protocol: %s\r\n" % offered
        ) as client:
            assert b"\r\nSec-WebSocket-Protocol: %s\r\n" % chosen in client.head
            assert client.frame() == (1, chosen)
            client.expect_close(1000)
    with WebSocketClient(site.port, b"/chat") as client:
        assert b"websocket-protocol" not in client.head.lower()
        assert client.frame() == (1, b"none")
        client.expect_close(1000)


def test_a_plain_request_and_another_version_are_answered_as_http(site):
    with Client(site.port) as client:
        for head, status, name, value in (
            (b"", 400, "connection", None),
            (b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\n",
             426, "sec-websocket-version", "13"),
        ):  # fmt: skip
            client.send(b"GET /echo HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n")
            got = client.answer()
            assert (got[0], got[1].get(name)) == (status, value), got
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.answer()[2] == b"hello"


def test_the_handler_s_close_and_its_mistake_have_their_codes(site):
    tracebacks = site.console.count("Traceback")
    with WebSocketClient(site.port, b"/bye") as client:
        client.send(frame(1, b"anything"))
        client.expect_close(4321)
    assert site.console.count("Traceback") == tracebacks
    with WebSocketClient(site.port, b"/fail") as client:
        client.send(frame(1, b"anything"))
        client.expect_close(1011)
    site.wait_for_count("ValueError: the handler's mistake", 1)


@pytest.mark.parametrize("leave", [Client.end, Client.reset])
@pytest.mark.parametrize(("path", "word"), [(b"/listen", "ended 1006"), (b"/wait", "cancelled")])
def test_a_client_that_leaves_without_a_word_is_noticed(site, leave, path, word):
    with WebSocketClient(site.port, path) as client:
        leave(client)
        told(site, word)
    only_one(site)


def test_a_client_that_takes_nothing_is_waited_for_and_given_up(site):
    with WebSocketClient(site.port, b"/flood", receive_buffer=4096):
        (said,) = [item for item in told(site, "flooded") if item]
        # What the two systems between hold, and nothing of ours.
        assert int(said.split(" ")[1]) < 8000
    only_one(site)


# Not on QEMU: what a client does not take fills lwIP's memory (8000 bytes as on a Pico W), which
# is for all connections, and MicroPython's sockets wait for it in C, the whole device with them.
# What a group does with slow members is tested there without sockets, in portable/.
@pytest.mark.parametrize("target", ["cpython", "unix"])
def test_a_slow_member_of_a_group_is_dropped_and_the_others_are_served(target, boot):
    message = 8192 * b"m"
    with start(target, boot, SITE) as site:
        one, two, slow = (WebSocketClient(site.port, b"/room", receive_buffer=size)
                          for size in (None, None, 4096))  # fmt: skip
        site.wait(lambda: ask(site, b"/members") == b"3", "three members")
        for _ in range(2000):
            one.send(frame(2, message))
            for client in (one, two):
                assert client.frame() == (2, message)
            if ask(site, b"/members") == b"2":
                break
        assert ask(site, b"/members") == b"2"
        slow.socket.close()
        for client in (one, two):
            client.close()
            client.socket.close()
        site.wait(lambda: ask(site, b"/members") == b"0", "no members")
        only_one(site)


def test_many_come_and_go_and_leave_nothing_behind(site):
    def visit():
        for path in (b"/echo", b"/room", b"/bye"):
            with WebSocketClient(site.port, path) as client:
                client.send(frame(1, b"hello"))
                if path == b"/bye":
                    client.expect_close(4321)
                    continue
                assert client.frame() == (1, b"hello")
                client.close()
        for data in (b"", frame(3), frame(1, b"\xff"), b"\x81"):
            with WebSocketClient(site.port, b"/echo") as client:
                client.send(data)
                client.end()
                client.rest()

    def heap():
        only_one(site)
        return min(int(ask(site, b"/heap")) for _ in range(3))

    visit()
    before = heap()
    for _ in range(8):
        visit()
    assert heap() <= before + _HEAP_SLACK


@pytest.mark.parametrize("target", TARGETS)
def test_when_the_server_stops_clients_are_told(target, boot):
    with start(target, boot, SITE) as site, WebSocketClient(site.port, b"/echo") as client:
        client.send(frame(1, b"hello"))
        assert client.frame() == (1, b"hello")
        assert ask(site, b"/shutdown") == b"stopping"
        client.expect_close(1001)
        site.wait_for_console("websocket site: ended")
        assert "Traceback" not in site.console, site.console
