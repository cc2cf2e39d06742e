"""Dictionaries for headers and for what forms and queries carry."""


class BadValue(ValueError):
    """What the client sent is not what was asked for; unhandled, it is answered with 400."""


class NoCaseDict(dict):
    """A dict whose keys (str) are compared without case; the first spelling is kept."""

    def __init__(self, initial_dict=None):
        super().__init__()
        self.keymap = {}
        if initial_dict:
            self.update(initial_dict)

    def __setitem__(self, key, value):
        super().__setitem__(self.keymap.setdefault(key.lower(), key), value)

    def __getitem__(self, key):
        return super().__getitem__(self.keymap.get(key.lower(), key))

    def __delitem__(self, key):
        super().__delitem__(self.keymap.get(key.lower(), key))
        del self.keymap[key.lower()]

    def __contains__(self, key):
        return key.lower() in self.keymap

    def get(self, key, default=None):
        """The value for ``key``, or ``default``."""
        kept = self.keymap.get(key.lower())
        return default if kept is None else super().__getitem__(kept)

    def setdefault(self, key, default=None):
        """The value for ``key``, set to ``default`` first where there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key, *default):
        """Remove ``key`` and return its value, or the default."""
        if key not in self and default:
            return default[0]
        value = self[key]
        del self[key]
        return value

    def clear(self):
        """Remove all."""
        super().clear()
        self.keymap.clear()

    def update(self, other_dict):
        """Set all pairs of ``other_dict`` (a mapping or a list of pairs)."""
        pairs = other_dict.items() if hasattr(other_dict, "items") else other_dict
        for key, value in pairs:
            self[key] = value


class MultiDict(dict):
    """A dict whose keys may have several values: assignment adds, look-up gives the first."""

    def __init__(self, initial_dict=None):
        super().__init__()
        if initial_dict:
            for key, value in initial_dict.items():
                self[key] = value

    def __setitem__(self, key, value):
        if key not in self:
            super().__setitem__(key, [])
        super().__getitem__(key).append(value)

    def __getitem__(self, key):
        return super().__getitem__(key)[0]

    def get(self, key, default=None, type=None):
        """The first value for ``key``, or ``default``; ``type`` converts the value.

        BadValue, a ValueError, for a value that ``type`` refuses.
        """
        if key not in self:
            return default
        return _convert(self[key], type, key)

    def getlist(self, key, type=None):
        """All values for ``key`` as a list, empty where there is none; ``type`` converts each.

        BadValue, a ValueError, for a value that ``type`` refuses.
        """
        if key not in self:
            return []
        return [_convert(value, type, key) for value in super().__getitem__(key)]


def _convert(value, convert, key):
    if convert is None:
        return value
    try:
        return convert(value)
    except ValueError:
        raise BadValue("bad value for %s" % key)
