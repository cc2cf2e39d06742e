"""microdot.csrf: requests that another site's page has sent."""

from exchange import ask

from expect import equal
from microdot.app import Microdot
from microdot.cors import CORS
from microdot.csrf import CSRF
from microdot.helpers import wraps

# The requests go to the host "test". Headers, and whether a POST gets through: by default, with
# allow_subdomains, with a CORS object that allows https://friend.
SITE = "Sec-Fetch-Site"
CASES = (
    ({}, True, True, True),
    ({SITE: "same-origin"}, True, True, True),
    ({SITE: "none"}, True, True, True),
    ({SITE: "same-site"}, False, True, False),
    ({SITE: "cross-site"}, False, False, False),
    ({SITE: ""}, False, False, False),
    ({SITE: "nonsense"}, False, False, False),
    ({SITE: "Same-Origin"}, False, False, False),
    ({SITE: "cross-site", "Origin": "https://friend"}, False, False, True),
    ({SITE: "cross-site", "Origin": "http://test"}, False, False, False),
    ({SITE: "same-site", "Origin": "http://a.test"}, False, True, False),
    ({SITE: "same-origin", "Origin": "null"}, True, True, True),
    ({SITE: "cross-site", "Origin": "null"}, False, False, False),
    ({"Origin": "http://test"}, True, True, True),
    ({"Origin": "https://test"}, True, True, True),
    ({"Origin": "HTTP://TEST"}, True, True, True),
    ({"Origin": "http://test:81"}, False, False, False),
    ({"Origin": "http://a.test"}, False, True, False),
    ({"Origin": "http://a.test:81"}, False, True, False),
    ({"Origin": "http://atest"}, False, False, False),
    ({"Origin": "http://test.evil"}, False, False, False),
    ({"Origin": "http://evil"}, False, False, False),
    ({"Origin": "http://evil/test"}, False, False, False),
    ({"Origin": "null"}, False, False, False),
    ({"Origin": ""}, False, False, False),
    ({"Origin": "test"}, False, False, False),
    ({"Origin": "://"}, False, False, False),
    ({"Origin": "https://friend"}, False, False, True),
    ({"Origin": "http://friend"}, False, False, False),
    ({"Origin": "https://friend.evil"}, False, False, False),
    ({"Origin": "*"}, False, False, False),
)
EVIL = {"Origin": "http://evil"}


def app_with(**options):
    app = Microdot()
    csrf = CSRF(app, **options)

    @app.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "QUERY"])
    async def index(request):
        return "done"

    return app, csrf


async def test_where_requests_may_come_from():
    friends = CORS(allowed_origins=["https://friend", "null"])
    for column, options in enumerate(({}, {"allow_subdomains": True}, {"cors": friends})):
        app, _ = app_with(**options)
        for case in CASES:
            answer = await ask(app, "POST", "/", case[0])
            expected = (200, "done") if case[1 + column] else (403, "Forbidden")
            equal((answer.status, answer.text), expected, (options, case[0]))


async def test_methods_that_only_read_are_not_checked():
    app, _ = app_with()
    for method in ("GET", "HEAD", "OPTIONS"):
        equal((await ask(app, method, "/", EVIL)).status, 200, method)
    for method in ("POST", "PUT", "PATCH", "DELETE", "QUERY"):
        equal((await ask(app, method, "/", EVIL)).status, 403, method)


async def test_allowing_all_origins_does_not_mean_this():
    app, _ = app_with(cors=CORS(allowed_origins="*"))
    equal((await ask(app, "POST", "/", EVIL)).status, 403)


async def test_a_cors_object_is_kept_until_there_is_an_application():
    cors = CORS(allowed_origins=["http://evil"])
    for first, then in ((cors, None), (None, cors)):
        app = Microdot()
        csrf = CSRF(cors=first)
        csrf.initialize(app, then)
        app.post("/")(lambda request: "done")
        equal((await ask(app, "POST", "/", EVIL)).status, 200)
        equal((await ask(app, "POST", "/", {"Origin": "http://worse"})).status, 403)


async def test_refusals_carry_the_headers_of_cors():
    app, _ = app_with()
    CORS(app, allowed_origins=["http://evil"])
    answer = await ask(app, "POST", "/", EVIL)
    equal(answer.status, 403)
    equal(answer.headers["access-control-allow-origin"], "http://evil")


async def test_exempt_below_and_above_the_route():
    app, csrf = app_with()

    @app.post("/below")
    @csrf.exempt
    async def below(request):
        return "below"

    @csrf.exempt
    @app.post("/above")
    def above(request):
        return "above"

    equal((await ask(app, "POST", "/below", EVIL)).text, "below")
    equal((await ask(app, "POST", "/above", EVIL)).text, "above")
    equal((await ask(app, "POST", "/", EVIL)).status, 403)


def decorator(f):
    @wraps(f)
    async def wrapper(request, *args, **kwargs):
        return await f(request, *args, **kwargs)

    return wrapper


async def test_protect_anywhere():
    app, csrf = app_with(protect_all=False)

    @app.post("/below/<int:n>")
    @csrf.protect
    async def below(request, n):
        return "below %d" % n

    @csrf.protect
    @app.post("/above")
    async def above(request):
        return "above"

    @app.post("/between")
    @decorator
    @csrf.protect
    async def between(request):
        return "between"

    @app.post("/plain")
    @csrf.protect
    def plain(request):
        return "plain"

    for path in ("below/5", "above", "between", "plain"):
        answer = await ask(app, "POST", "/" + path, EVIL)
        equal((answer.status, answer.text), (403, "Forbidden"), path)
        answer = await ask(app, "POST", "/" + path, {"Origin": "http://test"})
        equal(answer.text, path.replace("/", " "))
    equal((await ask(app, "POST", "/", EVIL)).text, "done")
