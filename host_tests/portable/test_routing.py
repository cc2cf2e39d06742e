"""microdot.routing: patterns and the table of routes."""

from expect import equal, raises
from microdot.fallbacks import route_methods
from microdot.routing import Route, RouteTable
from microdot.urlpattern import URLPattern

# (pattern, path, arguments or None)
MATCHES = [
    ("/", "/", {}),
    ("/", "", None),
    ("/", "//", None),
    ("/a", "/a", {}),
    ("a", "/a", {}),
    ("/a", "/A", None),
    ("/a", "/a/", None),
    ("/a", "/ab", None),
    ("/a", "/b/a", None),
    ("/a/", "/a/", {}),
    ("/a/", "/a", None),
    ("//a", "//a", {}),
    ("//a", "/a", None),
    ("//<x>", "/a", None),
    ("//<x>", "//a", {"x": "a"}),
    ("/a.c", "/a.c", {}),
    ("/a.c", "/abc", None),
    ("/a.c/<x>", "/abc/d", None),
    ("/(a)", "/(a)", {}),
    ("/a<b", "/a<b", {}),
    ("/<x>", "/a", {"x": "a"}),
    ("/<x>", "/", None),
    ("/<x>", "/a/", None),
    ("/<x>", "/a/b", None),
    ("/<x>/", "/a/", {"x": "a"}),
    ("/<x>/b", "/a/b", {"x": "a"}),
    ("/<x>/b", "//b", None),
    ("/<x>/<y>", "/a/b", {"x": "a", "y": "b"}),
    ("/<string:x>", "/a", {"x": "a"}),
    ("/<int:n>", "/12", {"n": 12}),
    ("/<int:n>", "/-12", {"n": -12}),
    ("/<int:n>", "/0012", {"n": 12}),
    ("/<int:n>", "/-", None),
    ("/<int:n>", "/+1", None),
    ("/<int:n>", "/1_0", None),
    ("/<int:n>", "/1.0", None),
    ("/<int:n>", "/1a", None),
    ("/<int:n>", "/", None),
    ("/<int:n>/x", "/5/x", {"n": 5}),
    ("/<int:n>/x", "/a/x", None),
    ("/a/<int:n>/<x>", "/a/5/b", {"n": 5, "x": "b"}),
    ("/<path:p>", "/a", {"p": "a"}),
    ("/<path:p>", "/a/b/", {"p": "a/b/"}),
    ("/<path:p>", "//", {"p": "/"}),
    ("/<path:p>", "/", None),
    ("/a/<path:p>", "/a/b/c.d", {"p": "b/c.d"}),
    ("/a/<path:p>", "/b/c", None),
    ("/a/<path:p>/z", "/a/b/c/z", {"p": "b/c"}),
    ("/a/<path:p>/z", "/a/z/z", {"p": "z"}),
    ("/a/<path:p>/z", "/a/z", None),
    ("/<path:p>/<int:n>", "/a/b/7", {"p": "a/b", "n": 7}),
    ("/<re:[a-c]+:x>", "/abc", {"x": "abc"}),
    ("/<re:[a-c]+:x>", "/abd", None),
    ("/<re:a|b:x>", "/b", {"x": "b"}),
    ("/<re:a|b:x>/c", "/b/c", {"x": "b"}),
    ("/<re:(a)(b):x>/<y>", "/ab/c", {"x": "ab", "y": "c"}),
    ("/<re:[0-9]+:x>", "/12", {"x": "12"}),
    # Decoded after matching, so that an encoded slash separates nothing.
    ("/<x>", "/a%20b", {"x": "a b"}),
    ("/<x>", "/a+b", {"x": "a+b"}),
    ("/<x>", "/a%2Fb", {"x": "a/b"}),
    ("/<x>", "/%C3%A9", {"x": "\u00e9"}),
    ("/<x>", "/%ff", None),
    ("/<x>", "/%zz", None),
    ("/<x>", "/%4%41", None),
    ("/<x>/y", "/%41/y", {"x": "A"}),
    ("/<path:p>", "/a%2fb/c", {"p": "a/b/c"}),
]


def test_patterns_match_what_they_should():
    for pattern, path, expected in MATCHES:
        equal(URLPattern(pattern).match(path), expected, "%s for %s" % (pattern, path))


def test_a_table_finds_what_patterns_match():
    for pattern, path, expected in MATCHES:
        table = RouteTable()
        table.add(Route(["GET"], pattern, None))
        route, arguments = table.find("GET", path)
        equal(route is not None, expected is not None, "%s for %s" % (pattern, path))
        equal(arguments or {}, expected or {}, "%s for %s" % (pattern, path))


