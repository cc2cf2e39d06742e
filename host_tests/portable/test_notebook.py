"""marimo/notebook.py, reader.py, undent.py, constants.py: cells in the text of a file."""

from expect import equal, raises
from marimo import notebook
from marimo.notebook import NotANotebook, parse

HEAD = "import marimo\n\napp = marimo.App()\n\n"

# The text after HEAD; for each cell its kind, name and code.
CASES = (
    ("@app.cell\ndef _():\n    x = 1\n    return (x,)\n", [("cell", "_", "x = 1")]),
    ("@app.cell\ndef a(x):\n    x\n\n\n@app.cell\ndef b():\n    return\n",
     [("cell", "a", "x"), ("cell", "b", "")]),
    ("@app.cell(hide_code=True, column=1,\n)\ndef two(\n    a: 'Foo(', b: int = {1: 2}[1],\n"
     "    c=(1, 2)) -> None:\n    # first\n\n    x = 1  # c\n    # last\n    return (\n"
     "        x,\n    )  # after\n", [("cell", "two", "# first\n\nx = 1  # c\n# last")]),
    ("with app.setup:\n    # a\n    import os\n\n    # b\n# not b\n",
     [("setup", "setup", "# a\nimport os\n\n# b")]),
    ("with app.setup(hide_code=True):\n    x = 1\n", [("setup", "setup", "x = 1")]),
    ("async with app.setup:\n    await x\n", [("setup", "setup", "await x")]),
    ("with other.setup:\n    x = 1\nwith app:\n    y = 1\n", []),
    ("@app.function\n@deco\ndef f(x):\n    '''a\n    b'''\n    return x\n\n# c\n",
     [("function", "f", "@deco\ndef f(x):\n    '''a\n    b'''\n    return x")]),
    ("@app.function(hide_code=True)\nasync def g(): return 1\n",
     [("function", "g", "async def g(): return 1")]),
    ("@app.class_definition\nclass A(B):\n    x = 1\n\n    def f(self):\n        pass\nx = 2\n",
     [("class", "A", "class A(B):\n    x = 1\n\n    def f(self):\n        pass")]),
    ("app._unparsable_cell(\n    r'''\n    this ( is\n      not\n    ''',\n    name='bad'\n)\n",
     [("unparsable", "bad", "this ( is\n  not")]),
    ("@app.cell\nasync def w():\n    await x\n    return\n", [("cell", "w", "await x")]),
    ("@app.cell\ndef one(): 'text'\n@app.cell\ndef two(): a; return\n",
     [("cell", "one", "'text'"), ("cell", "two", "a;")]),
    ("@app.cell\ndef _():\n    a; return a\n", [("cell", "_", "a;")]),
    ("@app.cell\ndef _():\n\tif a:\n\t\tb\n\n\treturn\n", [("cell", "_", "if a:\n\tb")]),
    ("@app.cell\ndef _():\n  if a:\n      b\n      # deep\n  # shallow\n# none\n",
     [("cell", "_", "if a:\n    b\n    # deep\n# shallow")]),
    ("@app.cell\ndef _():\n    x = (1 +\n  2)\n    return\n", [("cell", "_", "x = (1 +\n  2)")]),
    # strings over several lines
    ("@app.cell\ndef _():\n    a = '''\n    b\n      c\n\n    '''\n    return\n",
     [("cell", "_", "a = '''\nb\n  c\n\n'''")]),
    ("@app.cell\ndef _():\n    a = '''\n  b\n    '''\n    c\n",
     [("cell", "_", "a = '''\n  b\n    '''\nc")]),
    ("@app.cell\ndef _():\n    a = f'''x\n    {b}\n    ''' + '''\n  d'''\n",
     [("cell", "_", "a = f'''x\n{b}\n''' + '''\n  d'''")]),
    ("@app.cell\ndef _():\n    a = '''\n    @app.cell\n    def no():\n    '''\n",
     [("cell", "_", "a = '''\n@app.cell\ndef no():\n'''")]),
    # what is no cell
    ("x = 1\nif x:\n    @app.cell\n    def no():\n        pass\nfor y in x: z\n"
     "text = '''\n@app.cell\ndef no(): pass\n'''\n@other\ndef no():\n    return\n"
     "@app.cell\ndef yes():\n    a\nif __name__ == '__main__':\n    app.run()\n",
     [("cell", "yes", "a")]),
    ("", []),
)  # fmt: skip

