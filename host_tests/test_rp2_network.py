"""The framework over real TCP through the network code of MicroPython's rp2 port: lwIP with our
sizes, its sockets and its timers on an emulated RP2040, as on a Pico W but for the radio."""

import hashlib
import json
import shutil
import threading
import time

import pytest
from corpus import CASES
from corpus_client import Client, check
from ppp_peer import missing
from rp2_site import Rp2Site
from websocket_client import WebSocketClient, frame

from targets import ROOT

pytestmark = [pytest.mark.image("RPI_PICO-PPP"), pytest.mark.timeout(600)]

SITE = ROOT / "host_tests" / "network_site"
LATE_PORT = 8001
WAIT = 60  # seconds for what a busy machine may delay
HEAP_SLACK = 256  # bytes that the collector may take for used; a hundred leaks are more
LARGE = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(640))  # 20 KB
# Those of the corpus that have a packet's end, a connection's end or a mistake in their middle.
ROWS = (
    "two requests at once", "pipelined bodies", "streamed chunks and another request",
    "ends its side after two", "waits for 100", "old version", "zeros",
    "bad after good", "smuggled by two lengths", "bad chunk in a stream", "TLS hello",
    "half of a streamed body", "gone in a streamed body", "gone during an endless answer",
    "slow head", "slow chunks",
)  # fmt: skip


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    reason = missing()
    if reason:
        pytest.skip("no network for the emulated board on this machine: " + reason)
    folder = tmp_path_factory.mktemp("network") / "site"
    shutil.copytree(SITE, folder)
    (folder / "www" / "large.bin").write_bytes(LARGE)
    with Rp2Site(folder) as running:
        yield running
        assert "Traceback" not in running.console, running.console


def get(board, path, client=None):
    """The body that ``path`` is answered with, on ``client`` or a connection of its own."""
    if client is None:
        with Client(board.connect) as client:
            return get(board, path, client)
    client.send(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)
    status, _, body = client.answer()
    assert status == 200, (path, status, body)
    return body


def post(board, path, body):
    with Client(board.connect) as client:
        head = b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
        client.send(head + body)
        status, _, answer = client.answer()
        assert status == 200, (path, status, answer)
        return answer


def wait_until_alone(board):
    """Until the board has closed the connections of the requests before this one."""
    end = time.monotonic() + WAIT
    while get(board, b"/connections") != b"1":
        assert time.monotonic() < end, "the board keeps connections that have ended"
        time.sleep(0.2)


def heap(board):
    """Bytes in use when there is one connection."""
    wait_until_alone(board)
    return min(json.loads(get(board, b"/heap"))["used"] for _ in range(3))


def test_a_page_is_served(board):
    assert get(board, b"/page.html") == (SITE / "www" / "page.html").read_bytes()


def test_a_file_of_20_kilobytes_comes_whole(board):
    assert get(board, b"/large.bin") == LARGE


def test_a_body_of_20_kilobytes_gets_there_whole(board):
    assert post(board, b"/digest", LARGE) == hashlib.sha256(LARGE).hexdigest().encode()


def test_a_body_comes_back_as_it_was_sent(board):
    assert post(board, b"/echo", LARGE[:4000]) == LARGE[:4000]


def test_a_connection_is_used_again_and_again(board):
    with Client(board.connect) as client:
        for _ in range(10):
            assert get(board, b"/", client) == b"hello"


@pytest.mark.parametrize("name", ROWS)
def test_a_case_of_the_corpus_is_answered_as_everywhere(board, name):
    (case,) = [case for case in CASES if case.name == name]
    check(board.connect, case)


def test_six_connections_at_once_are_all_served(board):
    """As many as a browser opens."""
    wrong = []

    def visit():
        try:
            with Client(board.connect) as client:
                for path, body in ((b"/large.bin", LARGE), (b"/", b"hello")):
                    if get(board, path, client) != body:
                        wrong.append("wrong body of %r" % path)
        except Exception as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_clients_that_never_read_keep_nobody_from_being_served(board):
    """All that lwIP may hold for five connections is held, and there is still enough."""
    wait_until_alone(board)
    silent = [Client(board.connect, receive_buffer=2048) for _ in range(5)]
    for client in silent:
        client.send(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
    assert get(board, b"/large.bin") == LARGE
    assert get(board, b"/") == b"hello"
    for client in silent:
        client.socket.close()
    wait_until_alone(board)


def test_websocket_messages_come_back(board):
    with WebSocketClient(board.connect, b"/socket") as client:
        for message in (b"hello", LARGE[:1000], b""):
            client.send(frame(2, message))
            assert client.frame() == (2, message)
        client.close()


def test_data_that_came_before_accept_is_there_at_once(board):
    with Client(board.connect) as client:
        client.send(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        end = time.monotonic() + WAIT
        while True:
            try:
                early = board.connect(LATE_PORT)
                break
            except ConnectionRefusedError:  # the handler does not listen yet
                assert time.monotonic() < end
                time.sleep(0.1)
        with early:
            early.sendall(b"early")
            assert client.answer()[2] == b"there"


def test_a_hundred_requests_leave_no_trace_in_the_heap(board):
    before = heap(board)
    for _ in range(100):
        assert get(board, b"/") == b"hello"
    assert heap(board) <= before + HEAP_SLACK


def test_the_board_serves_again_after_a_soft_reset(board):
    with Client(board.connect) as client:
        assert get(board, b"/", client) == b"hello"
        board.soft_reset()
        assert get(board, b"/large.bin") == LARGE
    assert "MPY: soft reboot" in board.console