def test_bad_patterns_are_refused_when_they_are_compiled():
    for pattern in ("/<a", "/<a>b", "/<nosuch:a>", "/x/<int:a", "/<:a:b>"):
        url_pattern = URLPattern(pattern)
        raises(ValueError, url_pattern.compile)
        raises(ValueError, url_pattern.match, "/a")


def test_registered_types():
    URLPattern.register_type("hex", "[0-9a-f]+", lambda text: int(text, 16))
    equal(URLPattern("/<hex:n>").match("/ff"), {"n": 255})
    equal(URLPattern("/<hex:n>").match("/fg"), None)
    equal(URLPattern("/a/<hex:n>/b").match("/a/10/b"), {"n": 16})
    URLPattern.register_type("upper", parser=lambda text: text.upper())
    equal(URLPattern("/<upper:x>").match("/a%20b"), {"x": "A B"})
    equal(URLPattern("/<upper:x>").match("/a/b"), None)


def test_a_parser_refuses_by_none_or_a_value_error():
    URLPattern.register_type("none", parser=lambda text: None)
    equal(URLPattern("/<none:x>").match("/a"), None)
    URLPattern.register_type("number", parser=float)
    equal(URLPattern("/<number:x>").match("/1.5"), {"x": 1.5})
    equal(URLPattern("/<number:x>").match("/one"), None)


def test_types_can_be_registered_after_the_pattern_was_made():
    pattern = URLPattern("/<late:x>")
    URLPattern.register_type("late", "x+")
    equal(pattern.match("/xx"), {"x": "xx"})


def table_of(*routes):
    table = RouteTable()
    for methods, pattern in routes:
        table.add(Route(methods.split(" "), pattern, pattern))
    return table


def found(table, method, path):
    route, arguments = table.find(method, path)
    return (route.handler, arguments) if route else route_methods(table, path)


def test_the_first_route_wins():
    table = table_of(("GET", "/<x>"), ("GET", "/a"), ("GET", "/b"), ("GET", "/<path:p>"))
    equal(found(table, "GET", "/a"), ("/<x>", {"x": "a"}))
    table = table_of(("GET", "/a"), ("GET", "/<x>"), ("GET", "/a/b"), ("GET", "/<x>/b"))
    equal(found(table, "GET", "/a"), ("/a", None))
    equal(found(table, "GET", "/b"), ("/<x>", {"x": "b"}))
    equal(found(table, "GET", "/a/b"), ("/a/b", None))
    equal(found(table, "GET", "/c/b"), ("/<x>/b", {"x": "c"}))
    table = table_of(("GET", "/<path:p>"), ("GET", "/a/<x>"))
    equal(found(table, "GET", "/a/b"), ("/<path:p>", {"p": "a/b"}))
    table = table_of(("GET", "/a/<x>"), ("GET", "/<path:p>"), ("GET", "/b/<x>"))
    equal(found(table, "GET", "/a/b"), ("/a/<x>", {"x": "b"}))
    equal(found(table, "GET", "/b/b"), ("/<path:p>", {"p": "b/b"}))


def test_the_method_decides_between_routes_of_one_path():
    table = table_of(("GET POST", "/a"), ("PUT", "/a"), ("PUT PATCH", "/<x>"))
    equal(found(table, "POST", "/a"), ("/a", None))
    equal(found(table, "PUT", "/a"), ("/a", None))
    equal(found(table, "PATCH", "/a"), ("/<x>", {"x": "a"}))


def test_without_a_route_the_methods_of_the_path_are_told():
    table = table_of(("GET POST", "/a"), ("PUT", "/<x>"), ("GET", "/<x>"), ("PUT", "/b/<x>"))
    equal(found(table, "DELETE", "/a"), ["GET", "POST", "PUT"])
    equal(found(table, "DELETE", "/c"), ["PUT", "GET"])
    equal(found(table, "DELETE", "/b/c"), ["PUT"])
    equal(found(table, "GET", "/a/b"), [])
    equal(route_methods(table, "/a"), ["GET", "POST", "PUT"])
    equal(route_methods(table, "*"), [])


def test_one_path_has_many_spellings():
    table = table_of(("GET", "/a b/\u00e9"), ("GET", "/c%2fd"), ("GET", "/~x/<y>"))
    equal(found(table, "GET", "/a%20b/%c3%a9"), ("/a b/\u00e9", None))
    equal(found(table, "GET", "/%61%20b/%C3%A9"), ("/a b/\u00e9", None))
    equal(found(table, "GET", "/c%2Fd"), ("/c%2fd", None))
    equal(found(table, "GET", "/c/d"), [])
    equal(found(table, "GET", "/%7ex/1"), ("/~x/<y>", {"y": "1"}))


def test_routes_unpack_like_tuples():
    route = Route(["GET"], "/a", len, "/p", None)
    equal(tuple(route), (["GET"], route.pattern, len, "/p", None))
    equal(route.pattern.url_pattern, "/a")
