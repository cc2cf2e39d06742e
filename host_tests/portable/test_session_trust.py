"""microdot.session: tokens that are trusted, and those that are taken for no session."""

import jwt
from exchange import ask, request
from standin import SetClock
from test_jwt import PYJWT_TOKEN, signed

from expect import equal, raises
from microdot import Microdot, session
from microdot.session import Session

KEY = b"a key of thirty-two bytes, or so"


def sessions_with(key=KEY, **options):
    return Session(Microdot(), key, **options)


async def content(sessions, token):
    """What a request with this cookie has as its session."""
    app = Microdot()
    sessions.initialize(app)
    req = await request(app, "GET", "/", {"Cookie": "a=b; session=%s; c=d" % token})
    return dict(sessions.get(req).items())


async def test_encode_and_decode():
    sessions = sessions_with()
    for payload in ({}, {"a": [1, {"b": None}]}, {"sub": 1, "aud": "x", "iat": 9e9, "jti": 2}):
        token = sessions.encode(payload)
        equal(sessions.decode(token), payload)
        equal(await content(sessions, token), payload)
    equal(sessions.decode(sessions.encode({"a": 1}, "other" * 8)), {})
    equal(sessions.decode(sessions.encode({"a": 1}, "other" * 8), "other" * 8), {"a": 1})
    equal(sessions.decode(PYJWT_TOKEN)["user"], "Zo\u00eb \U0001f600 \\ud83d")


async def test_a_short_key_is_said_once_and_works():
    printed = []
    session.print = lambda *words: printed.append(" ".join(words))
    Session._warned = False
    try:
        for key in ("top-secret", b"top-secret", ["top-secret", "older"]):
            sessions = sessions_with(key)
            equal(await content(sessions, sessions.encode({"a": 1})), {"a": 1})
    finally:
        del session.print
    equal(len(printed), 1)
    assert "32 bytes or more, got 10" in printed[0]
    # It is the key as it stands that signs: others verify the token with it.
    equal(sessions.encode({"a": 1}), jwt.encode({"a": 1}, b"top-secret" + bytes(22)))


async def test_the_first_key_signs_and_all_verify():
    new, old, foreign = "n" * 32, "o" * 32, "f" * 32
    sessions = sessions_with([new, old.encode()])
    token = sessions.encode({"a": 1})
    equal(sessions_with(new).decode(token), {"a": 1})
    equal(sessions_with(old).decode(token), {})
    equal(await content(sessions, sessions_with(old).encode({"b": 2})), {"b": 2})
    equal(await content(sessions, sessions_with(foreign).encode({"b": 2})), {})


async def test_what_is_no_session():
    sessions = sessions_with()
    good = sessions.encode({"user": "ada"})
    header, payload, signature = good.split(".")
    rs256 = signed({"alg": "RS256"}, {"user": "ada"}, KEY)
    none = signed({"alg": "none"}, {"user": "ada"}, KEY)
    for bad in (
        "",
        ".",
        "..",
        header,
        header + "." + payload,
        header + "." + payload + ".",
        good[:-1],
        good[1:],
        good + "A",
        good + ".",
        '"' + good + '"',
        good.upper(),
        payload + "." + header + "." + signature,
        rs256,
        none,
        none.rsplit(".", 1)[0] + ".",
        "eyJhbGciOiJub25lIn0." + payload + ".",
        signed({"alg": "HS512"}, {"user": "ada"}, KEY),
        signed({"alg": "HS256", "crit": ["b65"]}, {"user": "ada"}, KEY),
        signed({"alg": "HS256"}, ["user"], KEY),
        signed({"alg": "HS256"}, b"no JSON", KEY),
        signed({"alg": "HS256"}, {"user": "ada"}, KEY[1:]),
        signed({"alg": "HS256"}, {"exp": "later"}, KEY),
        signed({"alg": "HS256"}, {"nbf": [0]}, KEY),
        signed({"alg": "HS256"}, {"user": "ada", "_purpose": "remember"}, KEY),
        "\xff" + good,
        "%00",
        "=" * 1000,
        "." * 1000,
    ):
        equal(await content(sessions, bad), {}, bad)
    equal(await content(sessions, good), {"user": "ada"})


