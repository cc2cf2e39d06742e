"""mo.ui: elements of one value: what they take from their author, and from a page."""

from expect import equal, raises
from marimo import ui

# (element, its value and wire value at first, [(wire value, value)], wire values to be refused)
CASES = (
    (lambda: ui.slider(0, 10), 0, 0, [(5, 5), (5.0, 5), (10, 10)],
     [11, -1, "5", None, True, 2.5, [], {}]),
    (lambda: ui.slider(3, 10), 3, 3, [(4, 4)], [2]),
    (lambda: ui.slider(0, 1, step=0.5, value=0.5), 0.5, 0.5, [(1, 1.0), (0.25, 0.25)],
     [1.5, float("inf"), float("nan")]),
    (lambda: ui.slider(steps=[1, 5, 20]), 1, 0, [(2, 20), (0, 1), (1.0, 5)], [3, -1, 0.5, "1"]),
    (lambda: ui.slider(steps=[1, 5, 20], value=5), 5, 1, [], []),
    (lambda: ui.slider(steps=[1, 5], value=4), 1, 0, [], []),
    (lambda: ui.slider(-5, 5, value=2.0), 2.0, 2.0, [(3, 3.0)], []),
    (lambda: ui.range_slider(0, 10), [0, 10], [0, 10], [([1, 3], [1, 3]), ([2, 2], [2, 2])],
     [[3, 1], [1], [1, 11], 5, "12", None, [1, "2"]]),
    (lambda: ui.range_slider(steps=[1, 5, 20]), [1, 20], [0, 2], [([0, 1], [1, 5])], [[0, 3]]),
    (lambda: ui.number(1, 5), 1, 1, [(3, 3), (None, None), (2.5, 2.5)],
     [0, 6, "3", True, float("nan")]),
    (lambda: ui.number(), None, None, [(3, 3), (-1e6, -1e6)], [float("inf"), "x", []]),
    (lambda: ui.number(start=1), 1, 1, [(100, 100)], [0]),
    (lambda: ui.number(stop=1), None, None, [(-100, -100)], [2]),
    (lambda: ui.switch(True), True, True, [(False, False)], [0, 1, None, "true"]),
    (lambda: ui.checkbox(), False, False, [(True, True)], [1, "on"]),
    (lambda: ui.text(), "", "", [("x", "x"), ("<b>", "<b>")], [5, None, ["x"], "x" * 70000]),
    (lambda: ui.text("abcdef", max_length=3), "abcdef", "abcdef", [("abc", "abc")], ["abcd"]),
    (lambda: ui.text("geheim", kind="password"), "geheim", "", [("neu", "neu")], []),
    (lambda: ui.text_area("hi"), "hi", "hi", [("a\nb", "a\nb")], [3]),
    (lambda: ui.dropdown(["a", "b"]), None, [], [(["b"], "b"), ([], None)],
     [["zzz"], ["a", "b"], "a", None, [1], {}, [["a"]]]),
    (lambda: ui.dropdown({"A": 1, "B": [2]}, value="B"), [2], ["B"], [(["A"], 1)], [[], [1]]),
    (lambda: ui.dropdown([1, 2], value=1), 1, ["1"], [(["2"], 2)], [[2]]),
    (lambda: ui.dropdown(["a", "b"], "b", allow_select_none=True), "b", ["b"], [([], None)], []),
    (lambda: ui.dropdown(["a", "b"], allow_select_none=False), "a", ["a"], [], [[]]),
    (lambda: ui.dropdown([]), None, [], [([], None)], [["a"]]),
    (lambda: ui.radio(["a", "b"]), None, None, [("b", "b"), (None, None)], ["c", ["a"], 1]),
    (lambda: ui.radio({"x": 10}, value="x"), 10, "x", [], [10]),
    (lambda: ui.multiselect({"x": 10, "y": 20}), [], [], [(["x", "y"], [10, 20]), ([], [])],
     [["x", "x"], ["z"], "x", None, ["x", "y", "x"]]),
    (lambda: ui.multiselect(["a", "b"], ["b"], max_selections=1), ["b"], ["b"], [(["a"], ["a"])],
     [["a", "b"]]),
    (lambda: ui.tabs({"A": "a", "B": "b"}, value="B"), "B", "1", [("0", "A")],
     ["B", "2", "-1", 0, None, "9" * 50]),
    (lambda: ui.tabs({"A": "a", "B": "b"}), "A", "", [("1", "B"), ("", "A")], []),
    (lambda: ui.refresh(options=["1s"], default_interval="1s"), "", "", [("1s (1)", "1s (1)"),
     ("(3)", "(3)")], ["2s (1)", "1s", "1s (x)", 1, None, "1s (1", "x" * 100, " (1)x"]),
    (lambda: ui.refresh([1, 5.5]), "", "", [("5.5 (1)", "5.5 (1)")], []),
    (lambda: ui.refresh(), "", "", [("(1)", "(1)")], ["1s (1)"]),
)  # fmt: skip


