"""microdot.test_client: the requests that applications get of it."""

from expect import equal, raises_async
from microdot import Microdot, Request, Response
from microdot.test_client import TestClient


def application():
    app = Microdot()

    @app.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "QUERY"])
    async def index(request):
        return {
            "method": request.method,
            "url": request.url,
            "scheme": request.scheme,
            "address": list(request.client_addr),
            "body": request.body.decode(),
            "headers": dict(request.headers.items()),
        }

    @app.post("/json")
    async def json(request):
        return {"json": request.json, "type": request.content_type}

    @app.post("/stream")
    async def stream(request):
        size = 0
        while True:
            piece = await request.stream.read(500)
            if not piece:
                return str(size)
            size += len(piece)

    return app


async def test_a_request_as_the_guide_shows_it():
    app = Microdot()

    @app.route("/")
    def index(req):
        return "Hello, World!"

    client = TestClient(app)
    response = await client.get("/")
    assert response.text == "Hello, World!"
    equal(response.status_code, 200)
    equal(response.reason, "OK")


async def test_what_a_request_says():
    got = (await TestClient(application()).get("/?a=b")).json
    equal(got["method"], "GET")
    equal(got["url"], "/?a=b")
    equal(got["scheme"], "http")
    equal(got["address"], ["127.0.0.1", 1234])
    equal(got["headers"], {"Host": "example.com:1234"})


async def test_scheme_and_host_are_as_given():
    client = TestClient(application(), scheme="https", host="a.test")
    got = (await client.get("/", {"X-A": 1})).json
    equal(got["scheme"], "https")
    equal(got["headers"], {"Host": "a.test", "X-A": "1"})
    equal((await client.get("/", {"host": "b.test"})).json["headers"], {"host": "b.test"})


async def test_the_methods():
    client = TestClient(application())
    for name in ("post", "put", "patch", "query"):
        got = (await getattr(client, name)("/", {"X-A": "1"}, "ä")).json
        equal(got["method"], name.upper())
        equal(got["body"], "ä")
        equal(got["headers"]["Content-Length"], "2")
    equal((await client.delete("/")).json["method"], "DELETE")
    equal((await client.request("PUT", "/", body=b"abc")).json["body"], "abc")
    equal((await client.options("/json")).headers["Allow"], "POST, OPTIONS")
    equal((await client.request("NONE", "/")).status_code, 405)


async def test_json_is_sent_with_its_type():
    client = TestClient(application())
    for value in ({"a": [1]}, [1, "ä"]):
        got = (await client.post("/json", body=value)).json
        equal(got, {"json": value, "type": "application/json"})
    got = (await client.post("/json", {"content-type": "a/b+json"}, {"a": 1})).json
    equal(got, {"json": None, "type": "a/b+json"})


async def test_long_bodies_are_streamed_and_too_long_ones_refused():
    client = TestClient(application())
    longest, limit = Request.max_body_length, Request.max_content_length
    Request.max_body_length, Request.max_content_length = 1000, 2000
    try:
        for size, expected in ((1000, "1000"), (1001, "1001"), (2000, "2000")):
            equal((await client.post("/stream", body=b"x" * size)).text, expected)
        equal((await client.post("/stream", body=b"x" * 2001)).status_code, 413)
        chunked = {"Transfer-Encoding": "chunked"}
        body = b"3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n"
        equal((await client.post("/stream", chunked, body)).text, "1001")
        body = b"7d1\r\n" + b"x" * 2001 + b"\r\n0\r\n\r\n"
        equal((await client.post("/stream", chunked, body)).status_code, 413)
    finally:
        Request.max_body_length, Request.max_content_length = longest, limit


# What a server would refuse: (method, path, headers, body, status).
REFUSED = (
    ("GET", "index", None, None, 400),
    ("GET", "/a b", None, None, 400),
    ("GET", "/#a", None, None, 400),
    ("G T", "/", None, None, 400),
    ("GET", "/%zz?a=%zz", None, None, 404),
    ("CONNECT", "a:1", None, None, 501),
    ("GET", "/", {"A B": "c"}, None, 400),
    ("GET", "/", {"": "c"}, None, 400),
    ("GET", "/", {"Host": "a/b"}, None, 400),
    ("POST", "/", {"Content-Length": "x"}, None, 400),
    ("POST", "/", {"Content-Length": "5"}, "abc", 400),
    ("POST", "/", {"Transfer-Encoding": "chunked"}, b"zz\r\n", 400),
    ("POST", "/", {"Transfer-Encoding": "chunked"}, b"3\r\nabc", 400),
    ("POST", "/", {"Transfer-Encoding": "gzip"}, b"abc", 501),
    ("GET", "/", {"Expect": "money"}, None, 417),
    ("POST", "/json", {"Content-Type": "application/json"}, b"{", 200),
    ("GET", "/json", None, None, 405),
    ("GET", "/none", None, None, 404),
)


async def test_what_a_server_would_refuse():
    client = TestClient(application())

    for method, path, headers, body, status in REFUSED[:-3]:
        response = await client.request(method, path, headers, body)
        equal(response.status_code, status, (method, path, headers))
    for method, path, headers, body, status in REFUSED[-2:]:
        equal((await client.request(method, path, headers, body)).status_code, status, path)
    response = await client.post("/json", {"Content-Type": "application/json"}, b"{")
    equal(response.status_code, 400)


async def test_a_refusal_comes_from_the_error_handler():
    app = application()

    @app.errorhandler(400)
    async def bad(request):
        return "no: %s" % request, 400

    equal((await TestClient(app).get("index")).text, "no: None")


async def test_line_breaks_are_the_test_s_mistake():
    client = TestClient(application())
    for path, headers in (
        ("/\r\nA: b", None),
        ("/", {"A": "b\nC: d"}),
        ("/", {"A\r": "b"}),
        ("/", {"Cookie": "a\0"}),
    ):
        error = await raises_async(ValueError, client.get(path, headers))
        assert "expected no line break" in str(error)


async def test_what_is_not_ascii_is_encoded():
    equal((await TestClient(application()).get("/?ü=%20")).json["url"], "/?%C3%BC=%20")


async def test_streams_for_the_handler():
    from microdot.streams import AsyncBytesIO

    app = Microdot()

    @app.get("/")
    async def index(request):
        reader, writer = request.sock
        await writer.awrite(b"got " + await reader.read(3))
        return Response.already_handled

    writer = AsyncBytesIO()
    response = await TestClient(app).request("GET", "/", sock=(AsyncBytesIO(b"abc"), writer))
    equal(response.status_code, 200)
    equal(response.body, None)
    equal(response.text, None)
    equal(response.json, None)
    equal(response.events, [])
    equal(await writer.read(), b"got abc")
