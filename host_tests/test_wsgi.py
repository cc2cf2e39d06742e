"""microdot.wsgi with environs made by hand."""

import asyncio
import io
import threading
from wsgiref.validate import validator

import pytest
from pieces import Pieces
from quiet import Quiet

from microdot import wsgi_connection
from microdot.wsgi import Microdot, Request, Response, redirect, send_file


def environ(method="GET", path="/", body=None, **others):
    """An environ as gunicorn makes it; ``others`` replace or add keys, None removes one."""
    made = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "test",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50000",
        "HTTP_HOST": "test",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body or b""),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if body is not None:
        made["CONTENT_LENGTH"] = str(len(body))
    made.update(others)
    return {key: value for key, value in made.items() if value is not None}


class Answer:
    """What a server gets of ``app``: ``status`` (int), ``line``, ``headers`` (dict), ``body``."""

    def __init__(self, app, given, take=None):
        def start_response(line, headers, exc_info=None):
            self.line = line
            self.lines = headers
            self.headers = dict(headers)
            return lambda data: None

        self.pieces = []
        iterable = app(given, start_response)
        try:
            for piece in iterable:
                self.pieces.append(piece)
                if len(self.pieces) == take:
                    break
        finally:
            if hasattr(iterable, "close"):
                iterable.close()
        self.status = int(self.line.split(" ")[0])
        self.body = b"".join(self.pieces)


def application():
    app = Microdot()

    @app.route("/")
    async def index(request):
        return "Hello, World!"

    @app.route("/show/<path:rest>", methods=["GET", "POST"])
    async def show(request, rest):
        return {
            "method": request.method,
            "url": request.url,
            "query": request.query_string,
            "version": request.http_version,
            "scheme": request.scheme,
            "client": request.client_addr,
            "headers": dict(request.headers.items()),
            "body": request.body.decode(),
        }

    @app.post("/size")
    async def size(request):
        size = 0
        while True:
            piece = await request.stream.read(1000)
            if not piece:
                return {"size": size, "body": len(request.body)}
            size += len(piece)

    @app.post("/json")
    def json(request):
        return {"json": request.json}

    return app


def shown(*args, **others):
    import json

    answer = Answer(application(), environ(*args, **others))
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def test_a_plain_answer():
    answer = Answer(application(), environ())
    assert answer.line == "200 OK"
    assert answer.lines == [
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Length", "13"),
    ]
    assert answer.body == b"Hello, World!"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", ["a", iter(("a", "b")), {"a": 1}, ("", 204), redirect("/")])
def test_what_the_specification_demands(value):
    app = Microdot()

    @app.get("/")
    async def index(request):
        return value

    Answer(validator(app), environ())


def test_what_a_request_says():
    got = shown(
        "POST", "/show/x", b"abc", QUERY_STRING="a=b&c", CONTENT_TYPE="text/plain",
        HTTP_X_A="\xc3\xa4", SERVER_PROTOCOL="HTTP/1.0", **{"wsgi.url_scheme": "https"},
    )  # fmt: skip
    assert got == {
        "method": "POST",
        "url": "/show/x?a=b&c",
        "query": "a=b&c",
        "version": "1.0",
        "scheme": "https",
        "client": ["127.0.0.1", 50000],
        "headers": {
            "Host": "test", "X-A": "ä", "Content-Type": "text/plain", "Content-Length": "3",
        },
        "body": "abc",
    }  # fmt: skip
    assert shown("GET", "/show/x", REMOTE_ADDR=None)["client"] is None
    assert shown("GET", "/show/x", REMOTE_PORT=None)["client"] == ["127.0.0.1", 0]


def test_the_environ_is_the_handler_s():
    app = Microdot()

    @app.get("/")
    async def index(request):
        return str(request.environ is given)

    given = environ()
    assert Answer(app, given).body == b"True"


def wsgi(path):
    """A decoded path as PEP 3333 has it."""
    return path.encode().decode("latin-1")


