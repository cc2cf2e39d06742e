"""microdot.session: what is kept, how the cookie is set, what is refused."""

from exchange import ask, request, written
from quiet import Quiet

import microdot.session
from expect import equal, raises
from microdot import Microdot, Response, abort, redirect
from microdot.session import Session, SessionDict, with_session

KEY = "a key of thirty-two bytes, or so"


def counting(**options):
    """An application that counts one visitor's visits."""
    app = Microdot()
    Session(app, **dict({"secret_key": KEY}, **options))

    @app.get("/")
    @with_session
    async def index(request, session):
        session["count"] = session.get("count", 0) + 1
        session.save()
        return str(session["count"])

    @app.get("/look/<name>")
    @with_session
    def look(request, session, name):
        return "%s %r" % (name, session.get(name))

    @app.get("/out")
    @with_session
    async def out(request, session):
        session.delete()
        return repr(dict(session.items()))

    return app


def cookie(answer):
    """The cookie that an answer sets, as a client sends it back."""
    return {"Cookie": answer.headers["set-cookie"].split(";")[0]}


def set_cookies(answer):
    return [line[12:] for line in answer.lines if line.startswith("Set-Cookie: ")]


async def test_what_was_saved_comes_back():
    app = counting()
    answer = await ask(app, "GET", "/")
    equal(answer.text, "1")
    answer = await ask(app, "GET", "/", cookie(answer))
    equal(answer.text, "2")
    last = await ask(app, "GET", "/look/count", cookie(answer))
    equal(last.text, "count 2")
    assert "set-cookie" not in last.headers
    equal((await ask(app, "GET", "/look/count")).text, "count None")


