"""What the applications in applications/ are asked, and what they have to answer.

For each, in order: method, path, request headers, request body; then status, headers that have to
be there (None: must not; a list: as often), body (str, or bytes).
"""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "applications"

_TEXT = {"Content-Type": "text/plain; charset=UTF-8"}
_HTML = {"Content-Type": "text/html"}
_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_MILK = {"id": 1, "title": "Buy milk", "done": False}
_TEA = {"id": 2, "title": "Drink tea", "done": False}


def _get(path, body, headers=None, status=200, sent=None):
    return "GET", path, sent or {}, None, status, headers or {}, body


def _json(method, path, value, status, expected, headers=None):
    """Sends JSON, unless ``value`` is None, and expects JSON."""
    sent = {"Content-Type": "application/json"} if value is not None else {}
    body = json.dumps(value) if value is not None else None
    return method, path, sent, body, status, dict(_JSON, **headers or {}), expected


def _file(name, *parts):
    return (FOLDER.joinpath(name, *parts)).read_bytes()


def _list(*names):
    items = "".join("<li>%s</li>\n" % name for name in names)
    return "<ul>\n" + items + "</ul>\n"


HELLO = [
    _get("/", "Hello, world!", dict(_TEXT, **{"Content-Length": "13"})),
    ("HEAD", "/", {}, None, 200, dict(_TEXT, **{"Content-Length": "13"}), ""),
    ("OPTIONS", "/", {}, None, 200, {"Allow": "GET, HEAD, OPTIONS"}, ""),
    _get("/absent", "Not found", _TEXT, 404),
    ("POST", "/", {}, "x=1", 405, _TEXT, None),
    ("POST", "/", {}, 20000 * "x", 413, _TEXT, "Payload too large"),
    _get("/?a=1", "Hello, world!"),
]

USERS = [
    _get("/", '<a href="/users/susan">Susan</a>', _HTML),
    _get("/users/susan", "User: susan", _TEXT),
    _get("/users/", "Not found", status=404),
    _get("/users/a/b", "Not found", status=404),
    _get("/users/12/posts/new-shoes", "Post new-shoes of user 13"),
    _get("/users/-3/posts/x", "Post x of user -2"),
    _get("/users/x/posts/x", "Not found", status=404),
    _get("/files/a/b/c.txt", "File: a/b/c.txt"),
    _get("/codes/ab-12", "Code: ab-12"),
    _get("/codes/ab-x", "Not found", status=404),
    _get("/colors/ff00", "Color: 65280"),
    _get("/colors/red", "Not found", status=404),
    _get("/things", "GET"),
    ("POST", "/things", {}, "", 200, {}, "POST"),
    ("PUT", "/things", {}, "body", 200, {}, "PUT"),
    ("PATCH", "/things", {}, None, 202, {}, "patched"),
    ("DELETE", "/things", {}, None, 204, {}, ""),
    ("OPTIONS", "/things", {}, None, 200,
     {"Allow": "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"}, ""),
    _get("/search", "nothing"),
    _get("/search?page=1", "nothing on page 2 with "),
    _get("/search?q=a+b%21&page=4&tag=x&tag=y", "a b! on page 5 with x,y"),
    _get("/about-me?x=%20y", ["GET", "/about-me", "x=%20y", "/about-me?x=%20y", "me"], _JSON,
         sent={"x-test": "me"}),
]  # fmt: skip

API = [
    _json("GET", "/", None, 200, [_MILK]),
    _json("GET", "/tasks/1", None, 200, _MILK),
    _json("POST", "/tasks", {"title": "Drink tea"}, 201, _TEA, {"Location": "/tasks/2"}),
    _json("PUT", "/tasks/2", {"done": True}, 200, dict(_TEA, done=True)),
    _json("GET", "/", None, 200, [_MILK, dict(_TEA, done=True)]),
    ("DELETE", "/tasks/2", {}, None, 204, {}, ""),
    _json("GET", "/tasks/2", None, 404, {"error": "not found"}),
    _json("PUT", "/tasks/2", {"done": True}, 404, {"error": "no such task"}),
    _json("GET", "/absent", None, 404, {"error": "not found"}),
    _json("POST", "/", {}, 405, {"error": "not allowed"}),
    ("POST", "/tasks", {"Content-Type": "application/json"}, "{}", 400, _TEXT,
     "A task needs a title"),
    ("POST", "/tasks", {"Content-Type": "text/plain"}, '{"title": 1}', 400, _TEXT,
     "A task needs a title"),
    _json("GET", "/divide/7/2", None, 200, {"result": 3}),
    _json("GET", "/divide/7/0", None, 422, {"error": "ZeroDivisionError"}),
    _json("GET", "/order", None, 409, {"error": "no milk"}),
    _json("GET", "/broken", None, 500, {"error": "server error"}),
    _json("GET", "/tasks/1", None, 200, _MILK),
]  # fmt: skip