def test_a_token_longer_than_a_cookie_is_not_looked_at():
    sessions = sessions_with()

    class Untouchable(str):
        def split(self, *args):
            raise AssertionError("decoded")

        rsplit = encode = split

    equal(sessions.decode(Untouchable("a." * 2049)), {})
    equal(sessions.decode(sessions.encode({"a": "x" * 3100})), {})
    equal(len(sessions.decode(sessions.encode({"a": "x" * 2900}))["a"]), 2900)


async def test_a_session_too_long_for_a_cookie_is_refused_when_it_is_saved():
    app = Microdot()
    sessions = Session(app, KEY)
    req = await request(app, "GET", "/")
    current = sessions.get(req)
    current["a"] = "x" * 1500  # comes back in a line of Request.max_readline bytes
    error = str(raises(ValueError, current.save))
    assert "Request.max_readline" in error and "2048 bytes at most" in error, error
    current["a"] = "x" * 1400
    current.save()
    req.max_readline = 8192
    current["a"] = "x" * 2900
    current.save()
    current["a"] = "x" * 3100
    error = str(raises(ValueError, current.save))
    assert "expected the cookie session to have 4096 bytes at most, got 42" in error, error


async def test_a_token_of_another_purpose_cannot_be_made_through_a_session():
    app = Microdot()
    sessions = Session(app, KEY)
    current = sessions.get(await request(app, "GET", "/"))
    current["_purpose"] = "_remember"
    assert "_purpose" in str(raises(ValueError, current.save))


async def test_sessions_expire_on_both_epochs():
    app = Microdot()
    sessions = Session(app, KEY, max_age=60)

    @app.get("/")
    def index(request):
        sessions.update(request, {"a": 1})
        return ""

    with SetClock(session) as clock:
        for epoch in (1970, 2000):
            clock.epoch = epoch
            text = (await ask(app, "GET", "/")).headers["set-cookie"]
            assert "; Max-Age=60; " in text
            token = text.split(";")[0][8:]
            equal(sessions.decode(token)["exp"], clock.now + 60)
            clock.now += 59
            equal(await content(sessions, token), {"a": 1})
            clock.now += 1
            equal(await content(sessions, token), {})
        unlimited = sessions_with().encode({"a": 1})
        equal(await content(sessions, unlimited), {})
        equal(await content(sessions_with(), unlimited), {"a": 1})


async def test_the_application_s_own_limits_count_as_well():
    sessions = sessions_with()
    with SetClock(session) as clock:
        for claims, good in (
            ({"exp": clock.now + 1}, True),
            ({"exp": clock.now}, False),
            ({"nbf": clock.now}, True),
            ({"nbf": clock.now + 1}, False),
            ({"exp": 4e9, "nbf": 0}, True),
        ):
            token = sessions.encode(claims)
            equal(await content(sessions, token), claims if good else {}, claims)


async def test_while_the_clock_is_not_set_nothing_that_expires_is_trusted():
    sessions = sessions_with()
    with SetClock(session) as clock:
        lasting = sessions.encode({"a": 1})
        expiring = sessions.encode({"a": 1, "exp": clock.now + 1000})
        old = sessions.encode({"a": 1, "exp": clock.now - 1000})
        clock.epoch, clock.now = 2000, 946684900
        equal(await content(sessions, lasting), {"a": 1})
        equal(await content(sessions, expiring), {})
        equal(await content(sessions, old), {})
        equal(await content(sessions, sessions.encode({"nbf": 5})), {})


async def test_what_json_cannot_hold_is_refused_when_it_is_saved():
    app = Microdot()
    sessions = Session(app, KEY)
    current = sessions.get(await request(app, "GET", "/"))
    current["a"] = object()
    raises(TypeError, current.save)
    current["a"] = 1
    current.save()


async def test_the_topmost_application_s_sessions_are_those_of_mounted_ones():
    for local in (False, True):
        app, part = Microdot(), Microdot()
        sessions = Session(app, KEY)

        @part.get("/<int:status>")
        @session.with_session
        async def index(request, current, status):
            current["visited"] = status
            current.save()
            return "", status

        app.mount(part, "/part", local=local)
        for status in (200, 418):
            answer = await ask(app, "GET", "/part/%d" % status)
            equal(answer.status, status)
            token = answer.headers["set-cookie"].split(";")[0][8:]
            equal(sessions.decode(token), {"visited": status})
