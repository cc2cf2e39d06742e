"""config.json: read, check, and give out its values with the defaults filled in.

``load()`` never fails because of what is in the file: what is wrong is left out, so that its
default counts, and is listed in ``problems``. Of a good configuration nothing but its own values
stays in memory: defaults are looked up in config_table (in flash) when they are asked for, and the
modules that read and check are forgotten again.
"""

import os
import sys

from . import config_table

LIMIT = 16384  # bytes; all of the file is in memory while it is read
_PACKAGE = __name__[: __name__.rfind(".")]
_ENOENT = 2


def load(path="/config.json"):
    """Read and check the file ``path`` (str); return a Config. Without a file: all defaults.

    First finishes or undoes a replacement of the file that a power cut interrupted.
    """
    _recover(path)
    try:
        data = _read(path)
    except OSError as error:
        config = Config({}, path)
        if error.args[0] != _ENOENT:
            config.problems = [Problem(_name(path), 0, 0, "", _unreadable(error))]
        return config
    config = check(data, path)
    for name in ("config_check", "config_kinds", "config_problems", "json_text", "json_position"):
        forget(name)
    return config


def check(data, path="config.json"):
    """Check the configuration in ``data`` (bytes or str); return a Config.

    ``path`` is where it comes from; messages call it by its last part. Touches no file.
    """
    from . import config_check, json_text

    if isinstance(data, str):
        data = data.encode()
    values = None
    try:
        if len(data) > LIMIT:
            raise json_text.JSONError(-1, "a file of at most %d bytes" % LIMIT)
        values, repeated = json_text.loads(data)
        found = config_check.check(values)
    except json_text.JSONError as error:
        found = error.args
        repeated = False
    config = Config(values if isinstance(values, dict) else {}, path)
    if found or repeated:
        from . import config_problems

        config.problems = config_problems.describe(data, _name(path), found, repeated)
    return config


class Section:
    """One object of the configuration; its keys are attributes.

    Paths of files and directories come without a "/" at either end: they start at the root.

    ``section.port`` is the value in the file or the default of the table; None where there is
    neither. An object is a Section, a list of objects a list of Sections, ``users`` a dict.
    ``place`` is the key of this section, such as "routes[2]".
    """

    def __init__(self, rows, values, place):
        self._rows = rows
        self._values = values
        self.place = place

    def __getattr__(self, name):
        for row in self._rows:
            if row[0] == name:
                return self._value(row)
        raise AttributeError("expected a key of config.json, got %r" % name)

    def get(self, key):
        """The value of a dotted ``key``, such as "server.tls.cert"; None under absent objects."""
        value = self
        for name in key.split("."):
            if value is None:
                return None
            value = getattr(value, name)
        return value

    def has(self, name):
        """Whether the file itself says something for the key ``name`` of this object."""
        return self._values.get(name) is not None

    def _value(self, row):
        name, kind, default, limits = row[:4]
        value = self._values.get(name)
        if value is None:
            value = default
        if value is None:
            return None
        place = self.place + "." + name if self.place else name
        if kind == "objects":
            return [
                Section(limits[0], dict(item), "%s[%d]" % (place, index))
                for index, item in enumerate(value)
                if item is not None
            ]
        if kind == "object" or (kind == "ip" and isinstance(value, dict)):
            return Section(limits, value or {}, place)
        if kind == "users":
            return dict(value)
        return list(value) if isinstance(value, tuple) else value


class Config(Section):
    """A whole configuration; ``problems`` is a list of Problem, empty for a good one."""

    def __init__(self, values, path):
        super().__init__(config_table.KEYS, values, "")
        self.path = path
        self.problems = []

    def set_user(self, name, hash):
        """Have the user ``name`` log in with the password of ``hash`` (str) from now on."""
        users = self._values.get("users") or {}
        users[name] = hash
        self._values["users"] = users

    def report(self, place, message):
        """Add to ``problems`` what only showed later, such as a directory that is not there.

        ``place`` is a key, such as ``section.place + ".directory"``; where it is in the file is
        looked up in the file, so the configuration need not keep it. Returns the Problem.
        """
        from . import config_problems

        try:
            data = _read(self.path)
        except OSError:
            data = b""
        problem = config_problems.located(data, _name(self.path), place, message)
        self.problems.append(problem)
        return problem


class Problem:
    """A mistake: ``file``, ``line``, ``column`` (from 1; 0 if unknown), ``key``, ``message``."""

    def __init__(self, file, line, column, key, message):
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.message = message

    def __str__(self):
        place = "%s:%d:%d" % (self.file, self.line, self.column) if self.line else self.file
        return ": ".join([part for part in (place, self.key, self.message) if part])

    def __repr__(self):
        return "<Problem %s>" % self


def _recover(path):
    # The module that can repair is only loaded where there is something to repair.
    if _exists(path + ".new"):
        from . import replace

        try:
            replace.recover(path)
        except OSError:
            pass  # a read-only filesystem: what there is can still be read
        forget("replace")


def _exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def _read(path):
    """The first LIMIT + 1 bytes of a file."""
    size = min(os.stat(path)[6], LIMIT + 1)
    with open(path, "rb") as file:
        return file.read(size)


def _name(path):
    return path[path.rfind("/") + 1 :]


def _unreadable(error):
    return "expected a file that can be read, got error %s" % (error.args[0],)


def forget(name):
    """Give back the heap of a module of this package that is not needed until the next load."""
    sys.modules.pop(_PACKAGE + "." + name, None)
    package = sys.modules.get(_PACKAGE)
    if hasattr(package, name):
        delattr(package, name)
