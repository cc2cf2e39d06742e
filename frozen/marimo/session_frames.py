"""What the page of a session has to be told: kept as what has changed, never as a queue.

However slow a page is and however often a cell runs meanwhile, at most one frame for each cell
waits, and it is made of what the cell is like when it is sent.
"""

import json

_FULL = ("done", "output")


class Frames:
    """The changes that wait for the page."""

    def __init__(self):
        self._cells = []  # indices of cells, in the order of their changes
        self._full = []  # those of which more than the status has changed
        self._messages = []
        self._values = []
        self._query = False
        self._finished = False

    def note(self, event, what=None):
        """An event of the kernel; ``what``: the index of its cell, or None."""
        if event == "finished":
            self._finished = True
        elif event == "query":
            self._query = True
        elif event == "value":
            if what not in self._values:
                self._values.append(what)
        elif what is not None:
            self._finished = False
            if what not in self._cells:
                self._cells.append(what)
            if event in _FULL and what not in self._full:
                self._full.append(what)

    def say(self, message, element=None):
        """An error (str) that no cell can show; ``element``: id of what it is about, or None."""
        if len(self._messages) < 10:
            self._messages.append((message, element))

    def all_of(self, kernel):
        """Note everything that there is to be known of a kernel."""
        for state in kernel.cells:
            self.note("done" if state.runs or state.error else "queued", state.cell.index)
        self._finished = not kernel._busy

    def take(self, kernel, mask):
        """The next frame (str), None when there is nothing to be told.

        ``mask(cell_state)``: (type, message) of the error that may be shown for the cell's.
        """
        if self._cells:
            index = self._cells.pop(0)
            is_full = index in self._full
            if is_full:
                self._full.remove(index)
            return cell_frame(kernel.cells[index], is_full, mask)
        if self._values:
            element = self._values.pop(0)
            value = element._for_page()
            return json.dumps({"op": "value", "id": element._id, "value": value})
        if self._query:
            self._query = False
            from .request_data import lists_of_query

            return json.dumps({"op": "query", "values": lists_of_query(kernel.query)})
        if self._messages:
            message, element = self._messages.pop(0)
            frame = {"op": "error", "message": message}
            if element is not None:
                frame["id"] = element
            return json.dumps(frame)
        if self._finished:
            self._finished = False
            return '{"op":"done"}'
        return None


def cell_frame(state, is_full, mask):
    """The frame (str) of a cell: its status, and where ``is_full`` all that it shows."""
    frame = {"op": "cell", "id": state.cell.id, "status": state.status}
    if is_full:
        from .formatting import render_all

        mime, html = render_all(state.shown())
        frame["output"] = {"mime": mime, "html": html}
        frame["console"] = state.console
        frame["error"] = None
        if state.error is not None:
            kind, message = mask(state)
            frame["error"] = {"type": kind, "message": message}
    return json.dumps(frame)


def first_frame(notebook, title, resumed, include_code=False):
    """The frame (str) that begins a connection."""
    cells = []
    for cell in notebook.cells:
        entry = {"id": cell.id, "name": cell.name, "hide": cell.hide_code}
        if include_code:
            entry["code"] = cell.code
        cells.append(entry)
    return json.dumps({"op": "cells", "cells": cells, "title": title, "resumed": resumed})
