"""The schema made of config_table against the device's check, and the files made of both."""

import json
import re
import string

import pytest
from config_generator import names
from config_values import BY_KIND, EXAMPLES, LETTERS, WHOLE, ecma
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from firn import config, config_kinds, config_table
from firn_tools import paths, schema


def spoilt(text):
    """Strategy: ``text`` with a character put in, taken out or changed."""

    def spoil(place, letter, way):
        place %= len(text) + 1
        return text[:place] + ("" if way == 1 else letter) + text[place + (way > 0) :]

    return st.builds(spoil, st.integers(0, 200), st.sampled_from(LETTERS), st.integers(0, 2))


def right(kind):
    return st.sampled_from(EXAMPLES[kind])


def candidates(kind):
    """Strategy: values that are right, nearly right, what the pattern makes, and anything."""
    texts = [text for text in EXAMPLES[kind] if isinstance(text, str)]
    ways = [right(kind), JUNK, st.text(LETTERS, max_size=12)] + [spoilt(text) for text in texts]
    pattern = schema._KINDS[kind].get("pattern")
    if pattern:
        ways.append(st.from_regex(ecma(pattern)))
    return st.one_of(ways)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 70000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(string.ascii_letters, max_size=5),
    st.lists(st.integers(0, 2), max_size=2),
    st.dictionaries(st.sampled_from(["path", "port", "x"]), st.integers(0, 2), max_size=2),
)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_schema_and_check_agree_on_each_kind(kind, data):
    value = data.draw(candidates(kind))
    used = getattr(config_kinds, kind)(value, None)
    by_schema = not BY_KIND[kind](value)
    if kind == "ssid" and isinstance(value, str) and len(value) <= 32 < len(value.encode()):
        assert used is None  # 32 bytes, which a schema cannot count
    else:
        assert (used is not None) == by_schema, value


def test_every_kind_of_the_table_has_examples_and_a_schema():
    def kinds(rows):
        for _, kind, _, limits, _ in rows:
            if kind in ("object", "ip"):
                yield from kinds(limits)
            elif kind == "objects":
                yield from kinds(limits[0])
            elif kind in ("list", "origins"):
                yield limits[1]
            else:
                yield kind

    single = set(kinds(config_table.KEYS)) - {"integer", "choice", "secret", "users"}
    assert single | {"user_name", "password_hash"} == set(EXAMPLES) == set(schema._KINDS)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_examples_are_right(kind):
    for value in EXAMPLES[kind]:
        assert getattr(config_kinds, kind)(value, None) is not None, value
        assert BY_KIND[kind](value) == [], value


def values(kind, limits):
    """Strategy: right values of ``kind``."""
    if kind == "integer":
        return st.one_of(st.integers(*limits), st.integers(*limits).map(float))
    if kind == "secret":
        return st.text(LETTERS, min_size=limits[0], max_size=limits[0] + 3)
    if kind == "choice":
        return st.sampled_from(limits)
    if kind == "object":
        return objects(limits)
    if kind == "objects":
        return st.lists(objects(*limits), max_size=2)
    if kind == "list":
        return st.lists(values(*limits[1:]), min_size=limits[0], max_size=2)
    if kind == "origins":
        return st.one_of(st.just("*"), values("list", limits))
    if kind == "ip":
        return st.one_of(st.just("dhcp"), objects(limits))
    if kind == "users":
        return st.dictionaries(right("user_name"), right("password_hash"), max_size=2)
    return right(kind)


@st.composite
def objects(draw, rows, one_of=(), excluding=()):
    chosen = draw(st.sampled_from(one_of)) if one_of else None
    made = {}
    for name, kind, default, limits, _ in rows:
        optional = default is not ... and name != chosen
        if name in one_of and optional:
            continue
        if (chosen, name) in excluding:
            continue
        if not optional or draw(st.booleans()):
            made[name] = draw(values(kind, limits))
    return made


