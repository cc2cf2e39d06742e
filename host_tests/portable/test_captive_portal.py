"""Whom the captive portal leads to the setup page, and whom it lets through."""

from exchange import raw
from fake_board import FakeBoard
from fake_network import Air, Network

from expect import equal
from firn import config, network, status
from firn.captive_portal import Gate, close_gate, is_probe, open_gate, respond
from microdot import Microdot, Request
from microdot.streams import AsyncBytesIO

SETUP = "http://192.168.4.1/_firn/"
PROBES = (
    ("connectivitycheck.gstatic.com", "/generate_204"),
    ("www.google.com", "/gen_204"),
    ("captive.apple.com", "/hotspot-detect.html"),
    ("www.apple.com", "/library/test/success.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"),
    ("www.msftncsi.com", "/ncsi.txt"),
    ("www.msftconnecttest.com", "/redirect"),
    ("detectportal.firefox.com", "/canonical.html"),
    ("detectportal.firefox.com", "/success.txt?ipv4"),
)


async def ask(path, host=None, client="192.168.4.16", method="GET"):
    """What respond() gives."""
    head = raw(method, path, version="1.1" if host else "1.0")
    head = head.replace(b"Host: test", b"Host: " + host.encode() if host else b"X: y")
    stream = AsyncBytesIO(head)
    return respond(await Request.create(Microdot(), stream, stream, (client, 1234)))


def led(response):
    return response is not None and (response.status_code, response.headers["Location"])


def captive(values=None):
    """A FakeBoard whose portal is on."""
    return FakeBoard("esp32", **(values or {}))


async def test_the_probes_of_all_systems_are_led_to_the_setup_page():
    with captive():
        assert network.is_captive()
        for host, path in PROBES:
            assert is_probe(path.split("?")[0]), path
            response = await ask(path, host)
            equal(led(response), (302, SETUP), path)
            equal(response.headers["Cache-Control"], "no-store")


async def test_any_page_of_another_host_is_led_there():
    with captive():
        for method in ("GET", "POST", "HEAD"):
            equal(led(await ask("/news", "example.com", method=method)), (302, SETUP))
        equal(led(await ask("/", "192.168.4.16")), (302, SETUP))


async def test_what_is_for_the_device_itself_is_served():
    with captive({"hostname": "lamp"}):
        for host in ("192.168.4.1", "192.168.4.1:80", "lamp", "LAMP.local", "lamp.local:8080"):
            for path in ("/", "/_firn/", "/redirect"):
                equal(await ask(path, host), None, host)


async def test_without_a_host_only_probes_are_led_there():
    with captive():
        equal(led(await ask("/generate_204")), (302, SETUP))
        equal(await ask("/news"), None)


async def test_whoever_comes_from_elsewhere_is_served():
    with captive():
        for client in ("10.0.0.8", "127.0.0.1", "192.168.5.1"):
            equal(await ask("/generate_204", "www.google.com", client), None)


async def test_without_the_portal_everybody_is_served():
    values = {"access_point": {"when": "always"}}
    with captive(values):
        assert network.via_access_point("192.168.4.16")
        equal(await ask("/generate_204", "www.google.com"), None)
    home = {"ssid": "home", "password": "correct horse"}
    with FakeBoard("rp2", Air(home=Network("correct horse")), wifi=[home]):
        equal(await ask("/generate_204", "www.google.com"), None)


async def test_another_port_is_named():
    from firn import overrides

    with captive():
        overrides["port"] = 8080
        try:
            response = await ask("/", "example.com:8080")
        finally:
            del overrides["port"]
        equal(led(response), (302, "http://192.168.4.1:8080/_firn/"))


async def test_other_paths_are_no_probes():
    for path in ("/", "/index.html", "/generate_2045", "/redirect/", ""):
        assert not is_probe(path), path


class Served:
    """A site that is being served, as status.site."""

    class Server:
        app = None

    def __init__(self, text):
        self.app = Microdot()
        self.app.get("/")(lambda request: "the site")
        self.app.server = self.Server()
        self.app.server.app = self.app
        self.config = config.check(text)

    def __enter__(self):
        status.site = self
        return self

    def __exit__(self, *exception):
        status.site = None


async def through(site, host, method="GET"):
    """The answer of what the server hands requests to."""
    stream = AsyncBytesIO(raw(method, "/").replace(b"Host: test", b"Host: " + host))
    request = await Request.create(site.app, stream, stream, ("192.168.4.16", 1234))
    return await site.app.server.app.dispatch(request)


async def test_the_gate_stands_before_the_site_while_it_is_open():
    with captive(), Served("{}") as site:
        open_gate()
        equal(led(await through(site, b"example.com")), (302, SETUP))
        equal((await through(site, b"192.168.4.1")).body, b"the site")
        assert isinstance(site.app.server.app, Gate)
        close_gate()
        assert site.app.server.app is site.app


async def test_without_a_setup_page_there_is_no_gate():
    with captive(), Served('{"setup": false}') as site:
        open_gate()
        assert site.app.server.app is site.app
        close_gate()


async def test_the_gate_is_the_application_to_everybody_else():
    with captive(), Served("{}") as site:
        open_gate()
        gate = site.app.server.app
        assert gate.error_handlers is site.app.error_handlers
        equal((await gate.dispatch_request(None)).status_code, 400)
