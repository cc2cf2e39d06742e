"""Dictionaries for headers and for what forms and queries carry."""


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
        """The first value for ``key``, or ``default``; ``type`` converts the value."""
        if key not in self:
            return default
        value = self[key]
        return type(value) if type else value

    def getlist(self, key, type=None):
        """All values for ``key`` as a list, empty where there is none; ``type`` converts each."""
        if key not in self:
            return []
        values = super().__getitem__(key)
        return [type(value) for value in values] if type else values