# (SCRIPT_NAME, PATH_INFO, RAW_URI, the URL)
PATHS = (
    ("", wsgi("/show/ä b"), None, "/show/%C3%A4%20b"),
    ("", "/show/a/b", "/show/a%2Fb?c=d", "/show/a%2Fb"),
    ("", "/show/a/b", "/other", "/show/a/b"),
    ("/api", "/show/a/b", "/api/show/a%2Fb", "/show/a%2Fb"),
    ("/api", "/show/a", None, "/show/a"),
    ("/api", "/show/a", "http://host/api/show/a", "/show/a"),
    (wsgi("/ä"), "/show/a", "/%c3%a4/show/a", "/show/a"),
)


@pytest.mark.parametrize("root, path, raw, expected", PATHS)
def test_paths(root, path, raw, expected):
    assert shown("GET", path, SCRIPT_NAME=root, RAW_URI=raw)["url"] == expected
    assert shown("GET", path, SCRIPT_NAME=root, REQUEST_URI=raw)["url"] == expected


def test_a_path_that_is_no_utf_8_matches_nothing():
    assert Answer(application(), environ("GET", "/show/\xff")).status == 404


def test_the_prefix_itself_is_the_root():
    answer = Answer(application(), environ("GET", "", SCRIPT_NAME="/api", RAW_URI="/api"))
    assert answer.body == b"Hello, World!"


def test_head_has_the_headers_of_get():
    answer = Answer(application(), environ("HEAD"))
    assert (answer.headers["Content-Length"], answer.body) == ("13", b"")
    answer = Answer(application(), environ("HEAD", "/none"))
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (404, "9", b"")


CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": None}
ENDS = dict(CHUNKED, **{"wsgi.input_terminated": True})


def test_bodies_are_loaded_or_streamed(monkeypatch):
    assert shown("POST", "/show/x", b"abc")["body"] == "abc"
    assert shown("POST", "/show/x", b"abc", **ENDS)["body"] == "abc"
    h2 = dict(ENDS, HTTP_TRANSFER_ENCODING=None, SERVER_PROTOCOL="HTTP/2")
    assert shown("POST", "/show/x", b"abc", **h2)["body"] == "abc"
    # What is announced by nothing is not read: it may be the next request's.
    assert shown("POST", "/show/x", b"abc", CONTENT_LENGTH=None)["body"] == ""
    assert shown("POST", "/show/x", b"abc", CONTENT_LENGTH="")["body"] == ""
    assert shown("POST", "/show/x", b"abc", CONTENT_LENGTH="2")["body"] == "ab"
    monkeypatch.setattr(Request, "max_body_length", 2000)
    monkeypatch.setattr(Request, "max_content_length", 50000)
    for others in ({}, ENDS):
        got = shown("POST", "/size", b"x" * 40000, **others)
        assert got == {"size": 40000, "body": 0}
        assert shown("POST", "/size", b"x" * 2000, **others)["body"] == 2000


class Broken:
    """A request's body that cannot be read."""

    def __init__(self, error):
        self.error = error

    def read(self, size):
        raise self.error


def length(value, body=b""):
    return {"CONTENT_LENGTH": value, "wsgi.input": io.BytesIO(body)}


# Bad requests: (method, path, others, status, text of the answer).
BAD = (
    ("GET", "a", {}, 400, b"bad request target"),
    ("GET", "/none", {}, 404, b"Not found"),
    ("DELETE", "/", {}, 405, b"Not found"),
    ("GET", "/", {"QUERY_STRING": "a b"}, 400, b"bad request target"),
    ("GET", "/", {"QUERY_STRING": "\xc3\xa4"}, 400, b"bad request target"),
    ("GET", "/", {"QUERY_STRING": "a#b"}, 400, b"bad request target"),
    ("POST", "/size", length("x"), 400, b"bad Content-Length"),
    ("POST", "/size", length("-1"), 400, b"bad Content-Length"),
    ("POST", "/size", length("1, 1"), 400, b"bad Content-Length"),
    ("POST", "/size", length("9" * 16), 413, b"Content-Length out of range"),
    ("POST", "/size", length("16385"), 413, b"Payload too large"),
    ("POST", "/size", length("5", b"abc"), 400, b"the connection ended inside the body"),
    ("POST", "/size", dict(length("5"), **{"wsgi.input": Broken(OSError("gone"))}), 400,
     b"the connection ended inside the body"),
    ("POST", "/size", CHUNKED, 411,
     b"expected Content-Length: this server does not end chunked bodies"),
    ("POST", "/size", dict(length("1", b"a"), HTTP_TRANSFER_ENCODING="chunked"), 400,
     b"Content-Length beside Transfer-Encoding"),
    ("POST", "/size", dict(ENDS, **{"wsgi.input": io.BytesIO(b"x" * 16385)}), 413,
     b"Payload too large"),
    ("POST", "/size", dict(ENDS, **{"wsgi.input": Broken(OSError("bad chunk"))}), 400,
     b"the connection ended inside the body"),
)  # fmt: skip


