"""microdot.asgi with scopes and messages made by hand."""

import asyncio

import pytest
from asgi_exchange import GONE, Server, body, call, scope
from quiet import Quiet

from microdot.asgi import Microdot, Request, Response, abort, redirect, send_file


def application():
    app = Microdot()

    @app.route("/")
    async def index(request):
        return "Hello, World!"

    @app.route("/show/<path:rest>", methods=["GET", "POST", "QUERY"])
    async def show(request, rest):
        return {
            "rest": rest,
            "method": request.method,
            "url": request.url,
            "path": request.path,
            "query": request.query_string,
            "version": request.http_version,
            "scheme": request.scheme,
            "client": request.client_addr,
            "cookies": request.cookies,
            "headers": dict(request.headers.items()),
            "body": request.body.decode(),
        }

    @app.post("/size")
    async def size(request):
        sizes = []
        while True:
            piece = await request.stream.read(1000)
            if not piece:
                return {"sizes": sizes, "body": len(request.body)}
            sizes.append(len(piece))

    @app.post("/json")
    def json(request):
        return {"json": request.json}

    return app


def shown(*args, received=(), **others):
    import json

    server = call(application(), scope(*args, **others), received)
    assert server.status == 200, server.body
    return json.loads(server.body)


def test_a_plain_answer():
    server = call(application(), scope())
    assert server.sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/plain; charset=UTF-8"),
                (b"content-length", b"13"),
            ],
        },
        {"type": "http.response.body", "body": b"Hello, World!"},
    ]


def test_the_default_content_type_may_change(monkeypatch):
    app = application()
    assert call(app, scope()).headers["content-type"] == "text/plain; charset=UTF-8"
    monkeypatch.setattr(Response, "default_content_type", "text/html")
    assert call(app, scope()).headers["content-type"] == "text/html; charset=UTF-8"


def test_what_a_request_says():
    headers = [(b"x-a", b"1"), (b"x-a", b"\xc3\xa4"), (b"cookie", b"a=b"), (b"cookie", b"c=d")]
    got = shown("QUERY", "/show/x", headers, b"a=b&c", scheme="https", http_version="1.0")
    assert got == {
        "rest": "x",
        "method": "QUERY",
        "url": "/show/x?a=b&c",
        "path": "/show/x",
        "query": "a=b&c",
        "version": "1.0",
        "scheme": "https",
        "client": ["127.0.0.1", 50000],
        "cookies": {"a": "b", "c": "d"},
        "headers": {"host": "test", "x-a": "ä", "cookie": "a=b; c=d"},
        "body": "",
    }
    assert shown("GET", "/show/x", client=None)["client"] is None
    assert shown("GET", "/show/x", query_string=None)["query"] is None


def test_the_scope_is_the_handler_s():
    app = Microdot()

    @app.get("/")
    async def index(request):
        return str(request.asgi_scope is given)

    given = scope()
    assert call(app, given).body == b"True"


# (path, raw_path, root_path, the path that is routed)
PATHS = (
    ("/show/ä b", b"/show/%C3%A4%20b", "", "/show/%C3%A4%20b"),
    ("/show/a/b", b"/show/a%2Fb", "", "/show/a%2Fb"),
    ("/show/ä", None, "", "/show/%C3%A4"),
    ("/show/100%", None, "", "/show/100%25"),
    ("/show/new", b"/old", "", "/show/new"),
    ("/show/a", b"/show/a?query", "", "/show/a"),
    ("/api/show/a", b"/api/show/a", "/api", "/show/a"),
    ("/api/show/a", b"/api/show/a", "/api/", "/show/a"),
    ("/ä/show/a", b"/%C3%A4/show/a", "/ä", "/show/a"),
    ("/show/a", b"/show/a", "/api", "/show/a"),
    ("/show/a", b"/api/show/a", "/api", "/show/a"),
    ("/show/api", b"/show/api", "/sh", "/show/api"),
)


@pytest.mark.parametrize("path, raw, root, expected", PATHS)
def test_paths(path, raw, root, expected):
    assert shown("GET", path, raw_path=raw, root_path=root)["path"] == expected


def test_the_prefix_itself_is_the_root():
    server = call(application(), scope("GET", "/api", root_path="/api"))
    assert server.body == b"Hello, World!"


def test_head_has_the_headers_of_get():
    server = call(application(), scope("HEAD"))
    assert server.headers["content-length"] == "13"
    assert server.body == b""
    server = call(application(), scope("HEAD", "/none"))
    assert (server.status, server.headers["content-length"], server.body) == (404, "9", b"")


