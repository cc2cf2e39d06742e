"""The check of config.json against config_table; loaded while a configuration is read.

What is wrong becomes None in its object (so its default counts) or leaves its list, and is noted
as (path, kind, limits); the words for it are made in config_problems, only if there are any. The
kinds beside those of the table: "unknown" (a key; limits are the rows there are), "missing" (a
key; limits is its name), "one_of" (of the keys in limits), "beside" (the key in limits) and
"user_name" (a key).
"""

from . import config_kinds as kinds
from . import config_table


def find_row(rows, name):
    """The row of key ``name``, None where there is no such key."""
    for row in rows:
        if row[0] == name:
            return row
    return None


def check(values):
    """Check the configuration ``values`` (dict); return what was found, [] for a good one."""
    checker = Checker()
    checker.object(values, config_table.KEYS)
    return checker.found


class Checker:
    """Walks a configuration; ``path`` is where it is, ``found`` what was wrong."""

    def __init__(self):
        self.path = []
        self.found = []

    def wrong(self, kind, limits=None):
        self.found.append((tuple(self.path), kind, limits))

    def value(self, value, kind, limits):
        """The value to use for ``value`` of ``kind``; None, and noted, where it is wrong."""
        if kind == "object":
            return value if self.object(value, limits) else None
        if kind == "objects":
            return self.objects(value, limits)
        if kind == "list":
            return self.list(value, limits)
        if kind == "users":
            return self.users(value)
        if kind == "origins" and (value == "*" or isinstance(value, list)):
            return value if value == "*" else self.list(value, limits)
        if kind == "ip" and (value == "dhcp" or isinstance(value, dict)):
            return value if value == "dhcp" or self.object(value, limits) else None
        checked = None
        if kind not in ("origins", "ip"):
            checked = getattr(kinds, kind)(value, limits)
        if checked is None:
            self.wrong(kind, limits)
        return checked

    def object(self, values, rows, one_of=(), excluding=()):
        """Check an object in place; False where it is none or lacks what it needs."""
        if not isinstance(values, dict):
            self.wrong("object")
            return False
        path = self.path
        closed = False
        for name in values:
            path.append(name)
            row = find_row(rows, name)
            before = len(self.found)
            checked = None
            if row is None:
                closed = self.unknown(rows, name) or closed
            else:
                checked = self.value(values[name], row[1], row[3])
                # A mistake must not open what was meant to be closed.
                if name == "login" and checked is None:
                    closed = True
                elif name == "cors" and len(self.found) > before:
                    checked = None
            if checked is not values[name]:
                values[name] = checked
            path.pop()
        if closed and values.get("login") is None:
            values["login"] = True
        return self.complete(values, rows, one_of, excluding)

    def unknown(self, rows, name):
        """Note an unknown key; whether it was probably meant to be "login"."""
        self.wrong("unknown", rows)
        if not find_row(rows, "login"):
            return False
        from .config_problems import nearest

        return nearest(name, rows) == "login"

    def complete(self, values, rows, one_of, excluding):
        """Whether every required key is there and right; what was left out is noted."""
        whole = True
        for row in rows:
            if row[2] is ... and values.get(row[0]) is None:
                whole = False
                if row[0] not in values:
                    self.wrong("missing", row[0])
        if one_of:
            given = [name for name in one_of if name in values]
            if len(given) != 1:
                self.wrong("one_of", one_of)
                whole = False
            elif values[given[0]] is None:
                whole = False
        for name, excluded in excluding:
            if name in values and values.get(excluded) is not None:
                self.path.append(excluded)
                self.wrong("beside", name)
                self.path.pop()
                values[excluded] = None
        return whole

    def objects(self, values, limits):
        """A list of objects; a wrong one becomes None, so that the others keep their index."""
        if not isinstance(values, list):
            self.wrong("objects")
            return None
        for index in range(len(values)):
            self.path.append(index)
            if not self.object(values[index], limits[0], limits[1], limits[2]):
                values[index] = None
            self.path.pop()
        return values

    def list(self, values, limits):
        """A list of single values without the wrong ones; None where nothing is left of it."""
        least, kind, item_limits = limits
        if not isinstance(values, list) or len(values) < least:
            self.wrong("list", limits)
            return None
        before = len(self.found)
        for index in range(len(values)):
            self.path.append(index)
            values[index] = self.value(values[index], kind, item_limits)
            self.path.pop()
        if len(self.found) == before:
            return values
        return [value for value in values if value is not None] or None

    def users(self, values):
        """An object of password hashes by user name."""
        if not isinstance(values, dict):
            self.wrong("users")
            return None
        right = {}
        for name in values:
            self.path.append(name)
            if kinds.user_name(name, None) is None:
                self.wrong("user_name")
            elif self.value(values[name], "password_hash", None) is not None:
                right[name] = values[name]
            self.path.pop()
        return right
