"""microdot.static: directories served as they are."""

from exchange import ask
from template_files import Folder

from expect import equal
from microdot.app import Microdot
from microdot.static import accepts_gzip

_FILES = {
    "index.html": "<p>start",
    "a.txt": "text",
    "app.js": "script",
    "app.js.gz": b"\x1f\x8bpacked",
    "docs/index.html": "<p>docs",
    "docs/a b\u00e9.txt": "spaced",
    "empty/x.bin": b"\0",
    ".secret": "hidden",
    ".git/config": "hidden",
    "docs/.env": "hidden",
}


class Site:
    """An application that serves a folder of _FILES below ``path``."""

    def __init__(self, path="/", **options):
        self.path = path
        self.options = options

    def __enter__(self):
        self.folder = Folder(_FILES)
        self.folder.__enter__()
        self.app = Microdot()

        @self.app.errorhandler(404)
        async def missing(request):
            return "nothing at " + request.path, 404

        self.app.static(self.path, self.folder.path, **self.options)
        return self

    def __exit__(self, kind, error, trace):
        self.folder.__exit__(kind, error, trace)

    async def get(self, path, headers=None, method="GET"):
        return await ask(self.app, method, path, headers)


async def test_files_are_served():
    with Site() as site:
        for path, body, content_type in [
            ("/", b"<p>start", "text/html; charset=utf-8"),
            ("/index.html", b"<p>start", "text/html; charset=utf-8"),
            ("/a.txt", b"text", "text/plain; charset=utf-8"),
            ("/%61.txt?v=1", b"text", "text/plain; charset=utf-8"),
            ("/app.js", b"script", "text/javascript; charset=utf-8"),
            ("/docs/", b"<p>docs", "text/html; charset=utf-8"),
            ("/docs/a%20b%C3%A9.txt", b"spaced", "text/plain; charset=utf-8"),
            ("/empty/x.bin", b"\0", "application/octet-stream"),
        ]:
            answer = await site.get(path)
            equal((answer.status, answer.body), (200, body), path)
            equal(answer.headers["content-type"], content_type, path)
            equal(answer.headers["content-length"], str(len(body)), path)
            assert answer.headers["etag"]
            head = await site.get(path, None, "HEAD")
            equal((head.status, head.body), (200, b""), path)
            equal(head.headers["content-length"], str(len(body)), path)


async def test_a_directory_s_name_leads_to_the_directory():
    with Site("/s") as site:
        for path, location in [
            ("/s", "/s/"),
            ("/s/docs", "/s/docs/"),
            ("/s/docs?a=1&b", "/s/docs/?a=1&b"),
            ("/s/%64ocs", "/s/%64ocs/"),
        ]:
            answer = await site.get(path)
            equal((answer.status, answer.headers["location"]), (308, location), path)
        equal((await site.get("/s/docs/")).body, b"<p>docs")


async def test_a_redirect_never_leads_to_another_host():
    with Site() as site:
        for path in ("//docs", "//example.com", "//example.com/docs", "/%2fexample.com", "//"):
            answer = await site.get(path)
            equal(answer.status, 404, path)
            assert "location" not in answer.headers


async def test_nothing_else_is_served():
    with Site("/s") as site:
        site.folder.write("out.txt", "out")
        for path in [
            "/a.txt", "/s/nothing", "/s/a.txt/", "/s/a.txt/b", "/s/empty", "/s/empty/", "/sx",
            "/s/.secret", "/s/.git/config", "/s/.git", "/s/docs/.env", "/s/%2esecret",
            "/s/../s/a.txt", "/s/..", "/s/%2e%2e", "/s/%2e%2e/a.txt", "/s/%2E./s/a.txt",
            "/s/docs/../a.txt", "/s/docs/%2e%2e/a.txt", "/s/docs/%2e%2e%2fa.txt", "/s/./a.txt",
            "/s/docs%2f..%2fa.txt", "/s//a.txt", "/s/%2fa.txt", "/s/docs//index.html",
            "/s/%2fetc%2fpasswd", "/s//etc/passwd", "/s/docs%5c..%5ca.txt", "/s/..%5ca.txt",
            "/s/%5ca.txt", "/s/a.txt%00", "/s/%00", "/s/a.txt%00.html", "/s/docs/%00/a.txt",
            "/s/%252e%252e/a.txt", "/s/%c0%ae%c0%ae/a.txt", "/s/%ff", "/s/%zz", "/s/...",
        ]:  # fmt: skip
            answer = await site.get(path)
            equal(answer.status, 404, path)
            equal(answer.text, "nothing at " + path)
        for path in ("/s/" + "x" * 300, "/s/" + "x/" * 200):
            equal((await site.get(path)).status, 404)


