"""marimo.statements: where the last statement of a cell is; marimo.compiled: running them."""

from expect import equal, raises
from marimo.compiled import Compiled
from marimo.context import drive
from marimo.statements import Layout

# (code, its last expression or statement, None where the cell ends in no such thing)
CASES = (
    ("1", "1"),
    ("a = 1\na", "a"),
    ("a = 1; a + 1", "a + 1"),
    ("a;", None),
    ("a; # note", None),
    ("a  # ;", "a"),
    ("a\n\n# end", "a"),
    ("(a\n + b)", "(a\n + b)"),
    ("f(\n    ';',\n)", "f(\n    ';',\n)"),
    ("if a:\n    b", None),
    ("for x in y: x", None),
    ("@d\ndef f(): pass", None),
    ("async def f():\n    pass", None),
    ("'''a\nb'''", "'''a\nb'''"),
    ("'it\\'s; ' + x", "'it\\'s; ' + x"),
    ('r"\\"', None),
    ("x = \\\n  5", "x = \\\n  5"),
    ("a if b else c", "a if b else c"),
    ("iffy", "iffy"),
    ("form.x", "form.x"),
    ("f'{a}; {b}'", "f'{a}; {b}'"),
    ("", None),
    ("# nothing", None),
    ("[x for x in y]", "[x for x in y]"),
    ("class A:\n    b", None),
    ("with a: b", None),
    ("lambda: 1", "lambda: 1"),
    ("not a", "not a"),
)


def test_the_last_statement_is_found():
    for code, last in CASES:
        found = Layout(code).last
        got = None if found is None else code[found[0] : found[1]]
        if code == 'r"\\"':
            continue  # no Python: anything but an exception
        equal(got, last, code)


def test_the_value_is_the_last_expression():
    names = {}
    for code, value in (
        ("a = 1", None), ("a = 1\na", 1), ("a = 2; a * 3", 6), ("a;", None), ("'doc'", "doc"),
        ("x = [1,\n 2]\nx[\n 0\n]", 1), ("if 1:\n  5", None), ("", None), ("# x", None),
        ("'''a\n  b'''", "a\n  b"), ("(1,\n# in between\n2)", (1, 2)), ("1 # a\n# b", 1),
        ("pass", None), ("a == 2", True), ("1,", (1,)),
    ):  # fmt: skip
        equal(Compiled(code).run(names), value, code)


def test_what_waits_gives_the_same_values():
    for code, value, defs in (
        ("a = 1", None, ("a",)), ("a = 1\na + 1", 2, ("a",)),
        ("x = '''p\n  q\nr'''\nx", "p\n  q\nr", ("x",)),
        ("for i in [1, 2]:\n    t = i\nt", 2, ("i", "t")), ("'''a\nb'''", "a\nb", ()),
        ("if 1:\n    y = f'''{1}\n z'''\ny", "1\n z", ("y",)), ("1;", None, ()),
        ("def f():\n    return 5\nf()", 5, ("f",)), ("(1,\n2)", (1, 2), ()),
        ("async def g():\n    return 6\nawait g()", 6, ("g",)), ("", None, ()),
    ):  # fmt: skip
        names = {}
        equal(drive(Compiled(code, defs=defs, is_async=True).run(names)), value, code)
        for name in defs:
            assert name in names, (code, name)


def test_no_python_is_a_syntax_error():
    for code in ("a = = 1", "1 +", "def", "(", "a b"):
        raises(SyntaxError, Compiled, code)
        raises(SyntaxError, Compiled, code, "x", 9, (), True)


def test_errors_tell_the_line_in_the_file():
    from marimo.tracebacks import line_of

    for is_async in (False, True):
        for code, line in (
            ("a = 1\n1 / 0", 11), ("1 / 0\na = 1", 10),
            ("a = 1\n\n(2,\n 1 / 0)\n", 13), ("def f():\n    return 1 / 0\nf()", 11),
        ):  # fmt: skip
            defs = ("a", "f") if is_async else ()
            compiled = Compiled(code, "nb.py", 10, defs, is_async)
            try:
                value = compiled.run({})
                if is_async:
                    drive(value)
            except ZeroDivisionError as error:
                got = line_of(error, "nb.py")
                # A board notes where an expression of several lines begins or ends.
                assert abs(got - line) <= (1 if "(2" in code else 0), (code, is_async, got)
            else:
                raise AssertionError(code)
