"""marimo.ui_element: what all elements have in common; how they look to a page."""

import json

from expect import equal, raises
from marimo import ui
from notebook_of import MO, cell, session


def attributes(html):
    """(tag, id, value, arguments) of an element's HTML."""
    head = html[1 : html.index(">")]
    tag, rest = head.split(" ", 1)
    found = {}
    for piece in rest.split("' "):
        name, _, value = piece.partition("='")
        found[name] = value.rstrip("'")
    for name in ("data-value", "data-args"):
        text = found[name]
        for character, entity in (("'", "&#39;"), ("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
            text = text.replace(entity, character)
        found[name] = json.loads(text)
    return tag, found["id"], found["data-value"], found["data-args"]


def test_the_html_has_the_id_the_value_and_the_arguments():
    s = session(MO, "s = mo.ui.slider(0, 10, value=4, label='Level', full_width=True)")
    tag, id, value, args = attributes(str(s["s"]))
    equal((tag, id, value), ("firn-slider", "MJUe-0", 4))
    equal(args, {"start": 0, "stop": 10, "step": 1, "int": True, "wide": True})
    html = s["s"].text
    assert '<span class="firn-label">Level</span>' in html and "<output>4</output>" in html
    assert html.endswith("</firn-slider>")
    equal("%s" % s["s"], html)
    equal("{}".format(s["s"]), html)


def test_nothing_that_is_put_into_it_becomes_html():
    evil = "</x><script>'\"&amp;"
    for element in (
        ui.text(evil, placeholder=evil), ui.dropdown([evil], evil), ui.radio([evil], evil),
        ui.multiselect([evil], [evil]), ui.text_area(evil), ui.table([{evil: evil}]),
        ui.table([evil]), ui.dictionary({evil: ui.switch()}), ui.button(tooltip=evil),
        ui.tabs({"a": evil}), ui.array([ui.text(evil)]).form(submit_button_label=evil),
    ):  # fmt: skip
        html = element._html()
        assert "<script" not in html, html
        attributes(html)
    equal(attributes(ui.text(evil)._html())[2], evil)
    equal(attributes(ui.dropdown([evil])._html())[3]["options"], [evil])


def test_a_label_is_markdown():
    assert "<em>x</em>" in ui.slider(0, 1, label="*x*")._html()
    assert "<script" not in ui.slider(0, 1, label="<script>alert(1)</script>")._html()


def test_a_password_is_never_in_a_page():
    element = ui.text("geheim", kind="password")
    assert "geheim" not in element._html()
    element._update("geheimer")
    assert "geheim" not in element._html()


def test_ids_count_within_a_cell():
    s = session(MO, "a = mo.ui.switch()\nb = mo.ui.array([a, a])", "c = mo.ui.switch()")
    equal([s["a"]._id, s["b"]._id, s["b"][0]._id, s["b"][1]._id, s["c"]._id],
          ["MJUe-0", "MJUe-1", "MJUe-2", "MJUe-3", "vblA-0"])  # fmt: skip
    equal(sorted(s.kernel.elements), ["MJUe-0", "MJUe-1", "MJUe-2", "MJUe-3", "vblA-0"])


def test_the_cell_that_makes_an_element_cannot_read_its_value():
    s = session(MO, "# made\ns = mo.ui.slider(0, 1)\ns.value", "# read\ns.value")
    equal(cell(s, "made").error.name, "RuntimeError")
    s = session(MO, "# made\ns = mo.ui.slider(0, 1)\ndef f():\n    return s.value", "# read\nf()")
    equal(cell(s, "read").output, 0)


def test_a_value_cannot_be_set_by_the_notebook():
    element = ui.slider(0, 10)

    def change():
        element.value = 5

    raises(RuntimeError, change)
    equal(element.value, 0)


def test_on_change_may_read_values_and_its_errors_do_not_keep_readers_from_running():
    s = session(
        MO, "seen = []",
        "# made\ndef note(value):\n    seen.append((value, s.value))\n    raise KeyError(value)\n"
        "s = mo.ui.slider(0, 10, on_change=note)", "# read\ns.value",
    )  # fmt: skip
    reported = []
    s.kernel.report = reported.append
    s.set(s=3)
    equal(s["seen"], [(3, 3)])
    equal(cell(s, "read").output, 3)
    equal([type(error) for error in reported], [KeyError])


def test_a_refused_value_runs_nothing_and_is_told():
    s = session(MO, "s = mo.ui.slider(0, 10)\nt = mo.ui.switch()", "# s\ns.value", "# t\nt.value")
    error = raises(ValueError, s.set, s=99, t=True)
    assert "expected" in str(error) and "99" in str(error), error
    equal([cell(s, "s").runs, cell(s, "t").runs], [1, 2])


def test_unknown_elements_are_passed_over():
    s = session(MO, "s = mo.ui.slider(0, 10)", "# s\ns.value")
    s._wait(s.kernel.set_values({"nobody-0": 3, "": 1, "MJUe-99": None}))
    equal(s.cells, [])


def test_elements_are_true_and_are_found_by_dir():
    assert ui.array([])
    assert ui.switch(False)
    assert "slider" in dir(ui)


def test_a_session_has_a_bounded_number_of_elements():
    s = session(MO, "# many\nall = [mo.ui.switch() for i in range(600)]", "# fine\n1")
    equal(cell(s, "many").error.name, "RuntimeError")
    equal(cell(s, "fine").output, 1)