def length(size):
    return [(b"content-length", str(size).encode())]


CHUNKED = [(b"transfer-encoding", b"chunked")]


def test_bodies_are_loaded_or_streamed():
    got = shown("POST", "/show/x", length(5), received=body(b"ab", b"", b"cde"))
    assert got["body"] == "abcde"
    got = shown("POST", "/show/x", CHUNKED, received=body(b"ab", b"cde", b""))
    assert got["body"] == "abcde"
    got = shown("POST", "/show/x", http_version="2", received=body(b"abc"))
    assert got["body"] == "abc"
    assert shown("GET", "/show/x", http_version="2", received=body())["body"] == ""
    # Nothing is asked of the server where there is no body.
    assert shown("GET", "/show/x")["body"] == ""
    assert shown("POST", "/show/x", length(0))["body"] == ""


@pytest.mark.parametrize("headers", [length(2500), CHUNKED])
def test_long_bodies_are_streamed(headers, monkeypatch):
    monkeypatch.setattr(Request, "max_body_length", 2000)
    pieces = (b"x" * 1200, b"y" * 1200, b"z" * 100)
    got = shown("POST", "/size", headers, received=body(*pieces))
    assert sum(got["sizes"]) == 2500 and got["body"] == 0
    monkeypatch.setattr(Request, "max_body_length", 2500)
    assert shown("POST", "/size", headers, received=body(*pieces))["body"] == 2500


# Bad requests: (method, path, headers, messages, status, text of the answer).
BAD = (
    ("GET", "a", [], [], 400, b"bad request target"),
    ("GET", "", [], [], 400, b"bad request target"),
    ("GET", "/a b", [], [], 400, b"bad request target"),
    ("GET", "/none", [], [], 404, b"Not found"),
    ("DELETE", "/", [], [], 405, b"Not found"),
    ("POST", "/size", length("x"), [], 400, b"bad Content-Length"),
    ("POST", "/size", length("-1"), [], 400, b"bad Content-Length"),
    ("POST", "/size", length("+1"), [], 400, b"bad Content-Length"),
    ("POST", "/size", length("\u0661"), [], 400, b"bad Content-Length"),
    ("POST", "/size", length(""), [], 400, b"bad Content-Length"),
    ("POST", "/size", length("9" * 16), [], 413, b"Content-Length out of range"),
    ("POST", "/size", length(1) * 2, [], 400, b"repeated Content-Length"),
    ("POST", "/size", length(1) + CHUNKED, [], 400, b"Content-Length beside Transfer-Encoding"),
    ("POST", "/size", length(16385), [], 413, b"Payload too large"),
    ("POST", "/size", CHUNKED, body(b"x" * 16385), 413, b"Payload too large"),
    ("POST", "/size", length(5), body(b"abc"), 400, b"expected 5 bytes of body, got 3"),
    ("POST", "/size", length(5), body(b"abcdef"), 400, b"expected 5 bytes of body, got 6"),
    ("POST", "/size", length(5), [GONE], 400, b"the connection ended inside the body"),
    ("POST", "/size", length(5), [*body(b"abc", more=True), GONE], 400,
     b"the connection ended inside the body"),
)  # fmt: skip


@pytest.mark.parametrize("method, path, headers, messages, status, text", BAD)
def test_bad_requests(method, path, headers, messages, status, text):
    given = scope(method, path, headers)
    server = call(application(), given, messages)
    assert (server.status, server.body) == (status, text)


@pytest.mark.parametrize("target", [b"/\xc3\xa4", b"/a b", b"/a#b", b"/a\tb", b"/\x7f"])
def test_a_query_that_is_no_part_of_a_target(target):
    server = call(application(), scope("GET", "/", query=target))
    assert (server.status, server.body) == (400, b"bad request target")


def test_malformed_json_and_queries_are_the_client_s_mistake():
    headers = [*length(1), (b"content-type", b"application/json")]
    server = call(application(), scope("POST", "/json", headers), body(b"{"))
    assert server.status == 400 and server.body.startswith(b"Bad request: invalid JSON")


def test_a_bad_request_has_an_error_handler():
    app = application()

    @app.errorhandler(400)
    async def bad(request):
        return "mine: %s" % request, 400

    assert call(app, scope("GET", "a")).body == b"mine: None"


