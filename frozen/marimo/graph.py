"""Which cell depends on which, in what order they run, and which cannot."""

_MAX_LISTED = 8  # cells or names in a message


class Error:
    """Why cells cannot run: ``type`` "multiple-defs" or "cycle", ``message`` (str), ``names``
    (tuple of str) that it is about, ``cells`` (tuple of indexes) that it concerns, all of them.
    """

    def __init__(self, type, message, names, cells):
        self.type = type
        self.message = message
        self.names = names
        self.cells = cells

    def __repr__(self):
        return "<Error %s: %s>" % (self.type, self.message)


class Graph:
    """The dependencies of ``cells`` (list of Cell); a cell is its index in it.

    ``parents[i]``, ``children[i]``: tuples of the cells that ``i`` directly depends on, that
    depend on it, in the order of the file. ``conflicts``: {cell: Error}.
    """

    def __init__(self, cells):
        self.cells = cells
        self._defining = defining = {}  # name: the cell, or a tuple of cells
        for index, cell in enumerate(cells):
            for name in cell.defs:
                others = defining.get(name)
                defining[name] = index if others is None else _tuple(others) + (index,)
        parents = [()] * len(cells)
        children = [()] * len(cells)
        for index, cell in enumerate(cells):
            for name in cell.refs:
                for other in self.defining(name):
                    _connect(parents, children, other, index)
        for index, cell in enumerate(cells):
            for name in cell.deletes:
                # Who uses a name does so before it is gone.
                for other, reader in enumerate(cells):
                    if name in reader.refs and name not in reader.deletes:
                        _connect(parents, children, other, index)
        self.parents = [tuple(sorted(found)) for found in parents]
        self.children = [tuple(sorted(found)) for found in children]
        self.conflicts = {}
        self._find_multiple()
        self._find_cycles()

    def defining(self, name):
        """The cells (tuple) that define ``name``: one, unless something is wrong."""
        found = self._defining.get(name)
        return () if found is None else _tuple(found)

    def order(self, indices):
        """``indices`` as a list in the order to run them: what a cell depends on first, of
        those that are ready the first of the file, a setup cell before all. Nobody waits for
        those that cannot run (``conflicts``)."""
        wanted = set(indices)
        waiting = {}
        ready = []  # sorted, the next one last
        for index in wanted:
            count = 0
            for parent in self.parents[index]:
                if parent in wanted and parent not in self.conflicts:
                    count += 1
            waiting[index] = count
            if not count:
                ready.append(index)
        cells = self.cells
        key = lambda index: (cells[index].kind != "setup", index)  # noqa: E731
        ready.sort(key=key, reverse=True)
        found = []
        while ready:
            index = ready.pop()
            found.append(index)
            del waiting[index]
            is_grown = False
            for child in () if index in self.conflicts else self.children[index]:
                if child in waiting:
                    waiting[child] -= 1
                    if not waiting[child]:
                        ready.append(child)
                        is_grown = True
            if is_grown:
                ready.sort(key=key, reverse=True)
        return found

    def descendants(self, indices):
        """The set of all cells that depend on one of ``indices``, and those themselves."""
        found = set()
        todo = list(indices)
        while todo:
            index = todo.pop()
            if index not in found:
                found.add(index)
                todo.extend(self.children[index])
        return found

    def _find_multiple(self):
        by_cell = {}
        for name, cells in self._defining.items():
            if isinstance(cells, tuple):
                for index in cells:
                    by_cell.setdefault(index, []).append(name)
        errors = {}  # cells with the same names in conflict share one
        for index in sorted(by_cell):
            names = tuple(sorted(by_cell[index]))
            if names not in errors:
                errors[names] = self._multiple(names)
            self.conflicts[index] = errors[names]

    def _multiple(self, names):
        cells = set()
        for name in names:
            cells.update(self.defining(name))
        cells = tuple(sorted(cells))
        message = "%s %s defined by more than one cell: %s" % (
            _quoted(names),
            "is" if len(names) == 1 else "are",
            self._lines(cells),
        )
        return Error("multiple-defs", message, names, cells)

    def _find_cycles(self):
        """Every group of cells that all depend on each other is a cycle."""
        for group in self._cyclic_groups():
            names = set()
            for index in group:
                for name in self.cells[index].refs:
                    if any(o in group and o != index for o in self.defining(name)):
                        names.add(name)
            names = tuple(sorted(names))
            cells = tuple(sorted(group))
            message = "cells depend on each other by %s: %s" % (
                _quoted(names),
                self._lines(cells),
            )
            error = Error("cycle", message, names, cells)
            for index in cells:
                if index not in self.conflicts:
                    self.conflicts[index] = error

    def _cyclic_groups(self):
        """Sets of more than one cell, each reaching all others of its set."""
        remaining = set(self._on_or_between_cycles())
        groups = []
        while remaining:
            index = min(remaining)
            forward = self._reached(index, self.children, remaining)
            backward = self._reached(index, self.parents, remaining)
            group = forward & backward
            if len(group) > 1:
                groups.append(group)
            remaining -= group
        return groups

    def _reached(self, index, edges, within):
        found = set()
        todo = [index]
        while todo:
            at = todo.pop()
            if at not in found and at in within:
                found.add(at)
                todo.extend(edges[at])
        return found

    def _on_or_between_cycles(self):
        """What is left when cells without parents, then those without children, are taken."""
        left = set(range(len(self.cells)))
        for edges, back in ((self.parents, self.children), (self.children, self.parents)):
            counts = {}
            for index in left:
                counts[index] = len([other for other in edges[index] if other in left])
            free = [index for index in left if not counts[index]]
            while free:
                index = free.pop()
                left.discard(index)
                for other in back[index]:
                    if other in left:
                        counts[other] -= 1
                        if not counts[other]:
                            free.append(other)
        return left

    def _lines(self, indices):
        """Where cells are, for people; not all where they are many."""
        texts = ["line %d" % self.cells[index].line for index in indices[:_MAX_LISTED]]
        if len(indices) > _MAX_LISTED:
            texts.append("%d more" % (len(indices) - _MAX_LISTED))
        return _listed(texts)


def _tuple(cells):
    return cells if isinstance(cells, tuple) else (cells,)


def _connect(parents, children, parent, child):
    if parent != child and parent not in parents[child]:
        parents[child] += (parent,)
        children[parent] += (child,)


def _listed(texts):
    """a, b and c"""
    if len(texts) < 2:
        return "".join(texts)
    return ", ".join(texts[:-1]) + " and " + texts[-1]


def _quoted(names):
    texts = ["'%s'" % name for name in names[:_MAX_LISTED]]
    if len(names) > _MAX_LISTED:
        texts.append("%d more" % (len(names) - _MAX_LISTED))
    return _listed(texts)
