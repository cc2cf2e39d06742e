"""The page of a notebook in a real browser: elements, the connection, updates in place, looks.

The server is notebook_page_site/main.py: one that can be told to misbehave.
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request

import browser as browsers
import pytest

from firn_tools.ports import free_port
from targets import ROOT

pytestmark = pytest.mark.skipif(not browsers.AVAILABLE, reason="playwright needs Python 3.10")
SITE = ROOT / "host_tests" / "notebook_page_site"
TIMEOUT = 30


@pytest.fixture(scope="module")
def browser():
    found = browsers.Browser()
    yield found
    found.close()


class PageSite:
    """The server, in a process of its own."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.port = free_port()

    def __enter__(self):
        command = [sys.executable, str(SITE / "main.py"), str(self.port), self.notebook]
        paths = os.pathsep.join([str(ROOT / "tools"), str(ROOT / "frozen")])
        self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths},
                                        stdout=subprocess.PIPE, cwd=SITE)  # fmt: skip
        assert b"ready" in self.process.stdout.readline()
        for _ in range(200):
            try:
                self.told()
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the site does not answer")

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def get(self, path):
        with urllib.request.urlopen(
            "http://127.0.0.1:%d%s" % (self.port, path), timeout=10
        ) as answer:
            return answer.read()

    def told(self):
        return json.loads(self.get("/told"))

    def sent(self):
        """[(way, {id: value}), ...] that pages have sent."""
        return [(way, values) for _, way, values in self.told()["told"]]

    def wait(self, what, condition):
        end = time.monotonic() + TIMEOUT
        while True:
            found = condition()
            if found:
                return found
            assert time.monotonic() < end, "expected %s, got %r" % (what, self.sent()[-5:])
            time.sleep(0.02)

    def wait_for_value(self, value):
        """Until ``value`` was the last one that has been sent; returns the element's id."""

        def last():
            sent = self.sent()
            return sent and [id for id, found in sent[-1][1].items() if found == value]

        return self.wait("%r to be sent" % (value,), last)[0]


@pytest.fixture(scope="module")
def elements_site():
    with PageSite("elements.py") as site:
        yield site


@pytest.fixture
def site(elements_site):
    elements_site.get("/control?websocket=on&refuse=0&mute=0&forget=1")
    return elements_site


def load(visit, path="/"):
    visit.page.goto(path)
    ready(visit.page)


def ready(page):
    page.wait_for_selector("main[aria-busy=false]")


def values(page):
    """What the notebook prints: the values of its elements."""
    return page.locator("[data-name=values] .console").text_content()


def wait_for_values(page, part):
    page.locator("[data-name=values] .console", has_text=part).wait_for()


def wait_for_slider(page, value):
    from playwright.sync_api import expect

    expect(page.locator("firn-slider input").first).to_have_value(value)