@pytest.mark.parametrize("method, path, others, status, text", BAD)
def test_bad_requests(method, path, others, status, text):
    answer = Answer(application(), environ(method, path, **others))
    assert (answer.status, answer.body) == (status, text)


def test_malformed_json_is_the_client_s_mistake():
    answer = Answer(application(), environ("POST", "/json", b"{", CONTENT_TYPE="application/json"))
    assert answer.status == 400 and answer.body.startswith(b"Bad request: invalid JSON")


def answer_of(value, **others):
    app = Microdot()

    @app.get("/")
    async def index(request):
        return value

    return Answer(app, environ(**others))


def test_answers(tmp_path):
    assert answer_of(None).line == "204 No Content"
    assert answer_of(Response("a", 200, reason="Fine")).line == "200 Fine"
    answer = answer_of(("a", 201, {"X-A": ["1", "ä"], "Connection": "close", "TE": "x"}))
    assert ("X-A", "1") in answer.lines and ("X-A", "ä".encode().decode("latin-1")) in answer.lines
    assert "Connection" not in answer.headers and "Te" not in answer.headers
    (tmp_path / "a.txt").write_bytes(b"x" * 50000)
    answer = answer_of(send_file(str(tmp_path / "a.txt")))
    assert answer.headers["Content-Length"] == "50000" and len(answer.body) == 50000
    assert len(answer.pieces) == 4
    answer = answer_of(send_file(str(tmp_path / "a.txt")), HTTP_RANGE="bytes=0-9")
    assert (answer.status, answer.body) == (206, b"x" * 10)


@pytest.mark.parametrize("headers", [{"A": "b\r\nC: d"}, {"A\n": "b"}, {"A B": "c"}])
def test_a_header_that_cannot_be_sent(headers):
    for value in ("a", iter(("a", "b"))):
        answer = answer_of((value, 200, headers))
        assert (answer.status, answer.body) == (500, b"Internal server error")


def test_what_wsgi_has_not():
    app = Microdot()

    @app.get("/take")
    async def take(request):
        assert request.sock is None
        request.take_over()

    @app.get("/handled")
    async def handled(request):
        return Response.already_handled

    answer = Answer(app, environ("GET", "/take"))
    assert (answer.status, answer.body) == (501, b"WSGI has no WebSockets")
    answer = Answer(app, environ("GET", "/handled"))
    assert (answer.status, answer.body) == (501, b"WSGI has no connection to answer on")


def test_an_error_of_the_handler():
    app = Microdot()

    @app.get("/")
    async def index(request):
        return 1 / 0

    with Quiet() as errors:
        assert Answer(app, environ()).status == 500
    assert len(errors) == 1


# Streams


def test_pieces_are_given_as_they_come():
    pieces = Pieces("a", b"bc", "", "d")
    answer = answer_of(pieces)
    assert (answer.pieces, pieces.closed) == ([b"a", b"bc", b"d"], 1)
    assert "Content-Length" not in answer.headers
    assert answer_of(iter(("a", "b"))).pieces == [b"a", b"b"]
    assert answer_of(iter(())).pieces == []
    pieces = Pieces("a")
    assert answer_of(pieces, REQUEST_METHOD="HEAD").body == b""
    assert (pieces.closed, pieces.pieces) == (1, ["a"])


