"""The reactive kernel: one run of a notebook, in which a change has run what depends on it.

Cells run in the order of what they define and use; what stands higher in the file comes first
where that leaves a choice. Between cells others get their turn, and where a cell awaits.
"""

import asyncio
import sys

from .cell_state import DISABLED, ERROR, IDLE, QUEUED, RUNNING, STOPPED, CellError, CellState
from .context import Inside, Run, enter, leave
from .stopping import Stop

_MAX_PASSES = 100  # that states which set each other may cause by one change
_MAX_ELEMENTS = 500  # of the user interface, of one session
_MAX_WAITING = 16  # clicks, while cells run


class Kernel:
    """One session with ``notebook`` (a marimo.notebook.Notebook).

    ``listener(event, cell_state)`` is told "queued", "running", "output" and "done" (of a cell),
    with None for the cell: "finished" (of a whole run); "value" with an element in its place: the
    page is to be told of its ``_for_page()``. ``request``, ``query``, ``theme``,
    ``mode``: what mo.app_meta() and mo.query_params() give. ``defs``: a dict of names that are
    given; the cells that would define them are left out (ValueError where only some of a cell's
    are given).

    Attributes: ``cells`` (list of CellState, in the order of the file), ``globals`` (dict),
    ``elements`` (of the user interface, by their ids), ``order``: indices in the order of the last
    run.
    """

    def __init__(self, notebook, listener=None, request=None, query=None, theme="light",
                 mode="run", defs=None):  # fmt: skip
        self.notebook = notebook
        self.graph = notebook.graph()
        self.listener = listener
        self.request = request
        self.query = query
        self.theme = theme
        self.mode = mode
        self.cells = [CellState(cell) for cell in notebook.cells]
        self.globals = {"__name__": "__main__", "__file__": notebook.path}
        self.elements = {}
        self.order = []
        self.closed = False
        self._given = self._cells_of(defs or {})
        self.globals.update(defs or {})
        self._busy = False
        self._waiting = []  # events of those who want a turn
        self._batches = []  # the values of those of them who set some
        self._shared = _shared_privates(self.cells)
        self._own_print = not self.graph.defining("print")
        self._pending = ()  # what is still to run in this pass
        self._next = []  # what the states that were set have run after it
        self._used = []  # buttons whose press has been seen when the run is over

    def _cells_of(self, defs):
        """The indices of the cells that define what is given."""
        found = []
        for index, state in enumerate(self.cells):
            names = [name for name in state.cell.defs if name in defs]
            if names:
                missing = [name for name in state.cell.defs if name not in defs]
                if missing:
                    raise ValueError(
                        "expected all that the cell of %r defines, got none for %s"
                        % (names[0], ", ".join(missing))
                    )
                found.append(index)
        return found

    # What others ask for

    async def run(self):
        """Run every cell."""
        await self._take_turn()
        try:
            await self._run_all(range(len(self.cells)))
        finally:
            self._end_turn()

    async def set_values(self, values):
        """Give elements new values and run the cells that refer to them by a name.

        ``values``: {element id (str): value as the page sends it}. Unknown ids are passed over.
        While a run is under way values are collected, of each element the last one; of a button
        each click counts, up to a limit. Returns what was refused: a list of
        (element id, message, whether that is of an error in a function of the notebook).
        """
        if self._busy:
            values = self._collected(values)
            if not isinstance(values, dict):
                return values
            self._batches.append(values)
        try:
            await self._take_turn()
        finally:
            # From now on nothing is added to it.
            self._batches = [batch for batch in self._batches if batch is not values]
        try:
            changed, refused = self._update(values)
            await self._run_all(self._readers(changed))
            return refused
        finally:
            self._end_turn()

    async def run_readers(self, names):
        """Run the cells that refer to one of ``names`` (a list of str) and what needs them."""
        await self._take_turn()
        try:
            found = [i for i in range(len(self.cells)) if self._refers(i, names)]
            await self._run_all(found)
        finally:
            self._end_turn()

    def state_was_set(self, getter, by):
        """Have the cells run that refer to ``getter``; ``by``: the CellState that has set it."""
        for name in [name for name, value in self.globals.items() if value is getter]:
            for index, state in enumerate(self.cells):
                if name not in state.cell.refs or (state is by and not getter.allow_self_loops):
                    continue
                if index not in self._pending and index not in self._next:
                    self._next.append(index)

    def state_of(self, id):
        """The CellState of the cell with ``id``, None for none."""
        for state in self.cells:
            if state.cell.id == id:
                return state
        return None

    def add_element(self, element):
        """Know ``element`` (with an ``_id``) as one of the running cell."""
        if element._id not in self.elements and len(self.elements) >= _MAX_ELEMENTS:
            raise RuntimeError("expected at most %d elements in a session" % _MAX_ELEMENTS)
        self.elements[element._id] = element

    def reset_after_run(self, element):
        """Have ``element._reset()`` called when the run is over."""
        self._used.append(element)

    def notify(self, event, state=None):
        """Tell the listener."""
        if self.listener is not None:
            self.listener(event, state)

    def close(self):
        """End the session: what runs is the last, and nobody is told of it."""
        self.closed = True
        self.listener = None
        self.elements = {}
        self.globals = {}

    # Turns: one run at a time

    async def _take_turn(self):
        if not self._busy:
            self._busy = True
            return
        event = asyncio.Event()
        self._waiting.append(event)
        try:
            await event.wait()
        except BaseException:
            # Given up: the turn, if it has just been given, is the next one's.
            if event in self._waiting:
                self._waiting.remove(event)
            else:
                self._end_turn()
            raise

    def _end_turn(self):
        # It is handed on, so that nobody comes in between.
        if self._waiting:
            self._waiting.pop(0).set()
        else:
            self._busy = False

    def _collected(self, values):
        """``values`` that are to wait, as a new dict; a list of messages if they need not."""
        if len(values) > _MAX_ELEMENTS:
            return ["expected values of at most %d elements, got more" % _MAX_ELEMENTS]
        counts = [id for id in values if id in self.elements and self.elements[id]._counts]
        if self._batches and not counts:
            batch = self._batches[-1]
            if len(batch) + len(values) <= 2 * _MAX_ELEMENTS:
                batch.update(values)
                return []
        if len(self._batches) >= _MAX_WAITING:
            return ["expected at most %d clicks while cells run, got more" % _MAX_WAITING]
        return dict(values)

    # Elements

    def _update(self, values):
        """(elements that have a new value, what was refused as set_values() has it)."""
        changed = []
        refused = []
        for id in values:
            element = self.elements.get(id)
            if element is None:
                continue
            previous = enter(Run(self))
            try:
                changed += element._update(values[id])
            except ValueError as error:
                refused.append((id, str(error), False))
            except Exception as error:
                # Out of a function of the notebook, such as on_click.
                refused.append((id, "%s: %s" % (type(error).__name__, error), True))
                self.report(error)
            finally:
                leave(previous)
        return changed, refused

    def _readers(self, elements):
        """The cells that refer to ``elements`` by a name, but for those that made them."""
        found = []
        for element in elements:
            names = [name for name, value in self.globals.items() if value is element]
            for index, state in enumerate(self.cells):
                makes = state.cell.id == element._cell_id
                if index not in found and not makes and self._refers(index, names):
                    found.append(index)
        return found

    def _refers(self, index, names):
        refs = self.cells[index].cell.refs
        return any(name in refs for name in names)

    @staticmethod
    def report(error):
        """An error that no cell can show: on the console."""
        if hasattr(sys, "print_exception"):
            sys.print_exception(error)
        else:
            import traceback

            traceback.print_exception(type(error), error, error.__traceback__)

    # Runs

    async def _run_all(self, indices):
        """Run cells and what depends on them, then what the states have run that they set."""
        self.order = []
        try:
            await self._run_passes(indices)
        finally:
            self._pending = ()
            used, self._used = self._used, []
            for element in used:
                element._reset()
        self.notify("finished")

    async def _run_passes(self, indices):
        await self._run_pass(indices)
        passes = 0
        while self._next and not self._is_over():
            passes += 1
            if passes > _MAX_PASSES:
                print("marimo: expected states to settle, got %d runs" % passes)
                self._next = []
                break
            indices, self._next = self._next, []
            await self._run_pass(indices)

    def _is_over(self):
        """Whether a script has failed: it goes no further."""
        return self.closed or (
            self.mode == "script" and any(state.error is not None for state in self.cells)
        )

    async def _run_pass(self, indices):
        wanted = list(indices)
        for index in self.graph.descendants(wanted):
            if index not in wanted:
                wanted.append(index)
        self._pending = self.graph.order([i for i in wanted if i not in self._given])
        # They are going to see what was set.
        self._next = [index for index in self._next if index not in self._pending]
        for index in self._pending:
            self.cells[index].status = QUEUED
            self.notify("queued", self.cells[index])
        while self._pending and not self._is_over():
            await self._run_cell(self._pending.pop(0))
            if self.mode != "script":
                await asyncio.sleep(0)

    async def _run_cell(self, index):
        state = self.cells[index]
        cell = state.cell
        self._forget(index)
        state.clear()
        self.order.append(index)
        if not self._is_blocked(index, state):
            state.runs += 1
            state.status = RUNNING
            self.notify("running", state)
            await self._execute(state)
            if state.status == RUNNING:
                state.status = IDLE
        if cell.is_async and self.closed:
            return
        self.notify("done", state)

    def _forget(self, index):
        """Delete what the cell's last run has defined."""
        cell = self.cells[index].cell
        for names in (cell.defs, cell.privates):
            for name in names:
                if name not in self._shared:
                    self.globals.pop(name, None)
        for id in [id for id in self.elements if self.elements[id]._cell_id == cell.id]:
            del self.elements[id]

    def _is_blocked(self, index, state):
        """Whether the cell cannot run: for its own faults, or for those of what it depends on."""
        cell = state.cell
        conflict = self.graph.conflicts.get(index)
        if cell.error:
            state.error = CellError("syntax", cell.error, "SyntaxError", index, cell.line)
        elif conflict is not None:
            state.error = CellError(conflict.type, conflict.message, None, index, cell.line)
        if state.error:
            state.status = ERROR
            return True
        if cell.disabled:
            state.status = DISABLED
            return True
        for parent in self.graph.parents[index]:
            other = self.cells[parent]
            if other.status == DISABLED or other.status == STOPPED:
                state.status = other.status
                return True
            error = other.error
            # What a conflict leaves undefined, its readers find out by themselves.
            if error is not None and error.type in ("exception", "ancestor", "syntax"):
                culprit = error.cell
                message = "the cell %s, which this one needs, has failed" % _name(
                    self.cells[culprit].cell
                )
                state.error = CellError("ancestor", message, None, culprit)
                state.status = ERROR
                return True
        return False

    async def _execute(self, state):
        cell = state.cell
        run = Run(self, state)
        names = self.globals
        if self.mode != "script" and self._own_print:
            names["print"] = state.print
        previous = enter(run)
        try:
            if cell.markdown is not None and self.mode == "run":
                from .markdown import md

                state.output = md(cell.markdown)
                return
            if state.code is None:
                state.code = self._compiled(cell)
            value = state.code.run(names)
            if cell.is_async:
                leave(previous)
                waiting = Inside(value, run)
                await waiting
                value = waiting.result
                previous = enter(run)
            state.output = value
        except Stop as stopped:
            state.output = stopped.args[0]
            state.status = STOPPED
        except (Exception, SystemExit) as error:
            # exit() ends the cell, not the server.
            if self.mode == "script" and isinstance(error, SystemExit):
                raise
            self._fail(state, error)
        finally:
            leave(previous)

    def _compiled(self, cell):
        from .compiled import Compiled

        code = cell.code
        private = [name for name in cell.privates if name in self._shared]
        if private:
            from .privates import renamed

            code = renamed(code, private, "_cell_%s" % cell.id)
        path = self.notebook.path or "<notebook>"
        return Compiled(code, path, cell.line, cell.defs + cell.deletes, cell.is_async)

    def _fail(self, state, error):
        """Note what a cell has raised."""
        from .tracebacks import line_of

        name = type(error).__name__
        message = str(error)
        if isinstance(error, SyntaxError):
            message = message if message else "invalid syntax"
        if isinstance(error, NameError):
            message = self._explained(message)
        index = state.cell.index
        # Such a cell has not begun.
        kind = "syntax" if state.code is None and name == "SyntaxError" else "exception"
        line = line_of(error, self.notebook.path or "<notebook>")
        state.error = CellError(kind, message, name, index, line, error)
        state.status = ERROR

    def _explained(self, message):
        """The message of a NameError, with the cell that should have defined the name."""
        for index in range(len(self.cells)):
            for name in self.cells[index].cell.defs:
                if "'%s'" % name in message:
                    cell = _name(self.cells[index].cell)
                    return "%s; it was expected of the cell %s" % (message, cell)
        return message


def _shared_privates(states):
    """The private names that several cells have (a tuple)."""
    seen = set()
    found = set()
    for state in states:
        for name in state.cell.privates:
            (found if name in seen else seen).add(name)
    return tuple(found)


def _name(cell):
    """What people know a cell by."""
    return cell.name if cell.name != "_" else "at line %d" % cell.line
