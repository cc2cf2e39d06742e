"""Notebooks as people meet them: in a real browser, served by an emulated board and by uvicorn.

The notebooks are those of notebook_site/. The page's own details: test_notebook_page.py.
"""

import shutil

import browser as browsers
import pytest
from hosted import Hosted
from websocket_client import WebSocketClient, frame

from targets import ROOT, QemuSite

pytestmark = pytest.mark.skipif(not browsers.AVAILABLE, reason="playwright needs Python 3.10")
SITE = ROOT / "host_tests" / "notebook_site"
LOOKS = [
    (size, scheme) for size in ("PHONE", "DESKTOP", "NARROW") for scheme in ("light", "dark")
]  # fmt: skip
NAMES = ("controls", "signup", "chart", "plots", "tied", "data_table", "faults")


@pytest.fixture(scope="module")
def browser():
    # Not for the whole session: while it runs, asyncio.run() is taken, which other tests need.
    found = browsers.Browser()
    yield found
    found.close()


@pytest.fixture(scope="module", params=["uvicorn", pytest.param("QEMU", marks=pytest.mark.image)])
def site(request, tmp_path_factory):
    """The notebooks on a server; ``folder``: the files that it serves."""
    place = tmp_path_factory.mktemp("notebooks")
    folder = place / "site"
    shutil.copytree(SITE, folder)
    if request.param == "QEMU":
        found = QemuSite(folder, place / "flash.img")
    else:
        found = Hosted(["uvicorn", "asgi_site:application"], place, folder)
    with found:
        found.folder = folder
        yield found


def load(visit, path):
    visit.page.goto(path)
    visit.page.wait_for_selector("main[aria-busy=false]")


def cell(page, name):
    return page.locator("[data-name=%s]" % name)


def shows(page, name, text):
    """Wait until the cell ``name`` shows ``text``."""
    cell(page, name).filter(has_text=text).wait_for()


