"""Runs the programs of docs/session.md and docs/login.md, and asks their applications."""

import re

import pytest
from exchange import ask
from login_site import Browser

from targets import ROOT

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def applications(page):
    """The ``app`` that each program of a page makes."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = []
    for program in re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S):
        namespace = {"__name__": "example"}
        exec(compile(program, page, "exec"), namespace)
        found.append(namespace["app"])
    return found


class FormBrowser(Browser):
    async def post(self, target, body=b""):
        """The Answer for a form; its cookies are kept."""
        headers = dict(FORM)
        if self.cookies:
            headers["Cookie"] = "; ".join("%s=%s" % pair for pair in self.cookies.items())
        answer = await ask(self.app, "POST", target, headers, body)
        self.keep(answer)
        return answer


async def test_sessions():
    first, rotating, strict, expiring = applications("session.md")
    browser = FormBrowser(first)
    assert (await browser.get("/")).text == "Hello, stranger"
    assert (await browser.post("/", b"name=Ada")).status == 302
    assert (await browser.get("/")).text == "Hello, Ada"
    assert (await browser.post("/forget")).status == 302
    assert browser.cookies == {}
    assert (await browser.get("/")).text == "Hello, stranger"

    token = rotating._session.encode({"a": 1}, rotating._session.secret_key[1])
    assert rotating._session.decode(token) == {"a": 1}
    assert strict._session.cookie_options == {
        "path": "/", "http_only": True, "same_site": "Strict", "secure": True,
    }  # fmt: skip

    browser = FormBrowser(expiring)
    for count in ("1", "2"):
        answer = await browser.get("/")
        assert answer.text == count
    assert "; Max-Age=3600; " in answer.headers["set-cookie"]
    browser.cookies["session"] = expiring._session.encode({"visits": 7})
    assert (await browser.get("/")).text == "1"


async def test_logins():
    (app,) = applications("login.md")
    browser = FormBrowser(app)
    answer = await browser.get("/password")
    assert (answer.status, answer.headers["location"]) == (302, "/login?next=/password")
    assert "<form" in (await browser.get("/login?next=/password")).text
    wrong = b"name=ada&password=wrong"
    assert (await browser.post("/login?next=/password", wrong)).headers["location"] == "/login"
    right = b"name=ada&password=a+password&remember=1"
    answer = await browser.post("/login?next=/password", right)
    assert answer.headers["location"] == "/password"
    assert (await browser.get("/password")).text == "A new password, please"
    del browser.cookies["session"]
    assert (await browser.get("/")).text == "Hello, ada"
    assert (await browser.get("/password")).status == 302
    assert (await browser.post("/logout")).headers["location"] == "/"
    assert (await browser.get("/")).headers["location"] == "/login?next=/"


@pytest.mark.parametrize("page, expected", [
    ("session.md", ["4096", "2048", "2024"]),
    ("login.md", ["30"]),
])  # fmt: skip
def test_the_figures_of_the_pages_are_the_modules(page, expected):
    from microdot import Request, session

    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert all(figure in text for figure in expected)
    assert session._MAX_COOKIE == 4096
    assert Request.max_readline == 2048