async def test_only_get_and_head_are_allowed():
    with Site("/s") as site:
        for path in ("/s/a.txt", "/s/", "/s", "/s/nothing"):
            for method in ("POST", "PUT", "DELETE"):
                answer = await site.get(path, None, method)
                equal((answer.status, answer.headers["allow"]), (405, "GET, HEAD, OPTIONS"), path)


async def test_packed_siblings_go_to_those_who_take_them():
    with Site() as site:
        plain = await site.get("/app.js")
        packed = await site.get("/app.js", {"Accept-Encoding": "gzip, deflate"})
        equal(packed.body, b"\x1f\x8bpacked")
        equal(packed.headers["content-encoding"], "gzip")
        equal(packed.headers["content-type"], plain.headers["content-type"])
        assert "content-encoding" not in plain.headers
        assert packed.headers["etag"] != plain.headers["etag"]
        refused = await site.get("/app.js", {"Accept-Encoding": "gzip;q=0"})
        equal(refused.body, b"script")
        for answer in (plain, packed, refused):
            equal(answer.headers["vary"], "Accept-Encoding")
        again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
        again = await site.get("/app.js", again)
        equal((again.status, again.headers["vary"]), (304, "Accept-Encoding"))
        part = await site.get("/app.js", {"Accept-Encoding": "gzip", "Range": "bytes=2-3"})
        equal((part.status, part.body), (206, b"pa"))
        equal(part.headers["content-range"], "bytes 2-3/8")
        assert "vary" not in (await site.get("/a.txt")).headers
        equal((await site.get("/app.js.gz")).headers["content-type"], "application/gzip")
    with Site(compressed=False) as site:
        equal((await site.get("/app.js", {"Accept-Encoding": "gzip"})).body, b"script")


def test_accept_encoding():
    for header, expected in [
        ("", False), ("gzip", True), ("GZIP", True), ("br", False), ("br, gzip", True),
        ("gzip;q=0", False), ("gzip;q=0.000", False), ("gzip; q=0.001", True), ("gzip;q=1", True),
        ("gzip ; q = 0", False), ("*", True), ("*;q=0", False), ("gzip, *;q=0", True),
        ("gzip;q=0, *", False), ("x-gzip", True), ("identity", False), ("gzipped", False),
        (",, gzip ,", True), ("gzip;x=1;q=0", False),
    ]:  # fmt: skip
        equal(accepts_gzip(header), expected, header)


async def test_conditions_and_ranges():
    with Site(max_age=60) as site:
        first = await site.get("/a.txt")
        equal(first.headers["cache-control"], "max-age=60")
        again = await site.get("/a.txt", {"If-None-Match": first.headers["etag"]})
        equal((again.status, again.headers["cache-control"]), (304, "max-age=60"))
        part = await site.get("/a.txt", {"Range": "bytes=1-2"})
        equal((part.status, part.body), (206, b"ex"))
        beyond = await site.get("/a.txt", {"Range": "bytes=4-"})
        equal((beyond.status, beyond.headers["content-range"]), (416, "bytes */4"))


async def test_another_index():
    with Site(index="a.txt") as site:
        equal((await site.get("/")).body, b"text")
        equal((await site.get("/docs/")).status, 404)
    with Site(index=None) as site:
        equal((await site.get("/")).status, 404)
        equal((await site.get("/docs")).status, 404)
        equal((await site.get("/a.txt")).body, b"text")


async def test_routes_before_it_win_and_hooks_run_once():
    with Site("/s") as site:
        seen = []
        site.app.after_request(lambda request, response: seen.append(response.status_code))
        site.app.after_error_request(lambda request, response: seen.append(-response.status_code))
        await site.get("/s/a.txt")
        await site.get("/s/nothing")
        equal(seen, [200, -404])
    with Site("/x") as site:
        app = Microdot()
        app.get("/a.txt")(lambda request: "route")
        app.static("/", site.folder.path)
        equal((await ask(app, "GET", "/a.txt")).body, b"route")
        equal((await ask(app, "GET", "/app.js")).body, b"script")


async def test_a_mounted_application_serves_its_directory_below_its_prefix():
    with Site("/s") as site:
        app = Microdot()
        app.mount(site.app, "/sub")
        equal((await ask(app, "GET", "/sub/s/a.txt")).body, b"text")
        equal((await ask(app, "GET", "/sub/s/docs")).headers["location"], "/sub/s/docs/")


async def test_a_directory_that_is_not_there():
    app = Microdot()
    app.static("/", "/no-such-directory")
    equal((await ask(app, "GET", "/a")).status, 404)
    equal((await ask(app, "GET", "/")).status, 404)
