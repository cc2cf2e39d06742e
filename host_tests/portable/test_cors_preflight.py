"""microdot.cors: what browsers ask before they send a request."""

from exchange import ask

from expect import equal
from microdot.app import Microdot
from microdot.cors import CORS

A = "https://a.example"
METHODS = "access-control-allow-methods"
HEADERS = "access-control-allow-headers"
AGE = "access-control-max-age"


async def preflight(options, method=None, names=None, origin=A, app=None):
    """The answer to a preflight request, where CORS has these ``options``."""
    if app is None:
        app = Microdot()
        app.put("/")(lambda request: "put")
    CORS(app, allowed_origins=[A], **options)
    headers = {"Origin": origin}
    if method is not None:
        headers["Access-Control-Request-Method"] = method
    if names is not None:
        headers["Access-Control-Request-Headers"] = names
    return await ask(app, "OPTIONS", "/", headers)


async def test_methods():
    for allowed, asked, expected in (
        (None, "PUT", "PUT"),
        (None, None, None),
        (None, "", None),
        (["PUT", "POST"], "PUT", "PUT"),
        (["put"], "PUT", "PUT"),
        (["PUT"], "put", "put"),
        (["PUT"], "POST", None),
        (["PUT"], "PUT, POST", None),
        ([], "PUT", None),
    ):
        answer = await preflight({"allowed_methods": allowed}, asked)
        equal(answer.status, 200)
        equal(answer.headers["allow"], "PUT, OPTIONS")
        equal(answer.headers.get(METHODS), expected, (allowed, asked))


async def test_headers():
    for allowed, asked, expected in (
        (None, "X-A", "X-A"),
        (None, "X-A,x-b ,  X-C", "X-A, x-b, X-C"),
        (None, None, None),
        (None, " , ,", None),
        (["x-a"], "X-A, X-B", "X-A"),
        (["X-A", "X-B"], "x-b,x-a", "x-b, x-a"),
        (["X-A"], "X-B", None),
        ([], "X-A", None),
    ):
        answer = await preflight({"allowed_headers": allowed}, "PUT", asked)
        equal(answer.headers.get(HEADERS), expected, (allowed, asked))


async def test_max_age():
    for age, expected in ((None, None), (0, "0"), (600, "600")):
        equal((await preflight({"max_age": age}, "PUT")).headers.get(AGE), expected)


async def test_only_preflight_requests_are_told_of_methods():
    app = Microdot()
    app.put("/")(lambda request: "put")
    await preflight({"max_age": 5}, "PUT", "X-A", app=app)
    headers = {"Origin": A, "Access-Control-Request-Method": "PUT"}
    answer = await ask(app, "PUT", "/", headers)
    equal(answer.text, "put")
    assert METHODS not in answer.headers and AGE not in answer.headers


async def test_other_origins_are_told_nothing():
    answer = await preflight({"max_age": 5}, "PUT", "X-A", "https://b.example")
    equal(answer.headers["vary"], "Origin")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_a_route_can_answer_options_itself():
    app = Microdot()
    app.options_handler = None

    @app.route("/", methods=["OPTIONS"])
    async def options(request):
        return "mine", {"Allow": "PUT"}

    answer = await preflight({}, "PUT", app=app)
    equal(answer.text, "mine")
    equal(answer.headers[METHODS], "PUT")
    equal(answer.headers["access-control-allow-origin"], A)
