"""microdot.app: routes, methods and hooks, by requests to an application."""

from exchange import ask, request

from expect import equal, raises
from microdot import Microdot, Request, Response, URLPattern, abort


def answering(text):
    """A handler that answers with ``text``."""

    async def handler(request):
        return text

    return handler


def recording(seen, name, value=None):
    """A hook that notes ``name`` in ``seen`` and returns ``value``."""

    async def hook(*arguments):
        seen.append(name)
        return value

    return hook


async def test_every_method_has_its_decorator():
    app = Microdot()
    for method in ("get", "post", "put", "patch", "delete", "query"):
        handler = answering(method)
        assert getattr(app, method)("/x")(handler) is handler
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "QUERY"):
        equal((await ask(app, method, "/x")).text, method.lower())
    equal((await ask(app, "TRACE", "/x")).status, 405)


async def test_route_names_its_methods():
    app = Microdot()
    app.route("/plain")(answering("plain"))
    app.route("/both", methods=["get", "Post"])(answering("both"))
    equal((await ask(app, "GET", "/plain")).text, "plain")
    equal((await ask(app, "POST", "/plain")).status, 405)
    equal((await ask(app, "GET", "/both")).text, "both")
    equal((await ask(app, "POST", "/both")).text, "both")


async def test_one_function_may_have_many_routes_and_one_path_many_functions():
    app = Microdot()

    @app.get("/a")
    @app.get("/b/<int:n>")
    @app.post("/a")
    async def handler(request, n=7):
        return str(n)

    app.put("/a")(answering("put"))
    app.get("/a")(answering("second"))
    equal((await ask(app, "GET", "/a")).text, "7")
    equal((await ask(app, "POST", "/a")).text, "7")
    equal((await ask(app, "GET", "/b/9")).text, "9")
    equal((await ask(app, "PUT", "/a")).text, "put")
    equal(len(app.url_map), 5)


async def test_arguments_of_the_path_are_keyword_arguments():
    app = Microdot()

    @app.get("/<name>/<int:n>/<path:rest>")
    async def handler(request, rest, name, n):
        equal(request.url_args, {"name": name, "n": n, "rest": rest})
        assert request.route is handler
        return [name, n, rest]

    equal((await ask(app, "GET", "/a%20b/-3/x/y?z=1")).text, '["a b", -3, "x/y"]')


async def test_plain_functions_are_handlers_and_hooks_too():
    app = Microdot()
    seen = []
    app.before_request(lambda request: seen.append("before"))
    app.after_request(lambda request, response: seen.append("after"))
    app.get("/")(lambda request: ("plain", 201))
    app.get("/fail")(lambda request: abort(400))
    app.errorhandler(400)(lambda request: ("handled", 400))
    app.after_error_request(lambda request, response: seen.append("after_error"))
    answer = await ask(app, "GET", "/")
    equal((answer.status, answer.text), (201, "plain"))
    equal((await ask(app, "GET", "/fail")).text, "handled")
    equal(seen, ["before", "after", "before", "after_error"])


async def test_head_is_get_without_the_body():
    app = Microdot()
    seen = []

    @app.get("/x")
    async def handler(request):
        seen.append(request.method)
        return "four"

    head = await ask(app, "HEAD", "/x")
    equal((head.status, head.body, head.headers["content-length"]), (200, b"", "4"))
    equal(seen, ["HEAD"])
    equal((await ask(app, "HEAD", "/none")).body, b"")
    assert head.response.is_head


async def test_head_may_have_a_route_of_its_own():
    app = Microdot()
    app.route("/x", methods=["HEAD"])(lambda request: ("", 200, {"X-Own": "1"}))
    equal((await ask(app, "HEAD", "/x")).headers["x-own"], "1")
    equal((await ask(app, "GET", "/x")).headers["allow"], "HEAD, OPTIONS")


async def test_a_response_that_is_returned_again_is_not_a_head_for_ever():
    app = Microdot()
    response = Response("again")
    app.get("/x")(lambda request: response)
    equal((await ask(app, "HEAD", "/x")).body, b"")
    equal((await ask(app, "GET", "/x")).body, b"again")


async def test_options_are_answered_for_every_path():
    app = Microdot()
    app.route("/x", methods=["GET", "POST"])(answering("x"))
    app.put("/<y>")(answering("y"))
    seen = []
    app.before_request(recording(seen, "before"))
    app.after_error_request(recording(seen, "after_error"))
    for path, allow in [
        ("/x", "GET, POST, PUT, HEAD, OPTIONS"),
        ("/other", "PUT, OPTIONS"),
        ("/not/there", "OPTIONS"),
        ("*", "OPTIONS"),
    ]:
        answer = await ask(app, "OPTIONS", path)
        equal((answer.status, answer.body, answer.headers["allow"]), (200, b"", allow), path)
    equal(seen, ["after_error"] * 4)