def test_every_control_changes_what_depends_on_it(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/controls/")
        assert page.title() == "Controls"
        shows(page, "shown", "speed: 20")
        page.get_by_role("slider", name="Speed").press("ArrowRight")
        shows(page, "shown", "speed: 25")
        page.get_by_label("Fruit").select_option("Quince")
        shows(page, "shown", "fruit: 8")
        page.get_by_label("Name").fill("Ada")
        page.get_by_label("Name").press("Enter")
        shows(page, "shown", "name: Ada")
        page.get_by_role("switch", name="Lamp").press(" ")
        shows(page, "shown", "lamp: True")
        page.get_by_label("later").check()
        shows(page, "shown", "when: later")


def test_buttons_count_and_start(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/controls/")
        page.get_by_role("button", name="Count").click()
        shows(page, "pressed", "1")
        page.get_by_role("button", name="Count").click()
        shows(page, "pressed", "2")
        shows(page, "went", "Press Go.")
        page.get_by_role("button", name="Go").click()
        shows(page, "went", "Went at 20.")
        # A run for another reason finds the button as it was before.
        page.get_by_role("slider", name="Speed").press("ArrowRight")
        shows(page, "went", "Press Go.")


def test_rows_tabs_and_the_clock(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/controls/")
        page.get_by_role("row", name="Grace").get_by_role("checkbox").check()
        shows(page, "chosen", "Grace")
        page.get_by_role("tab", name="Two").click()
        shows(page, "viewed", "The tab is Two.")
        page.get_by_text("the second").wait_for()
        shows(page, "ticked", "1s (")
        before = cell(page, "ticked").text_content()
        page.wait_for_function(
            "before => document.querySelector('[data-name=ticked]').textContent != before",
            arg=before,
        )


def test_a_form_is_taken_when_it_is_valid_only(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/signup/")
        shows(page, "welcome", "Nobody")
        page.get_by_label("Name").fill("Ada")
        page.get_by_role("button", name="Sign up").click()
        page.get_by_text("You have to be 18.").wait_for()
        shows(page, "welcome", "Nobody")
        page.get_by_label("Age", exact=True).fill("36")
        page.get_by_label("E-mail").fill("ada@example.com")
        page.get_by_label("I agree").check()
        page.get_by_role("button", name="Sign up").click()
        shows(page, "welcome", "Welcome, Ada (36)!")
        assert page.get_by_text("You have to be 18.").count() == 0


def test_a_chart_lives(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/chart/")
        measured = cell(page, "chart").locator(".mo-stat", has_text="Measured")
        before = measured.text_content()
        measured.filter(has_not_text=before).wait_for()
        assert cell(page, "chart").locator("svg").count() == 1
        # The slider is the same one all the time: it keeps the keyboard.
        page.get_by_role("slider", name="Points").focus()
        before = measured.text_content()
        measured.filter(has_not_text=before).wait_for()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.type") == "range"


def test_two_elements_that_are_tied_follow_each_other(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/tied/")
        shows(page, "both", "It is 20 °C.")
        page.get_by_role("slider", name="°C").press("ArrowRight")
        shows(page, "both", "It is 21 °C.")
        assert page.get_by_label("°F").input_value() == "70"
        page.get_by_label("°F").fill("212")
        page.get_by_label("°F").press("Enter")
        shows(page, "both", "It is 100 °C.")
        assert page.get_by_role("slider", name="°C").input_value() == "100"


def test_a_table_is_filtered_and_its_rows_are_chosen(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/data_table/")
        page.get_by_text("35 of 35 stations").wait_for()
        page.get_by_label("At least").fill("20")
        page.get_by_label("At least").press("Enter")
        page.get_by_text("18 of 35 stations").wait_for()
        page.get_by_role("row", name="Station 3 ").get_by_role("checkbox").check()
        shows(page, "picked", "Sum of 1")
        shows(page, "picked", "21")
        page.get_by_role("button", name="Next").click()
        page.get_by_role("row", name="Station 33").get_by_role("checkbox").check()
        shows(page, "picked", "Sum of 2")
        shows(page, "picked", "52")


def test_errors_stand_at_their_cell_and_the_others_go_on(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/faults/")
        shows(page, "unknown", "sliderr")
        headings = page.locator(".error strong").all_text_contents()
        assert sorted(filter(None, headings)) == [
            "Cells in a circle", "Cells in a circle", "Defined more than once",
            "Defined more than once", "Error", "Syntax error",
        ]  # fmt: skip
        shows(page, "after", "6.0")
        slider = page.get_by_role("slider", name="Size")
        slider.press("Home")
        shows(page, "broken", "ZeroDivisionError")
        shows(page, "broken", "line 22")
        shows(page, "after", "the cell broken")
        shows(page, "fine", "size 0")
        slider.press("ArrowRight")
        shows(page, "broken", "10.0")
        shows(page, "after", "11.0")


def test_the_index_lists_notebooks_by_their_titles(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        page.goto("/notebooks")
        assert page.url.endswith("/notebooks/")
        names = page.locator("main li a").all_text_contents()
        assert any(name.startswith("Live chart ") for name in names)
        assert "kitchen rooms/kitchen" in names
        assert not [name for name in names if "draft" in name or "helper" in name]
        page.get_by_role("link", name="kitchen").click()
        page.get_by_role("heading", name="The kitchen").wait_for()
        assert page.url.endswith("/notebooks/rooms/kitchen/")


def test_tabs_are_sessions_and_a_reload_goes_on(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/tied/")
        page.get_by_role("slider", name="°C").press("ArrowRight")
        shows(page, "both", "21 °C")
        other = visit.context.new_page()
        other.goto("/notebooks/tied/")
        shows(other, "both", "20 °C")
        shows(page, "both", "21 °C")
        other.close()
        page.reload()
        shows(page, "both", "21 °C")
        assert page.get_by_role("slider", name="°C").input_value() == "21"


def test_an_edited_notebook_is_seen_when_its_page_is_loaded_again(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/rooms/cellar/")
        page.get_by_role("heading", name="The cellar").wait_for()
        load(visit, "/notebooks/edit/")
        page.get_by_label("Room").fill("attic")
        page.get_by_role("button", name="Rename").click()
        shows(page, "renamed", "attic")
        load(visit, "/notebooks/rooms/cellar/")
        page.get_by_role("heading", name="The attic").wait_for()


def test_pages_fit_their_windows_in_light_and_dark(browser, site, tmp_path):
    """Screenshots of every notebook are in pytest's temporary directory, to be looked at."""
    for size, scheme in LOOKS:
        options = {"viewport": getattr(browsers, size), "color_scheme": scheme}
        with browser.visit(site, **options) as visit:
            for name in NAMES:
                load(visit, "/notebooks/%s/" % name)
                visit.page.screenshot(path=tmp_path / ("%s-%s-%s.png" % (name, size, scheme)),
                                      full_page=True)  # fmt: skip
                assert visit.overflow() <= 0, (name, size)
            visit.page.goto("/notebooks/")
            visit.page.screenshot(path=tmp_path / ("index-%s-%s.png" % (size, scheme)))
            assert visit.overflow() <= 0, size


def connect(site, session):
    """A WebSocket of a page that is no browser."""
    path = b"/notebooks/tied/ws?session_id=" + session
    return WebSocketClient(site.port, path)


def test_floods_garbage_and_huge_frames_end_at_their_own_connection(browser, site):
    with browser.visit(site) as visit:
        page = visit.page
        load(visit, "/notebooks/tied/")
        flood = connect(site, b"flood")
        for number in range(1000):
            values = b'{"op":"set","values":{"vblA-0":%d,"x":[[[1]]]}}' % (number % 90)
            flood.send(frame(1, values))
        garbage = connect(site, b"garbage")
        for _ in range(10):
            garbage.send(frame(1, b"{" * 50))
        huge = connect(site, b"huge")
        huge.send(frame(1, b"x" * 40)[:1] + b"\xff" + (1 << 40).to_bytes(8, "big") + b"abcd")
        for client in (garbage, huge):
            while client.frame()[0] != 8:
                pass
            client.reset()
        page.get_by_role("slider", name="°C").press("ArrowRight")
        shows(page, "both", "It is 21 °C.")
        flood.reset()
        page.get_by_role("slider", name="°C").press("ArrowRight")
        shows(page, "both", "It is 22 °C.")
