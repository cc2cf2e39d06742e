"""microdot.request: what a handler sees of a request."""

from exchange import raw, request

from expect import equal, raises, raises_async
from microdot.app import HTTPException
from microdot.datastructures import BadValue
from microdot.http import ProtocolError
from microdot.request import Request
from microdot.streams import AsyncBytesIO

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}


async def get(target, headers=None):
    return await request("app", "GET", target, headers)


async def post(body, headers=None):
    return await request("app", "POST", "/", headers, body)


async def test_the_request_line():
    req = await get("/a%20b?x=1&y=2")
    equal((req.app, req.method, req.client_addr), ("app", "GET", ("127.0.0.1", 1234)))
    equal((req.url, req.path, req.query_string), ("/a%20b?x=1&y=2", "/a%20b", "x=1&y=2"))
    equal((req.http_version, req.scheme), ("1.1", "http"))
    equal((req.route, req.url_args, req.url_prefix, req.subapp), (None, {}, "", None))
    equal((await get("/")).query_string, None)
    equal((await get("/?")).query_string, "")
    equal((await request("app", "GET", "/", version="1.0")).http_version, "1.0")


async def test_the_connection():
    stream = AsyncBytesIO(raw("GET", "/"))
    req = await Request.create("app", stream, "writer", "client", "https")
    reader, writer = req.sock
    assert reader is stream
    equal((writer, req.client_addr, req.scheme), ("writer", "client", "https"))


async def test_headers():
    req = await get("/", {"X-One": " a  b ", "x-two": "c", "X-Empty": ""})
    equal(req.headers["x-one"], "a  b")
    equal(req.headers.get("X-TWO"), "c")
    equal(req.headers["x-empty"], "")
    equal(req.headers.get("X-Three"), None)
    assert "X-One" in list(req.headers)
    assert req.headers is req.headers
    equal((req.content_length, req.content_type), (0, None))


