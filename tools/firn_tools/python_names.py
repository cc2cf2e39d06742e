"""Which names a module of a site gives, read from its text, in MicroPython's words for mistakes.

Imports Firn's packages: to be used inside an ``Environment``.
"""

import ast
import os
import re
import subprocess

from firn.config import Problem

from . import mpy_cross, paths, versions

# What the device calls the type of a value.
_TYPES = {
    ast.Lambda: "function",
    ast.JoinedStr: "str",
    ast.List: "list",
    ast.Dict: "dict",
    ast.Set: "set",
    ast.Tuple: "tuple",
}


def lookup(folder, module, name, kind):
    """What importing ``name`` from ``module`` would give in place of ``kind``.

    ``folder``: Path of the site; ``kind``: "a function" or "an application". Returns (got,
    mistake): ``got`` as the device words it, None where the name is there or nobody can say;
    ``mistake``: a Problem in the module's own text, or None.
    """
    path, missing = _module_file(folder, module)
    if missing:
        return "ImportError: no module named '%s'" % missing, None
    if path is None or path.suffix != ".py":
        return None, None
    mistake = _syntax(path, path.relative_to(folder).as_posix())
    if mistake:
        return mistake.message, mistake
    try:
        bound = _Names(ast.parse(path.read_bytes()))
    except (SyntaxError, ValueError):
        return None, None  # MicroPython takes it, so it is for MicroPython to say
    if bound.open:
        return None, None
    if name not in bound.types:
        return "AttributeError: 'module' object has no attribute '%s'" % name, None
    return _wrong_type(bound.types[name], kind), None


def _module_file(folder, module):
    """(Path of the file of ``module``, None), or (None, name of what is not there).

    (None, None) for a frozen module.
    """
    parts = module.split(".")
    for base in (folder, folder / "lib"):
        if any(_exact(base, parts[0] + suffix) for suffix in ("", ".py", ".mpy")):
            break
    else:
        if (paths.frozen() / parts[0]).is_dir():
            return None, None
        return None, parts[0]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if _exact(base, part) and (base / part).is_dir():
            base = base / part
            if last:
                return base / "__init__.py" if _exact(base, "__init__.py") else base, None
            continue
        for suffix in (".py", ".mpy"):
            if _exact(base, part + suffix):
                if last:
                    return base / (part + suffix), None
                return None, ".".join(parts[: index + 2])
        return None, ".".join(parts[: index + 1])
    return None, None


def _exact(folder, name):
    """Whether ``folder`` has an entry ``name``, written exactly so."""
    try:
        return name in os.listdir(folder)
    except OSError:
        return False


def _syntax(path, shown):
    """What MicroPython's compiler says against the file, as a Problem of ``shown``, or None."""
    compiler = mpy_cross.mpy_cross(tuple(map(int, versions.MICROPYTHON.split("."))))
    command = [str(compiler), "-o", os.devnull, "-s", shown, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    said = done.stderr.strip().splitlines()
    lines = re.findall(r'File ".*", line (\d+)', done.stderr)
    line = int(lines[-1]) if lines else 0
    return Problem(shown, line, 1, "", said[-1] if said else "SyntaxError")


class _Names(ast.NodeVisitor):
    """The names bound at the top level of a module.

    ``types``: {name: list of MicroPython's type names, None for one that only shows when it is
    run}; ``open``: whether there may be names that the text does not show.
    """

    def __init__(self, tree):
        self.types = {}
        self.open = False
        for node in ast.walk(tree):
            # What functions bind here: by a `global` statement, or in ways nobody can follow.
            if isinstance(node, ast.Global):
                for name in node.names:
                    self._bind(name, None)
            if isinstance(node, ast.Name) and node.id in ("globals", "exec", "execfile"):
                self.open = True
        self.visit(tree)

    def _bind(self, name, kind):
        self.types.setdefault(name, []).append(kind)
        self.open = self.open or name == "__getattr__"

    def visit_FunctionDef(self, node):
        self._bind(node.name, None if node.decorator_list else "function")

    def visit_AsyncFunctionDef(self, node):
        self._bind(node.name, None if node.decorator_list else "generator")

    def visit_ClassDef(self, node):
        self._bind(node.name, None if node.decorator_list else "type")

    def visit_Lambda(self, node):
        pass

    def visit_Import(self, node):
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0], None)

    def visit_ImportFrom(self, node):
        for alias in node.names:
            self.open = self.open or alias.name == "*"
            self._bind(alias.asname or alias.name, None)

    def visit_Assign(self, node):
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._bind(node.targets[0].id, _type(node.value))
            self.visit(node.value)
        else:
            self.generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self._bind(node.id, None)

    def visit_ExceptHandler(self, node):
        if node.name:
            self._bind(node.name, None)
        self.generic_visit(node)


def _type(value):
    if isinstance(value, ast.Constant):
        return type(value.value).__name__
    return _TYPES.get(type(value))


def _wrong_type(types, kind):
    """The type of a name that is bound once, to what is certainly no ``kind``; else None."""
    if len(types) != 1 or types[0] is None:
        return None
    functions = ("function", "generator", "type")
    wrong = types[0] not in functions if kind == "a function" else True
    return types[0] if wrong else None
