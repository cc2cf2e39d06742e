"""web/usb.html in a real browser; its serial port is the console of the emulated board."""

import functools
import http.server
import os
import threading

import pytest
from browser import AVAILABLE, PHONE, Browser
from usb_cable import Cable

from targets import ROOT, SAMPLE, QemuSite

pytestmark = [
    pytest.mark.image,
    pytest.mark.skipif(not AVAILABLE, reason="playwright has no release for this Python"),
]
WEB = ROOT / "web"
LOADED = "document.styleSheets.length && document.readyState === 'complete'"
# A port of Web Serial whose cable is a WebSocket to the test.
FAKE_SERIAL = """
(() => {
  class Port {
    async open() {
      this.socket = new WebSocket("ws://127.0.0.1:%d/");
      this.socket.binaryType = "arraybuffer";
      await new Promise((resolve, reject) => {
        this.socket.onopen = resolve;
        this.socket.onerror = () => reject(new Error("busy"));
      });
      this.readable = new ReadableStream({
        start: (controller) => {
          this.socket.onmessage = ({data}) => controller.enqueue(new Uint8Array(data));
          this.socket.onclose = () => {
            try { controller.error(new Error("The device has been lost.")); } catch {}
          };
        },
      });
      this.writable = new WritableStream({write: (data) => { this.socket.send(data); }});
    }
    async close() { this.socket.close(); }
  }
  const serial = {requestPort: async () => new Port()};
  Object.defineProperty(navigator, "serial", {get: () => serial});
})();
"""


class Served:
    """web/ on a port of its own, and the board's console as a WebSocket on another."""

    def __init__(self, board, cable):
        from websockets.sync.server import serve

        handler = functools.partial(Quiet, directory=str(WEB))
        self.files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self.files.server_address[1]
        self.board = board
        self.cable = cable
        self.sockets = []
        self.line = serve(self.relay, "127.0.0.1", 0, max_size=None, compression=None)
        self.line_port = self.line.socket.getsockname()[1]
        self.threads = [
            threading.Thread(target=one.serve_forever, daemon=True)
            for one in (self.files, self.line)
        ]
        for thread in self.threads:
            thread.start()

    def relay(self, browser):
        import socket

        from websockets.exceptions import ConnectionClosed

        device = socket.create_connection(("127.0.0.1", self.cable.port))
        self.sockets.append(browser)

        def print_to_browser():
            try:
                for data in iter(lambda: device.recv(4096), b""):
                    browser.send(data)
            except (OSError, ConnectionClosed):
                pass

        printing = threading.Thread(target=print_to_browser, daemon=True)
        printing.start()
        try:
            for data in browser:
                device.sendall(data)
        except (OSError, ConnectionClosed):
            pass
        finally:
            device.shutdown(socket.SHUT_RDWR)
            printing.join(10)
            device.close()

    def pull(self):
        for one in self.sockets:
            one.close()

    def close(self):
        self.pull()
        self.files.shutdown()
        self.line.shutdown()
        self.files.server_close()
        for thread in self.threads:
            thread.join(10)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    board = QemuSite(SAMPLE, tmp_path_factory.mktemp("usb-page") / "flash.img")
    with board, Cable(board.device.serial) as cable:
        served = Served(board, cable)
        yield served
        served.close()


@pytest.fixture(scope="module")
def browser():
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(params=["desktop", "phone"])
def visit(served, browser, request):
    options = {"viewport": PHONE} if request.param == "phone" else {}
    with browser.visit(served, service_workers="allow", **options) as visit:
        visit._requested = lambda request: None
        visit.page.add_init_script(FAKE_SERIAL % served.line_port)
        visit.page.goto("/usb.html")
        visit.kind = request.param
        yield visit


def shoot(visit, name):
    """Keep a picture where FIRN_SCREENSHOTS names a folder."""
    folder = os.environ.get("FIRN_SCREENSHOTS")
    if folder:
        visit.page.screenshot(path="%s/usb-%s-%s.png" % (folder, visit.kind, name))


def connect(visit):
    visit.page.get_by_role("button", name="Connect a device").click()
    visit.page.wait_for_selector("#state[data-state=up]")
    return visit.page.frame_locator("#site")


def connected(visit):
    """Connect, and wait until all of the page is there; what its script asks for may fail then."""
    connect(visit)
    frame = loaded(visit)
    visit.expected.append("502")
    return frame


def loaded(visit):
    """The site's frame, when its style sheet and its scripts have come over the line, too."""
    found = visit.page.wait_for_selector("#site").content_frame()
    found.wait_for_function(LOADED)
    return found


def test_the_site_of_the_device_is_shown_and_used(visit, served):
    page = visit.page
    assert visit.overflow() <= 0
    shoot(visit, "start")
    site = connect(visit)
    assert "QEMU" in page.locator("#state").inner_text()
    assert site.locator("h1").first.inner_text()
    frame = loaded(visit)
    status = frame.evaluate("fetch('/api/status').then((answer) => answer.json())")
    assert status["board"].startswith("QEMU")
    visit.expected.append("404")
    assert frame.evaluate("fetch('/nothing').then((answer) => answer.status)") == 404
    shoot(visit, "site")
    # A link to a path from the root stays on the device.
    frame.evaluate("document.body.insertAdjacentHTML('beforeend', '<a id=to href=/about>go</a>')")
    site.locator("#to").click()
    page.wait_for_function("document.querySelector('#site').contentWindow.location.pathname"
                           " === '/device/about'")  # fmt: skip
    assert visit.overflow() <= 0
    page.locator("summary").click()
    shoot(visit, "console")
    visit.expected.append("502")
    page.get_by_role("button", name="Disconnect").click()
    page.wait_for_selector("#state[data-state=gone]")


def test_the_page_tells_when_the_cable_is_pulled_and_connects_again(visit, served):
    connected(visit)
    served.pull()
    visit.page.wait_for_selector("#state[data-state=gone]")
    assert "cable was pulled" in visit.page.locator("#detail").inner_text()
    shoot(visit, "pulled")
    site = connect(visit)
    assert site.locator("h1").first.inner_text()


def test_the_page_tells_that_the_device_is_at_its_prompt(visit, served):
    connected(visit)
    prompts = served.board.console.count(">>> ")
    served.cable.type(b"\x03")
    visit.page.wait_for_selector("#state[data-state=prompt]")
    shoot(visit, "prompt")
    # The page strikes out what the prompt took for typing; before that, Ctrl-D does nothing.
    served.board.wait_for_count(">>> ", prompts + 2)
    served.cable.type(b"\x04")
    visit.page.wait_for_selector("#state[data-state=up]")
