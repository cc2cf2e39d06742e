"""Notebooks that are frozen into an image: a module each, with its cells as constants."""

import ast
import contextlib
import hashlib
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
    with _ours() as (notebook, frozen):
        try:
            found = notebook.parse(source, name)
        except notebook.NotANotebook as error:
            raise Failure(str(error)) from None
        rows = [frozen.row(cell) for cell in found.cells]
    for cell in found.cells:
        if cell.kind != "unparsable":
            if cell.error is not None:
                raise Failure("%s: %s" % (name, cell.error))
            _compile(cell, name)
    rows = ["    %r,\n" % (row,) for row in rows]
    text = (
        '"""Made from %s."""\n\nPATH = %r\nSIZE = %d\nDIGEST = %r\nOPTIONS = %r\nCELLS = (\n%s)\n'
    )
    return text % (
        name, name, len(source), hashlib.sha256(source).digest(), tuple(found.options.items()),
        "".join(rows),
    )  # fmt: skip


def _compile(cell, name):
    """Find the syntax errors that only a compiler finds."""
    try:
        compile(cell.code, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1) - 1
        raise Failure("%s: line %d: %s" % (name, line, error.msg)) from None


@contextlib.contextmanager
def _ours():
    """Our marimo.notebook and marimo.frozen, whatever marimo is loaded besides."""
    kept = _modules()
    for name in kept:
        del sys.modules[name]
    sys.path.insert(0, str(paths.frozen()))
    try:
        yield [importlib.import_module("marimo." + name) for name in ("notebook", "frozen")]
    finally:
        sys.path.remove(str(paths.frozen()))
        for name in _modules():
            del sys.modules[name]
        sys.modules.update(kept)


def _modules():
    return {n: m for n, m in sys.modules.items() if n == "marimo" or n.startswith("marimo.")}


def _replace(path, text):
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