# The text after HEAD; for each cell its code and what its error says, None without one.
BROKEN = (
    ("@app.cell\ndef a():\n    if x:\n        return\n    z = 1\n    return\n",
     [("if x:\n    return\nz = 1", "line 8: 'return' outside a function")]),
    ("@app.cell\ndef a():\n    b = (1\n    return\n\n\n@app.cell\ndef c():\n    d\n",
     [("b = (1", "line 7: a bracket was never closed"), ("d", None)]),
    ("@app.cell\ndef a():\n    b = '''x\n    return\n# between\n@app.cell\ndef c():\n    d = ''\n"
     "@app.cell\ndef e():\n    f\n",
     [("b = '''x", "line 7: a string was never closed"), ("d = ''", None), ("f", None)]),
    ("@app.cell\ndef a():\n    from m import *\n    return\n",
     [("from m import *", "line 7: 'import *'")]),
    ("@app.cell\ndef a(:\n    b\n@app.cell\ndef c():\n    d\n",
     [("def a(:\n    b", "line 6:"), ("d", None)]),
    ("@app.cell\nx = 1\n@app.cell\ndef c():\n    d\n",
     [("x = 1", "line 6: expected a function"), ("d", None)]),
    ("@app.cell\ndef a():\n  x\n y\nif __name__ == '__main__':\n    app.run()\n",
     [("x\n y", "line 8: the indentation")]),
    ("@app.cell\ndef a():\nb\n@app.cell\ndef c():\n    d\n",
     [("b", "line 7: expected an indented block"), ("d", None)]),
    ("@app.function\n", [("", "expected a function")]),
    ("@app.class_definition\nx = 1\n", [("x = 1", "expected a class")]),
    ("@app.cell\n", [("", "expected a function")]),
    ("@app.cell(\n", [("@app.cell(", "line 5:")]),
    ("app._unparsable_cell('a b')\n", [("a b", "saved with a syntax error")]),
)  # fmt: skip

NOT_NOTEBOOKS = (
    ("x = 1\n", 'without "import marimo"'),
    ("'''text'''\n", 'without "import marimo"'),
    ("import marimo\n", 'expected "app = marimo.App()"'),
    ("import marimo as mo\nnotebook = mo.App()\n", 'expected "app = mo.App()"'),
    ("from marimo import App\napp = App()\n", 'without "import marimo"'),
    ("(((\n", 'without "import marimo"'),
    (b"\xff\xfe", "UTF-8"),
)


def cells(text):
    return parse(HEAD + text).cells


def test_cells_are_found_in_the_text():
    for text, expected in CASES:
        got = [(cell.kind, cell.name, cell.code) for cell in cells(text)]
        equal(got, expected, text)
        assert all(c.error is None or c.kind == "unparsable" for c in cells(text)), text


def test_lines_may_end_as_they_like():
    for text, expected in CASES:
        for end in ("\r\n", "\r"):
            got = [cell.code for cell in cells(text.replace("\n", end))]
            equal(got, [code for _, _, code in expected], text)


def test_cells_that_are_no_python_leave_the_others_alone():
    for text, expected in BROKEN:
        found = cells(text)
        equal([cell.code for cell in found], [code for code, _ in expected], text)
        for cell, (_, words) in zip(found, expected):
            assert (cell.error is None) if words is None else words in cell.error, cell.error


