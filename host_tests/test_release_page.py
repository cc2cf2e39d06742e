"""The page of a release in a real browser: from a folder that any web server may serve."""

import functools
import http.server
import threading

import browser as browsers
import pytest

from firn_tools import boards, release_names, release_web

pytestmark = [
    pytest.mark.skipif(not browsers.AVAILABLE, reason="playwright needs Python 3.10"),
]
RELEASE = release_names.Release("1.2.3", "0123456789abcdef" * 2 + "01234567", 1795255200)
# What ESP Web Tools is on a page: an element whose button begins.
STAND_IN = """
customElements.define("esp-web-install-button", class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: "open" }).innerHTML = "<slot name='activate'></slot>";
    this.addEventListener("click", async () => {
      const manifest = await (await fetch(this.getAttribute("manifest"))).json();
      document.title = manifest.builds[0].chipFamily;
    });
  }
});
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Served:
    """A folder on a port of its own."""

    def __init__(self, folder):
        handler = functools.partial(Quiet, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def browser():
    found = browsers.Browser()
    yield found
    found.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A release of the real boards with stand-ins for their images."""
    folder = tmp_path_factory.mktemp("dist")
    entries = []
    for name in boards.names():
        board = boards.find(name)
        kinds = {"rp2": ("uf2", "uf2"), "esp32": ("full", "app")}.get(board.port, ("elf",))
        endings = {"rp2": ("uf2", "update.uf2"), "esp32": ("bin", "app-bin")}
        files = []
        for kind, ending in zip(kinds, endings.get(board.port, ("elf",))):
            file = RELEASE.file_name(name, ending)
            (folder / file).write_bytes(b"image")
            files.append(
                {"name": file, "kind": kind, "size": 612345, "sha256": "0f" * 32, "offset": 0}
            )
        about = {key: board.about[key] for key in ("product", "vendor", "mcu", "port", "features")}
        entries.append({"board": name, "version": "1.2.3", "files": files, **about})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_web, "fetch_esp_web_tools", stand_in)
        release_web.write(RELEASE, entries, folder)
    for name in ("SHA256SUMS", "sbom.spdx.json", "manifest.json"):
        (folder / name).write_text("{}")
    served = Served(folder)
    yield served
    served.close()


def stand_in(folder):
    folder.mkdir()
    (folder / "install-button.js").write_text(STAND_IN)


def test_every_link_of_the_page_leads_somewhere(site, browser):
    with browser.visit(site) as visit:
        visit.page.goto("/web/index.html")
        links = visit.page.eval_on_selector_all("a", "all => all.map(a => a.href)")
        assert len(links) > len(boards.names())
        for link in sorted(set(links)):
            assert link.startswith(visit.origin), link
            assert visit.page.request.get(link).ok, link


def test_an_esp32_is_installed_from_the_page_itself(site, browser):
    with browser.visit(site) as visit:
        visit.page.goto("/web/index.html")
        visit.page.click("#ESP32_GENERIC_C3 button")
        for _ in range(1000):  # the page lets nobody evaluate code, so nothing can wait in it
            if visit.page.title() == "ESP32-C3":
                break
            visit.page.wait_for_timeout(10)
        assert visit.page.title() == "ESP32-C3"


def test_without_javascript_there_are_downloads_and_steps(site, browser):
    with browser.visit(site, java_script_enabled=False) as visit:
        visit.page.goto("/web/index.html")
        assert visit.page.locator("#RPI_PICO ol li").count() == 3
        with visit.page.expect_download() as download:
            visit.page.click("#RPI_PICO a.main")
        assert download.value.suggested_filename == "firn-RPI_PICO-20261121-v1.2.3.uf2"


@pytest.mark.parametrize("size", ["NARROW", "PHONE", "DESKTOP"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window(site, browser, tmp_path, size, scheme):
    options = {"viewport": getattr(browsers, size), "color_scheme": scheme}
    with browser.visit(site, **options) as visit:
        visit.page.goto("/web/index.html")
        visit.page.screenshot(path=tmp_path / "page.png", full_page=True)
        assert visit.overflow() <= 0
