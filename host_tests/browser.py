"""A real browser that looks at a site: what goes wrong on its pages is kept, to be asked for."""

import shutil
import sys

from firn_tools import programs

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
TIMEOUT = 60000  # ms; an emulated board on a busy machine
_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

# playwright is in the lock for these versions only.
NEEDS_PYTHON = (3, 10)
AVAILABLE = sys.version_info >= NEEDS_PYTHON


class Browser:
    """One Chromium for all tests of a session; close() ends it."""

    def __init__(self):
        from playwright.sync_api import sync_playwright

        programs.ensure("chromium")
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=_ARGUMENTS
            )
        except BaseException:
            self._playwright.stop()
            raise

    def visit(self, site, **options):
        """A Visit of ``site`` (anything with a ``port``); ``options``: of a browser context."""
        return Visit(self._browser, site, options)

    def close(self):
        self._browser.close()
        self._playwright.stop()


class Visit:
    """One visitor, for a ``with`` block: ``page`` is playwright's; nothing may go wrong on it.

    ``expected``: parts of what the browser says of itself that are no fault (statuses that a test
    provokes); ``away``: whether the site may be out of reach at present, as while it restarts.
    """

    def __init__(self, browser, site, options):
        self._browser = browser
        self._options = options
        self.origin = "http://127.0.0.1:%d" % site.port
        self.faults = []
        self.expected = []
        self.away = False

    def __enter__(self):
        options = {"base_url": self.origin, "viewport": DESKTOP, **self._options}
        self.context = self._browser.new_context(**options)
        self.context.set_default_timeout(TIMEOUT)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append("error: %s" % error))
        self.page.on("requestfailed", self._failed)
        self.context.on("request", self._requested)
        return self

    def __exit__(self, kind, error, trace):
        self.context.close()
        if kind is None:
            assert not self.faults, "\n".join(self.faults)

    def _console(self, message):
        if message.type in ("error", "warning") and not self._is_expected(message.text):
            self.faults.append("console: %s %s" % (message.text, message.location))

    def _failed(self, request):
        # Leaving a page ends what it still asks for.
        if request.failure != "net::ERR_ABORTED" and not self._is_expected(request.failure):
            self.faults.append("failed: %s %s" % (request.url, request.failure))

    def _is_expected(self, text):
        return self.away or any(part in text for part in self.expected)

    def _requested(self, request):
        if not request.url.startswith((self.origin + "/", "data:", "blob:")):
            self.faults.append("outside: %s" % request.url)

    def overflow(self):
        """By how many pixels the page is wider than the window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return self.page.evaluate(script)
