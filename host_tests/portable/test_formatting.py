from expect import equal
from marimo.formatting import render, render_all, render_state
from marimo.html import Html, escape
from marimo.markdown import md

HOSTILE = "<script>alert(1)</script>"


def pre(text):
    return "<pre class='mo-text'>%s</pre>" % escape(text)


def test_values_are_shown_by_their_repr():
    for value in (
        "s",
        "a<b",
        3,
        2.5,
        True,
        {1},
        b"x",
        range(3),
        object,
        "line1\nline2",
        test_limits,
    ):
        equal(render(value), ("text/html", pre(repr(value))), value)
    equal(render(ValueError("x")), ("text/html", pre(repr(ValueError("x")))))


def test_none_is_nothing():
    equal(render(None), ("text/plain", ""))


def test_html_is_shown_as_it_is():
    equal(render(Html("<b>h</b>")), ("text/html", "<b>h</b>"))
    mimetype, text = render(md("**x**"))
    equal(mimetype, "text/markdown")
    assert "<p><strong>x</strong></p>" in text, text


def test_containers_are_trees():
    for value, count in (([1, "two", None], 3), ((1, 2), 2), ({"t": 21.5, "ok": True}, 2)):
        mimetype, text = render(value)
        equal(mimetype, "application/json")
        equal(text.count("<li>"), count, text)
        assert "%d items" % count in text, text
    assert "<code>&#x27;two&#x27;</code>" in render([1, "two"])[1]
    assert "<b>&#x27;t&#x27;</b>: <code>21.5</code>" in render({"t": 21.5})[1]
    assert "<code>[]</code>" in render([])[1] and "<code>{}</code>" in render({})[1]
    assert "<code>()</code>" in render(())[1]
    assert "(1 item)" in render((1,))[1]


def test_html_in_containers_is_shown():
    text = render([md("*x*"), {"a": Html("<i>y</i>")}])[1]
    assert "<em>x</em>" in text and "<i>y</i>" in text, text


def test_hooks_are_asked():
    class Display:
        def _display_(self):
            return Html("<b>d</b>")

    class Mime:
        def __init__(self, *what):
            self.what = what

        def _mime_(self):
            return self.what

    class Repr:
        def _repr_html_(self):
            return "<i>r</i>"

    class Element:
        def _html(self):
            return "<u>e</u>"

    class No:
        def _repr_html_(self):
            return None

        def __repr__(self):
            return "No()"

    equal(render(Display()), ("text/html", "<b>d</b>"))
    equal(render(Repr()), ("text/html", "<i>r</i>"))
    equal(render(Element()), ("text/html", "<u>e</u>"))
    equal(render(No()), ("text/html", pre("No()")))
    equal(render(Mime("text/html", "<a>")), ("text/html", "<a>"))
    equal(render(Mime("text/plain", "<a>")), ("text/plain", pre("<a>")))
    equal(render(Mime("image/png", b"\x01\x02"))[1],
          "<img alt='' src='data:image/png;base64,AQI='>")  # fmt: skip
    equal(render(Mime("image/png", "'><b>"))[1], "<img alt='' src='&#x27;&gt;&lt;b&gt;'>")
    equal(render(Repr)[1], pre(repr(Repr)))  # the class itself is no value of it
    assert "<i>r</i>" in render([Repr()])[1]


def test_hooks_that_are_wrong_are_named():
    class Wrong:
        def _repr_html_(self):
            return 3

    class Mime:
        def _mime_(self):
            return "text/html", 3

    class Again:
        def _display_(self):
            return self

    class Raises:
        def _display_(self):
            raise KeyError(HOSTILE)

    for value, word in (
        (Wrong(), "expected _repr_html_() to give a str, got int"),
        (Mime(), "expected _mime_() to give"),
        (Again(), "expected _display_() to come to an end"),
        (Raises(), "KeyError"),
    ):
        mimetype, text = render(value)
        equal(mimetype, "text/html")
        assert "mo-problem" in text and word in text and "<script" not in text, text
        assert word in render([1, value])[1]


def test_a_repr_that_raises_is_shown_as_the_error():
    class Broken:
        def __repr__(self):
            raise ValueError("no " + HOSTILE)

    class Worse:
        def __repr__(self):
            raise Worst()

    class Worst(Exception):
        def __str__(self):
            raise TypeError()

    text = render(Broken())[1]
    assert "Broken could not be shown: ValueError" in text and "<script" not in text, text
    assert "Worst" in render(Worse())[1]
    text = render([1, Broken(), 2])[1]
    assert "could not be shown" in text and "<code>2</code>" in text, text


def test_cycles_end():
    loop = [1]
    loop.append(loop)
    text = render(loop)[1]
    assert "<code>…</code>" in text and text.count("<details") == 1, text
    table = {}
    table["self"] = [table]
    equal(render(table)[1].count("<details"), 2)
    twice = [1]
    equal(render([twice, twice])[1].count("<code>1</code>"), 2)


def test_depth_is_bounded():
    deep = []
    for _ in range(200):
        deep = [deep]
    text = render(deep)[1]
    assert "[…]" in text and len(text) < 2000, len(text)


def test_limits():
    for value, size in (("x" * 30000, 30000), (b"y" * 30000, 30000)):
        text = render(value)[1]
        assert "(%d in all)" % size in text and len(text) < 11000, len(text)
    text = render(list(range(1000)))[1]
    assert "… 700 more" in text and len(text) < 15000, len(text)
    text = render([list(range(250)), list(range(250))])[1]
    equal(text.count("<li>"), 301)  # with the note
    text = render(set(range(5000)))[1]
    assert "(5000 in all)" in text and len(text) < 11000, len(text)
    text = render({"k" * 3000: "v" * 3000})[1]
    equal(text.count("(3000 in all)"), 2)
    assert len(text) < 3000, len(text)


def test_hostile_text_stays_text_in_every_kind_of_value():
    class Named:
        def __repr__(self):
            return HOSTILE

    for value in (HOSTILE, [HOSTILE], {HOSTILE: 1}, {1: HOSTILE}, (Named(),), Named(), {HOSTILE}):
        assert "<script" not in render(value)[1], value


def test_several_values_stand_below_each_other():
    equal(render_all([]), ("text/plain", ""))
    equal(render_all([3]), render(3))
    mimetype, text = render_all([Html("<b>1</b>"), "two"])
    equal(mimetype, "text/html")
    assert text.find("<b>1</b>") < text.find("two") and "mo-vstack" in text, text
    assert "<span>two</span>" in text, text


def test_a_cell_shows_its_output_or_what_was_given_to_mo_output():
    class State:
        def __init__(self, output, appended):
            self.output = output
            self.appended = appended

    equal(render_state(State("s", None)), render("s"))
    equal(render_state(State("s", ["t"])), render("s"))
    equal(render_state(State(None, None)), ("text/plain", ""))
    assert "<div><span>t</span></div>" in render_state(State(None, ["t"]))[1]
