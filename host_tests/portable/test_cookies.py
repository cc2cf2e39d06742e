"""Cookies through an application: what a client sends, and what it is told to keep."""

from exchange import ask

from expect import equal, raises
from microdot import Microdot, Response


class Moment:
    """Stands in for a datetime, which MicroPython has not."""

    def timetuple(self):
        return (2026, 3, 9, 6, 5, 6, 0, 68, -1)


class ZonedMoment(Moment):
    """A datetime two hours east of Greenwich."""

    def utctimetuple(self):
        return (2026, 3, 9, 4, 5, 6, 0, 68, 0)


def value_of(**options):
    """The Set-Cookie header for a cookie with ``options``."""
    response = Response()
    response.set_cookie("a", "b", **options)
    return response.headers["Set-Cookie"][0]


def test_each_option():
    for options, expected in [
        ({}, "a=b"),
        ({"path": "/x"}, "a=b; Path=/x"),
        ({"domain": "example.com"}, "a=b; Domain=example.com"),
        (
            {"expires": "Mon, 09 Mar 2026 04:05:06 GMT"},
            "a=b; Expires=Mon, 09 Mar 2026 04:05:06 GMT",
        ),
        ({"expires": ZonedMoment()}, "a=b; Expires=Mon, 09 Mar 2026 04:05:06 GMT"),
        ({"expires": Moment()}, "a=b; Expires=Mon, 09 Mar 2026 06:05:06 GMT"),
        ({"max_age": 60}, "a=b; Max-Age=60"),
        ({"max_age": 0}, "a=b; Max-Age=0"),
        ({"secure": True}, "a=b; Secure"),
        ({"http_only": True}, "a=b; HttpOnly"),
        ({"partitioned": True}, "a=b; Partitioned"),
        ({"same_site": "Strict"}, "a=b; SameSite=Strict"),
        ({"same_site": "None", "secure": True}, "a=b; Secure; SameSite=None"),
        ({"secure": False, "http_only": False, "path": None, "expires": None}, "a=b"),
    ]:
        equal(value_of(**options), expected, repr(options))


def test_options_come_in_the_documented_order():
    options = {"path": "/", "domain": "d", "expires": "e", "max_age": 1}
    options.update({"secure": True, "http_only": True, "partitioned": True})
    expected = "a=b; Path=/; Domain=d; Expires=e; Max-Age=1; Secure; HttpOnly; Partitioned"
    equal(value_of(**options), expected)
    response = Response()
    response.set_cookie("a", "b", "/", "d", "e", 1, True, True, True)
    equal(response.headers["Set-Cookie"], [expected])


def test_deleting():
    response = Response()
    response.delete_cookie("a", path="/", domain="d", secure=True, http_only=True)
    response.delete_cookie("b", expires="tomorrow", max_age=99)
    gone = "Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0"
    equal(response.headers["Set-Cookie"], [
        "a=; Path=/; Domain=d; " + gone + "; Secure; HttpOnly",
        "b=; " + gone,
    ])  # fmt: skip


def test_what_would_say_more_than_one_cookie_is_refused():
    response = Response()
    for name, value in [
        ("a", "b; Path=/"),
        ("a;b", "c"),
        ("a=b", "c"),
        ("", "b"),
        ("a", "b\r\nc"),
    ]:
        error = raises(ValueError, response.set_cookie, name, value)
        assert "expected" in str(error), error
    assert "Set-Cookie" not in response.headers


async def test_a_session_in_cookies():
    app = Microdot()

    @app.get("/in")
    async def enter(request):
        response = Response("in")
        response.set_cookie("user", "me", path="/")
        response.set_cookie("theme", "dark")
        return response

    @app.get("/out")
    async def leave(request):
        response = Response(request.cookies["user"])
        response.delete_cookie("user", path="/")
        return response

    answer = await ask(app, "GET", "/in")
    cookies = [line for line in answer.lines if line[:11] == "Set-Cookie:"]
    equal(cookies, ["Set-Cookie: user=me; Path=/", "Set-Cookie: theme=dark"])
    answer = await ask(app, "GET", "/out", {"Cookie": "theme=dark; user=me"})
    equal(answer.text, "me")
    assert answer.headers["set-cookie"][:16] == "user=; Path=/; E", answer.headers