def test_a_client_that_leaves_a_streamed_body(monkeypatch):
    monkeypatch.setattr(Request, "max_body_length", 10)
    given = scope("POST", "/size", length(50))
    server = call(application(), given, [*body(b"x" * 20, more=True), GONE])
    assert (server.status, server.body) == (400, b"the connection ended inside the body")


def answer(value, **others):
    app = Microdot()

    @app.get("/")
    async def index(request):
        return value

    return call(app, scope(**others))


def test_answers():
    assert answer(None).status == 204
    server = answer(({"a": 1}, 201, {"X-A": ["1", "2"], "Content-Length": "99"}))
    assert sorted(server.sent[0]["headers"]) == [
        (b"content-length", b"8"),
        (b"content-type", b"application/json; charset=UTF-8"),
        (b"x-a", b"1"),
        (b"x-a", b"2"),
    ]
    assert server.body == b'{"a": 1}'
    server = answer(redirect("/x"))
    assert (server.status, server.headers["location"]) == (302, "/x")
    server = answer(("", 304, {"ETag": '"a"'}))
    assert server.status == 304 and server.body == b""


def test_files(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"x" * 5000)
    path = str(tmp_path / "a.txt")
    server = answer(send_file(path))
    assert server.headers["content-length"] == "5000" and len(server.body) == 5000
    assert server.headers["content-type"].startswith("text/plain; charset=")
    server = answer(send_file(path), headers=[(b"range", b"bytes=10-19")])
    assert (server.status, len(server.body)) == (206, 10)
    server = answer(send_file(path), method="HEAD")
    assert (server.headers["content-length"], server.body) == ("5000", b"")


@pytest.mark.parametrize("headers", [{"A": "b\r\nC: d"}, {"A\n": "b"}, {"A B": "c"}])
def test_a_header_that_cannot_be_sent(headers):
    for value in ("a", iter(("a", "b"))):
        server = answer((value, 200, headers))
        assert (server.status, server.body) == (500, b"Internal server error")


def test_an_error_of_the_handler(capfd):
    app = Microdot()

    @app.get("/")
    def index(request):
        return 1 / 0

    @app.get("/abort")
    async def stop(request):
        abort(418, "teapot")

    server = call(app, scope())
    assert (server.status, server.body) == (500, b"Internal server error")
    assert "ZeroDivisionError" in capfd.readouterr().err
    server = call(app, scope("GET", "/abort"))
    assert (server.status, server.body) == (418, b"teapot")


def test_a_handler_that_has_answered_by_itself_sends_nothing():
    assert answer(Response.already_handled).sent == []


def test_an_object_returned_again_and_again():
    app = Microdot()
    response = Response("abc", headers={"A": "b"})

    @app.errorhandler(404)
    async def missing(request):
        return response

    @app.errorhandler(400)
    async def bad(request):
        return response

    assert call(app, scope("HEAD", "bad")).body == b""
    assert call(app, scope("GET", "bad")).body == b"abc"
    assert call(app, scope("HEAD", "/none")).body == b""
    assert call(app, scope("GET", "/none")).body == b"abc"


def test_a_plain_handler_runs_in_a_thread():
    import threading

    app = Microdot()

    @app.get("/")
    def index(request):
        return str(threading.current_thread() is threading.main_thread())

    assert call(app, scope()).body == b"False"


def test_hooks_and_middleware():
    app = application()

    @app.before_request
    async def before(request):
        request.g.seen = request.asgi_scope["path"]

    @app.after_request
    async def after(request, response):
        response.headers["X-Seen"] = request.g.seen

    wrapped = app.asgi_app

    async def middleware(scope, receive, send):
        scope.update(path="/", raw_path=b"/")
        await wrapped(scope, receive, send)

    app.asgi_app = middleware
    assert call(app, scope("GET", "/old")).headers["x-seen"] == "/"


def test_other_scopes_are_refused():
    with pytest.raises(ValueError, match="expected http, websocket or lifespan as scope, got 'x'"):
        call(application(), scope(type="x"))


def test_a_client_that_left_before_the_answer():
    async def run():
        server = Server()
        server.fails = OSError("gone")
        await application()(scope(), server.receive, server.send)
        return server.sent

    assert asyncio.run(run()) == []


def test_there_is_no_connection_to_take_over():
    app = Microdot()

    @app.get("/")
    async def index(request):
        assert request.sock is None
        request.take_over()

    with Quiet() as errors:
        assert call(app, scope()).status == 500
    assert "expected a connection" in str(errors[0])
