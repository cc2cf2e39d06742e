"""marimo/names.py, expressions.py, scopes.py: which names a cell defines and refers to."""

from expect import equal, raises
from marimo.names import Names
from marimo.tokens import TokenError, Tokens

# Code, what it defines, what it refers to.
CASES = (
    ("x = 1", "x", ""),
    ("x = y", "x", "y"),
    ("x = x", "x", "x"),
    ("a = b = c", "a b", "c"),
    ("a, (b, *c) = [d, e] = f", "a b c d e", "f"),
    ("[a, b] = c", "a b", "c"),
    ("x.y = z[i] = w", "", "i w x z"),
    ("(a, b)[0] = c", "", "a b c"),
    ("(a).b, c = d", "c", "a d"),
    ("x += y", "x", "y"),
    ("x[i] += y", "", "i x y"),
    ("x: T", "x", "T"),
    ("x: T = y", "x", "T y"),
    ("x.y: T = z", "", "T x z"),
    ("print(x)\nx = 1", "x", "print x"),
    ("x = 1\nprint(x)", "x", "print"),
    ("x = 1; y = x", "x y", ""),
    ("f(a, b=c, *d, **e)", "", "a c d e f"),
    ("f(x)(y)[z].w", "", "f x y z"),
    ("a.b.c(d.e)", "", "a d"),
    ("a if b else c", "", "a b c"),
    ("a and not b or c is d in e", "", "a b c d e"),
    ("{a: b, **c}, {d, *e}", "", "a b c d e"),
    ("a[b:c:d, ...]", "", "a b c d"),
    ("None; True; False; ...", "", ""),
    # the walrus
    ("if (n := 10) > m:\n    pass\nn", "n", "m"),
    ("(x := x + 1)", "x", "x"),
    ("f(y := 1, y)", "y", "f"),
    ("[last := v for v in vs]", "last", "vs"),
    # comprehensions
    ("[x for x in x]", "", "x"),
    ("[x + y for x in xs if x > z]", "", "xs y z"),
    ("{k: v for k, v in d.items()}", "", "d"),
    ("{(a, b) for (a, b) in c for d in b if d}", "", "c"),
    ("sum(x * w for x in xs), x", "", "sum w x xs"),
    ("[[y for y in x] for x in xs]", "", "xs"),
    ("[lambda: x for x in xs]", "", "xs"),
    ("[a for a in b for b in a]", "", "b"),
    ("[o.n for o.m[i] in xs]", "", "i o xs"),
    ("x = [y for y in (a if b else c)]", "x", "a b c"),
    # lambdas
    ("lambda: x", "", "x"),
    ("f = lambda a, *b, c=d, **e: a + b + c + e + g", "f", "d g"),
    ("f = lambda: later\nlater = 1", "f later", ""),
    ("f(lambda x: x, x)", "", "f x"),
    ("lambda a=lambda b: b: a", "", ""),
    ("{1: lambda a: a, 2: a}", "", "a"),
    ("lambda *, a: (a, b), c", "", "b c"),
    ("lambda a, /, b: a + b", "", ""),
    ("[lambda: (y := 1), y]", "", "y"),
    # f-strings
    ("f'{a!r:{width}} {b=} {{c}}'", "", "a b width"),
    ("f'{a:%d}' 'b' f'''{c\n}'''", "", "a c"),
    ("f'{[x for x in xs]} {d[\"k\"]} {lambda_}'", "", "d lambda_ xs"),
    ("f'{f(a=b)}'", "", "b f"),
    ("f'{(lambda x: x)(y)}'", "", "y"),
    # imports
    ("import a.b.c, d as e", "a e", ""),
    ("import a.b as c", "c", ""),
    ("from e import f as g, h", "g h", ""),
    ("from e import (f as g,\n    h,)", "g h", ""),
    ("from . import i\nfrom ..j.k import l", "i l", ""),
    ("import _thread, _a.b, __c", "__c", ""),
    # statements
    ("for i, (j, *k) in y:\n    pass\nelse:\n    w = 1", "i j k w", "y"),
    ("for a.b in c: d = 1", "d", "a c"),
    ("with a as b, c as (d, e), f as g.h:\n    pass", "b d e", "a c f g"),
    ("with (a as b, c(b) as d,):\n    pass", "b d", "a c"),
    ("with (a, b): c", "", "a b c"),
    ("with a: b = 1", "b", "a"),
    ("while a:\n    b\nelse:\n    c", "", "a b c"),
    ("if a: b\nelif c: d = 1\nelse: e", "d", "a b c e"),
    ("try:\n    a\nexcept (B, C) as e:\n    e\n    del e\nelse:\n    f\nfinally:\n    d",
     "", "B C a d f"),
    ("try:\n    pass\nexcept E as e:\n    f(e)\ng(e)", "", "E e f g"),
    ("try:\n    pass\nexcept:\n    a", "", "a"),
    ("raise A(b) from c", "", "A b c"),
    ("assert a, b", "", "a b"),
    ("del x", "", "x"),
    ("x = 1\ndel x", "x", ""),
    ("del a.b, c[d], (e, f)", "", "a c d e f"),
    ("global a\na = 1", "a", "a"),
    ("await x", "", "x"),
    ("async for x in y: z = 1", "x z", "y"),
    ("async with a as b: c", "b", "a c"),
    ("pass; x = 1;", "x", ""),
    ("match = 1\nmatch.x\ncase = match", "case match", ""),
    ("match(x)\nmatch[y], print", "", "match print x y"),
    # functions
    ("def f(a: A, *b: B, c=D, **e) -> R:\n    return a, b, c, e, g", "f", "A B D R g"),
    ("def f(a, /, b, *, c): return a + b + c", "f", ""),
    ("def f():\n    return later\nlater = 1", "f later", ""),
    ("def f():\n    return f()", "f", ""),
    ("@deco(x)\n@y\ndef f(): pass", "f", "deco x y"),
    ("def f(x=[i for i in y]):\n    x = 1\n    for z in x: w = z\n    return w", "f", "y"),
    ("def f():\n    with a as b: import c\n    return b, c", "f", "a"),
    ("def f():\n    global g, h\n    g = 1\n    return h", "f g", "h"),
    ("x = 1\ndef f():\n    global x\n    x = x + y", "f x", "y"),
    ("def f():\n    def g():\n        return h\n    h = 1\n    return g", "f", ""),
    ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n = m\n    return n",
     "f", "m"),
    ("def f():\n    x: T = 1\n    x += 1\n    (y := x)\n    del x\n    return y", "f", "T"),
    ("def f():\n    return [a for a in b if c]", "f", "b c"),
    ("def f(a):\n    return lambda b: (a, b, c)", "f", "c"),
    ("async def f():\n    async with a as b:\n        await b\n    async for c in d: yield c",
     "f", "a d"),
    ("def f():\n    yield a\n    x = yield b\n    yield from c", "f", "a b c"),
    ("def f(): return\nx", "f", "x"),
    ("def _f(): return c", "", "c"),
    ("def f(x):\n    _p = 1\n    return _q", "f", ""),
    ("def f():\n    if a: return 1\n    elif b: return 2\n    return 3", "f", "a b"),
    # classes
    ("class A: pass", "A", ""),
    ("class A(B, metaclass=M):\n    x = y\n    def f(self, z=x):\n        return self.x",
     "A", "B M y"),
    ("class A:\n    def g(self):\n        return A", "A", ""),
    ("class A:\n    x = 1\n    y = [x for _ in range(x)]", "A", "range"),
    ("class A:\n    class B:\n        z = w\n    def f(self): return super().f()", "A",
     "super w"),
    ("@d\nclass A(): pass", "A", "d"),
    ("class _P:\n    a = b", "", "b"),
    # private names
    ("_y = 1\n_z", "", ""),
    ("__z = __y", "__z", "__y"),
    ("_ = 1\n__ = _", "", ""),
    ("for _i in x: pass", "", "x"),
    # builtins are names like others here
    ("print(len(x))", "", "len print x"),
    ("id = 1", "id", ""),
    ("self, cls, __name__", "", "__name__ cls self"),
)  # fmt: skip

