"""Changes to the text of config.json that leave the rest of it byte for byte as it was.

All offsets count bytes. The text has to be JSON; ValueError (a JSONError of json_text) if not.
"""

import hashlib
import os

from . import config, replace
from .json_position import find, members, token_end
from .json_text import JSONError, loads, start


def load(path):
    """The contents (bytes) of the file ``path``, b"" where there is none.

    Of a file longer than config.LIMIT, one byte more than that.
    """
    replace.recover(path)
    try:
        size = os.stat(path)[6]
    except OSError:
        return b""
    with open(path, "rb") as file:
        return file.read(min(size, config.LIMIT + 1))


def tag(data):
    """A short text (str) that is another one for another ``data``."""
    digest = hashlib.sha256(data).digest()
    return "".join(["%02x" % byte for byte in digest[:16]])


def set_value(data, path, value):
    """``data`` (bytes) with ``value`` (str, JSON) at ``path`` (a tuple of keys and indexes).

    The object or list that it is in is made where there is none; what is no object or list there
    raises ValueError.
    """
    found = find(data, path)
    if found:
        return data[: found[1]] + value.encode() + data[token_end(data, found[1]) :]
    outer, name = path[:-1], path[-1]
    around = find(data, outer)
    if around is None:
        return set_value(data, outer, "{%s: %s}" % (quoted(name), value))
    if data[around[1]] != 0x7B:
        raise ValueError("expected an object at %s" % (outer,))
    return insert(data, around[1], "%s: %s" % (quoted(name), value))


def insert(data, at, text, first=False):
    """``data`` with ``text`` (str) as another member of the object or list at offset ``at``.

    It becomes the last, or with ``first`` the first; it is indented as its neighbour is.
    """
    found = list(members(data, at))
    places = [name_at for _, name_at, _ in found]
    if not places:
        return data[: at + 1] + text.encode() + data[token_end(data, at) - 1 :]
    if first:
        before = data[at + 1 : places[0]]
        return (
            data[: at + 1] + before + text.encode() + b"," + (before or b" ") + data[places[0] :]
        )
    end = token_end(data, found[-1][2])
    gap = data[at + 1 : places[0]]
    if len(places) > 1:
        gap = _gap_before(data, places[-1])
    return data[:end] + b"," + (gap or b" ") + text.encode() + data[end:]


def remove(data, path):
    """``data`` without the member at ``path``, which has to be there."""
    around = find(data, path[:-1])[1]
    spans = []
    index = -1
    for name, name_at, value_at in members(data, around):
        if name == path[-1]:
            index = len(spans)
        spans.append((name_at, token_end(data, value_at)))
    if index < 0:
        raise ValueError("expected something at %s" % (path,))
    if index + 1 < len(spans):
        return data[: spans[index][0]] + data[spans[index + 1][0] :]
    if index:
        return data[: spans[index - 1][1]] + data[spans[index][1] :]
    return data[: around + 1] + data[token_end(data, around) - 1 :]


def quoted(text):
    """``text`` (str) as a JSON string."""
    import json

    return json.dumps(text)


def check_json(data):
    """Raise JSONError unless ``data`` is an object of JSON, or nothing at all."""
    if data.strip() and not isinstance(loads(data)[0], dict):
        raise JSONError(start(data), "an object")


def _gap_before(data, at):
    """The white space before offset ``at``."""
    first = at
    while first and data[first - 1] in b" \t\r\n":
        first -= 1
    return data[first:at]
