"""microdot.urlencoding: percent-encoding of URLs and forms."""

from expect import equal, raises
from microdot.urlencoding import normalize, parse_query, urldecode, urlencode


def test_decoding():
    for text, expected in [
        ("", ""),
        ("abc", "abc"),
        ("a+b", "a b"),
        ("a%20b", "a b"),
        ("%2b+%2B", "+ +"),
        ("%C3%A9", "\u00e9"),
        ("%e2%82%ac", "\u20ac"),
        ("100%", "100%"),
        ("%4", "%4"),
        ("a%00b", "a\0b"),
        ("%25%34%31", "%41"),
        (b"x%3Dy", "x=y"),
        ("\u00e9%41", "\u00e9A"),
    ]:
        equal(urldecode(text), expected, repr(text))
    equal(urldecode("a+b", plus=False), "a+b")


def test_bad_encodings_are_refused():
    for text in (
        "%zz",
        "%4g",
        "% 1",
        "%+1",
        "%-1",
        "%ff",
        "%C3",
        "%C3%28",
        "%4%41",
        "%%41",
        b"\xff",
    ):
        raises(ValueError, urldecode, text)


def test_encoding():
    for text, expected in [
        ("", ""),
        ("aZ09-._~", "aZ09-._~"),
        ("a b", "a+b"),
        ("a+b", "a%2Bb"),
        ("a&b=c?d#e", "a%26b%3Dc%3Fd%23e"),
        ("100%", "100%25"),
        ("\u00e9", "%C3%A9"),
        ("\r\n\0", "%0D%0A%00"),
        ("/path", "/path"),
        ('"<>', "%22%3C%3E"),
    ]:
        equal(urlencode(text), expected, repr(text))
        equal(urldecode(urlencode(text)), text, repr(text))


def test_queries():
    for text, expected in [
        ("", []),
        ("a=1", [("a", ["1"])]),
        ("a=1&b=2&a=3", [("a", ["1", "3"]), ("b", ["2"])]),
        ("a", [("a", [""])]),
        ("a=", [("a", [""])]),
        ("=a", [("", ["a"])]),
        ("&&a=1&", [("a", ["1"])]),
        ("a=b=c", [("a", ["b=c"])]),
        ("a%20b=c+d", [("a b", ["c d"])]),
        ("a=1;b=2", [("a", ["1;b=2"])]),
        (b"a=%C3%A9", [("a", ["\u00e9"])]),
    ]:
        equal(sorted(parse_query(text).items()), expected, repr(text))
    raises(ValueError, parse_query, "a=%zz")
    raises(ValueError, parse_query, b"a=\xff")


def test_normal_paths():
    for path, expected in [
        ("/", "/"),
        ("/a-b._~", "/a-b._~"),
        ("/%61%2D%7e", "/a-~"),
        ("/%2f", "/%2F"),
        ("/%2F", "/%2F"),
        ("/%25", "/%25"),
        ("/%2541", "/%2541"),
        ("/a b", "/a%20b"),
        ("/\u00e9", "/%C3%A9"),
        ("/%c3%a9", "/%C3%A9"),
        ("/%", "/%"),
        ("/%4", "/%4"),
        ("/%zz", "/%zz"),
        # What is no encoding does not become one.
        ("/%4%41", "/%4%41"),
        ("/%%41%41%41", "/%%41%41A"),
        ("/%4%4%41%41", "/%4%4%41A"),
        ("/+", "/+"),
        ("/%00", "/%00"),
    ]:
        equal(normalize(path), expected, path)
        equal(normalize(normalize(path)), expected, path)
