"""The setup page in a real browser: on the emulated board, and without JavaScript."""

import re

import browser as browsers
import pytest

from targets import QemuSite, UnixSite

pytestmark = [
    pytest.mark.image,
    pytest.mark.skipif(not browsers.AVAILABLE, reason="playwright needs Python 3.10"),
]

CONFIG = """{
  "network": {"hostname": "firn"},
  "static": [{"path": "/", "directory": "www"}]
}
"""
# Browsers ask for /favicon.ico where a page names none.
START = '<!doctype html><title>Site</title><link rel="icon" href="data:,"><body>%s site'
PASSWORD = "snow on snow"
LOOKS = [
    (size, scheme) for size in ("PHONE", "DESKTOP", "NARROW") for scheme in ("light", "dark")
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    # Not for the whole session: while it runs, asyncio.run() is taken, which other tests need.
    found = browsers.Browser()
    yield found
    found.close()


@pytest.fixture
def folder(tmp_path):
    """A small site."""
    place = tmp_path / "site"
    (place / "www").mkdir(parents=True)
    (place / "www" / "index.html").write_text(START % "old")
    (place / "new").mkdir()
    (place / "new" / "index.html").write_text(START % "new")
    (place / "www" / ("a-long-name-" * 7 + ".html")).write_text("x")
    (place / "config.json").write_text(CONFIG)
    return place


def first_password(site):
    line = r"firn: first password for /_firn/: (\S+)\s"
    return site.wait(lambda: re.search(line, site.console), "the first password").group(1)


def submit(page, words):
    """Press the button of these ``words``, and wait for the page that this leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


def log_in(page, site):
    """Log in with the first password and choose an own one."""
    page.goto("/_firn/config")
    assert page.url.split("?")[0].endswith("/_firn/login")
    page.fill("[name=password]", first_password(site))
    submit(page, "Log in")
    # Nothing else is shown before an own password was chosen.
    page.goto("/_firn/files/")
    assert "/_firn/password" in page.url
    page.fill("[name=new]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    submit(page, "Set the password")
    page.goto("/_firn/")
    page.get_by_role("heading", name="Status", exact=True).wait_for()


def save_configuration(page, old, new):
    """Replace ``old`` by ``new`` in the editor of config.json and save."""
    page.goto("/_firn/config")
    text = page.input_value("textarea")
    assert old in text
    page.fill("textarea", text.replace(old, new))
    submit(page, "Check and save")


def test_the_owner_sets_a_board_up_in_a_browser(browser, folder, tmp_path):
    site = QemuSite(folder, tmp_path / "flash.img")
    with site, browser.visit(site, viewport=browsers.PHONE) as visit:
        page = visit.page
        log_in(page, site)

        # A mistake is shown at its line, and nothing is saved.
        visit.expected.append("status of 4")
        save_configuration(page, '"www"', '"www", "max_age": "long"')
        mistake = page.locator(".mistakes li")
        mistake.wait_for()
        assert "line 3" in mistake.text_content()
        assert "max_age" in mistake.text_content()
        assert page.locator(".numbers b").text_content() == "3"
        visit.expected.clear()

        save_configuration(page, '"www"', '"new"')
        page.get_by_text("Saved.").wait_for()
        visit.away = True
        submit(page, "Restart")
        # The page goes on by itself when the device answers again.
        page.get_by_role("heading", name="Status", exact=True).wait_for()
        visit.away = False
        page.goto("/")
        assert page.text_content("body") == "new site"

        files_are_managed(page, tmp_path)
        a_line_appears_by_itself(page, visit)


def files_are_managed(page, tmp_path):
    page.goto("/_firn/files/new/")
    upload = tmp_path / "up & löad +1.txt"
    upload.write_text("first line\n" * 3000)
    page.set_input_files("input[type=file]", upload)
    page.click("text=Upload >> nth=-1")
    link = page.get_by_role("link", name=upload.name)
    link.wait_for()
    assert "32.2 KB" in page.locator("tr", has=link).text_content()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == upload.name
    assert download.value.path().read_bytes() == upload.read_bytes()

    page.fill("#new", "note.txt")
    page.click("text=Create >> nth=0")
    page.fill("textarea", "one\ntwo")
    page.press("textarea", "End")
    page.press("textarea", "Tab")
    assert page.input_value("textarea") == "one\ntwo    "
    # Nobody is held in the editor by the Tab key.
    page.press("textarea", "Escape")
    page.press("textarea", "Tab")
    assert page.evaluate("document.activeElement.textContent") == "Save"
    submit(page, "Save")
    page.locator("tr", has_text="note.txt").get_by_text("Edit").click()
    assert page.input_value("textarea") == "one\ntwo    "

    page.goto("/_firn/files/new/")
    page.locator("tr", has_text=upload.name).get_by_text("More").click()
    page.click(".danger")
    page.click("dialog >> text=Cancel")
    page.click(".danger")
    page.click("dialog >> text=Delete >> nth=-1")
    page.get_by_role("link", name="note.txt").wait_for()
    assert page.get_by_text(upload.name).count() == 0


def a_line_appears_by_itself(page, visit):
    page.goto("/_firn/log")
    page.get_by_text("appear here by themselves").wait_for()
    before = page.locator(".log span").count()
    with visit.context.expect_page() as opened:
        page.evaluate("window.open('/_firn/files/new/')")
    other = opened.value
    other.set_input_files(
        "input[type=file]", {"name": "x.txt", "mimeType": "text/plain", "buffer": b"1"}
    )
    other.click("text=Upload >> nth=-1")
    page.locator(".log span", has_text="stored /new/x.txt").wait_for()
    assert page.locator(".log span").count() > before
    other.close()


def test_everything_essential_works_without_javascript(browser, folder, tmp_path):
    with UnixSite(folder) as site, browser.visit(site, java_script_enabled=False) as visit:
        page = visit.page
        log_in(page, site)
        visit.expected.append("status of 4")
        save_configuration(page, '"www"', '"www", "max_age": "long"')
        assert "line 3" in page.locator(".mistakes li").text_content()
        visit.expected.clear()
        save_configuration(page, '"www"', '"new"')
        page.get_by_text("Saved.").wait_for()
        visit.away = True
        submit(page, "Restart")
        site.wait_for_count("firn: serving on", 2)
        page.get_by_role("heading", name="Status", exact=True).wait_for()
        visit.away = False
        page.goto("/")
        assert page.text_content("body") == "new site"

        page.goto("/_firn/files/new/")
        upload = tmp_path / "up.bin"
        upload.write_bytes(bytes(range(256)) * 800)
        page.set_input_files("input[type=file]", upload)
        submit(page, "Upload")
        page.get_by_role("link", name="up.bin").wait_for()
        assert (folder / "new" / "up.bin").read_bytes() == upload.read_bytes()
        page.locator("tr", has_text="up.bin").get_by_text("More").click()
        submit(page, "Delete")
        page.get_by_role("link", name="index.html").wait_for()
        assert not (folder / "new" / "up.bin").exists()

        page.goto("/_firn/log")
        assert "stored /new/up.bin" in page.text_content(".log")


def test_pages_fit_their_windows_in_light_and_dark(browser, folder, tmp_path):
    """Screenshots of every page are in pytest's temporary directory, to be looked at."""
    (folder / "crash.txt").write_text("Traceback (most recent call last):\n  " + "x" * 300)
    with UnixSite(folder) as site:
        with browser.visit(site) as visit:
            log_in(visit.page, site)
            visit.expected.append("status of 4")
            state = visit.context.storage_state()
        for size, scheme in LOOKS:
            options = {"viewport": getattr(browsers, size), "color_scheme": scheme}
            with browser.visit(site, storage_state=state, **options) as visit:
                visit.expected.append("status of 4")
                for name, path in (("status", ""), ("config", "config"), ("network", "network"),
                                   ("files", "files/"), ("www", "files/www/"),
                                   ("more", "files/www/index.html?details"),
                                   ("edit", "files/www/index.html?edit"), ("log", "log"),
                                   ("password", "password"), ("missing", "files/x")):  # fmt: skip
                    visit.page.goto("/_firn/" + path)
                    shot(visit, tmp_path, "%s-%s-%s" % (name, size, scheme))
                save_configuration(visit.page, '"www"', '"www",\n  "max_age": "long"')
                visit.page.locator(".mistakes").wait_for()
                shot(visit, tmp_path, "mistake-%s-%s" % (size, scheme))
                visit.page.goto("/_firn/files/www/index.html?details")
                visit.page.click(".danger")
                shot(visit, tmp_path, "dialog-%s-%s" % (size, scheme), False)


def shot(visit, folder, name, whole=True):
    visit.page.screenshot(path=folder / (name + ".png"), full_page=whole)
    assert visit.overflow() <= 0, name
