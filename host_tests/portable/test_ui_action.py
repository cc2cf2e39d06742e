"""mo.ui: buttons, forms, files."""

from expect import equal, raises
from marimo import ui
from notebook_of import MO, cell, names, session


def test_a_button_applies_on_click_to_its_value():
    plain = ui.button()
    plain._update(1)
    equal(plain.value, None)
    double = ui.button(value=5, on_click=lambda value: value * 2)
    double._update(1)
    double._update(2)
    equal(double.value, 20)
    for wire in (0, -1, "1", None, True, 1.5, []):
        raises(ValueError, double._update, wire)
    equal(double.value, 20)


def test_an_error_of_on_click_is_told_and_runs_nothing():
    s = session(MO, "b = mo.ui.button(value=1, on_click=lambda v: v / 0)", "# read\nb.value")
    reported = []
    s.kernel.report = reported.append
    error = raises(ValueError, s.set, b=1)
    assert "ZeroDivisionError" in str(error), error
    equal((s.cells, len(reported), cell(s, "read").output), ([], 1, 1))


def test_a_run_button_is_true_in_the_run_that_it_causes_only():
    s = session(MO, "go = mo.ui.run_button()\nn = mo.ui.slider(0, 9)",
                "# gate\nmo.stop(not go.value, 'press')\nn.value", "# peek\ngo.value")  # fmt: skip
    equal([cell(s, "gate").output, cell(s, "peek").output], ["press", False])
    s.set(go=1)
    equal([cell(s, "gate").output, cell(s, "peek").output], [0, True])
    equal(s["go"]._value, False)
    s.set(n=3)
    equal([cell(s, "gate").status, cell(s, "peek").output], ["stopped", True])


def test_a_run_button_in_a_dictionary_is_reset_too():
    s = session(MO, "d = mo.ui.dictionary({'go': mo.ui.run_button()})", "# read\nd.value")
    s.set(d={"go": 1})
    equal(cell(s, "read").output, {"go": True})
    equal(s["d"]._value, {"go": False})


def test_a_form_has_no_value_until_it_is_submitted():
    s = session(MO, "f = mo.ui.number(0, 9, value=1).form()", "# read\nf.value")
    equal(cell(s, "read").output, None)
    s.set(f=4)
    equal(cell(s, "read").output, 4)
    s.set(f=None)
    equal(cell(s, "read").output, None)
    raises(ValueError, s.set, f=10)


def test_what_is_in_a_form_counts_when_it_is_submitted():
    s = session(MO, "f = mo.ui.array([mo.ui.text('a'), mo.ui.switch()]).form()", "# read\nf.value")
    inner = s["f"].element
    s._wait(s.kernel.set_values({inner[0]._id: "b"}))
    equal((s.cells, s["f"]._value), ([], None))
    s.set(f={"1": True})
    equal(cell(s, "read").output, ["b", True])
    s._wait(s.kernel.set_values({inner[0]._id: "c"}))
    equal((s.cells, s["f"]._value), ([], ["b", True]))


def test_a_form_can_refuse_what_is_submitted():
    form = ui.form(ui.text(), validate=lambda value: "too short" if len(value) < 3 else None)
    error = raises(ValueError, form._update, "ab")
    equal((str(error), form.value, form.element.value), ("too short", None, ""))
    form._update("abc")
    equal(form.value, "abc")
    raises(TypeError, ui.form, 5)


def test_a_form_that_was_not_submitted_shows_what_is_in_it():
    form = ui.slider(0, 9, value=3, label="Level").form(show_clear_button=True)
    html = form._html()
    assert html.startswith("<firn-form ") and "<firn-slider id='%s'" % form.element._id in html
    assert form.element._id != form._id
    assert '"clear": "Clear"' in html and "data-value='null'" in html


def test_files_come_with_name_and_contents():
    one = ui.file()
    equal((one.value, one.name(), one.contents()), ((), None, None))
    one._update([["a.txt", "aGVsbG8="]])
    equal((one.value[0].name, one.value[0].contents), ("a.txt", b"hello"))
    equal((one.name(), one.contents()), ("a.txt", b"hello"))
    equal(one._wire(), ["a.txt"])
    several = ui.file([".csv"], multiple=True, max_size=3)
    several._update([["a", "YWJj"], ["b", ""]])
    equal([item.contents for item in several.value], [b"abc", b""])
    for wire in (
        [["a", "aGVsbG8="]], [["a"]], [["a", 5]], [[5, "YWJj"]], [["", "YWJj"]], "a", None, {},
        [["a", "YWJj"]] * 40, [["x" * 300, ""]], [["a", "YWJjZA=="]],
    ):  # fmt: skip
        raises(ValueError, several._update, wire)
    raises(ValueError, one._update, [["a", ""], ["b", ""]])
    raises(ValueError, ui.file, kind="box")


def test_a_refresh_runs_what_reads_it():
    s = session(MO, "clock = mo.ui.refresh(options=['1s', '1m 30s'], default_interval='1s')",
                "# read\nclock.value", "# apart\n1")  # fmt: skip
    s.set(clock="1s (1)")
    equal(names(s.cells), ["read"])
    equal(cell(s, "read").output, "1s (1)")
    equal(s["clock"]._args(), {"options": [["1s", 1], ["1m 30s", 90]], "interval": "1s"})
