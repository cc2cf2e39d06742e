"""Any text is a notebook or none; the names in any function are Python's own."""

import ast
import symtable

import test_names
import test_notebook
from hypothesis import given, settings
from hypothesis import strategies as st

import expect
from marimo.notebook import NotANotebook, parse

_PIECES = [
    test_notebook.HEAD, "@app.cell\n", "@app.cell(", "@app.function\n", "@app.class_definition\n",
    "def _():\n", "def f(a, b=c, *d):\n", "async def f():\n", "class A(B):\n", "    ", "  ", "\t",
    "return x\n", "return\n", "with app.setup:\n", "app._unparsable_cell(", "if __name__ == ''",
    "x = 1\n", "x += y\n", "import a.b as c\n", "from d import *\n", "for i in j:\n", "if x:\n",
    "else:\n", "try:\n", "except E as e:\n", "with a as b:\n", "match x:\n", "case [y, *z]:\n",
    "lambda a: b", "[a for b in c]", "global x\n", "del x\n", "await x\n", "yield", ":=", "->",
    "mo.md(", "(", ")", "[", "]", "{", "}", ":", ",", ";", ".", "=", "*", "@", "\n", "\\\n", "\\",
    "'", '"', "'''", '"""', "f'", 'f"""{', "rb'", "!r", "{{", "}}", "#", "\r\n", "\0", "\u00e9",
    "0x1", "1e-", "a", "b", "app", "marimo", "not", "in", "if", "as", "import", "nonlocal x\n",
]  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=40).map(lambda p: test_notebook.HEAD + "".join(p)),
    st.sampled_from([t for t, _ in test_notebook.CASES + test_notebook.BROKEN]).flatmap(
        lambda text: st.tuples(
            st.integers(0, len(text)), st.integers(0, 5), st.sampled_from(_PIECES)
        ).map(lambda cut: test_notebook.HEAD + text[: cut[0]] + cut[2] + text[cut[0] + cut[1] :])
    ),
)


@settings(max_examples=3000, deadline=None)
@given(_TEXTS)
def test_any_text_is_a_notebook_or_none(text):
    try:
        found = parse(text, "n.py")
    except NotANotebook as error:
        assert str(error).startswith("n.py: ")
        return
    graph = found.graph()
    assert sorted(graph.order(range(len(found.cells)))) == list(range(len(found.cells)))
    for cell in found.cells:
        assert isinstance(cell.code, str) and cell.line >= 1
        assert not (cell.error and cell.kind == "cell" and cell.markdown)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_a_notebook_or_none(data):
    try:
        parse(data)
    except NotANotebook:
        pass


def test_more_cells_than_any_notebook_has_are_refused():
    text = test_notebook.HEAD + "@app.cell\ndef _(): x\n" * 1001
    error = expect.raises(NotANotebook, parse, text)
    assert "at most 1000 cells" in str(error)


# Random functions, out of statements and expressions with few names.

_NAMES = st.sampled_from("abcdefg")


def _expressions(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(inner, inner).map("(%s + %s)".__mod__),
        st.tuples(_NAMES, several).map("%s(%s)".__mod__),
        st.tuples(_NAMES, _NAMES, inner).map("%s(%s=%s)".__mod__),
        st.tuples(_NAMES, _NAMES, inner).map("%s.%s[%s]".__mod__),
        st.tuples(inner, _NAMES, inner).map("[%s for %s in %s]".__mod__),
        st.tuples(inner, _NAMES, _NAMES, inner, inner).map(
            "{%s for (%s, %s) in %s if %s}".__mod__
        ),
        st.tuples(inner, _NAMES, inner, _NAMES, inner).map(
            "{%s: 1 for %s in %s for %s in %s}".__mod__
        ),
        st.tuples(_NAMES, _NAMES, inner, inner).map("(lambda %s, *%s_, k=%s: %s)".__mod__),
        st.tuples(inner, inner, inner).map("(%s if %s else %s)".__mod__),
        several.map("(%s,)".__mod__),
        st.tuples(inner, inner).map("{%s: %s}".__mod__),
        st.tuples(_NAMES, _NAMES).map("f'{%s!r:>{%s}} {{x}}'".__mod__),
    )


