"""microdot.app: error answers, and which handler makes them."""

from asyncio import CancelledError

from exchange import ask, request
from quiet import Quiet

from expect import equal, raises
from microdot import HTTPException, Microdot, Request, abort
from microdot.http import ProtocolError


class Base(Exception):
    pass


class Middle(Base):
    pass


class Leaf(Middle):
    pass


def raising(error):
    """An application whose ``/`` raises ``error``."""
    app = Microdot()

    @app.get("/")
    async def handler(request):
        raise error

    return app


async def answered(app, path="/", method="GET", **options):
    """(status, text) of the answer."""
    answer = await ask(app, method, path, **options)
    return answer.status, answer.text


async def test_the_texts_without_handlers():
    app = raising(ZeroDivisionError())
    app.post("/body")(lambda request: "x")
    app.get("/abort/<int:n>")(lambda request, n: abort(n))
    app.get("/reason")(lambda request: abort(403, "no way"))
    app.get("/json")(lambda request: abort(400, {"error": 1}))
    with Quiet() as printed:
        equal(await answered(app), (500, "Internal server error"))
    equal([type(error) for error in printed], [ZeroDivisionError])
    equal(await answered(app, "/none"), (404, "Not found"))
    equal(await answered(app, "/", "POST"), (405, "Not found"))
    equal(await answered(app, "/abort/404"), (404, "404 error"))
    equal(await answered(app, "/abort/599"), (599, "599 error"))
    equal(await answered(app, "/reason"), (403, "no way"))
    equal(await answered(app, "/json"), (400, '{"error": 1}'))
    response = await app.dispatch_request(None)
    equal((response.status_code, response.body), (400, b"Bad request"))


async def test_a_body_that_is_too_long_is_refused_before_routing():
    app = Microdot()
    seen = []
    app.post("/")(lambda request: "x")
    app.before_request(lambda request: seen.append("before"))
    limit = Request.max_content_length
    Request.max_content_length = 3
    try:
        equal(await answered(app, "/", "POST", body=b"123"), (200, "x"))
        equal(await answered(app, "/", "POST", body=b"1234"), (413, "Payload too large"))
        equal(await answered(app, "/none", "POST", body=b"1234"), (413, "Payload too large"))
        app.errorhandler(413)(lambda request: "handled")
        equal(await answered(app, "/", "POST", body=b"1234"), (200, "handled"))
    finally:
        Request.max_content_length = limit
    equal(seen, ["before"])


async def test_handlers_of_codes():
    app = raising(ZeroDivisionError())
    app.get("/abort")(lambda request: abort(418, "tea"))
    app.get("/status")(lambda request: 418)
    for code in (400, 404, 405, 418, 500):
        app.errorhandler(code)(lambda request, code=code: ("handled %d" % code, code))
    with Quiet() as printed:
        equal(await answered(app), (500, "handled 500"))
    equal(len(printed), 1)  # the traceback is printed although there is a handler
    equal(await answered(app, "/none"), (404, "handled 404"))
    equal(await answered(app, "/", "PUT"), (405, "handled 405"))
    equal((await ask(app, "PUT", "/")).headers["allow"], "GET, HEAD, OPTIONS")
    equal(await answered(app, "/abort"), (418, "handled 418"))
    equal(await answered(app, "/status"), (418, ""))  # returned, so no error
    equal((await app.dispatch_request(None)).body, b"handled 400")


async def test_what_error_handlers_return():
    for value, status, text in [
        ("text", 200, "text"),
        (("text", 404), 404, "text"),
        (("text", 404, {"X": "y"}), 404, "text"),
        (("text", {"X": "y"}), 200, "text"),
        ({"a": 1}, 200, '{"a": 1}'),
        (410, 410, ""),
        (None, 204, ""),
    ]:
        app = Microdot()
        app.errorhandler(404)(lambda request, value=value: value)
        equal(await answered(app), (status, text), repr(value))


async def test_the_400_handler_gets_no_request():
    app = Microdot()
    seen = []
    app.errorhandler(400)(lambda request: seen.append(request) or ("bad", 400))
    app.after_error_request(lambda request, response: seen.append(request))
    response = await app.dispatch_request(None)
    equal((response.status_code, seen), (400, [None, None]))


async def test_handlers_of_classes():
    app = raising(Leaf("why"))
    seen = []

    @app.errorhandler(Leaf)
    async def leaf(request, error):
        seen.append((request.path, error.args))
        return "leaf", 501

    app.errorhandler(Base)(lambda request, error: "base")
    app.errorhandler(500)(lambda request: "code")
    with Quiet() as printed:
        equal(await answered(app), (501, "leaf"))
    equal((seen, printed), ([("/", ("why",))], []))


async def test_the_nearest_class_is_asked():
    for classes, text in [
        ((Base, Middle, Exception), "Middle"),
        ((Exception, Base), "Base"),
        ((Exception,), "Exception"),
        ((ValueError, Leaf), "Leaf"),
    ]:
        app = raising(Leaf())
        for cls in classes:
            app.errorhandler(cls)(lambda request, error, name=cls.__name__: name)
        equal(await answered(app), (200, text), repr(classes))


