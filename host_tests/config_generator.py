"""Whole configurations made of config_table, right ones and ones that were changed somewhere.

All is drawn from one random.Random, so that a number names a configuration for good.
"""

import copy
import random

from config_values import EXAMPLES, HASH, LETTERS

from firn import config_table

JUNK = (
    None,
    True,
    False,
    0,
    1,
    -1,
    7.5,
    8080.0,
    10**9,
    "",
    "x",
    "1",
    [],
    ["x"],
    [1],
    [[]],
    {},
    {"x": 1},
)


def generate(number):
    """(configuration, names of the changes made to it) number ``number`` (int)."""
    source = random.Random(number)
    density = source.choice((0.1, 0.3, 0.6, 0.95))
    made = _object(source, density, config_table.KEYS)
    changes = []
    for _ in range(source.choice((0, 1, 1, 1, 2, 3))):
        places = list(_places(made))
        if places:
            holder, key = source.choice(places)
            change = source.choice(CHANGES)
            if change(source, holder, key):
                changes.append(change.__name__)
    return made, changes


def _object(source, density, rows, one_of=(), excluding=()):
    chosen = source.choice(one_of) if one_of else None
    made = {}
    for name, kind, default, limits, _ in rows:
        if (name in one_of and name != chosen) or (chosen, name) in excluding:
            continue
        if default is ... or name == chosen or source.random() < density:
            made[name] = _value(source, density, kind, limits)
    return made


def _value(source, density, kind, limits):
    if kind == "integer":
        value = source.choice((*limits, source.randint(*limits)))
        return source.choice((value, value, float(value)))
    if kind == "secret":
        return "s" * source.randint(*limits)
    if kind == "choice":
        return source.choice(limits)
    if kind == "object":
        return _object(source, density, limits)
    if kind == "objects":
        return [_object(source, density, *limits) for _ in range(source.randint(0, 3))]
    if kind == "list":
        count = source.randint(limits[0], 3)
        return [_value(source, density, *limits[1:]) for _ in range(count)]
    if kind == "origins":
        return source.choice(("*", _value(source, density, "list", limits)))
    if kind == "ip":
        return source.choice(("dhcp", _object(source, density, limits)))
    if kind == "users":
        return dict.fromkeys(source.sample(EXAMPLES["user_name"], source.randint(0, 2)), HASH)
    return source.choice(EXAMPLES[kind])


def _places(value):
    """Every (holder, key or index) within ``value``."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


# Changes: each returns whether it found something to change at ``holder[key]``.


def removed(source, holder, key):
    del holder[key]
    return True


def junk(source, holder, key):
    holder[key] = copy.deepcopy(source.choice(JUNK))
    return True


def letter(source, holder, key):
    """A character put in, taken out or exchanged."""
    text = holder[key]
    if not isinstance(text, str):
        return False
    at = source.randint(0, len(text))
    put = source.choice(("", *LETTERS))
    holder[key] = text[:at] + put + text[at + source.randint(0, 1) :]
    return True


def lengthened(source, holder, key):
    text = holder[key]
    if not isinstance(text, str):
        return False
    holder[key] = text + text[-1:] * source.choice((1, 32, 64, 128))
    return True


def recased(source, holder, key):
    if not isinstance(holder[key], str):
        return False
    holder[key] = source.choice((holder[key].upper(), holder[key].lower()))
    return True


def stepped(source, holder, key):
    """A number just beside, far off, no integer any more, or a text."""
    number = holder[key]
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    holder[key] = source.choice((number - 1, number + 1, number + 0.5, -number, str(number)))
    return True


def renamed(source, holder, key):
    if not isinstance(holder, dict):
        return False
    name = source.choice((key + "s", key[1:], key.upper(), source.choice(_KEYS)))
    if name in holder:
        return False
    holder[name] = holder.pop(key)
    return True


def joined(source, holder, key):
    """A key beside: one that belongs here or elsewhere, with a value of some other place."""
    if not isinstance(holder, dict):
        return False
    holder[source.choice(_KEYS)] = copy.deepcopy(holder[key])
    return True


def wrapped(source, holder, key):
    holder[key] = source.choice(([holder[key]], {"value": holder[key]}))
    return True


def repeated(source, holder, key):
    if not isinstance(holder, list):
        return False
    holder.append(copy.deepcopy(holder[key]))
    return True


def emptied(source, holder, key):
    if not isinstance(holder[key], (list, dict)):
        return False
    holder[key].clear()
    return True


CHANGES = (
    removed, junk, letter, lengthened, recased, stepped, renamed, joined, wrapped, repeated,
    emptied,
)  # fmt: skip


def names(rows):
    """The names of all keys in ``rows`` of config_table, and in what is within them."""
    for name, kind, _, limits, _ in rows:
        yield name
        if kind in ("object", "ip"):
            yield from names(limits)
        elif kind == "objects":
            yield from names(limits[0])


_KEYS = sorted({*names(config_table.KEYS), "x"})