@st.composite
def mutated(draw, value):
    """``value`` with something changed somewhere within."""
    if isinstance(value, dict) and value and draw(st.integers(0, 5)):
        made = dict(value)
        name = draw(st.sampled_from(sorted(value)))
        way = draw(st.integers(0, 7))
        if way == 0:
            del made[name]
        elif way == 1:
            made[draw(st.sampled_from(NAMES))] = draw(JUNK)
        else:
            made[name] = draw(mutated(value[name]))
        return made
    if isinstance(value, list) and value and draw(st.integers(0, 5)):
        made = list(value)
        index = draw(st.integers(0, len(value) - 1))
        made[index] = draw(mutated(value[index]))
        return made
    if isinstance(value, str) and draw(st.booleans()):
        return draw(spoilt(value))
    return draw(JUNK)


NAMES = ["path", "handler", "redirect", "mount", "methods", "login", "index", "port", "tls", "x"]
CONFIGS = objects(config_table.KEYS)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONFIGS)
def test_right_configurations_pass_both(value):
    text = json.dumps(value, ensure_ascii=False)
    assume(len(text.encode()) <= config.LIMIT)
    assert WHOLE(value) == []
    assert [str(problem) for problem in config.check(text).problems] == []


@settings(max_examples=450, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONFIGS.flatmap(mutated))
def test_schema_and_check_agree_on_changed_configurations(value):
    text = json.dumps(value)
    assume(len(text) <= config.LIMIT and '"ssid": "Caf' not in text)
    problems = [str(problem) for problem in config.check(text).problems]
    assert bool(problems) == bool(WHOLE(value)), (problems, WHOLE(value))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONFIGS.flatmap(mutated))
def test_what_a_wrong_configuration_keeps_is_right(value):
    """What the check leaves of a wrong configuration has nothing wrong in it."""
    text = json.dumps(value)
    assume(len(text) <= config.LIMIT)
    kept = _kept(config.check(text)._values)
    assert WHOLE(kept) == []
    assert config.check(json.dumps(kept)).problems == []


def _kept(value):
    if isinstance(value, dict):
        return {name: _kept(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_kept(item) for item in value if item is not None]
    return value


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CONFIGS.flatmap(mutated), st.sampled_from([None, 2]))
def test_every_message_has_a_place_in_the_text(value, indent):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    lines = text.split("\n")
    for problem in config.check(text).problems:
        assert 1 <= problem.column <= len(lines[problem.line - 1]), str(problem)
        assert "\n" not in str(problem)


def test_the_schema_file_is_up_to_date():
    file = paths.root() / schema.SCHEMA_FILE
    assert file.read_text(encoding="utf-8") == schema.schema_text()


def test_the_reference_page_is_up_to_date():
    page = (paths.root() / schema.PAGE_FILE).read_text(encoding="utf-8")
    assert page == schema.page_text(page)


def test_a_page_without_markers_is_refused():
    with pytest.raises(ValueError, match="expected <!-- begin"):
        schema.page_text("nothing here")


def test_write_brings_both_files_up_to_date(tmp_path):
    (tmp_path / "docs").mkdir()
    page = tmp_path / schema.PAGE_FILE
    page.write_text("before\n%s\nstale\n%s\nafter\n" % (schema.BEGIN, schema.END))
    assert sorted(schema.write(tmp_path)) == sorted([page, tmp_path / schema.SCHEMA_FILE])
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "stale" not in text
    assert schema.write(tmp_path) == []


def test_every_key_is_on_the_reference_page():
    page = schema.reference()
    assert all("| `%s` |" % name in page for name in names(config_table.KEYS))


def _examples():
    page = (paths.root() / schema.PAGE_FILE).read_text(encoding="utf-8")
    return re.findall(r"```json\n(.*?)```", page, re.S)


def test_the_page_has_examples():
    assert len(_examples()) >= 4


@pytest.mark.parametrize("text", _examples())
def test_the_examples_of_the_page_are_right(text):
    assert [str(problem) for problem in config.check(text).problems] == []
    assert WHOLE(json.loads(text)) == []


def test_the_messages_of_the_page_are_what_the_check_says():
    page = (paths.root() / schema.PAGE_FILE).read_text(encoding="utf-8")
    found = re.findall(r"```jsonc\n(.*?)```\n+```text\n(.*?)```", page, re.S)
    assert found
    for text, messages in found:
        said = [str(problem) for problem in config.check(text).problems]
        assert said == messages.splitlines()