async def test_builtin_exceptions_have_their_classes_too():
    for error, cls in [
        (ZeroDivisionError(), ArithmeticError),
        (KeyError("x"), LookupError),
        (IndexError(), Exception),
        (OSError(2), OSError),
        (UnicodeError(), ValueError),
    ]:
        app = raising(error)
        app.errorhandler(cls)(lambda request, error: "caught")
        equal(await answered(app), (200, "caught"), repr(error))


async def test_without_a_handler_for_the_class_that_of_500_is_asked():
    app = raising(Leaf())
    app.errorhandler(ValueError)(lambda request, error: "value")
    app.errorhandler(500)(lambda request: ("code", 500))
    with Quiet() as printed:
        equal(await answered(app), (500, "code"))
    equal(len(printed), 1)


async def test_a_handler_that_fails():
    def failing(*arguments):
        raise KeyError("in the handler")

    app = raising(Leaf())
    app.errorhandler(Leaf)(failing)
    app.errorhandler(404)(failing)
    with Quiet() as printed:
        equal(await answered(app), (500, "Internal server error"))
        equal(await answered(app, "/none"), (500, "Internal server error"))
    equal(len(printed), 2)
    app.errorhandler(500)(lambda request: ("code", 500))
    with Quiet():
        equal(await answered(app), (500, "code"))
        equal(await answered(app, "/none"), (500, "code"))
    app.errorhandler(500)(failing)
    with Quiet():
        equal(await answered(app), (500, "Internal server error"))
    app.after_error_request(failing)
    with Quiet():
        equal(await answered(app, "/none"), (500, "Internal server error"))


async def test_abort_is_for_handlers_of_its_number_only():
    app = Microdot()
    app.get("/")(lambda request: abort(403))
    app.errorhandler(HTTPException)(lambda request, error: "class")
    app.errorhandler(Exception)(lambda request, error: "any")
    equal(await answered(app), (403, "403 error"))
    app.errorhandler(403)(lambda request: ("number", 403))
    equal(await answered(app), (403, "number"))


async def test_abort_stops_hooks_too():
    app = Microdot()
    seen = []
    app.get("/")(lambda request: "route")
    app.before_request(lambda request: abort(401) if request.query_string else None)
    app.after_request(lambda request, response: seen.append("after"))
    app.after_error_request(lambda request, response: seen.append("error"))
    equal(await answered(app, "/?x"), (401, "401 error"))
    equal(seen, ["error"])
    equal(await answered(app, "/"), (200, "route"))
    app.after_request(lambda request, response: abort(402))
    equal(await answered(app, "/"), (402, "402 error"))


async def test_after_error_request_may_replace_the_response():
    app = Microdot()
    app.after_error_request(lambda request, response: None)
    app.after_error_request(lambda request, response: ("new", response.status_code + 6))
    equal(await answered(app), (410, "new"))


async def test_what_is_no_body_is_an_error_of_the_application():
    for value in (1.5, object(), (), ("x", "y"), (None, 200, 5)):
        app = Microdot()
        app.get("/")(lambda request, value=value: value)
        with Quiet() as printed:
            equal(await answered(app), (500, "Internal server error"), repr(value))
        equal(len(printed), 1)


async def test_the_client_s_mistakes_are_not_errors_of_the_application():
    app = Microdot()

    @app.post("/json")
    async def json(request):
        return request.json

    @app.post("/form")
    async def form(request):
        return request.form["a"]

    @app.post("/args")
    async def args(request):
        return str(request.args.get("n", type=int))

    @app.post("/caught")
    async def caught(request):
        try:
            return request.json
        except ValueError:
            return "caught"

    json_type = {"Content-Type": "application/json"}
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    with Quiet() as printed:
        for path, headers in [
            ("/json", json_type), ("/form", form_type), ("/args?n=%zz", {}), ("/args?n=one", {}),
        ]:  # fmt: skip
            status, text = await answered(app, path, "POST", headers=headers, body=b"{%zz")
            equal((status, text[:11]), (400, "Bad request"), path)
        equal(printed, [])
        app.errorhandler(400)(lambda request: ("handled", 400))
        options = {"headers": json_type, "body": b"{"}
        equal(await answered(app, "/json", "POST", **options), (400, "handled"))
        equal(await answered(app, "/caught", "POST", **options), (200, "caught"))
        equal(await answered(app, "/args?n=1", "POST"), (200, "1"))
        app.errorhandler(ValueError)(lambda request, error: ("value", 422))
        equal(await answered(app, "/json", "POST", **options), (422, "value"))
        equal(printed, [])


async def test_a_body_that_breaks_off_is_the_client_s_mistake():
    with Quiet() as printed:
        equal(await answered(raising(ProtocolError(413, "too much"))), (413, "too much"))
    equal(printed, [])


async def test_memory_errors_and_cancellation_are_the_server_s():
    for error in (MemoryError(), CancelledError()):
        app = raising(error)
        app.errorhandler(Exception)(lambda request, error: "caught")
        req = await request(app, "GET", "/")
        try:
            await app.dispatch_request(req)
        except BaseException as raised:
            assert raised is error, raised
        else:
            raise AssertionError("expected %r, got an answer" % error)


def test_http_exceptions():
    error = raises(HTTPException, abort, 404)
    equal((error.status_code, error.reason), (404, "404 error"))
    error = raises(HTTPException, Microdot.abort, 400, "why")
    equal((error.status_code, error.reason), (400, "why"))
    equal(raises(HTTPException, Microdot().abort, 400).status_code, 400)
