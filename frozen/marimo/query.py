"""mo.query_params(): the arguments in the page's address, which cells read and change."""

from .context import current

_MAX = 100  # arguments, and characters of each are bounded by the head of a request


class QueryParams:
    """The arguments: a mapping of names (str) to a str, or a list of str for a repeated one.

    A change is shown in the page's address, and runs the cells that refer to this object by a
    name, but for the one that makes the change.
    """

    allow_self_loops = False

    def __init__(self, kernel, values):
        self._kernel = kernel
        self._values = {name: _listed(values[name]) for name in values}

    def get(self, name, default=None):
        """The value of ``name``: str, or a list of several; ``default`` where there is none."""
        found = self._values.get(name)
        if found is None:
            return default
        return found[0] if len(found) == 1 else list(found)

    def get_all(self, name):
        """All values of ``name`` (list of str)."""
        return list(self._values.get(name, ()))

    def set(self, name, value):
        """Give ``name`` a value (str, or a list of them); None takes it away."""
        if value is None or value == []:
            self._values.pop(name, None)
        else:
            self._check(name)
            self._values[name] = _listed(value)
        self._changed()

    def append(self, name, value):
        """Add a further value to ``name``."""
        self._check(name)
        self._values[name] = self._values.get(name, []) + _listed(value)
        self._changed()

    def remove(self, name, value=None):
        """Take ``value`` away from ``name``, all of them where it is None."""
        found = self._values.get(name)
        if found is None:
            return
        text = None if value is None else str(value)
        left = [] if text is None else [one for one in found if one != text]
        if left:
            self._values[name] = left
        else:
            del self._values[name]
        self._changed()

    def clear(self):
        """Take all arguments away."""
        self._values = {}
        self._changed()

    def to_dict(self):
        """A dict of the values as get() gives them."""
        return {name: self.get(name) for name in self._values}

    def __getitem__(self, name):
        return self.get(name)

    def __setitem__(self, name, value):
        self.set(name, value)

    def __delitem__(self, name):
        if name not in self._values:
            raise KeyError(name)
        self.remove(name)

    def __contains__(self, name):
        return name in self._values

    def __iter__(self):
        return iter(list(self._values))

    def __len__(self):
        return len(self._values)

    def keys(self):
        """The names."""
        return list(self._values)

    def items(self):
        """(name, value) of each, with values as get() gives them."""
        return list(self.to_dict().items())

    def __repr__(self):
        return "QueryParams(%r)" % self.to_dict()

    def _check(self, name):
        if not isinstance(name, str) or not name:
            raise TypeError("expected the name of an argument as str, got %r" % (name,))
        if name not in self._values and len(self._values) >= _MAX:
            raise ValueError("expected at most %d arguments" % _MAX)

    def _changed(self):
        if self._kernel is None:
            return
        run = current()
        self._kernel.state_was_set(self, run.state if run is not None else None)
        self._kernel.notify("query")


def _listed(value):
    values = value if isinstance(value, (list, tuple)) else (value,)
    return [one if isinstance(one, str) else str(one) for one in values]


def query_params():
    """The QueryParams of the running session; empty ones where no notebook is running."""
    run = current()
    if run is None:
        return QueryParams(None, {})
    kernel = run.kernel
    if not isinstance(kernel.query, QueryParams):
        kernel.query = QueryParams(kernel, kernel.query or {})
    return kernel.query