def test_values_from_the_page_are_converted_or_refused():
    for number, (make, value, wire, updates, refused) in enumerate(CASES):
        element = make()
        what = "case %d, %s" % (number, element)
        equal(element.value, value, what)
        equal(type(element.value), type(value), what)
        equal(element._wire(), wire, what)
        for sent, expected in updates:
            equal(element._update(sent), [element], what)
            equal((element.value, type(element.value)), (expected, type(expected)), what)
        before = element.value
        for sent in refused:
            error = raises(ValueError, element._update, sent)
            assert "expected" in str(error) and len(str(error)) < 300, (what, error)
            equal(element.value, before, what)


def test_what_was_set_is_what_the_page_gets():
    for case in CASES:
        element = case[0]()
        if element._html().find("password") > 0:
            continue
        for sent, _ in case[3]:
            element._update(sent)
            again = case[0]()
            again._update(element._wire())
            equal(again.value, element.value, element)


def test_what_an_author_got_wrong_is_told():
    for kind, make in (
        (ValueError, lambda: ui.slider(0, 10, value=11)),
        (ValueError, lambda: ui.slider(10, 0)),
        (ValueError, lambda: ui.slider()),
        (ValueError, lambda: ui.slider(0, 10, steps=[1, 2])),
        (ValueError, lambda: ui.slider(steps=[])),
        (ValueError, lambda: ui.slider(0, 10, step=0)),
        (ValueError, lambda: ui.slider(0, 10, orientation="up")),
        (TypeError, lambda: ui.slider("a", 10)),
        (TypeError, lambda: ui.slider(0, float("inf"))),
        (TypeError, lambda: ui.slider(0, 1, label=5)),
        (TypeError, lambda: ui.slider(0, 1, on_change=5)),
        (ValueError, lambda: ui.range_slider(0, 10, value=[3, 1])),
        (ValueError, lambda: ui.range_slider(0, 10, value=3)),
        (ValueError, lambda: ui.number(1, 5, value=9)),
        (ValueError, lambda: ui.number(5, 1)),
        (TypeError, lambda: ui.number("a")),
        (ValueError, lambda: ui.switch(1)),
        (TypeError, lambda: ui.text(5)),
        (ValueError, lambda: ui.text(kind="number")),
        (ValueError, lambda: ui.dropdown(["a"], value="q")),
        (ValueError, lambda: ui.dropdown(["a", "a"])),
        (ValueError, lambda: ui.radio(["a"], value="z")),
        (ValueError, lambda: ui.multiselect(["a", "b"], ["a", "b"], max_selections=1)),
        (ValueError, lambda: ui.tabs({})),
        (ValueError, lambda: ui.tabs({"a": 1}, value="b")),
        (ValueError, lambda: ui.refresh(["1x"])),
        (ValueError, lambda: ui.refresh([0])),
        (TypeError, lambda: ui.refresh("1s")),
        (ValueError, lambda: ui.button(kind="loud")),
        (TypeError, lambda: ui.button(on_click=3)),
        (AttributeError, lambda: ui.slyder(1, 2)),
    ):  # fmt: skip
        raises(kind, make)


def test_options_keep_their_order_where_dicts_do():
    from collections import OrderedDict

    options = OrderedDict()
    for name in ("z", "a", "m"):
        options[name] = name * 2
    equal(ui.dropdown(options)._args()["options"], ["z", "a", "m"])
    equal(list(ui.radio(["z", "a"])._args()["options"]), ["z", "a"])


def test_dates():
    try:
        import datetime
    except ImportError:
        error = raises(ImportError, ui.date)
        assert "datetime" in str(error)
        return
    day = ui.date(value="2026-01-31")
    equal(day.value, datetime.date(2026, 1, 31))
    equal(day._wire(), "2026-01-31")
    day._update("2026-02-03")
    equal(day.value, datetime.date(2026, 2, 3))
    for wire in ("2026-02-30", "2026-2-3", "tomorrow", 5, None, "2026-02-03T00:00", "20260203"):
        raises(ValueError, day._update, wire)
    equal(ui.date(start="2020-01-01").value, datetime.date(2020, 1, 1))
    equal(ui.date(stop="2020-01-01").value, datetime.date(2020, 1, 1))
    limited = ui.date("2020-01-01", "2020-02-01", datetime.datetime(2020, 1, 5, 8, 0))
    equal(limited.value, datetime.date(2020, 1, 5))
    raises(ValueError, limited._update, "2020-02-02")
    raises(ValueError, ui.date, "2020-01-02", "2020-01-01")
    raises(ValueError, ui.date, "2020-01-02", None, "2020-01-01")
    raises(ValueError, ui.date, value="x")
