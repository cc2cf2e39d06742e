"""microdot.response: what handlers return, and the head it becomes."""

from exchange import request, written

from expect import equal, raises
from microdot import Microdot
from microdot.http_date import http_date
from microdot.response import Response, make_response, redirect


def head(response, *args):
    """The lines of the head."""
    lines = response.render_head(*args).decode().split("\r\n")
    equal(lines[-2:], ["", ""])
    return lines[:-2]


# (what a handler returns, status, body, {header: value})
FORMS = [
    ("text", 200, b"text", {"Content-Type": "text/plain; charset=UTF-8", "Content-Length": "4"}),
    ("\u00e9", 200, b"\xc3\xa9", {"Content-Length": "2"}),
    (b"\xff\0", 200, b"\xff\0", {"Content-Type": "text/plain; charset=UTF-8"}),
    ("", 200, b"", {"Content-Length": "0"}),
    (bytearray(b"ab"), 200, b"ab", {"Content-Length": "2"}),
    (None, 204, b"", {"Content-Length": None, "Content-Type": None}),
    ((None, 201), 201, b"", {"Content-Length": "0"}),
    (("x", 201), 201, b"x", {}),
    (("x", 201, {"X-A": "b"}), 201, b"x", {"X-A": "b"}),
    (("x", 201, {"X-A": "b"}, "Done"), 201, b"x", {"X-A": "b"}),
    (("x", {"X-A": "b"}), 200, b"x", {"X-A": "b"}),
    ((None, {"X-A": "b"}), 204, b"", {"X-A": "b"}),
    (202, 202, b"", {"Content-Length": "0"}),
    ((203,), 203, b"", {}),
    ((204, {"X-A": "b"}), 204, b"", {"X-A": "b", "Content-Length": None}),
    ({"a": 1}, 200, b'{"a": 1}', {"Content-Type": "application/json; charset=UTF-8"}),
    ([1, 2], 200, b"[1, 2]", {"Content-Type": "application/json; charset=UTF-8"}),
    (([], 201), 201, b"[]", {"Content-Type": "application/json; charset=UTF-8"}),
    (({}, 200, {"content-type": "application/x"}), 200, b"{}", {"Content-Type": "application/x"}),
    (("<p>", 200, {"Content-Type": "text/html"}), 200, b"<p>", {"Content-Type": "text/html"}),
    (("x", 418, {"X-N": 5}), 418, b"x", {"X-N": "5"}),
    (Response("r", 500, {"X-A": "b"}), 500, b"r", {"X-A": "b"}),
    (redirect("/x"), 302, b"", {"Location": "/x"}),
    (redirect("/x", 301), 301, b"", {"Location": "/x"}),
    ((304, {"ETag": '"a"', "Content-Length": "9"}), 304, b"", {"Content-Length": "9"}),
    ("x" * 3, 200, b"xxx", {"Transfer-Encoding": None, "Connection": "close"}),
]


async def test_all_forms_of_return_values():
    for value, status, body, headers in FORMS:
        answer = await written(make_response(value))
        equal((answer.status, answer.body), (status, body), repr(value))
        for name in headers:
            equal(answer.headers.get(name.lower()), headers[name], "%s of %r" % (name, value))


async def test_bodies_in_pieces():
    def generate():
        yield "a"
        yield b"bc"
        yield "\u00e9"

    class File:
        closed = False

        def __init__(self):
            self.pieces = [b"d", b"ef", b""]

        def read(self, n):
            return self.pieces.pop(0)

        def close(self):
            self.closed = True

    class Later(File):
        async def read(self, n):
            return self.pieces.pop(0)

        async def close(self):
            self.closed = True

    class Pieces:
        def __init__(self):
            self.left = 3

        def __aiter__(self):
            return self

        async def __anext__(self):
            self.left -= 1
            if self.left < 0:
                raise StopAsyncIteration
            return str(self.left)

    equal((await written(Response(generate()))).body, b"abc\xc3\xa9")
    equal((await written(Response(iter(["x", b"y"])))).body, b"xy")
    equal((await written(Response(Pieces()))).body, b"210")
    for kind in (File, Later):
        file = kind()
        equal((await written(Response(file))).body, b"def")
        assert file.closed


async def test_generators_are_closed():
    ends = []

    def generate():
        try:
            yield "a"
            yield "b"
        finally:
            ends.append("end")

    pieces = Response(generate()).body_iter()
    equal(await pieces.__anext__(), b"a")
    await pieces.aclose()
    equal(ends, ["end"])


def test_bodies_that_are_none_are_refused():
    for body in (1.5, object()):
        raises(TypeError, Response(body).body_iter)


def test_the_reason_phrase():
    equal(head(Response("x"))[0], "HTTP/1.1 200 OK")
    equal(head(Response("x", 404))[0], "HTTP/1.1 404 Not Found")
    equal(head(Response("x", 299))[0], "HTTP/1.1 299 Unknown")
    equal(head(Response("x", 200, reason="Fine"))[0], "HTTP/1.1 200 Fine")
    equal(head(Response("x", 200, {"A": "b"}))[0], "HTTP/1.1 200 OK")


def test_the_connection_header():
    for response in (Response("x"), Response("x", 201)):
        assert not [line for line in head(response) if line[:11] == "Connection:"]
        assert "Connection: close" in head(response, 1, False)
        assert "Connection: keep-alive" in head(response, 0, True)
        assert "Connection: close" in head(response, 0, False)
    lines = head(Response("x", 200, {"connection": "Upgrade"}), 1, False)
    assert "connection: Upgrade" in lines and "Connection: close" not in lines


