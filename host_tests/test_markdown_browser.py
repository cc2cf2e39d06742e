"""What visitors write into mo.md, read by a real browser: nothing in it runs.

The page has no Content-Security-Policy here, so that it is markdown alone that has to see to it.
"""

import browser as browsers
import pytest
from test_markdown_safety import HOSTILE

from marimo.markdown import md

pytestmark = pytest.mark.skipif(not browsers.AVAILABLE, reason="playwright needs Python 3.10")

_AROUND = ("%s", "a %s b", "- %s", "[%s](x)", "<div>%s</div>", "| %s |\n|---|", "<a title='%s'>")

# Handlers of events that need somebody to do something are called here.
_POKE = """() => {
  for (const element of document.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      if (name.startsWith("on")) window.alerts.push(element.outerHTML);
    }
    for (const name of ["href", "src", "action", "formaction", "xlink:href"]) {
      const written = element.getAttribute(name) || "";
      const url = written.replace(/[\\s\\x00-\\x1f]/g, "").toLowerCase();
      if (/^(javascript|vbscript|data:text)/.test(url)) window.alerts.push(element.outerHTML);
    }
    const forbidden = "script, iframe, object, embed, base, meta[http-equiv], link, style";
    if (element.closest("#shown") && element.matches(forbidden)) {
      window.alerts.push(element.outerHTML);
    }
  }
  return window.alerts;
}"""


@pytest.fixture(scope="module")
def page():
    browser = browsers.Browser()
    context = browser._browser.new_context()
    context.route("**/*", lambda route: route.abort())
    yield context.new_page()
    context.close()
    browser.close()


def alerts(page, html):
    """What has run, or could, of ``html`` in a page: put there by a script, and at its load."""
    found = []
    page.set_content("<div id=shown></div>")
    page.evaluate("() => { window.alerts = []; window.alert = (text) => alerts.push(text) }")
    page.evaluate("html => { document.getElementById('shown').innerHTML = html }", html)
    found += page.evaluate(_POKE)
    start = "<script>var alerts = [], alert = (text) => alerts.push(text)</script><div id=shown>"
    page.set_content(start + html + "</div>", wait_until="domcontentloaded")
    return found + page.evaluate(_POKE)


@pytest.mark.parametrize("around", _AROUND)
def test_nothing_that_visitors_write_runs(page, around):
    html = "\n".join([md(around.replace("%s", text)).text for text in HOSTILE])
    found = alerts(page, html)
    assert not found, found


def test_each_alone(page):
    for text in HOSTILE:
        found = alerts(page, md(text).text)
        assert not found, (text, found)


def test_what_runs_is_found(page):
    assert alerts(page, "<img src=x onerror=alert(1)>")
    assert alerts(page, "<a href='java\tscript:alert(1)'>x</a>")
