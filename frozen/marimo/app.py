"""marimo.App: what a notebook's file makes, and how the file runs as a script.

A notebook that is served is read from its file; these decorators only matter where the file itself
is run (``python notebook.py``) or imported, for its functions.
"""

import sys

from .context import drive


class CycleError(Exception):
    """Cells need each other."""


class MultipleDefinitionError(Exception):
    """Several cells define a name."""


class UnparsableError(Exception):
    """A cell is no Python."""


class _Setup:
    """``with app.setup:``, also ``with app.setup(hide_code=True):``; the block simply runs."""

    def __call__(self, **options):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        return False


class App:
    """A notebook. ``options``: ``width``, ``app_title`` and others that only a page looks at."""

    def __init__(self, **options):
        self.options = options
        self.setup = _Setup()
        self._path = None

    def cell(self, func=None, **options):
        """Decorator: the function's body is a cell."""
        return self._decorate(func)

    def function(self, func=None, **options):
        """Decorator: the function itself is a cell, and may be imported from the file."""
        return self._decorate(func)

    def class_definition(self, cls=None, **options):
        """Decorator: the class itself is a cell, and may be imported from the file."""
        return self._decorate(cls)

    def _unparsable_cell(self, code, **options):
        """A cell that is no Python; the file's text is what counts."""

    def _decorate(self, what):
        if what is None:
            return self._decorate
        names = getattr(what, "__globals__", None)
        if self._path is None and names:
            self._path = names.get("__file__")
        return what

    def run(self, defs=None):
        """Run the notebook: (outputs, definitions).

        ``defs``: a dict of names that are given, whose cells are not run. ``outputs``: a tuple of
        the values of the cells that were run, in the order of the file; ``definitions``: a dict of
        all names without a leading underscore. Raises what a cell raises, MultipleDefinitionError,
        CycleError or UnparsableError; RuntimeError for cells that wait, in a running event loop.
        """
        from .kernel import Kernel
        from .notebook import parse

        path = self._path or sys.argv[0]
        with open(path) as file:
            notebook = parse(file.read(), path)
        kernel = Kernel(notebook, mode="script", defs=defs)
        _refuse_mistakes(kernel)
        coroutine = kernel.run()
        if any(cell.is_async for cell in notebook.cells):
            import asyncio

            asyncio.run(coroutine)
        else:
            drive(coroutine)
        return _results(kernel)


def _refuse_mistakes(kernel):
    """What is wrong with the notebook as a whole is found before anything runs."""
    for state in kernel.cells:
        if state.cell.error:
            raise UnparsableError("line %d: %s" % (state.cell.line, state.cell.error))
    for index in sorted(kernel.graph.conflicts):
        conflict = kernel.graph.conflicts[index]
        kind = CycleError if conflict.type == "cycle" else MultipleDefinitionError
        raise kind(conflict.message)


def _results(kernel):
    outputs = []
    names = {}
    for state in kernel.cells:
        error = state.error
        if error is not None and error.type == "syntax":
            raise UnparsableError("line %d: %s" % (error.line or state.cell.line, error.message))
        if error is not None and error.type == "exception":
            raise error.exception
    for state in kernel.cells:
        # A cell that has stopped was not run to its end, but has an output.
        if state.runs:
            outputs.append(state.output)
        for name in state.cell.defs:
            if name in kernel.globals and (name[:1] != "_" or name[:2] == "__"):
                names[name] = kernel.globals[name]
    return tuple(outputs), names
