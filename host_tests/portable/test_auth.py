"""microdot.auth: routes, users, answers to others."""

import binascii

from exchange import ask

from expect import equal, raises
from microdot.app import Microdot
from microdot.auth import BasicAuth, TokenAuth


def basic(text, scheme="Basic"):
    """The headers of a request with the credentials ``text`` (str or bytes)."""
    data = text if isinstance(text, bytes) else text.encode()
    code = binascii.b2a_base64(data).decode().strip()
    return {"Authorization": scheme + " " + code}


def bearer(token):
    return {"Authorization": "Bearer " + token}


def site(auth):
    """An application with a protected and an open route; users are shown with what they gave."""
    app = Microdot()

    @auth.authenticate
    async def verify(request, *credentials):
        return None if "wrong" in credentials else "+".join(credentials)

    @app.get("/")
    @auth
    async def index(request):
        return request.g.current_user

    @app.get("/open/<int:n>")
    @auth.optional
    def for_all(request, n):
        return "%s %d" % (request.g.current_user, n)

    return app


CHALLENGE = 'Basic realm="Please login", charset="UTF-8"'

# Authorization, and the user that comes of it; None: 401.
BASIC = (
    (basic("ann:pw"), "ann+pw"),
    (basic("ann:pw:with:colons"), "ann+pw:with:colons"),
    (basic("ann:"), "ann+"),
    (basic(":pw"), "+pw"),
    (basic("\u00e4nn:\u20ac"), "\u00e4nn+\u20ac"),
    (basic("ann:pw", "basic"), "ann+pw"),
    (basic("ann:pw", "BASIC"), "ann+pw"),
    (basic("ann:pw", "Basic "), "ann+pw"),
    ({}, None),
    ({"Authorization": ""}, None),
    ({"Authorization": "Basic"}, None),
    ({"Authorization": "Basic "}, None),
    ({"Authorization": "YW5uOnB3"}, None),
    ({"Authorization": "BasicYW5uOnB3"}, None),
    (basic("ann:pw", "Bearer"), None),
    (basic("ann"), None),
    (basic(""), None),
    (basic(b"ann:\xff"), None),
    (basic(b"\xc3:pw"), None),
    ({"Authorization": "Basic YW5uOnB"}, None),
    ({"Authorization": "Basic YW5uOnB3 "}, "ann+pw"),
    ({"Authorization": "Basic YW5u OnB3"}, None),
    ({"Authorization": "Basic YW5uOnB3===="}, None),
    ({"Authorization": "Basic YW5uOg"}, None),
    ({"Authorization": "Basic YW5u!OnB3"}, None),
    ({"Authorization": "Basic YW5uOnB3,Basic YW5uOnB3"}, None),
    ({"Authorization": "Basic \u00e4"}, None),
    ({"Authorization": "Basic ===="}, None),
    ({"Authorization": "Basic ann:pw"}, None),
    (basic("ann:wrong"), None),
)


async def test_basic_credentials():
    app = site(BasicAuth())
    for headers, user in BASIC:
        answer = await ask(app, "GET", "/", headers)
        if user is None:
            equal((answer.status, answer.text), (401, ""), headers)
            equal(answer.headers["www-authenticate"], CHALLENGE)
        else:
            equal((answer.status, answer.text), (200, user), headers)


async def test_who_may_but_need_not_log_in():
    app = site(BasicAuth())
    for headers, user in BASIC:
        equal((await ask(app, "GET", "/open/5", headers)).text, "%s 5" % user, headers)


async def test_realms():
    for realm, expected in (
        ("x", 'Basic realm="x", charset="UTF-8"'),
        ("", 'Basic realm="", charset="UTF-8"'),
        ('a "b" \\ c', 'Basic realm="a \\"b\\" \\\\ c", charset="UTF-8"'),
        (Microdot(), CHALLENGE),
        (None, CHALLENGE),
    ):
        answer = await ask(site(BasicAuth(realm)), "GET", "/")
        equal(answer.headers["www-authenticate"], expected)
    for realm in ("a\r\nSet-Cookie: b=c", "a\n", "a\0"):
        error = raises(ValueError, BasicAuth, realm)
        assert "expected one line" in str(error)


async def test_other_schemes_statuses_and_charsets():
    app = site(BasicAuth("r", None, "X-Basic", 403))
    answer = await ask(app, "GET", "/", basic("a:b"))
    equal((answer.status, answer.headers["www-authenticate"]), (403, 'X-Basic realm="r"'))
    equal((await ask(app, "GET", "/", basic("a:b", "x-basic"))).text, "a+b")


# Headers, and the user that comes of them.
TOKENS = (
    (bearer("abc"), "abc"),
    ({"Authorization": "bearer abc"}, "abc"),
    ({"Authorization": "BEARER   abc "}, "abc"),
    (bearer("a=b,c d"), "a=b,c d"),
    ({}, None),
    ({"Authorization": ""}, None),
    ({"Authorization": "Bearer"}, None),
    ({"Authorization": "Bearer  "}, None),
    ({"Authorization": "Bearerabc"}, None),
    ({"Authorization": "abc"}, None),
    (basic("a:b"), None),
    (bearer("wrong"), None),
    ({"X-Token": "abc"}, None),
)


async def test_tokens():
    app = site(TokenAuth())
    for headers, user in TOKENS:
        answer = await ask(app, "GET", "/", headers)
        if user is None:
            equal((answer.status, answer.text), (401, "401 error"), headers)
            equal(answer.headers["www-authenticate"], "Bearer")
        else:
            equal((answer.status, answer.text), (200, user), headers)
        equal((await ask(app, "GET", "/open/5", headers)).text, "%s 5" % user, headers)


async def test_tokens_in_another_header():
    app = site(TokenAuth(header="X-Token", error_status=403))
    for headers, user in (
        ({"X-Token": "abc"}, "abc"),
        ({"x-token": "Bearer abc"}, "Bearer abc"),
        ({"X-Token": ""}, None),
        ({"X-Token": "wrong"}, None),
        (bearer("abc"), None),
    ):
        answer = await ask(app, "GET", "/", headers)
        equal((answer.status, answer.text), (200, user) if user else (403, "403 error"), headers)
        assert "www-authenticate" not in answer.headers


async def test_tokens_behind_another_scheme():
    app = site(TokenAuth(scheme="Token"))
    equal((await ask(app, "GET", "/", {"Authorization": "token abc"})).text, "abc")
    answer = await ask(app, "GET", "/", bearer("abc"))
    equal((answer.status, answer.headers["www-authenticate"]), (401, "Token"))
