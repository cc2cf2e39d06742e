"""firn.json_position: from a path to the place in the text."""

from expect import equal
from firn import json_position

TEXT = b'{\n  "a": 1,\n  "b": [true, {"c": "x,]}\\""}, []],\n  "a": {}\n}\n'


def place(text, path):
    found = json_position.find(text, path)
    return found and tuple([json_position.line_column(text, offset) for offset in found])


def test_find_gives_the_place_of_key_and_value():
    for path, where in (
        ((), ((1, 1), (1, 1))),
        (("b",), ((3, 3), (3, 8))),
        (("b", 0), ((3, 9), (3, 9))),
        (("b", 1), ((3, 15), (3, 15))),
        (("b", 1, "c"), ((3, 16), (3, 21))),
        (("b", 2), ((3, 32), (3, 32))),
        (("a",), ((4, 3), (4, 8))),
        (("z",), None),
        (("b", 3), None),
        (("b", "c"), None),
        (("a", "b"), None),
        (("b", 1, "c", "d"), None),
    ):
        equal(place(TEXT, path), where, path)


def test_a_byte_order_mark_takes_no_column():
    text = b'\xef\xbb\xbf{"a": 1}'
    equal(place(text, ("a",)), ((1, 2), (1, 7)))


def test_columns_count_characters():
    text = '{"\u00e4\u20ac\U0001f600": [1]}'.encode()
    equal(place(text, ("\u00e4\u20ac\U0001f600", 0)), ((1, 10), (1, 10)))


def test_lines_may_end_in_carriage_return_and_newline():
    equal(place(b'{\r\n "a":\r\n  1}', ("a",)), ((2, 2), (3, 3)))


def test_repeated_gives_every_later_one():
    text = b'{"a": 1, "b": [{"c": 1, "c": 2, "c": 3}], "a": {"d": 1, "d": 1}}'
    found = json_position.repeated(text)
    equal(
        found,
        [(("b", 0, "c"), 24), (("b", 0, "c"), 32), (("a",), 42), (("a", "d"), 56)],
    )
    equal(json_position.repeated(b'{"a": 1, "b": 2}'), [])
    equal(json_position.repeated(b"[[], {}]"), [])


def test_token_end_is_after_the_value():
    for text, end in ((b'"a\\"b" ', 6), (b"12,", 2), (b"[1, [2]]}", 8), (b"null", 4)):
        equal(json_position.token_end(text, 0), end, text)