def test_inputs_send_their_wire_values_and_outputs_follow(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        assert values(page).startswith(
            "[0, 1, 0, [2, 8], 5, False, False, '', '', '', '2024-02-29'"
        )
        page.get_by_label("slider", exact=True).first.focus()
        page.keyboard.press("ArrowRight")
        site.wait_for_value(1)
        page.get_by_text("opened at 1").wait_for(state="attached")
        page.get_by_label("steps").fill("2")
        site.wait_for_value(2)
        wait_for_values(page, "[1, 100, 0")
        page.get_by_label("late").fill("7")
        site.wait_for_value(7)
        page.get_by_label("From", exact=True).fill("9")  # not beyond the other one
        site.wait_for_value([8, 8])
        page.get_by_label("To", exact=True).fill("10")
        site.wait_for_value([8, 10])
        page.get_by_label("number").fill("12.5")
        page.keyboard.press("Enter")
        site.wait_for_value(12.5)
        page.get_by_label("number").fill("")
        page.keyboard.press("Tab")
        site.wait_for_value(None)
        page.get_by_role("switch", name="switch").click()
        site.wait_for_value(True)
        before = len(site.sent())
        page.get_by_role("checkbox", name="checkbox").click()
        site.wait("the checkbox", lambda: len(site.sent()) > before)
        page.get_by_label("text", exact=True).first.fill("a <b> & \u00fc")
        page.keyboard.press("Enter")
        site.wait_for_value("a <b> & \u00fc")
        page.get_by_label("live").press_sequentially("xy")
        site.wait_for_value("xy")
        page.get_by_label("area").fill("one\ntwo")
        page.keyboard.press("Control+Enter")
        site.wait_for_value("one\ntwo")
        page.get_by_label("day").fill("2025-03-01")
        site.wait_for_value("2025-03-01")
        wait_for_values(
            page,
            "[1, 100, 7, [8, 10], None, True, True, 'a <b> & \u00fc', 'xy', 'one\\ntwo', "
            "'2025-03-01'",
        )
        assert all(way == "ws" for way, _ in site.sent())


def test_choices_send_their_wire_values(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        page.get_by_label("dropdown").select_option("b & <c>")
        site.wait_for_value(["b & <c>"])
        page.get_by_label("y", exact=True).check()
        site.wait_for_value("y")
        page.locator("firn-multiselect summary").click()
        page.get_by_label("r", exact=True).check()
        site.wait_for_value(["r"])
        page.get_by_label("p", exact=True).check()
        site.wait_for_value(["p", "r"])
        assert page.locator("firn-multiselect summary").text_content() == "p, r"
        page.get_by_role("tab", name="one").focus()
        page.keyboard.press("ArrowRight")
        site.wait_for_value("1")
        assert page.get_by_text("second panel").is_visible()
        assert not page.get_by_text("first panel").is_visible()
        page.get_by_label("Row 3", exact=True).check()
        site.wait_for_value(["2"])
        wait_for_values(page, "'b & <c>', 'y', ['p', 'r'], 'two', [{'n': 2}]")
        page.get_by_label("Next page").click()
        page.get_by_text("Page 2 of 3").wait_for()
        page.get_by_label("Row 12", exact=True).check()
        site.wait_for_value(["2", "11"])
        page.get_by_label("Previous page").click()
        page.get_by_text("Page 1 of 3").wait_for()
        assert page.get_by_label("Row 3", exact=True).is_checked()


def test_actions_and_what_holds_elements(browser, site, tmp_path):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        for count in (1, 2):
            page.get_by_role("button", name="button", exact=True).click()
            site.wait_for_value(count)
        wait_for_values(page, "2, False, None")
        page.get_by_role("button", name="run", exact=True).click()
        wait_for_values(page, "2, True, None")

        # Nothing is sent of what is in a form before it is submitted.
        before = len(site.sent())
        page.get_by_label("inner").fill("typed")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Send").click()
        form = site.wait_for_value("typed")
        assert [list(values) for _, values in site.sent()[before:]] == [[form]]
        page.get_by_label("inner").fill("by Enter")
        page.keyboard.press("Enter")
        site.wait_for_value("by Enter")
        wait_for_values(page, "'by Enter'")

        page.get_by_label("first").fill("4")
        site.wait_for_value(4)
        wait_for_values(page, "[4, '']")
        page.set_input_files("input[type=file]", {"name": "\u00e4.txt", "mimeType": "text/plain",
                                                  "buffer": b"\0\xffab"})  # fmt: skip
        site.wait_for_value([["\u00e4.txt", "AP9hYg=="]])
        page.get_by_label("Refresh every").select_option("0.1s")
        site.wait_for_value("0.1s (2)")
        page.get_by_label("Refresh every").select_option("off")
        page.get_by_label("Refresh now").click()
        site.wait(
            "a click", lambda: re.match(r"\(\d+\)$", str(next(iter(site.sent()[-1][1].values()))))
        )


def test_a_slow_server_is_not_flooded_and_gets_the_last_value(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        site.get("/control?mute=1")
        slider = page.get_by_label("slider", exact=True).first
        slider.focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        site.wait_for_value(1)
        site.get("/control?mute=0")
        site.wait_for_value(8)
        page.get_by_text("opened at 8").wait_for(state="attached")
        assert [list(values.values()) for _, values in site.sent()[-2:]] == [[1], [8]]
        assert slider.input_value() == "8"


def test_updates_leave_focus_caret_and_what_is_open(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        page.locator("[data-name=details] summary").first.click()
        copy = page.locator("[data-name=again] firn-text input")
        copy.fill("begun")
        page.keyboard.press("ArrowLeft")
        page.evaluate("kept = document.activeElement")
        # The cell with this field runs again, while nothing of it was sent.
        page.evaluate("""() => {
            const range = document.querySelector("firn-slider input");
            range.value = 3;
            range.dispatchEvent(new Event("input"));
        }""")
        page.locator("[data-name=again] strong", has_text="3").wait_for()
        page.get_by_text("opened at 3").wait_for()
        assert page.evaluate("kept === document.activeElement && kept.isConnected")
        assert page.evaluate("[kept.value, kept.selectionStart]") == ["begun", 4]
        # Both that are shown have the value, wherever it was set.
        page.keyboard.press("Enter")
        site.wait_for_value("begun")
        assert page.get_by_label("text", exact=True).first.input_value() == "begun"
        assert page.locator("[data-name=again] firn-slider input").first.input_value() == "3"


def test_an_error_is_shown_at_its_cell_and_goes_with_it(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        cell = page.locator("[data-name=inverse]")
        assert "0.2" in cell.locator(".out").text_content()
        page.get_by_label("number").fill("0")
        page.keyboard.press("Tab")
        cell.locator(".error", has_text="ZeroDivisionError").wait_for()
        assert cell.get_attribute("data-status") == "error"
        assert cell.locator(".out").text_content() == ""
        page.get_by_label("number").fill("4")
        page.keyboard.press("Tab")
        cell.locator(".out", has_text="0.25").wait_for()
        assert not cell.locator(".error").is_visible()
        # What is out of range is not sent at all.
        before = len(site.sent())
        page.get_by_label("number").fill("101")
        page.keyboard.press("Tab")
        assert page.get_by_label("number").get_attribute("aria-invalid") == "true"
        assert len(site.sent()) == before


def test_a_lost_connection_is_said_and_the_session_goes_on(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        page.get_by_label("live").fill("kept")
        wait_for_values(page, "'kept'")
        site.get("/control?drop=1")
        page.locator("#state[data-state=open]").wait_for()
        ready(page)
        page.get_by_label("slider", exact=True).first.fill("6")
        wait_for_values(page, "[6, 1")
        assert "'kept'" in values(page)
        # The same tab goes on after the page was loaded again; elements have their values.
        page.reload()
        ready(page)
        wait_for_values(page, "'kept'")
        wait_for_slider(page, "6")
        assert len(site.told()["sessions"]) == 1
        # Another one begins anew.
        other = visit.context.new_page()
        other.goto("/")
        ready(other)
        assert "'kept'" not in values(other)
        assert len(site.told()["sessions"]) == 2


def test_a_restarted_server_is_found_again(browser):
    with browser.visit(site := PageSite("elements.py")) as visit:
        page = visit.page
        with site:
            load(visit)
            page.get_by_label("live").fill("gone")
            wait_for_values(page, "'gone'")
            visit.away = True
        page.locator("#state[data-state=lost]").wait_for()
        page.get_by_text("Connection lost").wait_for()
        page.get_by_label("slider", exact=True).first.fill("6")
        with site:
            page.locator("#state[data-state=open]").wait_for()
            visit.away = False
            page.get_by_text("started anew").wait_for()
            wait_for_values(page, "[0, 1")
            wait_for_slider(page, "0")
            page.get_by_label("live").fill("new")
            wait_for_values(page, "'new'")
            page.get_by_label("Close").click()
            assert page.locator(".notice").count() == 0
            visit.away = True


def test_without_websockets_events_and_posts_do(browser, site):
    site.get("/control?websocket=off")
    with browser.visit(site) as visit:
        visit.expected.append("403")
        page = visit.page
        load(visit)
        before = len(site.sent())
        page.get_by_label("slider", exact=True).first.fill("5")
        wait_for_values(page, "[5, 1")
        assert site.sent()[before][0] == "post"
        site.get("/control?drop=1")
        page.get_by_label("slider", exact=True).first.fill("4")
        wait_for_values(page, "[4, 1")


def test_a_page_that_the_server_does_not_know_asks_for_another_session(browser, site):
    site.get("/control?refuse=1")
    with browser.visit(site) as visit:
        page = visit.page
        load(visit)
        first = site.told()["sessions"]
        site.get("/control?forget=1")
        page.evaluate("fetch('/control?drop=1')")
        page.reload()
        ready(page)
        assert site.told()["sessions"] != first


def test_messages_of_the_server(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/?a=1")
        say(page, op="error", message="expected <b>, got 12")
        page.locator("#notices", has_text="expected <b>, got 12").wait_for()
        say(page, op="query", values={"a": ["2", "3"], "b": "x y"})
        page.wait_for_url("**/?a=2&a=3&b=x+y")
        say(page, op="unheard of")
        say(page, op="toString")
        id = page.locator("firn-slider").first.get_attribute("id")
        say(page, op="value", id=id, value=9)
        wait_for_slider(page, "9")


def say(page, **frame):
    page.evaluate("""frame => fetch("/say", {
        method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(frame),
    })""", frame)  # fmt: skip


def test_the_page_runs_no_script_but_its_own(browser, site):
    with browser.visit(site) as visit:
        visit.expected.append("Content Security Policy")
        page = visit.page
        load(visit)
        cell = page.locator("[data-name=again]").get_attribute("id")[5:]
        html = (
            "<img src='data:,' onerror='hacked=1'><script>hacked=2</script>"
            "<svg onload='hacked=3'></svg><b id='shown'>shown</b>"
        )
        say(page, op="cell", id=cell, status="idle", output={"mime": "text/html", "html": html})
        page.locator("#shown").wait_for()
        assert page.evaluate("typeof hacked") == "undefined"
        assert page.title() == "Test page"


@pytest.fixture(scope="module")
def rich_site():
    with PageSite("rich.py") as site:
        yield site


LOOKS = [
    (size, scheme) for size in ("PHONE", "DESKTOP", "NARROW") for scheme in ("light", "dark")
]  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_it_fits_every_window_in_light_and_dark(browser, rich_site, tmp_path, size, scheme):
    """Screenshots are in pytest's temporary directory, to be looked at."""
    options = {"viewport": getattr(browsers, size), "color_scheme": scheme}
    with browser.visit(rich_site, **options) as visit:
        load(visit)
        shot(visit, tmp_path, "notebook")
        visit.page.get_by_role("tab", name="More").click()
        visit.page.get_by_text("Run it").wait_for()
        shot(visit, tmp_path, "more")
        dark = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (dark == "rgb(255, 255, 255)") == (scheme == "light")


def shot(visit, folder, name):
    visit.page.screenshot(path=folder / (name + ".png"), full_page=True)
    assert visit.overflow() <= 0, name


def test_the_assets_name_no_other_site():
    for path in sorted((ROOT / "frozen" / "marimo" / "assets").iterdir()):
        name = path.name
        text = path.read_text()
        # The name of a kind of XML is no address.
        text = text.replace("http://www.w3.org/2000/svg", "")
        for part in ("http://", "https://", "url(", "@import", "eval("):
            assert part not in text, (name, part)


def test_a_theme_can_be_asked_for(browser, site):
    for theme, scheme in (("dark", "light"), ("light", "dark")):
        with browser.visit(site, color_scheme=scheme) as visit:
            load(visit, "/?theme=" + theme)
            found = visit.page.evaluate("getComputedStyle(document.documentElement).colorScheme")
            assert found == theme


def test_every_control_has_a_name(browser, rich_site):
    """As assistive technology sees the page."""
    with browser.visit(rich_site) as visit:
        load(visit)
        nameless = visit.page.evaluate("""() => {
            const controls = document.querySelectorAll("input, select, textarea, button");
            const named = node => node.labels && [...node.labels].some(l => l.textContent.trim())
                || node.getAttribute("aria-label") || node.textContent.trim();
            const nameless = [...controls].filter(node => !node.hidden && !named(node));
            return nameless.map(node => node.outerHTML);
        }""")
        assert nameless == []