def test_what_is_no_notebook_is_an_error_that_names_the_file():
    for text, words in NOT_NOTEBOOKS:
        error = raises(NotANotebook, parse, text, "a.py")
        assert str(error).startswith("a.py: ") and words in str(error), str(error)


def test_an_empty_file_is_an_empty_notebook():
    for text in ("", "\n\n", "# a comment"):
        equal(parse(text).cells, [])


def test_options_of_the_application_are_constants():
    text = (
        "import marimo as mo\n__generated_with = '1'\napp = mo.App(width='medium',\n"
        "    app_title=\"it's\", css_file=None, auto_download=['html', 'ipynb'], n=-1, o=name,\n"
        "    p=f(1), q=f'{x}', r=9**9)\n"
    )
    expected = {"width": "medium", "app_title": "it's", "css_file": None, "n": -1}
    expected["auto_download"] = ["html", "ipynb"]
    equal(parse(text).options, expected)


def test_settings_of_cells_are_known():
    one = "@app.cell(disabled=%s, hide_code=True)\ndef a():\n    x\n"
    a, b = cells(one % "True" + one.replace("hide_code", "column") % "1")
    equal((a.disabled, a.hide_code, b.disabled, b.hide_code), (True, True, False, False))


def test_cells_have_the_ids_that_marimo_gives_them():
    one = "@app.cell\ndef _():\n    x\n"
    found = cells("with app.setup:\n    x\n" + one * 80)
    equal([cell.id for cell in found[:4]], ["setup", "Hbol", "MJUe", "vblA"])
    equal(found[64].id, "dxZZ")
    equal(len({cell.id for cell in found}), 81)
    assert all(len(cell.id) == 4 for cell in found[1:])
    equal([cell.index for cell in found], list(range(81)))


def test_the_line_of_a_cell_is_that_of_its_code():
    text = "@app.cell\ndef a(\n    x):\n\n    # c\n    y\n\nwith app.setup:\n    z\n"
    equal([cell.line for cell in cells(text)], [9, 13])


def test_names_are_those_of_the_body_not_of_the_signature():
    text = "@app.cell\ndef a(x, y):\n    z = w\n    return u, v\n"
    cell = cells(text)[0]
    equal((cell.defs, cell.refs, cell.privates), (("z",), ("w",), ()))


def test_builtins_are_referred_to_only_where_a_cell_defines_them():
    one = "@app.cell\ndef _():\n    print(id, __name__, max)\n"
    equal(cells(one)[0].refs, ())
    equal(cells(one + "@app.cell\ndef _():\n    id = 1\n")[0].refs, ("id",))


def test_async_cells_are_known():
    text = "@app.cell\n%sdef _():\n    %s\n"
    for word, body, expected in (
        ("async ", "x", True), ("", "await x", True), ("", "async def f(): await x", False),
    ):  # fmt: skip
        equal(cells(text % (word, body))[0].is_async, expected, body)


def test_markdown_cells_are_known():
    for code, expected in (
        ('mo.md("# a")', "# a"),
        ('mo.md(r"""\n    \\n a\n    """)', "\n\\n a\n"),
        ("mo.md('a' 'b',)", "ab"),
        ("mo.md(f'{x}')", None),
        ("mo.md('a').center()", None),
        ("mo.md('a'); x = 1", None),
        ("mo.md('a')\n    y", None),
        ("mo.md(text)", None),
        ("mo.md(text='a')", None),
        ("mo.md('a', 'b')", None),
        ("mo.md(1)", None),
        ("mo.md('a' + 1)", None),
        ("x = mo.md('a')", None),
    ):
        equal(
            cells("@app.cell\ndef _(mo):\n    %s\n    return\n" % code)[0].markdown, expected, code
        )


def test_a_file_that_is_missing_is_an_oserror():
    raises(OSError, notebook.load, "no/such/notebook.py")
    raises(OSError, notebook.load_frozen, "no_such_notebook")
