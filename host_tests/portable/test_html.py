from expect import equal, raises
from marimo.html import Html, as_html, escape
from marimo.markdown import md

HOSTILE = "<img src=x onerror=\"alert('1')\">&"


def test_escape_leaves_nothing_that_html_reads():
    equal(escape(HOSTILE), "&lt;img src=x onerror=&quot;alert(&#x27;1&#x27;)&quot;&gt;&amp;")
    equal(escape("plain ü"), "plain ü")
    equal(escape("&lt;"), "&amp;lt;")


def test_html_is_its_text_wherever_text_is_asked_for():
    html = Html("<b>h</b>")
    equal(html.text, "<b>h</b>")
    equal(str(html), "<b>h</b>")
    equal("%s" % html, "<b>h</b>")
    equal(f"a {html}", "a <b>h</b>")
    equal("{}".format(html), "<b>h</b>")  # noqa: UP032
    equal(html._repr_html_(), "<b>h</b>")
    equal(html._mime_(), ("text/html", "<b>h</b>"))
    equal(md("x")._mime_()[0], "text/markdown")


def test_html_takes_text_only():
    for wrong in (None, 3, b"x", ["x"]):
        error = raises(TypeError, Html, wrong)
        assert "expected HTML as str" in str(error), error


def test_a_subclass_gives_its_html_by_one_method():
    class Element(Html):
        def __init__(self):
            pass

        def _html(self):
            return "<firn-x></firn-x>"

    equal(Element().text, "<firn-x></firn-x>")
    equal(f"{Element()}", "<firn-x></firn-x>")
    equal(as_html([Element()]).text.count("<firn-x>"), 1)


def test_composition_wraps_the_text():
    html = Html("<b>h</b>")
    equal(html.center().text, '<div class="mo-center"><b>h</b></div>')
    equal(html.left().text, '<div class="mo-left"><b>h</b></div>')
    equal(html.right().text, '<div class="mo-right"><b>h</b></div>')
    assert 'class="mo-callout mo-warn"' in html.callout("warn").text
    assert 'class="mo-callout mo-neutral"' in html.callout(kind="neutral").text
    equal(html.style({"color": "red"}, max_width="2em").text.count("<b>h</b>"), 1)


def test_style_takes_properties_or_text():
    html = Html("x")
    equal(html.style({"color": "red"}).text, '<div style="color:red">x</div>')
    equal(html.style(max_width="2em").text, '<div style="max-width:2em">x</div>')
    equal(html.style("a: b; c: d").text, '<div style="a: b; c: d">x</div>')


def test_style_stays_within_its_attribute():
    html = Html("x")
    assert "<img" not in html.style(HOSTILE).text
    equal(html.style({"color": '"><b>'}).text, '<div style="color:&quot;&gt;&lt;b&gt;">x</div>')
    for name, value in (("color", "red;position:fixed"), ("a:b", "c"), ("", "x"), ("a", "}")):
        raises(ValueError, html.style, {name: value})


def test_as_html_shows_text_without_quotation_marks():
    for value, expected in (
        ("s", "<span>s</span>"),
        ("a<b", "<span>a&lt;b</span>"),
        (3, "<span>3</span>"),
        (2.5, "<span>2.5</span>"),
        (True, "<span>True</span>"),
        (None, "<span>None</span>"),
        ({1}, "<span>{1}</span>"),
        ("line1\nline2", "<span>line1\nline2</span>"),
        (object, "<span>%s</span>" % escape(str(object))),
        (ValueError("x"), "<span>x</span>"),
    ):
        equal(as_html(value).text, expected, value)


def test_as_html_lets_html_through_and_values_show_themselves():
    html = Html("<b>h</b>")
    assert as_html(html) is html

    class Shown:
        def _repr_html_(self):
            return "<i>shown</i>"

    equal(as_html(Shown()).text, "<i>shown</i>")


def test_hostile_text_stays_text():
    for value in (HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}, (HOSTILE, [HOSTILE]), {HOSTILE}):
        text = as_html(value).text
        assert "<img" not in text, text


def test_a_value_that_cannot_be_shown_says_so():
    class Broken:
        def __str__(self):
            raise ValueError(HOSTILE)

    text = as_html(Broken()).text
    assert "mo-problem" in text and "ValueError" in text and "<img" not in text, text
