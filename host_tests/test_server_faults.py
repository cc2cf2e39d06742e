"""Limits and faults of the server over real sockets: CPython, the UNIX and the QEMU image."""

import functools
import os
import resource
import time

import pytest
from corpus import VALID
from corpus_client import Client, check, connect
from corpus_targets import TARGETS, answer, ask, serve

from firn_tools.ports import free_port

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

_MAX_CONNECTIONS = 6  # of corpus_site/main.py
_GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_ENDLESS = b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot):
    with serve(request.param, boot) as site:
        yield site


@pytest.fixture
def fresh(request, boot, site):
    """A site of the same kind that the test may stop."""
    with serve(site.target, boot) as fresh:
        yield fresh


def wait_for_connections(site, count):
    """Wait until the server has ``count`` connections beside the one that asks."""

    def reached():
        status, _, body = answer(site, b"/connections")
        return status == 200 and int(body) == count + 1  # a server that still is full refuses

    site.wait(reached, "%d connections" % count)


def wait_for_closed(site, count):
    """Wait until ``count`` generators were closed."""
    site.wait(lambda: int(ask(site, b"/closed")) == count, "%d closed generators" % count)


def clients(site, count, data=b""):
    opened = [Client(site.port) for _ in range(count)]
    for client in opened:
        client.send(data)
    return opened


def close_all(opened):
    for client in opened:
        client.socket.close()


# Too many connections


def test_an_idle_connection_makes_room_for_a_new_one(site):
    wait_for_connections(site, 0)
    opened = []
    for _ in range(_MAX_CONNECTIONS):
        opened += clients(site, 1, _GET)
        assert opened[-1].answer()[0] == 200
    with Client(site.port) as newcomer:
        newcomer.send(_GET)
        assert newcomer.answer()[2] == b"hello"
        # The one that had been idle for the longest time is gone, the others are served; the
        # second may be gone too, for the connection that asked above.
        assert opened[0].rest() == b""
        for client in opened[2:]:
            client.send(_GET)
            assert client.answer()[0] == 200
    close_all(opened)
    check(site.port, VALID[0])


