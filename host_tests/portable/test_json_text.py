"""firn.json_text: strict JSON, and where what is none goes wrong."""

from expect import equal, raises
from firn import json_text

DEEP = b"[" * json_text.MAX_DEPTH + b"]" * json_text.MAX_DEPTH

# text, value
RIGHT = (
    (b"{}", {}),
    (b"[]", []),
    (b" \t\r\n null \t\r\n ", None),
    (b"true", True),
    (b"false", False),
    (b'""', ""),
    (b'"a b"', "a b"),
    (b'"\x7f"', "\x7f"),
    (b'"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'),
    (b'"\\u00e9\\u00E9\\u20ac"', "\xe9\xe9\u20ac"),
    (b'"\\u0000"', "\x00"),
    (b'"\\ud83d\\ude00"', "\U0001f600"),
    (b'"\xf0\x9f\x98\x80\xc3\xa9"', "\U0001f600\xe9"),
    (b"\xef\xbb\xbf{}", {}),
    (b"0", 0),
    (b"-0", 0),
    (b"-12", -12),
    (b"1073741824", 1 << 30),
    (b"123456789012345678", 123456789012345678),
    (b"1.5", 1.5),
    (b"-2.5e3", -2500.0),
    (b"1E+2", 100.0),
    (b"5e-1", 0.5),
    (b'{"a":[1,{"b":null}],"c":"d"}', {"a": [1, {"b": None}], "c": "d"}),
    (b'[[],{},"",0 , 1]', [[], {}, "", 0, 1]),
    (b'{"a":1,"a":2}', {"a": 2}),
)

# text, offset of the mistake, what is expected there
WRONG = (
    (b"", 0, "a value"),
    (b"  ", 2, "a value"),
    (b"\xef\xbb\xbf", 3, "a value"),
    (b"nul", 0, "a value"),
    (b"True", 0, "a value"),
    (b"NaN", 0, "a value"),
    (b"Infinity", 0, "a value"),
    (b"-Infinity", 1, "a digit"),
    (b"\x00", 0, "a value"),
    (b"{}\x00", 2, "the end of the file"),
    (b"{} {}", 3, "the end of the file"),
    (b"1 2", 2, "the end of the file"),
    (b"truex", 4, "the end of the file"),
    (b"{", 1, "a key in double quotes or '}'"),
    (b"{1:2}", 1, "a key in double quotes or '}'"),
    (b"{'a':1}", 1, "a key in double quotes or '}'"),
    (b'{"a":1,}', 7, "a key in double quotes"),
    (b"{,}", 1, "a key in double quotes or '}'"),
    (b'{"a" 1}', 5, "':' after a key"),
    (b'{"a":}', 5, "a value"),
    (b'{"a"::1}', 5, "a value"),
    (b'{"a":1 "b":2}', 7, "',' or '}' after a value"),
    (b'{"a":1]', 6, "',' or '}' after a value"),
    (b"[1}", 2, "',' or ']' after a value"),
    (b"[1 2]", 3, "',' or ']' after a value"),
    (b"[1,]", 3, "a value"),
    (b"[,1]", 1, "a value"),
    (b"[1", 2, "',' or ']' after a value"),
    (b"]", 0, "a value"),
    (b"\xa0{}", 0, "UTF-8 text"),
    (b"\x0b{}", 0, "a value"),
    (b"+1", 0, "a value"),
    (b".5", 0, "a value"),
    (b"-", 1, "a digit"),
    (b"1.", 2, "a digit"),
    (b"1.e2", 2, "a digit"),
    (b"1e", 2, "a digit"),
    (b"1e+", 3, "a digit"),
    (b"1-2", 1, "the end of the file"),
    (b"0x10", 1, "the end of the file"),
    (b"1_000", 1, "the end of the file"),
    (b"01", 0, "a number without a leading zero"),
    (b"-01", 0, "a number without a leading zero"),
    (b'"a', 2, "'\"' at the end of a string"),
    (b'"a\nb"', 2, "'\"' at the end of a string"),
    (b'"a\tb"', 2, "no control character in a string"),
    (b'"\x00"', 1, "no control character in a string"),
    (b'"\\x41"', 2, 'one of " \\ / b f n r t u after a backslash'),
    (b'"\\\'"', 2, 'one of " \\ / b f n r t u after a backslash'),
    (b'"\\', 2, 'one of " \\ / b f n r t u after a backslash'),
    (b'"\\u12"', 5, "four hexadecimal digits after \\u"),
    (b'"\\u+123"', 3, "four hexadecimal digits after \\u"),
    (b'"\\u1_23"', 4, "four hexadecimal digits after \\u"),
    (b'"\\ud83d"', 1, "both halves of a surrogate pair"),
    (b'"a\\ude00\\ud83d"', 2, "both halves of a surrogate pair"),
    (b'"\\ud83d\\u0041"', 1, "both halves of a surrogate pair"),
    (b'{"a": "\xff"}', 7, "UTF-8 text"),
    (b'"\xc0\x80"', 1, "UTF-8 text"),
    (b'"\xe0\x9f\xbf"', 1, "UTF-8 text"),
    (b'"\xed\xa0\x80"', 1, "UTF-8 text"),
    (b'"\xf4\x90\x80\x80"', 1, "UTF-8 text"),
    (b'"\xf5\x80\x80\x80"', 1, "UTF-8 text"),
    (b'"\xe2\x82', 1, "UTF-8 text"),
    (b"\xff\xfe{\x00}\x00", 0, "UTF-8 text"),
    (b"[" + DEEP + b"]", json_text.MAX_DEPTH, "at most 8 levels of objects and lists"),
    (b"[" * 5000, json_text.MAX_DEPTH, "at most 8 levels of objects and lists"),
)


def test_right_texts_are_read():
    for text, value in RIGHT:
        found, _ = json_text.loads(text)
        equal(found, value, text)
        equal(type(found), type(value), text)


def test_wrong_texts_are_refused_where_they_go_wrong():
    for text, offset, expected in WRONG:
        error = raises(json_text.JSONError, json_text.loads, text)
        equal(error.args, (offset, expected), text[:20])


def test_every_text_cut_short_is_refused():
    text = b'{"a": [1.5e3, -20, "x\\u00e9"], "b": {"c": [true, null]}, "d": ""}'
    json_text.loads(text)
    for end in range(len(text)):
        raises(json_text.JSONError, json_text.loads, text[:end])


def test_the_deepest_text_is_read():
    json_text.loads(DEEP)


def test_repeated_keys_are_noticed_in_any_object():
    for text, repeated in (
        (b'{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', False),
        (b'{"a":1,"b":2,"a":1}', True),
        (b'{"a":{"b":1,"b":1}}', True),
        (b'[{"b":1,"\\u0062":1}]', True),
    ):
        equal(json_text.loads(text)[1], repeated, text)


def test_long_numbers_are_read_as_floats():
    for text, value in (
        (b"1" + b"0" * 18, 1e18),
        (b"9" * 400, float("inf")),
        (b"-1e999", -float("inf")),
    ):
        found, _ = json_text.loads(text)
        assert isinstance(found, float)
        equal(found, value)
