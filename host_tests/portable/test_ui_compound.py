"""mo.ui: elements made of others, tables."""

from collections import OrderedDict

from expect import equal, raises
from marimo import ui
from notebook_of import MO, cell, names, session


def test_an_array_has_the_values_of_its_elements():
    made = ui.array([ui.number(0, 9, value=1), ui.checkbox()])
    equal((made.value, made._wire(), len(made)), ([1, False], {"0": 1, "1": False}, 2))
    made._update({"0": 4})
    equal(made.value, [4, False])
    made._update({"1": True})
    equal(made.value, [4, True])
    for wire in (
        {"2": 1},
        {"0": 99},
        {"0": 5, "1": 7},
        [1, 2],
        None,
        {"x": 1},
        {"0": 1, "1": True, "2": 0},
    ):
        raises(ValueError, made._update, wire)
    # All of it or nothing.
    equal(made.value, [4, True])
    raises(TypeError, ui.array, [1])


def test_what_is_in_an_array_is_a_copy():
    number = ui.number(0, 9, value=1)
    made = ui.array([number, number])
    made._update({"0": 5})
    equal((number.value, made.value), (1, [5, 1]))


def test_a_child_runs_the_readers_of_its_array_and_tells_all_around_it():
    s = session(
        MO, "seen = []",
        "a = mo.ui.array([mo.ui.dictionary({'k': mo.ui.switch(on_change=lambda v: seen.append(v))}"
        ", on_change=seen.append)], on_change=seen.append)", "# read\na.value",
    )  # fmt: skip
    s._wait(s.kernel.set_values({s["a"][0]["k"]._id: True}))
    equal(names(s.cells), ["read"])
    equal(cell(s, "read").output, [{"k": True}])
    equal(s["seen"], [True, {"k": True}, [{"k": True}]])


def test_a_dictionary_has_its_keys():
    made = ui.dictionary({"a": ui.text("q")})
    equal((made.value, made["a"].value, "a" in made, list(made)), ({"a": "q"}, "q", True, ["a"]))
    made._update({"a": "z"})
    equal(made.value, {"a": "z"})
    equal([made.get("b"), list(made.keys()), len(list(made.items()))], [None, ["a"], 1])
    raises(ValueError, made._update, {"b": "z"})
    raises(TypeError, ui.dictionary, [1])


def test_nested_compounds_are_set_at_any_depth():
    made = ui.dictionary({"a": ui.array([ui.slider(0, 9), ui.text()]), "b": ui.switch()})
    made._update({"a": {"1": "x"}, "b": True})
    equal(made.value, {"a": [0, "x"], "b": True})
    error = raises(ValueError, made._update, {"a": {"0": 10}})
    assert str(error).startswith("a: 0: "), error


def test_a_batch_puts_its_elements_into_the_text():
    s = session(
        MO, "b = mo.md('Level {level} and **{name}** {other} {').batch(level=mo.ui.slider(0, 9), "
        "name=mo.ui.text('x'))", "# read\nb.value", "f = b.form()", "# sent\nf.value",
    )  # fmt: skip
    html = s["b"].text
    for name in ("level", "name"):
        assert "id='%s'" % s["b"][name]._id in html, html
        assert "{%s}" % name not in html
    assert "{other} {" in html
    s._wait(s.kernel.set_values({s["b"]["level"]._id: 4}))
    equal(cell(s, "read").output, {"level": 4, "name": "x"})
    s.set(f={"level": 2, "name": "y"})
    equal(cell(s, "sent").output, {"level": 2, "name": "y"})


def test_the_html_of_compounds_tells_where_their_elements_are():
    made = ui.array([ui.switch(), ui.switch()])
    equal(made._args(), {"children": {"0": made[0]._id, "1": made[1]._id}})
    equal(made._html().count("<firn-switch "), 2)


def test_a_table_of_rows_gives_the_rows_that_are_chosen():
    rows = [{"a": 1}, {"a": 2}]
    made = ui.table(rows)
    equal((made.value, made._wire()), ([], []))
    made._update(["0"])
    equal((made.value, made._wire()), ([{"a": 1}], ["0"]))
    for wire in (["2"], ["0", "0"], ["-1"], [0], "0", None, ["x"], ["0", "1", "0"], ["9" * 40]):
        raises(ValueError, made._update, wire)
    single = ui.table(rows, selection="single", initial_selection=[1])
    equal(single.value, [{"a": 2}])
    raises(ValueError, single._update, ["0", "1"])
    raises(ValueError, ui.table(rows, selection=None)._update, ["0"])


def test_a_table_of_columns_or_values():
    made = ui.table(OrderedDict((("n", [1, 2, 3]), ("t", ["a", "b", "c"]))))
    made._update(["2", "0"])
    equal(made.value, {"n": [3, 1], "t": ["c", "a"]})
    made = ui.table(["x", "y"])
    made._update(["1"])
    equal(made.value, ["y"])
    equal((ui.table([]).value, ui.table({}).value), ([], {}))
    raises(ValueError, ui.table, {"a": [1], "b": [1, 2]})
    raises(TypeError, ui.table, 5)
    raises(ValueError, ui.table, [1], selection="cells")
    raises(ValueError, ui.table, [1], page_size=0)
    raises(TypeError, ui.table, [1], colour="red")
    ui.table([1], show_download=False)


def test_a_table_shows_a_page_of_its_rows_and_how_many_there_are():
    s = session(
        MO, "t = mo.ui.table([{'n': i, 'x': i * i} for i in range(95)])", "# read\nt.value"
    )
    html = s["t"]._html()
    equal(html.count("<tr data-row="), 10)
    assert "rows 1 to 10 of 95" in html
    heard = []
    s.kernel.listener = lambda event, state: heard.append((event, state))
    s.set(t={"page": 9})
    equal(s.cells, [])
    equal(heard[0], ("value", s["t"]))
    shown = s["t"]._for_page()
    equal((shown["page"], shown["html"].count("<tr data-row="), shown["selected"]), (9, 5, []))
    assert "rows 91 to 95 of 95" in shown["html"]
    for page in (10, -1, "1", None, True, 1.0):
        raises(ValueError, s.set, t={"page": page})
    raises(ValueError, s.set, t={})
    equal(ui.table(list(range(500)), pagination=False)._html().count("<tr data-row="), 200)


def test_cells_of_a_table_can_be_formatted_hidden_and_are_cut():
    made = ui.table([{"a": 1.25, "b": "x" * 1000, "c": None, "d": 3, "e": 4}],
                    format_mapping={"a": "{:.1f}", "d": lambda value: "<%d>" % value},
                    hidden_columns=["e"])  # fmt: skip
    html = made._html()
    assert "<td>1.2</td>" in html or "<td>1.3</td>" in html
    assert "<td>&lt;3&gt;</td>" in html and "<td></td>" in html and "<td>4</td>" not in html
    assert len(html) < 1500, len(html)
    assert ui.table([{"a": ui.switch()}])._html().count("<firn-switch") == 1


def test_tabs_show_all_their_contents():
    made = ui.tabs({"*One*": ui.slider(0, 9), "Two": [1, 2]})
    html = made._html()
    equal(html.count("<section>"), 2)
    assert "<firn-slider" in html and "<em>One</em>" in html
    calls = []
    lazy = ui.tabs({"a": lambda: calls.append(1) or "later"}, lazy=True)
    equal(calls, [])
    assert "later" in lazy._html()