async def test_the_cookie_is_closed_to_scripts_and_other_sites():
    text = (await ask(counting(), "GET", "/")).headers["set-cookie"]
    assert text.startswith("session=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.")
    equal(text.split("; ")[1:], ["Path=/", "HttpOnly", "SameSite=Lax"])
    req = await request(counting(), "GET", "/")
    req.scheme = "https"
    text = (await written(await req.app.dispatch_request(req))).headers["set-cookie"]
    equal(text.split("; ")[1:], ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"])


async def test_cookie_options_replace_the_defaults_one_by_one():
    options = {"path": "/app", "http_only": False, "secure": True, "domain": "example.com"}
    app = counting(cookie_options=options)
    expected = ["Path=/app", "Domain=example.com", "Secure", "SameSite=Lax"]
    text = (await ask(app, "GET", "/")).headers["set-cookie"]
    equal(text.split("; ")[1:], expected)
    equal(options, {"path": "/app", "http_only": False, "secure": True, "domain": "example.com"})
    text = (await ask(app, "GET", "/out")).headers["set-cookie"]
    assert text.startswith("session=; ") and "Max-Age=0" in text
    assert [part for part in text.split("; ") if part in expected] == expected, text


async def test_delete_empties_the_session_and_the_cookie():
    app = counting()
    first = cookie(await ask(app, "GET", "/"))
    answer = await ask(app, "GET", "/out", first)
    equal(answer.text, "{}")
    equal(
        set_cookies(answer),
        [
            "session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; "
            "SameSite=Lax"
        ],
    )


async def test_initialize_later():
    app = Microdot()
    sessions = Session()
    equal((sessions.secret_key, sessions.cookie_options), (None, {}))
    sessions.initialize(app, secret_key=KEY, cookie_options={"path": "/a"})
    assert app._session is sessions
    expected = {"path": "/a", "http_only": True, "same_site": "Lax"}
    equal(sessions.cookie_options, expected)
    other = Session(secret_key="b" * 32, cookie_options={"same_site": "Strict"})
    other.initialize(app)
    equal(other.secret_key, "b" * 32)
    equal(other.cookie_options["same_site"], "Strict")
    equal(len(app.after_error_request_handlers), 1)


async def test_without_a_key_there_are_no_sessions():
    for key in (None, "", b"", [], [""], [KEY, ""]):
        app = Microdot()
        try:
            Session(app, key)
        except ValueError as error:
            assert "secret_key" in str(error)
            continue
        req = await request(app, "GET", "/")
        assert "secret_key" in str(raises(ValueError, app._session.get, req))
        raises(ValueError, app._session.encode, {})


async def test_one_session_for_the_whole_request():
    app = Microdot()
    sessions = Session(app, KEY)
    req = await request(app, "GET", "/")
    session = sessions.get(req)
    assert type(session) is SessionDict and isinstance(session, dict)
    assert session.request is req
    session["a"] = 1
    assert sessions.get(req) is session
    equal(len(req.after_request_handlers), 1)


async def test_the_last_save_or_delete_counts():
    app = Microdot()
    sessions = Session(app, KEY)

    @app.get("/<what>")
    def index(request, what):
        for step in what:
            if step == "d":
                sessions.delete(request)
            else:
                sessions.update(request, {"step": step})
        return ""

    for what, expected in (("12", {"step": "2"}), ("d3", {"step": "3"}), ("4d", {})):
        answer = await ask(app, "GET", "/" + what)
        equal(len(set_cookies(answer)), 1)
        token = cookie(answer)["Cookie"][8:]
        equal(sessions.decode(token), expected)


async def test_an_error_answer_carries_the_session_too():
    app = Microdot()
    sessions = Session(app, KEY)

    @app.get("/<int:status>")
    @with_session
    async def index(request, session, status):
        session["failed"] = status
        session.save()
        if status == 500:
            raise OSError("a fault")
        abort(status)

    with Quiet():
        for status in (403, 500):
            answer = await ask(app, "GET", "/%d" % status)
            equal(answer.status, status)
            equal(answer.headers["vary"], "Cookie")
            token = cookie(answer)["Cookie"][8:]
            equal(sessions.decode(token), {"failed": status})
    answer = await ask(app, "GET", "/no/such/page")
    assert "set-cookie" not in answer.headers and "vary" not in answer.headers
    equal((await app.dispatch_request(None)).status_code, 400)


async def test_vary_tells_caches():
    app = Microdot()
    Session(app, KEY)

    @app.get("/")
    @with_session
    def index(request, session):
        vary = request.args.get("vary")
        return "", 200, {"Vary": vary.split("|") if "|" in vary else vary} if vary else {}

    @app.get("/other")
    def other(request):
        return ""

    for vary, expected in (
        ("", "Cookie"),
        ("?vary=Origin", "Origin, Cookie"),
        ("?vary=cookie,Origin", "cookie,Origin"),
        ("?vary=*", "*"),
        ("?vary=Origin|Accept", "Origin, Accept, Cookie"),
    ):
        equal((await ask(app, "GET", "/" + vary)).headers["vary"], expected)
    assert "vary" not in (await ask(app, "GET", "/other")).headers


async def test_a_response_used_again_carries_nobody_s_session():
    app = Microdot()
    Session(app, KEY)
    again = redirect("/")
    again.set_cookie("theme", "dark")

    @app.get("/<name>")
    @with_session
    async def index(request, session, name):
        if name != "nobody":
            session["name"] = name
            session.save()
        return again

    for name, count in (("ada", 2), ("grace", 2), ("nobody", 1)):
        answer = await ask(app, "GET", "/" + name)
        equal((answer.status, answer.headers["location"]), (302, "/"))
        equal(len(set_cookies(answer)), count, name)
    equal(again.headers["Set-Cookie"], ["theme=dark"])


async def test_who_took_the_connection_over_gets_no_cookie():
    app = Microdot()
    Session(app, KEY)

    @app.get("/")
    @with_session
    async def index(request, session):
        session.save()
        return Response.already_handled

    response = await app.dispatch_request(await request(app, "GET", "/"))
    assert response is Response.already_handled


def test_the_module_s_names():
    for name in ("Session", "SessionDict", "with_session"):
        assert hasattr(microdot.session, name)
