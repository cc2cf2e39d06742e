"""microdot.login: the cookie that remembers a user beyond the session."""

from login_site import Browser, build
from standin import SetClock

import microdot.session
from expect import equal
from microdot.session import Session

DAY = 24 * 60 * 60  # seconds


def attributes(answer, name):
    """What an answer says of the cookie ``name`` beside its value."""
    for line in answer.lines:
        if line.startswith("Set-Cookie: %s=" % name):
            return line.split("; ")[1:]
    return None


async def test_for_thirty_days_or_as_many_as_wanted():
    app, _ = build()
    with SetClock(microdot.session) as clock:
        for remember, days in ((1, 30), (7, 7)):
            browser = Browser(app)
            answer = await browser.get("/login/ada?remember=%d" % remember)
            expected = ["Path=/", "Max-Age=%d" % (days * DAY), "HttpOnly", "SameSite=Lax"]
            equal(attributes(answer, "_remember"), expected)
            clock.now += days * DAY - 1
            del browser.cookies["session"]  # the browser was closed
            equal((await browser.get("/who")).text, "ada")
            clock.now += 1
            del browser.cookies["session"]
            equal((await browser.get("/who")).text, "nobody")
            equal((await browser.get("/")).status, 302)


async def test_who_is_remembered_is_not_fresh_until_the_next_login():
    app, _ = build()
    browser = Browser(app)
    await browser.get("/login/grace?remember=1")
    equal((await browser.get("/fresh")).text, "fresh grace")
    remembered = browser.cookies["_remember"]
    del browser.cookies["session"]
    answer = await browser.get("/fresh")
    equal((answer.status, answer.headers["location"]), (302, "/login?next=/fresh"))
    equal((await browser.get("/")).text, "grace 1")
    equal((await browser.get("/")).text, "grace 2")  # now by the session
    equal((await browser.get("/fresh")).status, 302)
    equal(browser.cookies["_remember"], remembered)
    await browser.get("/login/grace")
    equal((await browser.get("/fresh")).text, "fresh grace")
    equal((await browser.get("/")).text, "grace 3")
    # This time she did not want to be remembered.
    assert "_remember" not in browser.cookies


async def test_the_session_goes_before_what_is_remembered():
    app, _ = build()
    ada, grace = Browser(app), Browser(app)
    await ada.get("/login/ada?remember=1")
    await grace.get("/login/grace")
    grace.cookies["_remember"] = ada.cookies["_remember"]
    equal((await grace.get("/who")).text, "grace")


async def test_a_remembered_user_takes_nothing_over_from_another_visitor():
    app, _ = build()
    browser = Browser(app)
    await browser.get("/login/ada?remember=1")
    other = Browser(app)
    await other.get("/set/planted")
    browser.cookies["session"] = other.cookies["session"]
    equal((await browser.get("/who")).text, "ada")
    equal((await browser.get("/show")).text, "None")


async def test_a_session_is_nothing_to_be_remembered_by_and_the_other_way_round():
    app, _ = build()
    browser = Browser(app)
    await browser.get("/login/ada?remember=1")
    session, remember = browser.cookies["session"], browser.cookies["_remember"]
    thief = Browser(app)
    for cookies in (
        {"session": remember},
        {"_remember": session},
        {"session": remember, "_remember": session},
    ):
        thief.cookies = dict(cookies)
        equal((await thief.get("/who")).text, "nobody", cookies)
        equal((await thief.get("/show")).text, "None")


async def test_what_is_nothing_to_be_remembered_by():
    app, _ = build()
    sessions = app._session
    foreign = Session(secret_key="another key of thirty-two bytes.")
    with SetClock(microdot.session) as clock:
        good = {"_purpose": "_remember", "user_id": 0, "exp": clock.now + 100}

        def changed(**claims):
            return sessions.encode(dict(good, **claims))

        without_expiry = {"_purpose": "_remember", "user_id": 0}
        browser = Browser(app)
        for bad in (
            "",
            "0",
            "..",
            sessions.encode(good)[:-1],
            foreign.encode(good),
            sessions.encode(without_expiry),
            sessions.encode({"user_id": 0, "exp": clock.now + 100}),
            changed(_purpose="session"),
            changed(_purpose=None),
            changed(exp=clock.now),
            changed(exp="never"),
            changed(user_id=None),
            changed(user_id=77),
        ):
            browser.cookies = {"_remember": bad}
            equal((await browser.get("/who")).text, "nobody", bad)
            equal(browser.cookies, {"_remember": bad})
        browser.cookies = {"_remember": sessions.encode(good)}
        equal((await browser.get("/who")).text, "ada")
        clock.now = 5  # after a power cut
        browser.cookies = {"_remember": sessions.encode(good)}
        equal((await browser.get("/who")).text, "nobody")


async def test_the_cookie_s_place_is_the_session_s():
    options = {"path": "/app", "secure": True, "expires": "Fri, 01 Jan 2027 00:00:00 GMT"}
    app, _ = build(cookie_options=options)
    browser = Browser(app)
    answer = await browser.get("/login/ada?remember=2")
    expected = ["Path=/app", "Max-Age=%d" % (2 * DAY), "Secure", "HttpOnly", "SameSite=Lax"]
    equal(attributes(answer, "_remember"), expected)
    answer = await browser.get("/logout")
    deleted = attributes(answer, "_remember")
    assert "Path=/app" in deleted and "Max-Age=0" in deleted and "Secure" in deleted, deleted
