"""What becomes of the notebooks of a folder: runs on CPython, in an image, and on a board.

``steps`` (dict): {file's name: list of {name of an element: value as a page sends it}}. One line
is printed for each notebook: the file's name and a JSON list with an entry for each run, first of
all cells and then after each step: [indices of the cells in the order they ran, {index of a cell:
[status, [error's type and name] or None, html]}].
"""

import json

from marimo.formatting import render_all
from marimo.headless import Session

_QUERY = {"room": ["7"]}


def run(folder, steps):
    """Print what becomes of the notebooks in ``folder`` that ``steps`` names."""
    for name in sorted(steps):
        print("@" + name, json.dumps(outcomes(folder + "/" + name, steps[name])))


def outcomes(path, steps):
    """The outcomes of one notebook."""
    session = Session(path, query=_QUERY)
    found = []
    ran = {}  # index: how often
    stopped = set()  # cells that mo.stop() has ended, not one before them
    for step in [None] + steps:
        session.run() if step is None else session.set(**step)
        found.append(_outcome(session.kernel, ran, stopped))
    return found


def _outcome(kernel, ran, stopped):
    order = []
    for index in kernel.order:
        state = kernel.cells[index]
        stopped.discard(index)
        if state.runs > ran.get(index, 0):
            ran[index] = ran.get(index, 0) + 1
            order.append(index)
            if state.status == "stopped":
                stopped.add(index)
    cells = {}
    for state in kernel.cells:
        index = state.cell.index
        cells[str(index)] = _cell(state, "idle" if index in stopped else state.status)
    return [order, cells]


def _cell(state, status):
    error = state.error and [state.error.type, state.error.name]
    return [status, error, render_all(state.shown())[1]]


if __name__ == "__main__":
    with open("steps.json") as file:
        run("notebooks", json.load(file))
