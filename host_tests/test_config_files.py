"""firn.json_text held against CPython's json, and firn.replace on the host's own files."""

import json
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from firn import config, json_text, replace

TEXTS = [
    '{"a": [1, -2.5e3, "x\\u00e9\\n", true, null], "b": {"c": ""}}',
    '[0, 10, -0, 1E+2, 5e-1, "\\ud83d\\ude00", [], {}]',
    '{"server":{"port":80},"static":[{"path":"/","directory":"www"}]}',
]
PIECES = [*"{}[],:\"\\ \t\r\n0123456789+-.eEutfn/*'\x00\x7fäé"]
PIECES += ["true", "null", '""', "\\u", "D83d"]


def by_json(data):
    """(value,) as CPython's json has it, () where it refuses the text."""

    def refuse(name):
        raise ValueError(name)  # NaN and Infinity are no JSON

    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError):
        return ()
    return (value,)


def by_firn(data):
    try:
        return (json_text.loads(data)[0],)
    except json_text.JSONError as error:
        offset, expected = error.args
        assert 0 <= offset <= len(data) and expected
        return ()


def refused_on_purpose(value, depth=0):
    """Half surrogate pairs, and more levels than a device wants to have on its stack."""
    if isinstance(value, str):
        return any(0xD800 <= ord(character) < 0xE000 for character in value)
    if isinstance(value, (dict, list)) and depth == json_text.MAX_DEPTH:
        return True
    items = [*value, *value.values()] if isinstance(value, dict) else value
    return isinstance(value, (dict, list)) and any(
        refused_on_purpose(item, depth + 1) for item in items
    )


def same(a, b):
    """Equal, and of the same type but for the integers that are read as floats."""
    if isinstance(a, dict):
        return isinstance(b, dict) and [*a] == [*b] and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, int) and isinstance(b, float):
        return abs(a) >= 10**18 and math.isclose(a, b)
    return type(a) is type(b) and a == b


def agree(data):
    expected = by_json(data)
    found = by_firn(data)
    if expected and refused_on_purpose(expected[0]):
        assert found == ()
    else:
        assert bool(found) == bool(expected), data
        assert not found or same(expected[0], found[0])


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(st.integers(0, 70), st.integers(0, 3), st.sampled_from(PIECES)), max_size=3
    ),
)
def test_changed_texts_are_read_or_refused_as_cpython_does(text, changes):
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    agree(text.encode())


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_read_or_refused_as_cpython_does(text):
    agree(text.encode())


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=12))
@example(b"\xf4\x8f\xbf\xbf")
@example(b"\xf4\x90\x80\x80")
@example(b"\xed\x9f\xbf\xed\xa0\x80")
@example(b"\xe0\xa0\x80\xe0\x9f\xbf")
def test_bytes_are_utf8_where_cpython_says_so(data):
    try:
        data.decode()
        expected = -1
    except UnicodeDecodeError as error:
        expected = error.start
    assert json_text.utf8_error(data) == expected


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    st.booleans(),
)
def test_what_cpython_writes_is_read(value, ascii_only):
    try:
        agree(json.dumps(value, ensure_ascii=ascii_only).encode())
    except UnicodeEncodeError:
        assert not ascii_only


def test_write_replaces_a_file_of_the_host(tmp_path):
    path = tmp_path / "config.json"
    replace.write(str(path), '{"setup": false}')
    replace.write(str(path), b"\xef\xbb\xbf{}")
    names = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    assert names == {"config.json": b"\xef\xbb\xbf{}", "config.json.bak": b'{"setup": false}'}
    assert config.load(str(path)).problems == []


def test_write_to_no_directory_fails(tmp_path):
    with pytest.raises(FileNotFoundError):
        replace.write(str(tmp_path / "none" / "config.json"), "{}")


def test_load_of_a_directory_is_a_problem(tmp_path):
    (tmp_path / "config.json").mkdir()
    problems = config.load(str(tmp_path / "config.json")).problems
    assert len(problems) == 1
    assert problems[0].message.startswith("expected a file that can be read, got error ")
    assert config.load(str(tmp_path / "other.json")).problems == []
