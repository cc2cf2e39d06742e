"""microdot.login: who gets in, who is sent to the login page, who is remembered."""

from exchange import ask
from login_site import Browser, build
from quiet import Quiet
from standin import SetClock

import microdot.session
from expect import equal
from microdot.local_url import is_local


async def test_who_is_not_logged_in_is_sent_to_the_login_page():
    app, _ = build()
    for target, expected in (
        ("/", "/login?next=/"),
        ("/fresh?a=1&b=x%20y", "/login?next=/fresh%3Fa%3D1%26b%3Dx%2520y"),
    ):
        answer = await ask(app, "GET", target)
        equal((answer.status, answer.headers["location"]), (302, expected))
        equal(answer.headers["vary"], "Cookie")
    app, _ = build(login_url="/users/login?lang=de")
    equal((await ask(app, "GET", "/")).headers["location"], "/users/login?lang=de&next=/")


async def test_a_login_is_kept_in_the_session():
    app, _ = build()
    browser = Browser(app)
    answer = await browser.get("/login/ada")
    equal((answer.status, answer.headers["location"]), (302, "/"))
    assert "_remember" not in browser.cookies
    equal((await browser.get("/")).text, "ada 1")
    equal((await browser.get("/fresh")).text, "fresh ada")
    equal((await browser.get("/who")).text, "ada")
    equal((await Browser(app).get("/who")).text, "nobody")


async def test_arguments_and_plain_functions():
    app, login = build()

    @app.get("/item/<int:n>")
    @login
    def item(request, n):
        return "%s has %d" % (request.g.current_user.name, n)

    browser = Browser(app)
    await browser.get("/login/grace")
    equal((await browser.get("/item/5")).text, "grace has 5")


async def test_the_response_leads_to_next_or_to_the_given_page():
    app, _ = build()
    for target, expected in (
        ("/login/ada?next=/fresh%3Fa%3D1%26b%3Dx%2520y", "/fresh?a=1&b=x%20y"),
        ("/login/ada?to=/menu", "/menu"),
        ("/login/ada?to=/menu&next=/fresh", "/fresh"),
        ("/login/ada?to=/menu&next=", "/menu"),
        ("/login/ada?to=/menu&next=//example.com", "/menu"),
        ("/login/ada?next=%2F%2Fexample.com", "/"),
        ("/login/ada?next=http://example.com", "/"),
        ("/login/ada?next=/a%0d%0aSet-Cookie:%20a=b", "/"),
    ):
        answer = await ask(app, "GET", target)
        equal((answer.status, answer.headers["location"]), (302, expected), target)
    equal((await ask(app, "GET", "/login/ada?next=%zz")).status, 400)


def test_addresses_of_this_site():
    for url in (
        "/",
        "/a/b.html",
        "/a?b=c&d=//e#f",
        "/a?next=http://example.com/\x7e",
        "/a%20b",
        "/caf%C3%A9",
        "/a%2Fb",
        "/a#//b",
        "/@example.com",
        "/100%",
        "/a%252Fb",
    ):
        assert is_local(url) is True, url


def test_addresses_that_lead_elsewhere_or_may():
    for url in (
        None,
        "",
        "a",
        "?a=b",
        "#a",
        " /a",
        "http://example.com/",
        "https:example.com",
        "HTTP:/\\example.com",
        "javascript:alert(1)",
        "data:text/html,a",
        "example.com",
        "@example.com",
        "//example.com",
        "///example.com",
        "/\\example.com",
        "\\/example.com",
        "\\\\example.com",
        "/a\\b",
        "/a?b=\\c",
        "/\t/example.com",
        "/\n/example.com",
        "/\r\nSet-Cookie: a=b",
        "/ /example.com",
        "/\0",
        "/\x7f",
        "/\x85/example.com",
        "/\u2028/example.com",
        "/\uff0f/example.com",
        "/\u3002",
        "/a//b",
        "/.//example.com",
        "/..//example.com",
        "/%2fexample.com",
        "/%2F%2Fexample.com",
        "/%5cexample.com",
        "/.%2F/example.com",
        "/%252fexample.com",
        "/%25252fexample.com",
        "/%2525252fexample.com",
        "/%09/example.com",
        "/%0d%0aa:b",
        "/%00",
        "/%ff",
        "/%2f%ff",
        "/%zz",
    ):
        assert is_local(url) is False, url


async def test_a_login_takes_nothing_over_from_another_visitor():
    app, _ = build()
    browser = Browser(app)
    await browser.get("/set/planted")
    equal((await browser.get("/show")).text, "planted")
    await browser.get("/login/ada")
    equal((await browser.get("/show")).text, "None")
    await browser.get("/set/mine")
    await browser.get("/login/ada")  # again, to be fresh: it is her own
    equal((await browser.get("/show")).text, "mine")
    before = browser.cookies["session"]
    await browser.get("/login/grace")
    equal((await browser.get("/show")).text, "None")
    assert browser.cookies["session"] != before


async def test_logging_out():
    app, _ = build()
    browser = Browser(app)
    await browser.get("/login/ada?remember=1")
    await browser.get("/set/mine")
    equal(sorted(browser.cookies), ["_remember", "session"])
    answer = await browser.get("/logout")
    equal((answer.status, answer.text), (200, "bye None"))
    equal(browser.cookies, {})
    equal((await browser.get("/")).status, 302)
    # Both are deleted even where the browser did not show them this time.
    names = [line.split("=")[0] for line in answer.lines if line.startswith("Set-Cookie: ")]
    equal(sorted(names), ["Set-Cookie: _remember", "Set-Cookie: session"])


async def test_a_user_who_is_no_more():
    app, _ = build()
    browser = Browser(app)
    await browser.get("/login/ada")
    app.users.pop(0)
    equal((await browser.get("/")).status, 302)
    equal((await browser.get("/who")).text, "nobody")


async def test_without_a_user_loader_it_says_so():
    app, login = build()
    browser = Browser(app)
    await browser.get("/login/ada")
    login._load_user = None
    with Quiet() as errors:
        equal((await browser.get("/")).status, 500)
    assert "user_loader" in str(errors[0])


async def test_a_session_that_expires_ends_the_login():
    app, _ = build(max_age=60)
    browser = Browser(app)
    with SetClock(microdot.session) as clock:
        await browser.get("/login/ada")
        clock.now += 59
        equal((await browser.get("/who")).text, "ada")
        clock.now += 1
        equal((await browser.get("/who")).text, "nobody")