# As Python has it, where marimo itself says otherwise: a function's variables are its own from
# its first line on, and a method does not see the variables of its class, and a loop's
# iterable is evaluated before there is a variable.
PYTHONS = (
    ("def f():\n    print(x)\n    x = 1", "f", "print"),
    ("def f():\n    try: pass\n    except E as e: e\n    return e", "f", "E"),
    ("class A:\n    x = y\n    def f(self):\n        return x", "A", "x y"),
    ("for x in x:\n    pass", "x", "x"),
    ("def f():\n    class A:\n        y = z\n        def g(self): return y, z\n    z = 1",
     "f", "y"),
)  # fmt: skip

# For Pythons that have it.
MATCHES = (
    ("match a:\n    case B(x, y=z) if cond:\n        w = x\n    case [q, *r] as s: pass\n"
     "    case D.e | None | 'f' | -1: pass\n    case {'k': v, **kw}: pass\n    case _: g",
     "kw q r s v w x z", "B D a cond g"),
    ("match (a):\n    case 1: b = 1", "b", "a"),
    ("match a, b:\n    case (c, d): pass", "c d", "a b"),
    ("match -a:\n    case b: pass\nmatch = 1", "b match", "a"),
    ("def f(a):\n    match a:\n        case [b, c]:\n            return b + c + d", "f", "d"),
)  # fmt: skip