_EXPRESSIONS = st.recursive(_NAMES, _expressions, max_leaves=6)
_WALRUS = st.tuples(_NAMES, _EXPRESSIONS).map("(%s := %s)".__mod__)


def _indent(text):
    return "".join("    %s\n" % line for line in text.splitlines())


def _blocks(inner):
    block = st.lists(inner, min_size=1, max_size=3).map(lambda lines: _indent("".join(lines)))
    return st.one_of(
        st.tuples(_EXPRESSIONS, block, block).map("if %s:\n%selse:\n%s".__mod__),
        st.tuples(_NAMES, _NAMES, _EXPRESSIONS, block).map("for %s, (%s) in %s:\n%s".__mod__),
        st.tuples(_EXPRESSIONS, _NAMES, block).map("with %s as %s:\n%s".__mod__),
        st.tuples(block, _NAMES, _NAMES, block).map("try:\n%sexcept %s as %s:\n%s".__mod__),
        st.tuples(_NAMES, _NAMES, _NAMES, _EXPRESSIONS, _NAMES, block).map(
            "@%s\ndef %s(%s, k=%s, *x_) -> %s:\n%s".__mod__
        ),
    )


_SIMPLE = st.one_of(
    st.tuples(_NAMES, _EXPRESSIONS).map("%s = %s\n".__mod__),
    st.tuples(_NAMES, _NAMES, _EXPRESSIONS).map("%s, *%s = %s\n".__mod__),
    st.tuples(_NAMES, _EXPRESSIONS).map("%s.x = %s\n".__mod__),
    st.tuples(_NAMES, _EXPRESSIONS).map("%s += %s\n".__mod__),
    st.tuples(_NAMES, _NAMES, _EXPRESSIONS).map("%s: %s = %s\n".__mod__),
    st.tuples(_NAMES, _NAMES).map("import %s.x as %s\n".__mod__),
    st.tuples(_NAMES, _NAMES).map("from x import %s, y as %s\n".__mod__),
    _EXPRESSIONS.map("%s\n".__mod__),
    _EXPRESSIONS.map("return %s\n".__mod__),
    _WALRUS.map("%s\n".__mod__),
    _NAMES.map("del %s\n".__mod__),
    _NAMES.map("global %s\n".__mod__),
)
_STATEMENTS = st.recursive(_SIMPLE, _blocks, max_leaves=8)
_FUNCTIONS = st.lists(_STATEMENTS, min_size=1, max_size=5).map(
    lambda lines: "def function(p, q=1):\n" + _indent("".join(lines))
)


def pythons(code):
    """(names that are defined, names that are used) at the top level, by symtable."""
    defs, refs = set(), set()

    def visit(table):
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if top or symbol.is_global():
                if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                    defs.add(symbol.get_name())
                if symbol.is_referenced():
                    refs.add(symbol.get_name())
        for child in table.get_children():
            visit(child)

    visit(symtable.symtable(code, "<cell>", "exec"))
    return defs, refs - defs


@settings(max_examples=300, deadline=None)
@given(_FUNCTIONS)
def test_names_in_any_function_are_pythons_own(code):
    try:
        expected = pythons(code)
    except SyntaxError:  # such as a name that is used before it is declared global
        return
    scopes = test_names.names(code).scopes
    assert (scopes.defs, scopes.refs - scopes.defs) == expected


def test_the_functions_above_are_python_for_the_most_part():
    good = 0

    @settings(max_examples=50, deadline=None, derandomize=True, database=None)
    @given(_FUNCTIONS)
    def count(code):
        nonlocal good
        try:
            ast.parse(code)
            good += 1
        except SyntaxError:
            pass

    count()
    assert good > 40
