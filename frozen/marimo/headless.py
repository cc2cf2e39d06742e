"""A session without a browser: for tests of notebooks."""

import asyncio

from .kernel import Kernel
from .notebook import parse


class Session:
    """A session with the notebook in the file ``path`` (str).

    ``source`` (str): its text in place of the file's; ``request``, ``query``: as mo.app_meta() and
    mo.query_params() give them. Attributes: ``kernel``, and ``cells``: those of the last run, in
    the order in which they ran (a list of marimo.cell_state.CellState with ``cell``, ``status``,
    ``output``, ``console``, ``error``).
    """

    def __init__(self, path="notebook.py", source=None, request=None, query=None):
        if source is None:
            with open(path) as file:
                source = file.read()
        self.kernel = Kernel(parse(source, path), request=request, query=query)

    @property
    def cells(self):
        return [self.kernel.cells[index] for index in self.kernel.order]

    def run(self):
        """Run all cells; returns ``cells``. Not for use in a running event loop; see arun()."""
        self._wait(self.kernel.run())
        return self.cells

    def set(self, **values):
        """Set elements, by the names that the notebook gives them, to values as a page sends them
        (see the table in docs/notebooks.md); returns ``cells``. See aset()."""
        self._wait(self._set(values))
        return self.cells

    async def arun(self):
        """run() for a running event loop."""
        await self.kernel.run()
        return self.cells

    async def aset(self, **values):
        """set() for a running event loop."""
        await self._set(values)
        return self.cells

    def __getitem__(self, name):
        """The value of a name of the notebook; KeyError for one that it has not."""
        return self.kernel.globals[name]

    async def _set(self, values):
        found = {}
        for name in values:
            element = self.kernel.globals.get(name)
            if not hasattr(element, "_update"):
                raise KeyError("expected the name of an element, got %r" % name)
            found[element._id] = values[name]
        refused = await self.kernel.set_values(found)
        if refused:
            raise ValueError("; ".join(["%s: %s" % one[:2] for one in refused]))

    def _wait(self, coroutine):
        asyncio.run(coroutine)
