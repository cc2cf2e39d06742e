"""Whose a name is: of the cell, or of a function or class in it."""

# What is known of a name in a scope.
_LOADED = 1
_STORED = 2
_GLOBAL = 4
_NONLOCAL = 8


class _Scope:
    def __init__(self, is_function):
        self.is_function = is_function
        self.names = {}


def is_private(name):
    """Whether a global ``name`` (str) is of its own cell only: _x and __, but not __x."""
    return name[0] == "_" and (name[:2] != "__" or name == "__")


class Scopes:
    """The names of a cell: sets ``defs``, ``refs``, ``deletes`` and ``privates``."""

    def __init__(self):
        self.defs = set()
        self.refs = set()
        self.deletes = set()  # of the refs, those that are deleted
        self.privates = set()
        self.is_async = False  # whether the cell itself awaits
        self._later = set()  # used by functions: refs unless defined when all has been read
        self._stack = []
        self._hidden = []  # names of "except ... as name", None without, innermost last

    def enter(self, is_function):
        """A function or a class begins."""
        self._stack.append(_Scope(is_function))

    def leave(self):
        """The innermost function or class ends: what was not its own is used outside of it."""
        scope = self._stack.pop()
        for name, known in scope.names.items():
            if known & _GLOBAL:
                if known & _STORED:
                    self._define(name)
                if known & _LOADED:
                    self._later.add(name)
            elif scope.is_function and (known & _NONLOCAL or not known & _STORED):
                self._load_outside(name)

    def in_function(self):
        """Whether statements here are a function's, where they may return."""
        return bool(self._stack) and self._stack[-1].is_function

    def awaits(self):
        """What is being read is of async functions only."""
        if not self._stack:
            self.is_async = True

    def hide(self, name):
        """``name`` (None: no name) is an exception's until reveal()."""
        if name is not None and self.in_function():
            self.store(name)
        self._hidden.append(name)

    def reveal(self):
        """The innermost hide() is over."""
        self._hidden.pop()

    def store(self, name):
        """``name`` is assigned to."""
        if self._stack:
            self._note(name, _STORED)
        else:
            self._define(name)

    def load(self, name):
        """``name`` is used."""
        if not self._stack:
            self._refer(name)
        elif self._stack[-1].is_function:
            self._note(name, _LOADED)
        else:
            known = self._stack[-1].names.get(name, 0)
            if known & _GLOBAL:
                self._later.add(name)
            elif not known & _STORED:
                self._load_from_class(name)

    def load_later(self, name):
        """``name`` is used by a lambda, when it is called."""
        if self._stack and self._stack[-1].is_function:
            self._note(name, _LOADED)
        elif self._stack:
            self._load_outside(name)
        elif name not in self._hidden:
            self._later.add(name)

    def delete(self, name):
        """``name`` is deleted."""
        if self._stack:
            self._note(name, _STORED)
        elif name not in self.defs and name not in self._hidden and not is_private(name):
            self.refs.add(name)
            self.deletes.add(name)

    def declare(self, name, is_global):
        """``name`` is in a ``global`` or ``nonlocal`` statement."""
        if self._stack:
            self._note(name, _GLOBAL if is_global else _NONLOCAL)
        else:
            self._refer(name)

    def finish(self):
        """All has been read."""
        while self._stack:
            self.leave()
        for name in self._later:
            self._refer(name)
        self._later = ()

    def _note(self, name, what):
        names = self._stack[-1].names
        names[name] = names.get(name, 0) | what

    def _define(self, name):
        (self.privates if is_private(name) else self.defs).add(name)

    def _refer(self, name):
        if name not in self.defs and name not in self._hidden and not is_private(name):
            self.refs.add(name)

    def _load_outside(self, name):
        """``name`` is no function's that has just ended; a class around it does not count."""
        for scope in reversed(self._stack):
            if scope.is_function:
                scope.names[name] = scope.names.get(name, 0) | _LOADED
                return
        if name not in self._hidden:
            self._later.add(name)

    def _load_from_class(self, name):
        """``name`` is used where a class's own statements run."""
        for scope in reversed(self._stack):
            if scope.is_function:
                scope.names[name] = scope.names.get(name, 0) | _LOADED
                return
        self._refer(name)