def test_surplus_connections_get_a_short_503_while_all_others_are_at_work(site):
    wait_for_connections(site, 0)
    opened = clients(site, _MAX_CONNECTIONS, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    time.sleep(0.3)
    for _ in range(3):
        with Client(site.port) as surplus:
            surplus.send(_GET)
            status, headers, body = surplus.answer()
            assert (status, headers["connection"], headers["retry-after"]) == (503, "close", "1")
            assert body == b"" and surplus.rest() == b""
    for client in opened:
        status, _, body = client.answer()
        assert (status, body) == (200, b"slow")
    close_all(opened)
    check(site.port, VALID[0])


def test_an_honest_client_is_answered_beside_four_times_as_many_who_never_finish(site):
    wait_for_connections(site, 0)
    attackers = []
    for number in range(4 * _MAX_CONNECTIONS):
        attackers += clients(site, 1, (b"", b"G", b"GET / HTTP/1.1\r\nHost: a\r\nX")[number % 3])
    answered = lost = 0
    for _ in range(12):
        with Client(site.port) as honest:
            honest.send(_GET)
            if site.target == "qemu" and not honest.begins():
                # The board's network has half as many connections as there are attackers; on a
                # busy machine one may end before its answer is through.
                lost += 1
                continue
            status, _, body = honest.answer()
            assert (status, body) in ((200, b"hello"), (503, b""))
            answered += status == 200
        for attacker in attackers:  # one more byte, so that they look alive
            attacker.send(b"a")
        time.sleep(0.25)
    assert answered and lost < 4
    close_all(attackers)
    wait_for_connections(site, 0)
    check(site.port, VALID[0])


def test_connections_that_come_and_go_by_the_hundred_leave_nothing(site):
    bursts = 25 if site.target != "qemu" else 4  # an emulated network loses some, and takes time
    for _ in range(bursts):
        close_all(clients(site, 4, b"GET / HT"))
    for _ in range(bursts):
        with Client(site.port) as client:
            client.send(_GET)
            client.reset()
    wait_for_connections(site, 0)
    check(site.port, VALID[0])


# Clients that do not read, or go away


def test_a_client_may_use_its_port_again_at_once(site):
    connect_again = functools.partial(connect, site.port, source=free_port())
    for _ in range(2):
        with Client(connect_again) as client:
            client.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert client.answer()[0] == 200
            assert client.rest() == b""  # the server closes, and has the connection in TIME_WAIT


def test_a_client_that_never_reads_loses_its_connection_and_the_generator_is_closed(site):
    wait_for_connections(site, 0)
    before = int(ask(site, b"/closed"))
    with Client(site.port, receive_buffer=4096) as client:
        client.send(_ENDLESS)
        wait_for_closed(site, before + 1)
        check(site.port, VALID[0])
    wait_for_connections(site, 0)


def test_a_client_that_reads_slowly_gets_all(site):
    with Client(site.port, receive_buffer=4096) as client:
        client.send(_ENDLESS)
        client.until(b"\r\n\r\n")
        for _ in range(200):
            assert client.exactly(len("400\r\n")) == b"400\r\n"
            assert client.exactly(1024) == 1024 * b"x"
            assert client.exactly(2) == b"\r\n"
            time.sleep(0.005)
    wait_for_connections(site, 0)


def test_a_client_that_goes_during_the_answer_is_quiet_and_the_generator_is_closed(site):
    before = int(ask(site, b"/closed"))
    for count in range(3):
        with Client(site.port) as client:
            client.send(_ENDLESS)
            client.exactly(10000)
            if count:
                client.reset()
    wait_for_closed(site, before + 3)
    wait_for_connections(site, 0)


def test_a_client_that_pipelines_and_never_reads_is_not_let_to_fill_the_memory(site):
    # QEMU's network takes megabytes for the client: endless answers reach the limit soon. It takes
    # anything once the client has gone, so the connection must end before that.
    pipelined = 1000 * (_ENDLESS if site.target == "qemu" else _GET)
    with Client(site.port, receive_buffer=4096) as client:
        client.socket.settimeout(3)
        try:
            for _ in range(1000):
                client.socket.sendall(pipelined)
        except OSError:
            pass  # the server has stopped reading, or closed
        else:
            raise AssertionError("expected a server that stops reading, got all requests taken")
        wait_for_connections(site, 0)
    check(site.port, VALID[0])


# Memory


def test_a_handler_that_exhausts_the_memory_is_answered_503_and_others_are_served(site):
    for _ in range(5):
        with Client(site.port) as other:
            other.send(_GET)
            assert other.answer()[0] == 200
            with Client(site.port) as client:
                client.send(b"GET /memory HTTP/1.1\r\nHost: a\r\n\r\n")
                status, headers, _ = client.answer()
                assert (status, headers["connection"]) == (503, "close")
                assert client.rest() == b""
            other.send(_GET)
            assert other.answer()[2] == b"hello"


def test_memory_exhausted_within_an_answer_cuts_it_short(site):
    with Client(site.port) as client:
        client.send(b"GET /memory-later HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        assert client.rest() == b"5\r\nbegun\r\n"
    check(site.port, VALID[0])


def test_the_server_outlives_a_time_without_memory(site):
    wait_for_connections(site, 0)
    with Client(site.port) as hog:
        hog.send(b"GET /hog HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(4):
            time.sleep(0.2)
            opened = clients(site, 3, _GET)  # answered or not: there is no memory to promise it
            close_all(opened)
        hog.receive()  # its answer, or the end if there was no memory even for that
    wait_for_connections(site, 0)
    for case in VALID[:5]:
        check(site.port, case)


def test_the_listener_outlives_a_lack_of_file_descriptors(boot):
    """In the UNIX image: CPython's asyncio has its own accept loop, a board no descriptors."""
    # Not the shared site: poll(2) refuses as many entries as it once had, beyond the limit.
    with serve("unix", boot) as site:
        lack_file_descriptors(site)


def lack_file_descriptors(site):
    pid = site.process.pid
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    folder = "/proc/%d/fd/" % pid

    def sockets():
        return [n for n in os.listdir(folder) if os.readlink(folder + n).startswith("socket")]

    site.wait(lambda: len(sockets()) == 1, "no socket but the listening one")
    in_use = max(int(name) for name in os.listdir(folder)) + 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (in_use + 2, limits[1]))
    opened = clients(site, 5, _GET)
    try:
        for client in opened[:2]:
            assert client.answer()[0] == 200
        opened[2].socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            opened[2].socket.recv(1)
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
    for client in opened[2:]:
        client.socket.settimeout(65)
        assert client.answer()[0] == 200
    close_all(opened)
    check(site.port, VALID[0])


# Shutting down


def test_shutdown_finishes_what_was_begun_and_closes_the_idle(fresh):
    idle, silent, late, slow = clients(fresh, 4)
    idle.send(_GET)
    assert idle.answer()[0] == 200
    late.send(_GET[:10])
    slow.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + _GET)
    time.sleep(0.3)
    assert ask(fresh, b"/shutdown") == b"stopping"
    assert idle.rest() == b"" and silent.rest() == b""
    status, headers, body = slow.answer()
    assert (status, headers["connection"], body) == (200, "close", b"slow")
    assert slow.rest() == b""
    assert late.rest()[:12] in (b"", b"HTTP/1.1 408")
    fresh.wait_for_console("corpus: ended")
    close_all([idle, silent, late, slow])
