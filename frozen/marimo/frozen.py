"""Notebooks that are frozen in an image, whose cells were found when it was built."""

from .cell import Cell
from .notebook import Notebook

PACKAGE = "frozen_notebooks"

# The bits of a cell's flags in a frozen module.
IS_ASYNC = 1
DISABLED = 2
HIDE_CODE = 4


def load(name):
    """The Notebook ``name`` (str). Raises OSError where none is frozen."""
    try:
        module = getattr(__import__(PACKAGE + "." + name), name)
    except ImportError:
        raise OSError(2, "no notebook %r is frozen" % name)
    return Notebook([_cell(row) for row in module.CELLS], dict(module.OPTIONS), module.PATH)


def find(path, size):
    """The Notebook in the file ``path`` (str) of ``size`` bytes if the very same is frozen, which
    takes less heap and time than to read the file; else None."""
    name = path[path.rfind("/") + 1 :]
    name = name[: name.rfind(".")]
    try:
        module = getattr(__import__(PACKAGE + "." + name), name)
    except (ImportError, AttributeError):
        return None
    if size != module.SIZE or _digest(path) != module.DIGEST:
        return None
    notebook = load(name)
    notebook.path = path
    return notebook


def _digest(path):
    import hashlib

    hash = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            data = file.read(256)
            if not data:
                return hash.digest()
            hash.update(data)


def row(cell):
    """What of a Cell is frozen (tuple of constants)."""
    flags = cell.is_async * IS_ASYNC + cell.disabled * DISABLED + cell.hide_code * HIDE_CODE
    return (
        cell.id, cell.index, cell.name, cell.kind, cell.line, flags, cell.error,
        cell.defs, cell.refs, cell.deletes, cell.privates, cell.code,
    )  # fmt: skip


def _cell(row):
    cell = Cell(row[2])
    cell.id = row[0]
    cell.index = row[1]
    if row[3] != "cell":
        cell.kind = row[3]
    cell.line = row[4]
    flags = row[5]
    if flags & IS_ASYNC:
        cell.is_async = True
    if flags & DISABLED:
        cell.disabled = True
    if flags & HIDE_CODE:
        cell.hide_code = True
    if row[6] is not None:
        cell.error = row[6]
    cell.defs, cell.refs, cell.deletes, cell.privates, cell.code = row[7:]
    return cell
