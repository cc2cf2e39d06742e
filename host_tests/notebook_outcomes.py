"""What becomes of the notebooks of a folder: runs on CPython, in an image, and on a board.

``steps`` (dict): {file's name: list of {name of an element: value as a page sends it}}. Lines are
printed: "@", the file's name, and JSON for each run (first of all cells, then after each step), a
list of the indices of the cells in the order they ran, followed by one for each cell of the file:
[status, [error's type and name] or None, html].
"""

import json

from marimo.formatting import render_all
from marimo.headless import Session

_QUERY = {"room": ["7"]}


def run(folder, steps):
    """Print what becomes of the notebooks in ``folder`` that ``steps`` names."""
    for name in sorted(steps):
        for value in outcomes(folder + "/" + name, steps[name]):
            print("@" + name, json.dumps(value))


def outcomes(path, steps):
    """The outcomes of one notebook, as they are printed."""
    session = Session(path, query=_QUERY)
    ran = {}  # index: how often
    stopped = set()  # cells that mo.stop() has ended, not one before them
    for step in [None] + steps:
        if step is None:
            session.run()
        else:
            session.set(**step)
        yield _order(session.kernel, ran, stopped)
        for index, state in enumerate(session.kernel.cells):
            yield _cell(state, "idle" if index in stopped else state.status)


def _order(kernel, ran, stopped):
    order = []
    for index in kernel.order:
        state = kernel.cells[index]
        stopped.discard(index)
        if state.runs > ran.get(index, 0):
            ran[index] = ran.get(index, 0) + 1
            order.append(index)
            if state.status == "stopped":
                stopped.add(index)
    return order


def _cell(state, status):
    error = state.error and [state.error.type, state.error.name]
    return [status, error, render_all(state.shown())[1]]


if __name__ == "__main__":
    with open("steps.json") as file:
        run("notebooks", json.load(file))