def test_a_server_that_takes_no_more_closes():
    ended = []

    async def forever():
        try:
            while True:
                yield "a"
        finally:
            ended.append(True)

    def plain():
        try:
            while True:
                yield "a"
        finally:
            ended.append(True)

    for body in (forever(), plain()):
        app = Microdot()
        app.get("/")(lambda request, body=body: body)
        assert Answer(app, environ(), take=3).body == b"aaa"
    assert ended == [True, True]


def test_closing_without_a_first_piece():
    pieces = Pieces("a")
    app = Microdot()
    app.get("/")(lambda request: pieces)
    body = app(environ(), lambda line, headers: None)
    body.close()
    body.close()
    assert list(body) == [] and pieces.closed == 1


def test_a_declared_length_is_kept_to():
    assert answer_of((Pieces("ab", "cd"), {"Content-Length": "3"})).body == b"abc"
    with pytest.raises(ValueError, match="expected 1 bytes more"):
        answer_of((Pieces("ab"), {"Content-Length": "3"}))


def test_errors_of_a_body(monkeypatch):
    printed = []
    monkeypatch.setattr(wsgi_connection, "print_exception", printed.append)

    def broken():
        yield from ()
        raise KeyError("a")

    answer = answer_of(broken())
    assert (answer.status, answer.body, len(printed)) == (500, b"Internal server error", 1)
    pieces = Pieces("a", fail=KeyError("a"))
    with pytest.raises(KeyError):  # for the server, which cuts the answer off
        answer_of(pieces)
    assert pieces.closed == 1


class Slow:
    """A request's body that says which thread reads it, and waits for the answer's pieces."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.threads = set()

    def read(self, size):
        self.threads.add(threading.current_thread())
        return self.pieces.pop(0) if self.pieces else b""


def test_a_body_is_read_while_the_answer_is_sent(monkeypatch):
    monkeypatch.setattr(Request, "max_body_length", 1)
    app = Microdot()

    @app.post("/")
    async def upper(request):
        async def pieces():
            while True:
                piece = await request.stream.read(100)
                if not piece:
                    break
                yield piece.upper()

        return pieces()

    body = Slow(b"ab", b"c", b"d")
    answer = Answer(app, environ("POST", "/", **dict(ENDS, **{"wsgi.input": body})))
    assert answer.pieces == [b"AB", b"C", b"D"]
    assert body.threads == {threading.current_thread()}


def test_reading_after_the_end_fails(monkeypatch):
    monkeypatch.setattr(Request, "max_body_length", 1)
    app = Microdot()
    seen = []

    @app.post("/")
    async def index(request):
        async def later():
            await asyncio.sleep(0.01)
            try:
                await request.stream.read()
            except Exception as error:
                seen.append(str(error))
            done.set()

        tasks.append(asyncio.ensure_future(later()))
        return "ok"

    tasks = []
    done = threading.Event()
    answer = Answer(app, environ("POST", "/", **dict(ENDS, **{"wsgi.input": Slow(b"abc")})))
    assert answer.body == b"ok"
    assert done.wait(10)
    assert seen == ["the connection ended inside the body"]


def test_requests_of_many_threads_share_a_loop():
    app = Microdot()
    together = []

    @app.get("/")
    async def index(request):
        # None of them goes on before all have come.
        together.append(asyncio.get_running_loop())
        while len(together) < 8:
            await asyncio.sleep(0.001)
        return "ok"

    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(Answer(app, environ()).body))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == [b"ok"] * 8
    assert len(set(together)) == 1


def test_plain_handlers_run_in_a_thread_beside_the_loop():
    app = Microdot()

    @app.get("/")
    def index(request):
        return threading.current_thread().name

    assert Answer(app, environ()).body != b"microdot.wsgi"


def test_a_middleware():
    app = application()
    wrapped = app.wsgi_app

    def middleware(environ, start_response):
        environ["PATH_INFO"] = "/"
        return wrapped(environ, start_response)

    app.wsgi_app = middleware
    assert Answer(app, environ("GET", "/old")).body == b"Hello, World!"