async def test_of_a_repeated_header_the_last_wins():
    stream = AsyncBytesIO(b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\n\r\n")
    equal((await Request.create("app", stream, None, None)).headers["X"], "2")


async def test_header_bytes_that_are_not_utf8_are_kept():
    stream = AsyncBytesIO(b"GET / HTTP/1.1\r\nHost: a\r\nX: \xe9\r\nY: \xc3\xa9\r\n\r\n")
    req = await Request.create("app", stream, None, None)
    equal((req.headers["x"], req.headers["y"]), ("\u00e9", "\u00e9"))


async def test_args():
    args = (await get("/?a=1&b=%20x+y&a=2&c")).args
    equal((args["a"], args["b"], args["c"]), ("1", " x y", ""))
    equal(args.getlist("a", type=int), [1, 2])
    req = await get("/")
    equal(req.args, {})
    assert req.args is req.args
    bad = await get("/?a=%zz")
    raises(BadValue, lambda: bad.args)


async def test_cookies():
    for header, expected in [
        ("a=b", {"a": "b"}),
        ("a=b; c=d=e;f=g", {"a": "b", "c": "d=e", "f": "g"}),
        ("a=b; a=c", {"a": "c"}),
        ('a="b c"', {"a": '"b c"'}),
        ("a; b=", {"a": "", "b": ""}),
        ("a=b;", {"a": "b"}),
        (";;=x", {}),
    ]:
        equal((await get("/", {"Cookie": header})).cookies, expected, header)
    equal((await get("/")).cookies, {})


async def test_the_body():
    req = await post(b"a\0\xff")
    equal((req.body, req.content_length), (b"a\0\xff", 3))
    equal(await req.stream.read(2), b"a\0")
    equal(await req.stream.read(), b"\xff")
    equal(await req.stream.read(), b"")
    req = await get("/")
    equal((req.body, await req.stream.read()), (b"", b""))


async def test_a_long_body_is_only_streamed():
    limit = Request.max_body_length
    Request.max_body_length = 10
    try:
        equal((await post(b"0123456789")).body, b"0123456789")
        req = await post(b"0123456789a")
        equal((req.body, req.content_length), (b"", 11))
        equal(await req.stream.readexactly(4), b"0123")
        equal(await req.stream.read(), b"456789a")
        equal(await req.stream.read(5), b"")
        req = await post(b'{"a": 12345}', _JSON)
        equal(raises(HTTPException, lambda: req.json).status_code, 413)
        req = await post(b"a=123456789", _FORM)
        equal(raises(HTTPException, lambda: req.form).status_code, 413)
        Request.max_body_length = 0
        req = await post(b"a")
        equal((req.body, await req.stream.read()), (b"", b"a"))
    finally:
        Request.max_body_length = limit


async def test_a_chunked_body_is_streamed():
    data = (
        raw("POST", "/", {"Transfer-Encoding": "chunked"}) + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nX"
    )
    req = await Request.create("app", AsyncBytesIO(data), None, None)
    equal(req.content_length, 0)
    equal(await req.stream.read(), b"abcde")


async def test_json():
    for body, expected in [
        (b'{"a": [1, null]}', {"a": [1, None]}),
        (b"0", 0),
        (b'"\xc3\xa9"', "\u00e9"),
    ]:
        req = await post(body, _JSON)
        equal(req.json, expected)
        assert req.json is req.json
    for content_type in (
        "application/json; charset=UTF-8",
        "Application/JSON",
        "application/a+json",
    ):
        equal((await post(b"[1]", {"Content-Type": content_type})).json, [1], content_type)
    for content_type in ("text/plain", "application/jsonx", "text/json"):
        equal((await post(b"[1]", {"Content-Type": content_type})).json, None, content_type)
    equal((await post(b"[1]")).json, None)
    for body in (b"{", b"[1", b"x", b'"\xff"', b"{'a': 1}", b"[" * 3000):
        req = await post(body, _JSON)
        raises(BadValue, lambda req=req: req.json)


async def test_forms():
    form = (await post(b"a=1&b=%41+c&a=2", _FORM)).form
    equal((form["a"], form["b"], form.getlist("a")), ("1", "A c", ["1", "2"]))
    equal((await post(b"a=1", {"Content-Type": "text/plain"})).form, None)
    equal((await post(b"a=1")).form, None)
    equal(len((await request("app", "POST", "/", _FORM)).form), 0)
    for body in (b"a=%zz", b"a=\xff", b"%ff=1"):
        req = await post(body, _FORM)
        raises(BadValue, lambda req=req: req.form)


async def test_extensions_can_set_form_and_files():
    req = await post(b"x")
    equal(req.files, None)
    req.form = {"a": 1}
    req.files = {"b": 2}
    equal((req.form, req.files), ({"a": 1}, {"b": 2}))


async def test_g_is_the_application_s():
    req, other = await get("/"), await get("/")
    req.g.user = "me"
    equal(req.g.user, "me")
    assert not hasattr(other.g, "user")
    req.g = "mine"
    equal(req.g, "mine")


async def test_after_request_keeps_its_functions_in_order():
    req = await get("/")
    equal(req.after_request_handlers, [])
    assert req.after_request(len) is len
    req.after_request(repr)
    equal(req.after_request_handlers, [len, repr])


async def test_create_at_the_end_of_the_stream_gives_none():
    equal(await Request.create("app", AsyncBytesIO(b""), None, None), None)
    equal(await Request.create("app", AsyncBytesIO(b"\r\n"), None, None), None)


async def test_create_takes_requests_that_programs_make():
    stream = AsyncBytesIO(b"POST /x HTTP/1.0\nContent-Length: 2\n\nabc")
    req = await Request.create("app", stream, None, None)
    equal((req.method, req.path, req.body), ("POST", "/x", b"ab"))


async def test_create_refuses_what_http_does_not_allow():
    for data, status in [
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA b\r\n\r\n", 400),
        (b"GET / HTTP/3.0\r\n\r\n", 505),
        (b"GET /%s HTTP/1.1\r\n\r\n" % (3000 * b"x"), 414),
        (b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % (3000 * b"x"), 431),
    ]:
        awaitable = Request.create("app", AsyncBytesIO(data), None, None)
        equal((await raises_async(ProtocolError, awaitable)).status, status, repr(data[:30]))
