"""The network of the emulated board: its LAN, and its sockets against servers of this machine."""

import json
import socket
import threading

import pytest

from firn_tools import boards, emulate
from targets import mpremote

pytestmark = pytest.mark.image

HOST = "10.0.2.2"  # this machine, as the emulated board sees it
NOW = 1900000000
STATE = "from firn import network; print(network.values())"
START = """
import json
from firn import config, network
network.start(config.check(%r).network)
"""


@pytest.fixture(scope="module")
def device():
    with emulate.Qemu(boards.find("QEMU")) as running:
        running.wait_until_booted()
        yield running


@pytest.fixture
def run(device):
    """``run(code)``: what the code prints on the board after a soft reset."""

    def run(code, reset=True):
        first = "soft-reset" if reset else "resume"
        return mpremote(device.serial, first, "exec", code).strip()

    return run


def start(**network):
    return START % json.dumps({"network": network})


ADDRESS = """
import time
for _ in range(500):
    if network.values()["address"]:
        break
    time.sleep_ms(10)
print(network.values())
"""


def values(output):
    return eval(output.splitlines()[-1])


def test_the_state_is_lan_with_its_address(run):
    assert values(run(start() + ADDRESS)) == {
        "state": "lan", "ssid": None, "address": "10.0.2.15", "rssi": None,
        "access_point": None, "hostname": "firn",
    }  # fmt: skip


def test_a_static_address_is_used_and_given_up_again(run):
    ip = {"address": "10.0.2.77", "netmask": "255.255.255.0", "gateway": HOST, "dns": "10.0.2.3"}
    show = 'import network as n; print(n.LAN().ifconfig()); print(n.LAN().ipconfig("dhcp4"))'
    output = run(start(ip=ip) + ADDRESS + show).splitlines()
    assert output[-2:] == ["('10.0.2.77', '255.255.255.0', '10.0.2.2', '10.0.2.3')", "False"]
    assert values("\n".join(output[:-2]))["address"] == "10.0.2.77"
    # Without a reset, as after the next soft reset: the interface still has that address.
    leased = "while n.LAN().ifconfig()[0] != '10.0.2.15':\n    time.sleep_ms(10)\n"
    code = "import network as n, time\n" + start() + leased + STATE
    assert values(run(code, reset=False))["address"] == "10.0.2.15"


def test_the_hostname_is_given_to_the_firmware(run):
    code = start(hostname="lamp") + ADDRESS + "import network as n; print(n.hostname())"
    output = run(code).splitlines()
    assert output[-1] == "lamp"
    found = values("\n".join(output[:-1]))
    assert (found["hostname"], found["address"]) == ("lamp", "10.0.2.15")


@pytest.fixture
def udp_server():
    """``udp_server(answer)``: the port of a server that sends ``answer(data)`` back."""
    sockets = []

    def serve(answer):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        sockets.append(server)

        def loop():
            while True:
                try:
                    data, sender = server.recvfrom(600)
                except OSError:
                    return
                if data == b"end":
                    return
                server.sendto(answer(data), sender)

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        sockets.append(thread)
        return server.getsockname()[1]

    yield serve
    for server, thread in zip(sockets[::2], sockets[1::2]):
        server.sendto(b"end", server.getsockname())
        thread.join(10)
        server.close()


def time_answer(data):
    told = (NOW + 2208988800).to_bytes(4, "big") + bytes(4)
    return bytes((0x24, 2, 6, 0xEC)) + bytes(8) + b"GPS\0" + bytes(8) + data[40:48] + told + told


def test_the_time_is_asked_over_the_boards_sockets(run, udp_server):
    port = udp_server(time_answer)
    code = "import asyncio; from firn import ntp; print(asyncio.run(ntp.ask(%r, %d, 30)))"
    assert NOW <= int(run(code % (HOST, port))) < NOW + 20


def test_a_name_is_looked_up_over_the_boards_sockets(run, udp_server):
    def answer(data):
        record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"
        return data[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + data[12:] + record

    port = udp_server(answer)
    code = "import asyncio; from firn.lookup import lookup\n"
    code += "print(asyncio.run(lookup('ntp.example', %r, %d)))" % (HOST, port)
    assert run(code) == "192.0.2.7"


def test_nobody_who_answers_is_an_error_after_a_while(run, udp_server):
    port = udp_server(lambda data: b"no answer")
    code = "import asyncio; from firn import lookup\nlookup._TIMEOUT = 0.2\n"
    code += "try:\n    asyncio.run(lookup.lookup('ntp.example', %r, %d))\n" % (HOST, port)
    code += "except OSError as error:\n    print(error)\n"
    assert run(code) == "expected an answer from name server %s, got none" % HOST
