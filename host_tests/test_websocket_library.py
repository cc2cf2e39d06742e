"""A client that browsers' peers use, the PyPI package websockets: plain and over TLS."""

import json
import ssl

import pytest
from corpus_targets import TARGETS, start
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK
from websockets.sync.client import connect

from targets import ROOT

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

SITE = ROOT / "host_tests" / "websocket_site"

# A handler that config.json names.
MODULE = """\
from microdot.websocket import with_websocket


@with_websocket
async def echo(request, ws):
    while True:
        await ws.send(await ws.receive())
"""


@pytest.fixture(scope="module", params=TARGETS)
def site(request, boot):
    with start(request.param, boot, SITE) as site:
        yield site


def client(site, path="/echo", **options):
    return connect("ws://127.0.0.1:%d%s" % (site.port, path), open_timeout=60, **options)


def test_text_and_bytes_come_back(site):
    with client(site) as ws:
        for message in ("hello", "", "κόσμε 😀", b"", bytes(range(256)), "x" * 5000):
            ws.send(message)
            assert ws.recv() == message
    assert ws.close_code == 1000


def test_fragments_are_put_together(site):
    with client(site) as ws:
        ws.send(["in ", "several ", "pieces"])
        assert ws.recv() == "in several pieces"
        ws.send([b"\x00", b"", b"\xff"])
        assert ws.recv() == b"\x00\xff"


def test_a_ping_is_answered(site):
    with client(site) as ws:
        assert ws.ping(b"are you there?").wait(60)
        ws.send("yes")
        assert ws.recv() == "yes"


def test_compression_is_offered_and_not_taken(site):
    with client(site, compression="deflate") as ws:
        assert "Sec-WebSocket-Extensions" not in ws.response.headers
        ws.send("plain")
        assert ws.recv() == "plain"


def test_the_subprotocol_is_agreed_on(site):
    with client(site, "/chat", subprotocols=["v1.chat", "v2.chat"]) as ws:
        assert ws.subprotocol == "v2.chat"
        assert ws.recv() == "v2.chat"
        with pytest.raises(ConnectionClosedOK):
            ws.recv()


def test_the_server_s_close_has_its_code_and_reason(site):
    with client(site, "/bye") as ws:
        ws.send("anything")
        with pytest.raises(ConnectionClosedError) as info:
            ws.recv()
        assert (info.value.rcvd.code, info.value.rcvd.reason) == (4321, "that was all")
    with client(site, "/fail") as ws:
        ws.send("anything")
        with pytest.raises(ConnectionClosedError) as info:
            ws.recv()
        assert info.value.rcvd.code == 1011


def test_too_long_a_message_is_refused_with_1009(site):
    with client(site) as ws:
        with pytest.raises(ConnectionClosedError) as info:
            ws.send(b"x" * (1 << 21))
            ws.recv()
        assert info.value.rcvd.code == 1009


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_it_works_over_tls_too(target, boot, tmp_path, certificate):
    config = {
        "server": {"tls": {"cert": "cert.der", "key": "key.der"}},
        "routes": [{"path": "/echo", "handler": "talk:echo"}],
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "talk.py").write_text(MODULE)
    for name in ("cert.der", "key.der"):
        (tmp_path / name).write_bytes((certificate / name).read_bytes())
    context = ssl.create_default_context(cafile=certificate / "cert.pem")
    with boot(target, tmp_path, wait=False) as site:
        site.wait_for_console("firn: serving on https://")
        address = "wss://127.0.0.1:%d/echo" % site.port
        with connect(address, ssl=context, open_timeout=60) as ws:
            for message in ("hello", b"\x00\xff", "é" * 3000, "x" * 16384):
                ws.send(message)
                assert ws.recv() == message
            assert ws.ping().wait(60)
        assert ws.close_code == 1000
        assert "Traceback" not in site.console, site.console