MISTAKES = (
    ("from m import *", "import *"),
    ("return 5\nx", "'return' outside a function"),
    ("if x:\n    return", "'return' outside a function"),
    ("if x: return", "'return' outside a function"),
    ("class A:\n    return 1", "'return' outside a function"),
    ("if x:\ny", "expected an indented block"),
    ("x\n  y", "expected no more indentation"),
    ("if x: if y: z", "expected a simple statement"),
    ("def f: pass", "expected '('"),
    ("def f(x: pass", "never closed"),
    ("if x", "expected ':'"),
    ("for x: pass", "expected 'in'"),
    ("import 1", "expected a name"),
    ("from x y", "expected 'import'"),
    ("a = (b", "never closed"),
    ("async x", "expected 'def', 'for' or 'with'"),
    ("else x: y", "expected ':'"),
    ("import a b", "expected 'as'"),
)


def names(code):
    reader = Tokens((code + "\n").encode())
    reader.advance()
    found = Names(reader)
    found.block()
    return found


def check(cases):
    for code, defs, refs in cases:
        scopes = names(code).scopes
        got = " ".join(sorted(scopes.defs)), " ".join(sorted(scopes.refs))
        equal(got, (defs, refs), code)


def test_names_are_defined_and_referred_to():
    check(CASES)


def test_names_in_functions_and_classes_are_pythons():
    check(PYTHONS)


def test_patterns_define_names():
    check(MATCHES)


def test_what_is_no_cell_is_an_error():
    for code, words in MISTAKES:
        error = raises(TokenError, names, code)
        assert words in str(error), (code, str(error))


def test_deleted_names_of_other_cells_are_known():
    equal(names("print(x); del x, y.z").scopes.deletes, {"x"})
    equal(names("x = 1; del x").scopes.deletes, set())


def test_private_names_are_known():
    equal(names("_x = y = 1\nfor _i in y: pass\n_z").scopes.privates, {"_x", "_i"})


def test_cells_that_wait_are_known():
    for code in ("await x", "x = [y async for y in z]", "async for x in y: z", "async with x: y"):
        assert names(code).scopes.is_async, code
    for code in ("async def f(): await x", "x = 1", "async def f():\n    async for x in y: z"):
        assert not names(code).scopes.is_async, code


def test_a_return_at_the_end_is_told():
    equal(names("x = 1\nreturn x, y").returned, 6)
    equal(names("x = 1; return").returned, 7)
    equal(names("return x").scopes.refs, set())
    equal(names("x = 1").returned, None)
