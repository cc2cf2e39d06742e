"""The captive portal's name server, asked by a real resolver."""

import os
import socket
import subprocess
import sys
import time

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import pytest

from firn_tools import boards, ports
from targets import ROOT

ADDRESS = "192.168.4.1"
SERVER = """
import asyncio
import sys

from firn.captive_dns import serve

asyncio.run(serve(%r, "127.0.0.1", int(sys.argv[1])))
"""
WAIT = 20  # seconds for what a busy machine may delay


@pytest.fixture(scope="module", params=["cpython", pytest.param("unix", marks=pytest.mark.image)])
def port(request, tmp_path_factory):
    """The UDP port of a name server on loopback."""
    script = tmp_path_factory.mktemp("dns") / "server.py"
    script.write_text(SERVER % ADDRESS)
    python = sys.executable if request.param == "cpython" else str(boards.find("UNIX").image)
    frozen = dict(os.environ, MICROPYPATH=".frozen", PYTHONPATH=str(ROOT / "frozen"))
    free = ports.free_port()
    with subprocess.Popen([python, str(script), str(free)], env=frozen) as server:
        try:
            wait_until_answered(server, free)
            yield free
            assert server.poll() is None, "the server ended"
        finally:
            server.kill()


def wait_until_answered(server, port):
    end = time.monotonic() + WAIT
    query = dns.message.make_query("ready.example", "A")
    while True:
        try:
            return dns.query.udp(query, "127.0.0.1", timeout=0.5, port=port)
        except (dns.exception.Timeout, OSError):
            assert server.poll() is None and time.monotonic() < end, "expected a server"


@pytest.fixture
def resolver(port):
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    resolver.lifetime = WAIT
    return resolver


NAMES = (
    "connectivitycheck.gstatic.com", "captive.apple.com", "www.msftconnecttest.com",
    "detectportal.firefox.com", "x", "a." * 120 + "example", "b" * 63 + ".example",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_resolver_gets_the_devices_address_for_every_name(resolver, name):
    answer = resolver.resolve(name + ".", "A")
    assert [record.address for record in answer] == [ADDRESS]
    assert answer.rrset.ttl == 0


@pytest.mark.parametrize("kind", ["AAAA", "HTTPS", "TXT", "MX"])
def test_a_resolver_takes_other_types_for_empty(resolver, kind):
    with pytest.raises(dns.resolver.NoAnswer):
        resolver.resolve("captive.apple.com.", kind)


def ask(port, query):
    return dns.query.udp(query, "127.0.0.1", timeout=WAIT, port=port)


def test_the_answer_is_of_the_question_asked(port):
    query = dns.message.make_query("CaPtIvE.aPpLe.cOm", "A")
    reply = ask(port, query)  # dnspython refuses answers to anything else
    assert reply.question == query.question
    assert reply.flags & dns.flags.AA and reply.flags & dns.flags.RA


@pytest.mark.parametrize("options", [
    {"use_edns": 0},
    {"use_edns": 0, "want_dnssec": True, "payload": 1232},
    {"use_edns": 0, "pad": 128},
])  # fmt: skip
def test_a_client_that_speaks_edns_is_answered(port, options):
    reply = ask(port, dns.message.make_query("captive.apple.com", "A", **options))
    assert reply.rcode() == dns.rcode.NOERROR
    assert reply.edns == -1
    assert reply.answer[0][0].address == ADDRESS


def test_other_classes_are_refused(port):
    reply = ask(port, dns.message.make_query("version.bind", "TXT", rdclass="CH"))
    assert reply.rcode() == dns.rcode.REFUSED


def test_what_makes_no_sense_does_not_stop_the_server(port, resolver):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(WAIT)
        client.connect(("127.0.0.1", port))
        for data in (b"", b"\0" * 11, b"\xff" * 2000, os.urandom(300), b"\0\0\x81\0" + bytes(8)):
            client.send(data)
        client.send(b"\1\2\1\0" + bytes(8))  # no question
        while True:
            reply = client.recv(600)
            if reply[:2] == b"\1\2":
                break
        assert reply == b"\1\2\x85\x81" + bytes(8)
    assert resolver.resolve("still.there.", "A")[0].address == ADDRESS


def test_a_crowd_is_answered(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(WAIT)
        client.connect(("127.0.0.1", port))
        for number in range(200):
            query = dns.message.make_query("n%d.example" % number, "A")
            client.send(query.to_wire())
            reply = dns.message.from_wire(client.recv(600))
            assert reply.id == query.id and len(reply.answer) == 1
