"""microdot.auth: error handlers, failures again and again."""

from exchange import ask, request
from quiet import Quiet
from test_auth import basic, bearer, site

from expect import equal
from microdot.app import Microdot
from microdot.auth import BasicAuth, TokenAuth
from microdot.request import make_request
from microdot.takeover import Origin


async def ask_from(app, address, headers):
    """The response to a request for / from ``address``."""
    head = (await request(app, "GET", "/", headers))._head
    return await app.dispatch_request(make_request(head, Origin(app, address and (address, 1))))


async def test_error_handlers():
    for auth in (BasicAuth(), TokenAuth()):
        app = site(auth)

        @auth.errorhandler
        async def refuse(request):
            return {"path": request.path}, 401, {"X-A": "b"}

        answer = await ask(app, "GET", "/")
        equal((answer.status, answer.text), (401, '{"path": "/"}'))
        equal(answer.headers["x-a"], "b")
        assert "www-authenticate" in answer.headers

        @auth.errorhandler
        def elsewhere(request):
            return "", 302, {"Location": "/login"}

        answer = await ask(app, "GET", "/")
        equal((answer.status, answer.headers["location"]), (302, "/login"))
        assert "www-authenticate" not in answer.headers


async def test_the_application_s_error_handler_answers_for_tokens():
    app = site(TokenAuth())

    @app.errorhandler(401)
    def denied(request):
        return "denied", 401

    answer = await ask(app, "GET", "/")
    equal((answer.status, answer.text), (401, "denied"))
    equal(answer.headers["www-authenticate"], "Bearer")
    outer = Microdot()
    outer.mount(app, "/app", local=True)
    equal((await ask(outer, "GET", "/app/")).text, "denied")


async def test_decorators_return_the_function():
    auth = BasicAuth()

    def verify(request, name, password):
        return name

    def refuse(request):
        return 401

    assert auth.authenticate(verify) is verify and auth.errorhandler(refuse) is refuse


async def test_users_that_are_false_are_nobody():
    for user in (None, False, "", 0):
        auth = TokenAuth()
        auth.authenticate(lambda request, token, user=user: user)
        app = Microdot()
        app.get("/")(auth(lambda request: "in"))
        app.get("/open")(auth.optional(lambda request: str(request.g.current_user)))
        equal((await ask(app, "GET", "/", bearer("a"))).status, 401)
        equal((await ask(app, "GET", "/open", bearer("a"))).text, "None")


async def test_a_mistake_in_the_function_lets_nobody_in():
    auth = TokenAuth()
    app = site(auth)

    @auth.authenticate
    def verify(request, token):
        raise KeyError(token)

    with Quiet() as errors:
        equal((await ask(app, "GET", "/", bearer("a"))).status, 500)
    equal(len(errors), 1)


async def test_after_too_many_failures_a_client_has_to_wait():
    for auth, wrong, right in (
        (BasicAuth(), basic("a:wrong"), basic("a:b")),
        (TokenAuth(), bearer("wrong"), bearer("b")),
    ):
        auth.max_failures = 3
        app = site(auth)
        for _ in range(3):
            equal((await ask_from(app, "1.1.1.1", wrong)).status_code, 401)
        for headers in (wrong, right):
            response = await ask_from(app, "1.1.1.1", headers)
            equal((response.status_code, response.body), (429, b"Too many attempts"))
            assert 1 <= int(response.headers["Retry-After"]) <= 60
        # Others, and who says nothing, are not concerned.
        equal((await ask_from(app, "1.1.1.2", right)).status_code, 200)
        equal((await ask_from(app, "1.1.1.1", {})).status_code, 401)
        equal((await ask(app, "GET", "/open/1", right)).status, 200)


async def test_a_client_that_is_right_begins_anew():
    auth = BasicAuth()
    auth.max_failures = 3
    app = site(auth)
    for _ in range(4):
        for _ in range(2):
            equal((await ask_from(app, "1.1.1.1", basic("a:wrong"))).status_code, 401)
        equal((await ask_from(app, "1.1.1.1", basic("a:b"))).status_code, 200)


async def test_what_is_no_credentials_is_no_attempt():
    auth = BasicAuth()
    auth.max_failures = 1
    app = site(auth)
    for _ in range(3):
        equal((await ask_from(app, None, {"Authorization": "Basic !"})).status_code, 401)
    equal((await ask_from(app, None, basic("a:b"))).status_code, 200)


async def test_no_limit():
    auth = BasicAuth()
    auth.max_failures = 0
    app = site(auth)
    for _ in range(30):
        equal((await ask_from(app, "1.1.1.1", basic("a:wrong"))).status_code, 401)


async def test_clients_behind_a_proxy_can_be_told_apart():
    class Behind(BasicAuth):
        max_failures = 1

        def client(self, request):
            return request.headers.get("X-Real-IP")

    app = site(Behind())
    wrong = basic("a:wrong")
    for address, status in (("a", 401), ("a", 429), ("b", 401), ("a", 429), ("b", 429)):
        wrong["X-Real-IP"] = address
        equal((await ask_from(app, "1.1.1.1", wrong)).status_code, status)