def test_the_date_header():
    date = "Thu, 01 Jan 2026 00:00:00 GMT"
    for response in (Response("x"), Response("x", 201)):
        assert "Date: " + date in head(response, 1, True, date)
        assert not [line for line in head(response) if line[:5] == "Date:"]
    equal(head(Response("x", 200, {"date": "own"}), 1, True, date).count("Date: " + date), 0)
    equal(http_date((2026, 3, 9, 4, 5, 6, 0, 0)), "Mon, 09 Mar 2026 04:05:06 GMT")


def test_the_framing_is_not_the_handler_s():
    lines = head(Response("abc", 200, {"content-length": "5", "Transfer-Encoding": "chunked"}))
    equal([line for line in lines if "ength" in line or "ncoding" in line], ["Content-Length: 3"])
    pieces = iter(["abc"])
    lines = head(Response(pieces, 200, {"Content-Length": "3"}))
    equal([line for line in lines if "ength" in line or "ncoding" in line], ["Content-Length: 3"])
    lines = head(Response(pieces, 200, {"transfer-encoding": "gzip"}))
    equal([line for line in lines if "ncoding" in line], ["Transfer-Encoding: chunked"])
    assert not [line for line in head(Response(pieces), 0) if "ncoding" in line]
    assert not [
        line for line in head(Response("", 204, {"Content-Length": "3"})) if "engt" in line
    ]
    response = Response("", 200, {"Content-Length": "99"})
    response.is_head = True
    assert "Content-Length: 99" in head(response)
    for length in ("x", "-1", "1 ", ["1", "2"]):
        raises(ValueError, Response(pieces, 200, {"Content-Length": length}).render_head)


def test_headers_that_would_end_a_line_are_refused():
    for name, value in [
        ("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\rb"), ("X", "a\0b"),
        ("X", ["a", "b\n"]),
        ("X\r\nY", "a"), ("X:", "a"), ("X ", "a"), ("", "a"), ("X\0", "a"), ("X\n", "a"),
    ]:  # fmt: skip
        raises(ValueError, Response("", 200, {name: value}).render_head)
    raises(ValueError, Response("", 200, reason="a\r\nb").render_head)
    raises(ValueError, redirect, "/\r\nSet-Cookie: a=b")
    raises(ValueError, Response.redirect, "/\n")


def test_a_status_that_is_none_is_refused():
    for status in (True, 0, 1, 99, 100, 103, 199, 1000, -1):
        raises(ValueError, Response("", status).render_head)
    equal(head(Response("", 101))[0], "HTTP/1.1 101 Switching Protocols")


def test_a_header_may_have_several_values():
    lines = head(Response("", 200, {"Link": ["a", "b"]}))
    assert "Link: a" in lines and "Link: b" in lines


def test_the_default_content_type():
    class Page(Response):
        default_content_type = "text/html"

    class Latin(Response):
        default_content_type = "text/plain; charset=latin-1"

    assert "Content-Type: text/html; charset=UTF-8" in head(Page("x"))
    assert "Content-Type: text/html; charset=UTF-8" in head(Page("x", 201))
    assert "Content-Type: text/plain; charset=latin-1" in head(Latin("x"))


def test_complete_adds_what_is_missing():
    response = Response("abc")
    response.complete()
    equal(response.headers["Content-Length"], "3")
    equal(response.headers["Content-Type"], "text/plain; charset=UTF-8")
    response = Response("abc", 200, {"content-type": "a/b"})
    response.complete()
    equal(response.headers["Content-Type"], "a/b")
    response = Response(None)
    response.complete()
    equal(len(response.headers), 0)


async def test_headers_of_a_response_that_was_already_sent_are_nobody_s():
    app = Microdot()
    app.get("/")(lambda request: Response.already_handled)

    @app.after_request
    def mark(request, response):
        response.headers["X"] = "y"

    response = await app.dispatch_request(await request(app, "GET", "/"))
    assert response is Response.already_handled
    equal(len(Response.already_handled.headers), 0)


def cookies(response):
    return [line[12:] for line in head(response) if line[:12] == "Set-Cookie: "]


def test_cookies():
    response = Response("x")
    response.set_cookie("a", "b")
    response.set_cookie("c", "", path="/p", domain="d.e", expires="soon", max_age=5, secure=True,
                        http_only=True, partitioned=True, same_site="Lax")  # fmt: skip
    response.set_cookie("d", "e", max_age=0)
    response.set_cookie("f", 7)
    response.delete_cookie("g", path="/p", max_age=9, expires="never")
    equal(cookies(response), [
        "a=b",
        "c=; Path=/p; Domain=d.e; Expires=soon; Max-Age=5; Secure; HttpOnly; SameSite=Lax; "
        "Partitioned",
        "d=e; Max-Age=0",
        "f=7",
        "g=; Path=/p; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0",
    ])  # fmt: skip
    response = Response("x", 200, {"Set-Cookie": "a=b"})
    response.set_cookie("c", "d")
    equal(cookies(response), ["a=b", "c=d"])


def test_cookies_that_would_end_are_refused():
    response = Response("x")
    for name, value, options in [
        ("a", "b;c", {}), ("a", "b\r\nX: y", {}), ("a", "b\n", {}), ("a\n", "b", {}),
        ("a;", "b", {}),
        ("a", "b\0", {}), ("a=", "b", {}), ("", "b", {}), ("a b", "c", {}),
        ("a", "b", {"path": "/\r\nX: y"}), ("a", "b", {"path": "/; Secure"}),
        ("a", "b", {"domain": "d;e"}), ("a", "b", {"expires": "x\n"}),
        ("a", "b", {"same_site": "None\r\n"}), ("a", "b", {"same_site": "Sometimes"}),
    ]:  # fmt: skip
        raises(ValueError, response.set_cookie, name, value, **options)
    equal(cookies(response), [])