async def test_options_can_be_the_application_s_own():
    app = Microdot()
    app.route("/x", methods=["GET", "OPTIONS"])(lambda request: request.method)
    app.options_handler = None
    equal((await ask(app, "OPTIONS", "/x")).text, "OPTIONS")
    equal((await ask(app, "OPTIONS", "/y")).status, 404)
    equal((await ask(app, "PUT", "/x")).headers["allow"], "GET, OPTIONS, HEAD")
    app.options_handler = lambda request: {"Allow": "ANYTHING", "X": "y"}
    answer = await ask(app, "OPTIONS", "/y")
    equal((answer.headers["allow"], answer.headers["x"]), ("ANYTHING", "y"))
    app.options_handler = lambda request: ("text", 202)
    equal((await ask(app, "OPTIONS", "/y")).text, "text")


async def test_hooks_run_in_order_around_the_route():
    app = Microdot()
    seen = []
    app.before_request(recording(seen, "before 1"))
    app.before_request(recording(seen, "before 2"))
    app.after_request(recording(seen, "after 1"))
    app.after_request(recording(seen, "after 2"))
    app.after_error_request(recording(seen, "after_error"))

    @app.get("/")
    async def handler(request):
        seen.append("route")
        request.after_request(recording(seen, "request 1"))
        request.after_request(recording(seen, "request 2"))
        return "x", 404  # a status that is returned is no error

    await ask(app, "GET", "/")
    expected = "before 1,before 2,route,after 1,after 2,request 1,request 2"
    equal(",".join(seen), expected)
    seen.clear()
    for method, path in (("GET", "/none"), ("POST", "/"), ("OPTIONS", "/")):
        await ask(app, method, path)
    equal(seen, ["after_error"] * 3)


async def test_what_before_request_returns():
    for value, text in [
        ("x", "x"), ("", ""), ([], "[]"), ({}, "{}"), (["a"], '["a"]'), (None, "route"),
        (("x", 202), "x"), (Response("y"), "y"),
    ]:  # fmt: skip
        app = Microdot()
        app.before_request(recording([], "hook", value))
        app.get("/")(answering("route"))
        equal((await ask(app, "GET", "/")).text, text, repr(value))


async def test_a_truthy_value_ends_the_chain_and_after_hooks_still_run():
    app = Microdot()
    seen = []
    app.before_request(recording(seen, "first", ""))  # falsy: the next one is asked
    app.before_request(recording(seen, "second", ("stop", 401)))
    app.before_request(recording(seen, "third"))
    app.after_request(recording(seen, "after"))
    app.get("/")(recording(seen, "route", "x"))
    answer = await ask(app, "GET", "/")
    equal((answer.status, answer.text, seen), (401, "stop", ["first", "second", "after"]))


async def test_after_request_may_change_or_replace_the_response():
    app = Microdot()

    @app.after_request
    async def change(request, response):
        response.headers["X-Seen"] = request.path

    app.after_request(lambda request, response: "" if request.path == "/" else ("new", 202))

    @app.get("/<path:p>")
    @app.get("/")
    async def handler(request, p=""):
        @request.after_request
        async def own(request, response):
            response.set_cookie("a", "b")
            return response

        return "old"

    answer = await ask(app, "GET", "/")
    equal((answer.text, answer.headers["x-seen"]), ("old", "/"))
    equal(answer.headers["set-cookie"], "a=b")
    answer = await ask(app, "GET", "/x")
    equal((answer.status, answer.text, answer.headers["set-cookie"]), (202, "new", "a=b"))


async def test_g_goes_from_hook_to_handler_and_no_further():
    app = Microdot()

    @app.before_request
    async def before(request):
        assert not hasattr(request.g, "user")
        request.g.user = request.args["user"]

    app.get("/")(lambda request: request.g.user)
    equal((await ask(app, "GET", "/?user=a")).text, "a")
    equal((await ask(app, "GET", "/?user=b")).text, "b")


async def test_a_handler_that_has_answered_itself():
    app = Microdot()
    app.after_request(lambda request, response: response.set_cookie("a", "b"))
    app.get("/")(lambda request: Response.already_handled)
    for _ in range(2):
        response = await app.dispatch_request(await request(app, "GET", "/"))
        assert response is Response.already_handled
        equal(len(response.headers), 0)


def test_the_documented_names():
    import microdot

    for name in ("AsyncBytesIO", "iscoroutine", "redirect", "send_file", "abort", "__version__"):
        assert hasattr(microdot, name), name
    raises(AttributeError, getattr, microdot, "nothing_of_that_name")
    from microdot import microdot as core

    for name in core.__all__:
        assert hasattr(core, name), name
    assert core.Microdot is Microdot and core.Request is Request and core.URLPattern is URLPattern
