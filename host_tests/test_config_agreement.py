"""The JSON Schema and the device's check agree on thousands of whole configurations."""

import json

from config_generator import CHANGES, generate
from config_values import WHOLE
from hypothesis import given, settings
from hypothesis import strategies as st

from firn import config

_EXAMPLES = 8000


def beyond_a_schema(value):
    """Whether ``value`` has a network name of over 32 bytes in at most 32 characters."""
    if isinstance(value, dict):
        name = value.get("ssid")
        if isinstance(name, str) and len(name) <= 32 < len(name.encode()):
            return True
        value = list(value.values())
    return isinstance(value, list) and any(map(beyond_a_schema, value))


def verdicts(number):
    """(changes, what the device says, what the schema says) of one configuration, or None."""
    value, changes = generate(number)
    text = json.dumps(value)
    if len(text) > config.LIMIT or beyond_a_schema(value):
        return None
    said = [str(problem) for problem in config.check(text).problems]
    return changes, said, WHOLE(value)


def test_schema_and_check_agree_on_thousands_of_configurations():
    seen = set()

    @settings(max_examples=_EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**48))
    def agree(number):
        found = verdicts(number)
        if found:
            changes, by_device, by_schema = found
            assert bool(by_device) == bool(by_schema), (generate(number), by_device, by_schema)
            assert changes or not by_device, by_device
            seen.update((change, not by_device) for change in changes)
            seen.add(("unchanged", True) if not changes else ("changed", not by_device))

    agree()
    # Nothing is shown by a generator of which every configuration is right, or none.
    expected = {(change.__name__, verdict) for change in CHANGES for verdict in (True, False)}
    assert seen >= expected | {("unchanged", True), ("changed", True), ("changed", False)}
