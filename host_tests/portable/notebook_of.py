"""Notebooks made of the texts of their cells."""

from marimo.headless import Session


def source(*cells):
    """The text of a notebook with ``cells`` (str each; a first line "# NAME" names one, "async "
    before that makes it wait)."""
    pieces = ["import marimo\n\napp = marimo.App()\n"]
    for cell in cells:
        start = "def"
        name = "_"
        if cell.startswith("async # "):
            start = "async def"
            cell = cell[6:]
        if cell.startswith("# "):
            name, _, cell = cell[2:].partition("\n")
        lines = ["    " + line if line else "" for line in cell.split("\n")]
        pieces.append("\n@app.cell\n%s %s():\n%s\n    return\n" % (start, name, "\n".join(lines)))
    return "\n".join(pieces)


MO = "import marimo as mo"


def session(*cells, **options):
    """A Session that has run a notebook with ``cells``."""
    made = Session("test.py", source(*cells), **options)
    made.run()
    return made


def names(cells):
    """The names of cells, in their order."""
    return [state.cell.name for state in cells]


def cell(session, name):
    """The CellState of the cell with ``name``."""
    for state in session.kernel.cells:
        if state.cell.name == name:
            return state
    raise KeyError(name)
