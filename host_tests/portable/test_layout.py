from expect import equal, raises
from marimo import layout
from marimo.html import Html
from marimo.layout import accordion, callout, hstack, plain_text, stat, style, tree, vstack

HOSTILE = "\"><img src=x onerror='alert(1)'>"


def test_stacks_hold_each_item_in_a_box():
    equal(
        hstack([Html("<b>1</b>"), 2]).text,
        '<div class="mo-hstack" style="justify-content:space-between;gap:0.5rem">'
        "<div><b>1</b></div><div><span>2</span></div></div>",
    )
    equal(
        vstack(["a"], align="center", justify="end", gap=1).text,
        '<div class="mo-vstack" style="justify-content:flex-end;align-items:center;gap:1rem">'
        "<div><span>a</span></div></div>",
    )
    assert 'class="mo-hstack mo-wrap"' in hstack([], wrap=True).text


def test_stacks_take_any_items():
    for items in ([1, 2], (1, 2), (n for n in (1, 2)), range(1, 3)):
        equal(hstack(items).text.count("<span>"), 2)
    for item in ("text", 3, Html("x"), {"a": 1}):
        assert hstack(item).text.count("<div>") == 1, item
    equal(vstack([]).text.count("<div"), 1)


def test_shares_of_the_items():
    text = hstack([1, 2, 3], widths=[1, 2.5, 0]).text
    assert 'flex:1 1 0"' in text and 'flex:2.5 2.5 0"' in text and 'flex:none"' in text, text
    equal(vstack([1, 2], heights="equal").text.count("flex:1 1 0"), 2)
    error = raises(ValueError, hstack, [1, 2], widths=[1])
    equal(str(error), "expected as many widths as items, got 1 of 2 items")


def test_wrong_arguments_of_stacks_are_named():
    for arguments, word in (
        ({"justify": "middle"}, "justify"),
        ({"align": 3}, "align"),
        ({"gap": "1;color:red"}, "gap"),
        ({"gap": -1}, "gap"),
        ({"gap": float("nan")}, "gap"),
        ({"widths": ["1;x"]}, "widths"),
        ({"widths": [None]}, "widths"),
    ):
        error = raises(ValueError, hstack, [1], **arguments)
        assert word in str(error) and "expected" in str(error), error


def test_stat_is_a_list_of_a_name_and_its_value():
    equal(
        stat("21 °C", label="North", caption="0.5", direction="increase", bordered=True).text,
        '<dl class="mo-stat mo-bordered"><dt>North</dt><dd>21 °C</dd>'
        '<dd class="mo-caption mo-up mo-good">'
        '<span role="img" aria-label="rising">↑</span> 0.5</dd></dl>',
    )
    equal(stat(3).text, '<dl class="mo-stat"><dt></dt><dd><span>3</span></dd></dl>')
    text = stat(3, direction="decrease").text
    assert "mo-down mo-bad" in text and "falling" in text, text
    assert "mo-good" in stat(3, direction="decrease", target_direction="decrease").text
    assert "<dd><i>s</i></dd>" in stat(3, slot=Html("<i>s</i>")).text
    raises(ValueError, stat, 3, direction="up")
    raises(ValueError, stat, 3, target_direction=None)


def test_callout():
    text = callout("Careful", "warn", "Title").text
    equal(text, '<div class="mo-callout mo-warn" role="note"><p class="mo-title">Title</p>'
                "<span>Careful</span></div>")  # fmt: skip
    assert 'role="alert"' in callout("x", kind="danger").text
    error = raises(ValueError, callout, "x", HOSTILE)
    assert "expected kind to be one of neutral, info" in str(error), error


def test_accordion_is_details():
    text = accordion([("*One*", 1), ("Two", Html("<b>2</b>"))], True, expanded="Two").text
    equal(
        text,
        '<div class="mo-accordion"><details><summary><em>One</em></summary>'
        "<div><span>1</span></div></details><details open><summary>Two</summary>"
        "<div><b>2</b></div></details></div>",
    )


def test_of_one_accordion_one_part_is_open_at_a_time():
    def group(text):
        return text.split('name="')[1].split('"')[0]

    first, second = accordion({"a": 1, "b": 2}).text, accordion({"a": 1}).text
    equal(first.count('name="%s"' % group(first)), 2)
    assert group(first) != group(second)
    assert " name=" not in accordion({"a": 1}, multiple=True).text


def test_accordion_calls_lazy_contents():
    assert "<span>late</span>" in accordion({"a": lambda: "late"}, lazy=True).text
    assert "late" not in accordion({"a": lambda: "late"}).text
    equal(accordion({"a": 1}, True).text, accordion([("a", 1)], True).text)
    for wrong in (["a"], "a", 3, [("a", 1, 2)]):
        assert "expected" in str(raises(TypeError, accordion, wrong))


def test_plain_text_and_places():
    equal(plain_text("a <b>\n c").text, '<pre class="mo-text">a &lt;b&gt;\n c</pre>')
    equal(plain_text(3).text, '<pre class="mo-text">3</pre>')
    for where in ("center", "left", "right"):
        placed = getattr(layout, where)("x").text
        equal(placed, '<div class="mo-%s"><span>x</span></div>' % where)
    equal(style("x", color="red").text, '<div style="color:red"><span>x</span></div>')


def test_tree():
    text = tree([1, [2]], label="A & B").text
    assert text.startswith('<p class="mo-title">A &amp; B</p><div class=') and "[1 item]" in text
    raises(TypeError, tree, "text")


def test_hostile_values_stay_text():
    for made in (
        hstack([HOSTILE, [HOSTILE]]),
        stat(HOSTILE, HOSTILE, HOSTILE, slot=HOSTILE),
        callout(HOSTILE, title=HOSTILE),
        plain_text(HOSTILE),
        tree({HOSTILE: HOSTILE}, HOSTILE),
        style(HOSTILE, HOSTILE),
        accordion({"x": HOSTILE}),
    ):
        assert "<img" not in made.text, made.text
    # A label is markdown, in which an image may stand, but nothing that acts.
    assert "onerror" not in accordion({HOSTILE: 1}).text