def _page(name, count):
    text = _file("login", "main.py").decode()
    page = text.partition('PAGE = """')[2].partition('"""')[0]
    return page.format(name=name, count=count)


LOGIN = [
    _get("/", _page("stranger", 1),
         {"Content-Type": "text/html; charset=UTF-8", "Set-Cookie": ["count=1; Path=/"]}),
    _get("/", _page("Ann", 8), {"Set-Cookie": ["count=8; Path=/"]},
         sent={"Cookie": "name=Ann; count=7"}),
    ("POST", "/login", _FORM, "username=Ann", 302, {"Location": "/", "Set-Cookie": [
        "name=Ann; Path=/; Max-Age=3600; HttpOnly",
        "seen=yes; Domain=example.com; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Secure",
    ]}, ""),
    ("POST", "/login", _FORM, "username=", 400, {"Set-Cookie": None}, "Who are you?"),
    _get("/logout", "", {"Location": "/", "Set-Cookie": [
        "name=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0"
    ]}, 303),
    ("POST", "/choices", _FORM, "size=L&topping=ham&topping=olives+%26+more&count=3", 200, _JSON,
     {"size": "L", "toppings": ["ham", "olives & more"], "count": 3}),
]  # fmt: skip

_ERROR = {"X-Error": "yes", "X-Steps": None}

BLOG = [
    _get("/", "index",
         {"X-Steps": "before posts index after", "X-Last": "yes", "X-Error": None}),
    _get("/replaced", "replaced", {"X-Steps": None}),
    _get("/?maintenance", "Come back later", {"X-Steps": "before after", "X-Error": None}, 503),
    _get("/posts/", ["First", "Second"], {"X-Steps": "before posts after", "X-Last": None}),
    _get("/posts/1", "Second"),
    _get("/posts/9", "No such post", _ERROR, 404),
    _get("/admin/panel", "Panel at /admin",
         {"X-Steps": "before posts admin after", "Cache-Control": "no-store"},
         sent={"X-Password": "secret"}),
    _get("/admin/panel", "Go away", dict(_ERROR, **{"Cache-Control": None}), 401),
    _get("/panel", "Not found", _ERROR, 404),
]  # fmt: skip

_NUMBERS = "one\ntwo\n" + "".join("%d\n" % number for number in range(3, 200))

STREAM = [
    _get("/", _NUMBERS, {"Content-Type": "text/plain"}),
    _get("/countdown/3", "2\n1\n0\n", {"Content-Type": "text/plain"}),
    ("HEAD", "/", {}, None, 200, {"Content-Type": "text/plain"}, ""),
    ("POST", "/upload", {}, 5000 * "x", 200, _JSON, {"received": 5000}),
    ("POST", "/lines", {}, "first\nsecond\nthird", 200, _JSON, ["first\n", "second\n", "th"]),
    ("POST", "/echo", {"Content-Type": "x/y"}, b"\0\xff", 200, {"Content-Type": "x/y"}, b"\0\xff"),
    ("POST", "/echo", {"Content-Type": "x/y"}, "", 200, {"Content-Type": "x/y"}, ""),
]


def _static(*parts):
    return _file("files", "static", *parts)


FILES = [
    _get("/", _static("index.html"), {"Cache-Control": None}),
    _get("/static/style.css", _static("style.css"), {"Cache-Control": "max-age=86400"}),
    _get("/static/long.txt", _static("long.txt")),
    _get("/static/../main.py", "Not found", status=404),
    _get("/static/absent.css", "No such file", status=404),
    _get("/compressed", _static("data.json.gz"),
         {"Content-Type": "application/json", "Content-Encoding": "gzip"}),
    _get("/download", _static("style.css"), {"Content-Type": "application/x-download"}, 203),
    ("HEAD", "/static/long.txt", {}, None, 200, {"Cache-Control": "max-age=86400"}, ""),
]  # fmt: skip

PAGES = [
    _get("/", "<p>The start page</p>\n", _TEXT),
    _get("/hello/Ann", "<h1>Hello, Ann!</h1>\n" + _list("a", "b"), _HTML),
    _get("/hello/Bob", "<h1>Hello, Bob!</h1>\n" + _list("a", "b"), _HTML),
    _get("/stream", "<h1>Hello, you!</h1>\n<p>Nothing</p>\n", _HTML),
    _get("/async", "<h1>Hello, async!</h1>\n" + _list("x"), _HTML),
    _get("/stream-async", "<h1>Hello, pieces!</h1>\n" + _list("y"), _HTML),
]

PRECOMPILED = [
    _get("/", "<p>The start page</p>\n", _TEXT),
    _get("/stream/Ann", "<h1>Hello, Ann!</h1>\n", _TEXT),
]

STOP = [_get("/", "running")]

EXCHANGES = {
    "hello": HELLO,
    "users": USERS,
    "api": API,
    "login": LOGIN,
    "blog": BLOG,
    "stream": STREAM,
    "files": FILES,
    "pages": PAGES,
    "precompiled": PRECOMPILED,
    "stop": STOP,
}
