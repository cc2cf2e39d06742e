"""firn.setup_access: logins to entries of the site, and sessions that nobody can make up."""

from setup_site import BOB_HASH, FAR, NEAR, OWNER_HASH, PASSWORD, Device

from expect import equal
from firn import secrets
from firn.setup_access import login_required
from microdot.login import Login
from microdot.session import Session

TEXT = '{"setup": %s, "secret_key": "a key of the site, and long", "users": {"bob": "' + BOB_HASH
TEXT += '"}}'
WORDS = "the words of bob"


def protected(app, config):
    """A site with an entry for users."""
    access = login_required(app, config)

    @app.route("/private", ["GET", "POST"])
    @access
    async def private(request):
        return "for " + request.g.current_user.id

    @app.get("/")
    async def index(request):
        return "for all"

    return access


async def test_an_entry_with_login_leads_to_the_login_page_and_back():
    for setup in ("true", "false"):
        with Device(TEXT % setup, access=protected) as device:
            browser = device.browser(FAR)
            answer = await browser.get("/private?a=b&c")
            location = answer.headers["Location"]
            equal((answer.status_code, location), (303, "/_firn/login?next=/private%3Fa%3Db%26c"))
            equal((await browser.get(location)).status_code, 200)
            equal((await browser.log_in("wrong", "bob", location)).status_code, 403)
            answer = await browser.log_in(WORDS, "bob", location)
            equal((answer.status_code, answer.headers["Location"]), (303, "/private?a=b&c"))
            equal((await browser.get("/private")).text, "for bob")
            equal((await browser.get(location)).headers["Location"], "/private?a=b&c")
            equal((await browser.post("/_firn/logout")).status_code, 303)
            equal((await browser.get("/private")).status_code, 303)
            equal((await browser.post("/private")).headers["Location"], "/_firn/login")
            equal((await browser.log_in(WORDS, "bob")).headers["Location"], "/")


async def test_other_users_do_not_come_to_the_setup_page():
    with Device(TEXT % "true", access=protected) as device:
        browser = device.browser(NEAR)
        await browser.log_in(WORDS, "bob")
        for path in ("/_firn/", "/_firn/config", "/_firn/password", "/_firn/status.json"):
            answer = await browser.get(path)
            equal(answer.status_code, 403, path)
            assert "<nav" not in answer.text and "heap" not in answer.text
            assert 'action="/_firn/logout"' in answer.text
        equal((await browser.post("/_firn/restart")).status_code, 403)
        await browser.post("/_firn/logout")
        await browser.log_in()
        equal((await browser.get("/_firn/")).status_code, 200)
        equal((await browser.get("/private")).text, "for admin")


async def test_users_log_in_from_afar_before_the_owner_has_a_password():
    with Device(TEXT % "true", own=False, access=protected) as device:
        browser = device.browser(FAR)
        equal((await browser.log_in(secrets.first_password())).status_code, 403)
        equal((await browser.log_in(WORDS, "bob")).status_code, 303)
        equal((await browser.get("/private")).text, "for bob")
        equal((await browser.get("/_firn/")).status_code, 403)


async def test_with_setup_off_there_are_logins_and_nothing_else():
    with Device(TEXT % "false", access=protected) as device:
        browser = device.browser(NEAR)
        equal((await browser.log_in()).status_code, 303)
        equal((await browser.get("/private")).text, "for admin")
        for path in ("/_firn/", "/_firn/config", "/_firn/password", "/_firn/network"):
            equal((await browser.get(path)).status_code, 404, path)
        equal((await browser.post("/_firn/password", {"new": PASSWORD})).status_code, 404)


async def test_sessions_of_an_application_make_nobody_the_owner():
    with Device(TEXT % "true", access=protected) as device:
        sessions = Session(device.app, "a key of the site, and long")
        login = Login()

        class Visitor:
            id = "admin"

        @login.user_loader
        async def load(user_id):
            return Visitor

        @device.app.get("/visitors")
        async def register(request):
            return await login.login_user(request, Visitor, remember=True)

        browser = device.browser(NEAR)
        equal((await browser.get("/visitors")).status_code, 302)
        assert "session" in browser.cookies and "_remember" in browser.cookies
        for name in ("session", "_remember"):
            browser.cookies["firn"] = browser.cookies[name]
            equal((await browser.get("/_firn/")).status_code, 303)
            equal((await browser.get("/private")).status_code, 303)
        for key in ("a key of the site, and long", "firn logins"):
            token = sessions.encode({"_user_id": "admin", "_fresh": True, "mark": ""}, key)
            browser.cookies["firn"] = token
            equal((await browser.get("/_firn/")).status_code, 303)


async def test_a_session_that_was_put_into_a_browser_is_not_kept_at_login():
    with Device(TEXT % "true", access=protected) as device:
        mallory, victim = device.browser(FAR), device.browser(FAR)
        await mallory.log_in(WORDS, "bob")
        planted = mallory.cookies["firn"]
        victim.cookies["firn"] = planted
        await victim.log_in()
        assert victim.cookies["firn"] != planted
        equal((await victim.get("/_firn/")).status_code, 200)
        equal((await mallory.get("/_firn/")).status_code, 403)


async def test_a_cookie_that_was_tampered_with_is_worth_nothing():
    with Device() as device:
        browser = device.browser(FAR)
        await browser.log_in()
        cookie = browser.cookies["firn"]
        head, body, _signature = cookie.split(".")
        for wrong in ("", ".", "..", head + "." + body + ".", cookie[:-2] + "AA", "x" * 5000,
                      "eyJhbGciOiJub25lIn0." + body + "."):  # fmt: skip
            browser.cookies["firn"] = wrong[:1500]
            equal((await browser.get("/_firn/")).status_code, 303, wrong[:40])
        browser.cookies["firn"] = cookie
        equal((await browser.get("/_firn/")).status_code, 200)


async def test_sessions_end_with_the_user_the_password_and_the_key():
    text = TEXT % "true"
    with Device(text, access=protected) as device:
        for changed in (
            text.replace("bob", "bert"),
            text.replace(BOB_HASH, OWNER_HASH),
            text.replace("a key of", "b key of"),
        ):
            device.write(text.encode())
            device.restart()
            browser = device.browser(FAR)
            await browser.log_in(WORDS, "bob")
            device.restart()
            browser.client.app = device.app
            equal((await browser.get("/private")).text, "for bob")
            device.write(changed.encode())
            device.restart()
            browser.client.app = device.app
            equal((await browser.get("/private")).status_code, 303)
