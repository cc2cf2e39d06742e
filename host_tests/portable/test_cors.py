"""microdot.cors: the headers for other sites."""

from exchange import ask, request

from expect import equal
from microdot.app import Microdot, abort
from microdot.cors import CORS

A = "https://a.example"
B = "https://b.example"
ORIGIN = "access-control-allow-origin"


def app_with(**options):
    app = Microdot()
    cors = CORS(app, **options)

    @app.route("/", methods=["GET", "POST"])
    async def index(request):
        return "hello"

    @app.get("/vary/<path:value>")
    async def vary(request, value):
        return "x", {"Vary": value.split("+") if "+" in value else value}

    @app.get("/abort")
    async def teapot(request):
        abort(418)

    @app.get("/fail")
    async def fail(request):
        raise KeyError("fail")

    @app.errorhandler(KeyError)
    async def failed(request, error):
        return "failed", 500

    return app, cors


async def headers_of(app, origin=None, method="GET", target="/", **more):
    """The CORS headers and Vary of an answer, as a dict with names in lower case."""
    headers = {name.replace("_", "-"): more[name] for name in more}
    if origin:
        headers["Origin"] = origin
    got = (await ask(app, method, target, headers)).headers
    return {n: got[n] for n in got if n == "vary" or n.startswith("access-control-")}


async def test_nothing_is_allowed_unless_said():
    app, _ = app_with()
    equal(await headers_of(app), {})
    equal(await headers_of(app, A), {})
    equal(await headers_of(app, A, "OPTIONS", Access_Control_Request_Method="POST"), {})


async def test_a_list_of_origins():
    app, _ = app_with(allowed_origins=[A, B])
    for origin in (A, B):
        equal(await headers_of(app, origin), {ORIGIN: origin, "vary": "Origin"})
    for origin in (None, "https://c.example", "http://a.example", A + ":444", A + "/", "null",
                   A.upper(), A + ".evil", "a.example"):  # fmt: skip
        equal(await headers_of(app, origin), {"vary": "Origin"}, origin)


async def test_one_origin_is_a_list_of_one():
    app, cors = app_with(allowed_origins=A)
    equal(cors.allowed_origins, [A])
    equal(await headers_of(app, A), {ORIGIN: A, "vary": "Origin"})
    equal(await headers_of(app, "https://a"), {"vary": "Origin"})


async def test_all_origins():
    for origins in ("*", ["*"]):
        app, _ = app_with(allowed_origins=origins)
        equal(await headers_of(app, A), {ORIGIN: A, "vary": "Origin"})
        equal((await headers_of(app))[ORIGIN], "*")
    app, _ = app_with(allowed_origins="*")
    equal(await headers_of(app), {ORIGIN: "*"})


async def test_credentials_and_exposed_headers():
    app, _ = app_with(allowed_origins="*", allow_credentials=True, expose_headers=["X-A", "X-B"])
    equal(
        await headers_of(app, A),
        {
            ORIGIN: A,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "X-A, X-B",
            "vary": "Origin",
        },
    )


async def test_errors_carry_the_headers_too():
    app, _ = app_with(allowed_origins=[A])
    expected = {ORIGIN: A, "vary": "Origin"}
    for target, status in (("/none", 404), ("/abort", 418), ("/fail", 500)):
        equal((await ask(app, "GET", target, {"Origin": A})).status, status)
        equal(await headers_of(app, A, target=target), expected, target)
    equal((await ask(app, "DELETE", "/", {"Origin": A})).status, 405)
    equal(await headers_of(app, A, "DELETE"), expected)


async def test_the_answer_to_what_is_no_request():
    for origins, expected in (([A], None), ("*", "*"), (None, None)):
        app, _ = app_with(allowed_origins=origins)
        response = await app.dispatch_request(None)
        equal(response.status_code, 400)
        equal(response.headers.get("Access-Control-Allow-Origin"), expected)


async def test_another_vary_is_kept():
    app, _ = app_with(allowed_origins=[A])
    for before, after in (
        ("Cookie", "Cookie, Origin"),
        ("Cookie+Accept", "Cookie, Accept, Origin"),
        ("Cookie,origin", "Cookie,origin"),
        ("Origin", "Origin"),
        ("X-Origin", "X-Origin, Origin"),
        ("*", "*"),
    ):
        got = await headers_of(app, A, target="/vary/" + before)
        equal(got, {ORIGIN: A, "vary": after}, before)


async def test_by_hand():
    app, cors = app_with(allowed_origins=[A], handle_cors=False)
    equal(await headers_of(app, A), {})
    got = cors.get_cors_headers(await request(app, "GET", "/", {"Origin": A}))
    equal(got, {"Access-Control-Allow-Origin": A, "Vary": "Origin"})
    cors.initialize(app, handle_cors=False)
    equal(await headers_of(app, A), {})
    cors.initialize(app)
    equal((await headers_of(app, A))[ORIGIN], A)


async def test_without_an_application_at_first():
    app = Microdot()
    cors = CORS(allowed_origins="*")
    equal(await headers_of(app, A), {})
    cors.initialize(app)
    equal((await headers_of(app, A))[ORIGIN], A)
