"""microdot.files: send_file(), its validators, conditional and range requests."""

import os

from exchange import ask, written
from file_store import NEW, OLD, Store

from expect import equal, raises
from microdot.app import HTTPException, Microdot
from microdot.files import below, content_type
from microdot.response import Response, send_file
from microdot.streams import AsyncBytesIO

_DATE = "Thu, 28 May 2026 20:26:40 GMT"
_DIGITS = b"0123456789"


def test_types_follow_from_the_extension():
    for name, expected in [
        ("a.html", "text/html; charset=utf-8"),
        ("a.htm", "text/html; charset=utf-8"),
        ("/x.y/A.CSS", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.map", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.jpeg", "image/jpeg"),
        ("a.gif", "image/gif"),
        ("a.webp", "image/webp"),
        ("a.ico", "image/x-icon"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.md", "text/markdown; charset=utf-8"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.xml", "application/xml"),
        ("a.pdf", "application/pdf"),
        ("a.woff", "font/woff"),
        ("a.woff2", "font/woff2"),
        ("a.wasm", "application/wasm"),
        ("a.mp3", "audio/mpeg"),
        ("a.mp4", "video/mp4"),
        ("a.min.js", "text/javascript; charset=utf-8"),
        ("a.bin", "application/octet-stream"),
        ("html", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("x.html/a", "application/octet-stream"),
    ]:
        equal(content_type(name, Response.types_map), expected, name)
    equal(content_type("a.x", {"x": "text/x"}), "text/x; charset=utf-8")
    equal(content_type("a.x", {"x": "text/x; charset=a"}), "text/x; charset=a")


def test_nothing_leads_out_of_a_directory():
    for path in ("..", "../a", "a/../b", "a/..", ".", "./a", "a/./b", "/a", "/", "", "a//b", "a/",
                 ".a", "a/.b/c", "...", "a\\b", "..\\a", "\\a", "a\0", "\0"):  # fmt: skip
        equal(below("/www", path), None, repr(path))
    for path in ("a", "a.b", "a/b", "a..b", "a/b..", "~a", "a b", "c:", "\u00e9", "%2e%2e"):
        equal(below("/www", path), "/www/" + path, path)
    equal(below("/", "a"), "/a")


async def of_file(name, contents, modified=NEW, **options):
    with Store(contents, modified) as store:
        answer = await written(send_file(name, **options))
        assert store.all_closed
        return answer


async def test_a_file_is_sent_with_its_validators():
    answer = await of_file("/a.txt", {"/a.txt": _DIGITS})
    equal((answer.status, answer.body), (200, _DIGITS))
    equal(answer.headers["content-length"], "10")
    equal(answer.headers["content-type"], "text/plain; charset=utf-8")
    equal(answer.headers["last-modified"], _DATE)
    equal(answer.headers["etag"], '"%x-a"' % NEW)
    assert "cache-control" not in answer.headers
    answer = await of_file("/empty", {"/empty": b""})
    equal((answer.body, answer.headers["content-length"]), (b"", "0"))


async def test_long_files_are_sent_whole():
    data = bytes(range(256)) * 20
    equal((await of_file("/a", {"/a": data})).body, data)


async def test_a_file_without_a_time_is_known_by_its_content():
    tags = []
    for data in (_DIGITS, b"0123456780", _DIGITS):
        answer = await of_file("/a", {"/a": data}, OLD)
        assert "last-modified" not in answer.headers
        equal(answer.body, data)
        tags.append(answer.headers["etag"])
    assert tags[0] == tags[2] != tags[1], tags


async def test_the_options():
    contents = {"/a.css": b"{}", "/a.css.gz": b"zip"}
    answer = await of_file("/a.css", contents, status_code=201, max_age=7)
    equal((answer.status, answer.headers["cache-control"]), (201, "max-age=7"))
    answer = await of_file("/a.css", contents, content_type="a/b", max_age=0)
    equal((answer.headers["content-type"], answer.headers["cache-control"]), ("a/b", "max-age=0"))
    answer = await of_file("/a.css.gz", contents, compressed=True)
    equal(answer.headers["content-type"], "text/css; charset=utf-8")
    equal(answer.headers["content-encoding"], "gzip")
    answer = await of_file("/a.css", contents, compressed="gzip", file_extension=".gz")
    equal((answer.body, answer.headers["content-length"]), (b"zip", "3"))
    equal(answer.headers["content-type"], "text/css; charset=utf-8")
    answer = await of_file("/a.css", contents, compressed="br")
    equal(answer.headers["content-encoding"], "br")
    Response.default_send_file_max_age = 5
    try:
        answer = await of_file("/a.css", contents)
        equal(answer.headers["cache-control"], "max-age=5")
    finally:
        Response.default_send_file_max_age = None


async def test_codings_of_one_file_have_different_tags():
    contents = {"/a": b"123", "/a.gz": b"456"}
    plain = await of_file("/a", contents)
    packed = await of_file("/a", contents, compressed=True, file_extension=".gz")
    assert plain.headers["etag"] != packed.headers["etag"]


async def test_an_open_file_is_sent_as_it_is():
    answer = await written(send_file("x.json", stream=AsyncBytesIO(b"[]")))
    equal((answer.body, answer.headers["content-type"]), (b"[]", "application/json"))


def test_a_file_that_is_not_there():
    with Store({"/d/": b""}):
        raises(OSError, send_file, "/nothing")
        raises(OSError, send_file, "/d")
        equal(raises(HTTPException, send_file, "nothing", root="/d").status_code, 404)


async def test_a_root_confines():
    contents = {"/www/a.txt": b"a", "/secret": b"s", "/www/.hidden": b"h"}
    with Store(contents):
        answer = await written(send_file("a.txt", root="/www"))
        equal((answer.body, answer.headers["content-type"]), (b"a", "text/plain; charset=utf-8"))
        for name in ("../secret", "/secret", "/www/a.txt", ".hidden", "a.txt/", "a.txt\0", ""):
            error = raises(HTTPException, send_file, name, root="/www")
            equal(error.status_code, 404, name)


def app_with(name, **options):
    app = Microdot()

    @app.route("/", methods=["GET", "POST"])
    async def index(request):
        return send_file(name, **options)

    return app


async def conditional(headers, modified=NEW, method="GET", **options):
    with Store({"/a.txt": _DIGITS}, modified) as store:
        answer = await ask(app_with("/a.txt", **options), method, "/", headers)
        assert store.all_closed
        if answer.status == 304:
            equal(store.opened, [] if modified == NEW else store.opened)
        return answer


async def test_a_file_that_the_client_has_is_not_sent_again():
    tag = (await conditional({})).headers["etag"]
    later = "Fri, 29 May 2026 00:00:00 GMT"
    earlier = "Thu, 28 May 2026 20:26:39 GMT"
    for headers, status in [
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": "W/" + tag}, 304),
        ({"If-None-Match": '"x", %s' % tag}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-None-Match": tag.strip('"')}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-None-Match": "\u00a0*"}, 200),  # what CPython takes for a space is none in a header
        ({"If-Modified-Since": _DATE}, 304),
        ({"If-Modified-Since": later}, 304),
        ({"If-Modified-Since": earlier}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": "Thu, 99 Foo 2026 20:26:40 GMT"}, 200),
        ({"If-Modified-Since": "Thu, 28 May 2026 20:26 GMT"}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": later}, 200),
        ({"If-None-Match": tag, "If-Modified-Since": earlier}, 304),
        ({"If-None-Match": tag, "Range": "bytes=0-1"}, 304),
    ]:
        for method in ("GET", "HEAD"):
            answer = await conditional(headers, method=method)
            equal(answer.status, status, repr(headers))
            equal(answer.headers["etag"], tag)
            if status == 304:
                equal(answer.body, b"")
                assert "content-type" not in answer.headers
                assert "content-length" not in answer.headers
    equal((await conditional({"If-None-Match": tag}, method="POST")).status, 200)
    equal((await conditional({"If-None-Match": tag}, status_code=404)).status, 404)
    answer = await conditional({"If-None-Match": tag}, max_age=9)
    equal(answer.headers["cache-control"], "max-age=9")


async def test_without_a_time_only_the_tag_counts():
    tag = (await conditional({}, OLD)).headers["etag"]
    equal((await conditional({"If-None-Match": tag}, OLD)).status, 304)
    equal((await conditional({"If-Modified-Since": _DATE}, OLD)).status, 200)


async def test_ranges():
    tag = (await conditional({})).headers["etag"]
    for wanted, status, shown, body in [
        ("bytes=0-3", 206, "0-3", b"0123"),
        ("bytes=5-5", 206, "5-5", b"5"),
        ("bytes=7-", 206, "7-9", b"789"),
        ("bytes=8-99", 206, "8-9", b"89"),
        ("bytes=-2", 206, "8-9", b"89"),
        ("bytes=-99", 206, "0-9", _DIGITS),
        ("bytes= 1-2 ", 206, "1-2", b"12"),
        ("bytes=10-", 416, "*", None),
        ("bytes=10-11", 416, "*", None),
        ("bytes=-0", 416, "*", None),
        ("bytes=99999999999999-", 416, "*", None),
        ("bytes=0-1,3-4", 200, None, _DIGITS),
        ("bytes=3-2", 200, None, _DIGITS),
        ("bytes=-", 200, None, _DIGITS),
        ("bytes=a-b", 200, None, _DIGITS),
        ("bytes=1", 200, None, _DIGITS),
        ("bytes", 200, None, _DIGITS),
        ("lines=1-2", 200, None, _DIGITS),
        ("bytes=--1", 200, None, _DIGITS),
        ("bytes=1-2-3", 200, None, _DIGITS),
        ("bytes=+1-2", 200, None, _DIGITS),
        ("bytes=\u00b2-", 200, None, _DIGITS),
        ("bytes=0-\u0663", 200, None, _DIGITS),
    ]:
        answer = await conditional({"Range": wanted})
        equal(answer.status, status, wanted)
        shown = "bytes %s/10" % shown if shown else None
        equal(answer.headers.get("content-range"), shown, wanted)
        if body is not None:
            equal((answer.body, answer.headers["content-length"]), (body, str(len(body))), wanted)
            equal((answer.headers["accept-ranges"], answer.headers["etag"]), ("bytes", tag))
        head = await conditional({"Range": wanted}, method="HEAD")
        equal((head.status, head.body), (status, b""), wanted)
        equal(head.headers["content-length"], answer.headers["content-length"], wanted)
    equal((await conditional({"Range": "bytes=0-1"}, method="POST")).status, 200)


async def test_a_range_of_another_version_is_not_sent():
    tag = (await conditional({})).headers["etag"]
    for condition, status in [
        (tag, 206),
        (_DATE, 206),
        ('"x"', 200),
        ("W/" + tag, 200),
        ("Thu, 28 May 2026 20:26:41 GMT", 200),
    ]:
        answer = await conditional({"Range": "bytes=0-1", "If-Range": condition})
        equal(answer.status, status, condition)


def test_the_real_filesystem_is_back():
    assert hasattr(os, "listdir")
    raises(OSError, send_file, "/no-such-file-here")
