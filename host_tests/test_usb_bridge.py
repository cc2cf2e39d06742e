"""`firn bridge` against the emulated board: MicroPython at one end, HTTP clients at the other."""

import concurrent.futures
import hashlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time

import pytest
from usb_bridge import TIMEOUT, Bridge
from usb_cable import Cable
from websocket_client import WebSocketClient
from websocket_client import frame as websocket_frame

from targets import ROOT, QemuSite

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]
SITE = ROOT / "host_tests" / "usb_site"
PATTERN = bytes((i * 7 + i // 251) & 255 for i in range(1021))


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    with QemuSite(SITE, tmp_path_factory.mktemp("usb") / "flash.img") as site:
        yield site


@pytest.fixture(scope="module")
def cable(board):
    with Cable(board.device.serial) as cable:
        yield cable


@pytest.fixture
def bridge(cable):
    cable.spoil = None
    with Bridge(cable.url) as bridge:
        yield bridge.connected()
        assert "Traceback" not in bridge.err and "Task exception" not in bridge.out


def pattern(length):
    return (PATTERN * (length // len(PATTERN) + 1))[:length]


def test_pages_come_over_the_line(bridge, board):
    answer = bridge.get("/")
    assert answer.status == 200 and "Over the cable" in answer.text
    assert bridge.get("/t/hello").text == "hello"
    assert bridge.get("/nothing").status == 404
    assert "connected to QEMU" in bridge.err
    # The network of the same board, by the same server.
    assert board.get("/t/hello").text == "hello"


def test_the_client_is_the_cable(bridge):
    assert bridge.get("/t/who").text == "usb"


def test_a_connection_stays_for_many_requests(bridge):
    client = http.client.HTTPConnection("127.0.0.1", bridge.port, timeout=TIMEOUT)
    for _ in range(20):
        client.request("GET", "/t/hello")
        assert client.getresponse().read() == b"hello"
    client.close()


def test_large_bodies_both_ways_are_exact(bridge):
    data = pattern(100_000)
    assert bridge.get("/t/bytes/100000").body == data
    answer = bridge.request("POST", "/t/digest", data)
    assert answer.text == "100000 " + hashlib.sha256(data).hexdigest()


def test_several_connections_at_once(bridge):
    expected = {0: b"hello", 1: pattern(20000), 2: b"waited", 3: b"printed"}
    paths = ["/t/hello", "/t/bytes/20000", "/t/wait/3", "/t/print/20"]

    def one(number):
        return number % 4, bridge.get(paths[number % 4]).body

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        for number, body in pool.map(one, range(24)):
            assert body == expected[number], paths[number]


def test_a_slow_client_holds_nobody_up(bridge):
    slow = socket.create_connection(("127.0.0.1", bridge.port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.sendall(b"GET /t/bytes/1000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert slow.recv(100)
    for _ in range(5):
        assert bridge.get("/t/hello").text == "hello"
    slow.close()


def test_prints_come_out_whole_while_data_flows(bridge):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        printing = pool.submit(bridge.get, "/t/print/200")
        data = pool.submit(bridge.get, "/t/bytes/60000")
        assert data.result().body == pattern(60000)
        assert printing.result().text == "printed"
    bridge.wait("line 199", where="out")
    lines = re.findall(r"(?m)^line (\d{3}) of a handler: äöü$", bridge.out)
    assert lines == ["%03d" % number for number in range(200)]


def test_websocket(bridge):
    client = WebSocketClient(bridge.port, b"/t/echo")
    for payload in (b"hello", bytes(range(32, 127)) * 20, "äöü".encode() * 500):
        client.send(websocket_frame(1, payload))
        assert client.frame() == (1, payload)
    client.close()


def test_server_sent_events(bridge):
    text = bridge.get("/t/events").text
    assert re.findall(r'data: \{"number": (\d)\}', text) == list("01234")


def test_more_connections_than_the_device_takes(bridge):
    idle = [socket.create_connection(("127.0.0.1", bridge.port)) for _ in range(12)]
    for client in idle:
        client.sendall(b"GET /t/hello HTTP/1.1\r\nHost: x\r\n\r\n")
    answers = []
    for client in idle:
        client.settimeout(TIMEOUT)
        answers.append(client.recv(12))
    # The server closes an idle one for the next, and refuses while all are at work.
    assert set(answers) <= {b"HTTP/1.1 200", b"HTTP/1.1 503"} and answers[0][-3:] == b"200"
    for client in idle:
        client.close()
    assert bridge.get("/t/hello").text == "hello"


def test_bytes_that_get_lost_end_a_connection_and_nothing_else(bridge, cable):
    seen = {True: 0, False: 0}

    def spoil(data, to_device):
        at = seen[to_device]
        seen[to_device] += len(data)
        place = (3000 if to_device else 4000) - at
        return data[:place] + data[place + 1 :] if 0 <= place < len(data) else data

    for path, method, body in (
        ("/t/bytes/50000", "GET", None),
        ("/t/digest", "POST", pattern(9000)),
    ):
        seen.update({True: 0, False: 0})
        cable.spoil = spoil
        try:
            answer = bridge.request(method, path, body)
            assert answer.status == 502 and "lost a part" in answer.text
        except (http.client.HTTPException, OSError):
            pass  # after the head: the client must see that it is not all
        cable.spoil = None
        assert bridge.get("/t/hello").text == "hello"


def test_a_new_bridge_goes_on_where_the_old_one_was_killed(bridge, cable):
    client = socket.create_connection(("127.0.0.1", bridge.port))
    client.sendall(b"GET /t/bytes/1000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.recv(100)
    bridge.process.kill()
    client.close()
    with Bridge(cable.url) as other:
        other.connected()
        assert other.get("/t/hello").text == "hello"
        assert other.interrupt() == 0
        assert "bridge closed" in other.err


def test_ctrl_c_gives_the_prompt_and_a_soft_reset_the_site(bridge, cable):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pending = pool.submit(bridge.get, "/t/wait/200")
        time.sleep(0.3)
        cable.type(b"\x03")
        answer = pending.result()
    assert answer.status == 502 and "at its REPL" in answer.text
    bridge.wait("the device is at its REPL")
    assert ">>> " in bridge.out
    assert bridge.get("/").status == 503
    cable.type(b"\x03\r\n1 + 41\r\n")
    bridge.wait("\n42\n", where="out")
    cable.type(b"\x04")
    bridge.connected(2)
    assert bridge.get("/t/hello").text == "hello"
    assert bridge.err.count("at its REPL") == 1


def test_a_soft_reset_in_between_is_waited_for(bridge, cable):
    assert bridge.get("/t/hello").text == "hello"
    cable.type(b"\x03\x04")
    assert bridge.wait("soft reboot", where="out")
    assert bridge.get("/t/hello").text == "hello"


def test_a_pulled_cable_is_told_of_and_the_bridge_comes_back(bridge, cable):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pending = pool.submit(bridge.get, "/t/wait/200")
        time.sleep(0.3)
        cable.pull()
        answer = pending.result()
    assert answer.status == 502 and "not connected" in answer.text
    cable.plug()
    bridge.connected(2)
    assert bridge.get("/t/hello").text == "hello"
    assert bridge.err.count("not connected") == 1


def test_a_taken_tcp_port_is_a_message(bridge, cable):
    done = subprocess.run(
        [sys.executable, "-m", "firn_tools", "bridge", "--device", cable.url, "--listen",
         str(bridge.port)],
        env=dict(os.environ, PYTHONPATH=str(ROOT / "tools")), capture_output=True, text=True,
        timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 1 and "choose another by --listen" in done.stderr
