"""Notebooks that are frozen into an image: a module each, with its cells as constants."""

import importlib
import sys

from . import paths
from .errors import Failure


def freeze(folder, package):
    """Write the modules for the notebooks in ``folder`` (Path) to ``package`` (Path), a folder
    whose name is the package's; what else was in it is removed. Files that are no Python names
    and those beginning with "_" are left out. Returns the modules' paths.

    Raises Failure for a file that is no notebook, or has a cell with a syntax error.
    """
    package.mkdir(parents=True, exist_ok=True)
    written = [package / "__init__.py"]
    _replace(written[0], '"""Notebooks of this image."""\n')
    for file in sorted(folder.glob("*.py")) if folder.is_dir() else ():
        if file.stem.isidentifier() and not file.stem.startswith("_"):
            written.append(package / file.name)
            _replace(written[-1], module(file.read_bytes(), file.name))
    for file in package.glob("*.py"):
        if file not in written:
            file.unlink()
    return written


def module(source, name):
    """The text of the module for the notebook ``source`` (bytes), from the file ``name``."""
    notebook, frozen = _loader()
    try:
        found = notebook.parse(source, name)
    except notebook.NotANotebook as error:
        raise Failure(str(error))
    for cell in found.cells:
        if cell.error is not None and cell.kind != "unparsable":
            raise Failure("%s: %s" % (name, cell.error))
        if cell.kind != "unparsable":
            _compile(cell, name)
    rows = ["    %r,\n" % (frozen.row(cell),) for cell in found.cells]
    return '"""Made from %s."""\n\nPATH = %r\nOPTIONS = %r\nCELLS = (\n%s)\n' % (
        name, name, tuple(found.options.items()), "".join(rows),
    )  # fmt: skip


def _compile(cell, name):
    """Find the syntax errors that only a compiler finds."""
    import ast

    try:
        compile(cell.code, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1) - 1
        raise Failure("%s: line %d: %s" % (name, line, error.msg))


def _loader():
    """Our marimo.notebook and marimo.frozen, whatever marimo is installed beside us."""
    kept = {n: m for n, m in sys.modules.items() if n.split(".")[0] == "marimo"}
    for name in kept:
        del sys.modules[name]
    sys.path.insert(0, str(paths.frozen()))
    try:
        return [importlib.import_module("marimo." + n) for n in ("notebook", "frozen")]
    finally:
        sys.path.pop(0)
        for name in [n for n in sys.modules if n.split(".")[0] == "marimo"]:
            if kept:
                del sys.modules[name]
        sys.modules.update(kept)


def _replace(path, text):
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
