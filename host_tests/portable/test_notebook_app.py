"""marimo.App: notebooks that are run as scripts, or from another program."""

import os

from expect import equal, raises
from notebook_of import MO, source

PATH = "test_notebook_app.tmp"


def app_of(text):
    """The App of a notebook in a file."""
    with open(PATH, "w") as file:
        file.write(text)
    names = {"__name__": "notebook", "__file__": PATH}
    exec(compile(text, PATH, "exec"), names)
    # MicroPython's functions do not tell their globals: there the path is the script's.
    names["app"]._path = PATH
    return names["app"]


def ran(*cells, defs=None):
    try:
        return app_of(source(*cells)).run(defs)
    finally:
        os.remove(PATH)


def test_outputs_are_in_the_order_of_the_file_and_definitions_have_all_public_names():
    outputs, names = ran("# a\nz = y + 1\nz", "# b\ny = 1\n_hidden = 2\n'y'", "unused = 3")
    equal(outputs, (2, "y", None))
    equal(names, {"z": 2, "y": 1, "unused": 3})


def test_names_that_are_given_replace_the_cells_that_define_them():
    outputs, names = ran("x = 1\n'x'", "y = x + 1\ny", defs={"x": 10})
    equal(outputs, (11,))
    equal(names, {"x": 10, "y": 11})


def test_all_that_a_cell_defines_must_be_given():
    error = raises(ValueError, ran, "x = 1\nz = 2", "y = x", defs={"x": 10})
    assert "z" in str(error), error


def test_cells_that_did_not_run_have_no_output():
    outputs, names = ran(MO, "mo.stop(True, 'stopped')\na = 1", "a", "5")
    equal(outputs[-1], 5)
    assert "a" not in names


def test_an_exception_ends_the_run_and_is_raised_itself():
    seen = []
    raises(ZeroDivisionError, ran, "seen.append(1)", "x = 1 / 0", "x", "seen.append(2)",
           defs={"seen": seen})  # fmt: skip
    equal(seen, [1])


def test_mistakes_in_the_whole_are_found_before_anything_runs():
    from marimo.app import CycleError, MultipleDefinitionError, UnparsableError

    seen = []
    first = "seen.append(1)"
    raises(MultipleDefinitionError, ran, first, "x = 1", "x = 2", defs={"seen": seen})
    raises(CycleError, ran, first, "x = y", "y = x", defs={"seen": seen})
    text = source(first) + '\napp._unparsable_cell("""x = = 1""", name="_")\n'
    try:
        raises(UnparsableError, app_of(text).run, {"seen": seen})
    finally:
        os.remove(PATH)
    equal(seen, [])


def test_cells_that_wait_run():
    outputs, names = ran("import asyncio", "async # w\nawait asyncio.sleep(0)\nx = 4\nx")
    equal((outputs[1], names["x"]), (4, 4))


def test_elements_have_the_values_that_they_begin_with():
    outputs, _ = ran(MO, "s = mo.ui.slider(2, 9)", "s.value * 2")
    equal(outputs[2], 4)
    raises(RuntimeError, ran, MO, "s = mo.ui.slider(2, 9)\ns.value")


def test_markdown_cells_run_too():
    outputs, _ = ran(MO, 'mo.md("*x*")')
    assert "<em>x</em>" in outputs[1].text


def test_functions_and_classes_stay_usable_from_the_file():
    text = source("a = 1") + (
        "\n@app.function\ndef double(x):\n    return x * 2\n"
        "\n@app.class_definition\nclass Thing:\n    size = 3\n"
        "\nwith app.setup(hide_code=True):\n    base = 5\n"
    )
    names = {"__name__": "notebook", "__file__": PATH}
    exec(compile(text, PATH, "exec"), names)
    equal((names["double"](4), names["Thing"].size, names["base"]), (8, 3, 5))
