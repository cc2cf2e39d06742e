"""marimo.privates: renaming what is a cell's own, and nothing else."""

from expect import equal
from marimo.privates import renamed

CASES = (
    ("_k = 2", "X_k = 2"),
    ("a._k = _k", "a._k = X_k"),
    ("f(_k=_k, b=1)", "f(_k=X_k, b=1)"),
    ("f(1, _k=2)", "f(1, _k=2)"),
    ("(_k)", "(X_k)"),
    ("f(_k)", "f(X_k)"),
    ("f(_k == 1)", "f(X_k == 1)"),
    ("x = [_k, '_k']  # _k", "x = [X_k, '_k']  # _k"),
    ("f'{_k} _k {a[_k]!r:>{_k}}'", "f'{X_k} _k {a[X_k]!r:>{X_k}}'"),
    ("def g():\n    return _k", "def g():\n    return X_k"),
    ("def _k():\n    pass\n_k()", "def X_k():\n    pass\nX_k()"),
    ("async def _k(a=1): pass", "async def X_k(a=1): pass"),
    ("def g(_k=1): return _k\n_k", "def g(_k=1): return _k\n_k"),
    ("lambda _k: _k", "lambda _k: _k"),
    ("lambda a: _k", "lambda a: X_k"),
    ("class A:\n    _k = 1", "class A:\n    _k = 1"),
    ("_kk = _k", "_kk = X_k"),
    ("for _k in y: pass", "for X_k in y: pass"),
    ("'''\n_k\n'''\nö = _k", "'''\n_k\n'''\nö = X_k"),
    ("print(_k) if (_k) else _k", "print(X_k) if (X_k) else X_k"),
)


def test_variables_are_renamed_and_nothing_else():
    for code, wanted in CASES:
        equal(renamed(code, ("_k",), "X"), wanted, code)


def test_what_is_no_python_stays():
    for code in ("_k = 'a", "_k = (", "_k = )"):
        got = renamed(code, ("_k",), "X")
        assert got in (code, code.replace("_k", "X_k")), got
