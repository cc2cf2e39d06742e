from expect import equal, raises
from marimo.html import Html
from marimo.layout import hstack, plain_text
from marimo.markdown import inline, md


def html(text):
    """The HTML of markdown without what md puts around it."""
    made = md(text).text
    start, end = '<div class="mo-markdown">', "</div>"
    assert made.startswith(start) and made.endswith(end), made
    return made[len(start) : -len(end)].rstrip("\n")


CASES = (
    ("plain", "<p>plain</p>"),
    ("a\nb", "<p>a\nb</p>"),
    ("a\n\nb", "<p>a</p>\n<p>b</p>"),
    ("line  \nbreak", "<p>line<br>\nbreak</p>"),
    ("line\\\nbreak", "<p>line<br>\nbreak</p>"),
    ("# Title", '<h1 id="title">Title</h1>'),
    ("## Two *words*!", '<h2 id="two-words">Two <em>words</em>!</h2>'),
    ("Under\n-----", '<h2 id="under">Under</h2>'),
    ("**b** *i* `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>"),
    ("***x***", "<p><em><strong>x</strong></em></p>"),
    ("2 * 3 * 4, a_b_c", "<p>2 * 3 * 4, a_b_c</p>"),
    ("~~s~~ H~2~O x^2^", "<p><del>s</del> H<sub>2</sub>O x<sup>2</sup></p>"),
    ("~5 to ~6, a~b c~d", "<p>~5 to ~6, a~b c~d</p>"),
    ("`a <b> *c*`", "<p><code>a &lt;b&gt; *c*</code></p>"),
    ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
    ("&copy; &nope", "<p>&copy; &amp;nope</p>"),
    ("\\*a\\*", "<p>*a*</p>"),
    ("[l](/x \"t\")", '<p><a href="/x" title="t">l</a></p>'),
    ("[l](http://x)",
     '<p><a href="http://x" rel="noopener noreferrer" target="_blank">l</a></p>'),
    ("see http://x.y.",
     '<p>see <a href="http://x.y" rel="noopener noreferrer" target="_blank">http://x.y</a>.</p>'),
    ("<a@b.c>", '<p><a href="mailto:a@b.c">a@b.c</a></p>'),
    ("![i](y.png)", '<p><img alt="i" src="y.png"></p>'),
    ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"),
    ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ("- [x] a",
     '<ul class="mo-tasks">\n<li><input type="checkbox" disabled checked> a</li>\n</ul>'),
    ("> q\nlazy", "<blockquote>\n<p>q\nlazy</p>\n</blockquote>"),
    ("---", "<hr>"),
    ("```py\na < b\n\n```", '<pre><code class="language-py">a &lt; b\n\n</code></pre>'),
    ("a|b\n-|-:\n1|`x`",
     "<table>\n<thead>\n<tr>\n<th>a</th>\n<th style=\"text-align:right\">b</th>\n</tr>\n</thead>\n"
     "<tbody>\n<tr>\n<td>1</td>\n<td style=\"text-align:right\"><code>x</code></td>\n</tr>\n"
     "</tbody>\n</table>"),
    ("", ""),
    (" \n\n ", ""),
    ("21 °C — *ö*", "<p>21 °C — <em>ö</em></p>"),
)  # fmt: skip


def test_markdown_as_html():
    for text, expected in CASES:
        equal(html(text), expected, text)


def test_indentation_that_all_lines_share_does_not_count():
    equal(
        html("""
        # Greenhouse

        - north
          - bed
        """),
        '<h1 id="greenhouse">Greenhouse</h1>\n'
        "<ul>\n<li>north<ul>\n<li>bed</li>\n</ul>\n</li>\n</ul>",
    )
    equal(html("    indented"), "<p>indented</p>")
    equal(html("\ttab\n\ttoo"), "<p>tab\ntoo</p>")
    assert "<pre><code>deep\n</code></pre>" in html("\n  a\n\n      deep\n")


def test_line_ends_of_other_systems():
    equal(html("a\r\nb\r\n\r\nc\rd"), "<p>a\nb</p>\n<p>c\nd</p>")


def test_headings_have_ids_of_their_own():
    made = html("# A b\n# A b\n# !\n# <b>x</b> *y*")
    assert 'id="a-b"' in made and 'id="a-b_2"' in made and 'id=""' not in made, made
    assert '<h1 id="x-y"><b>x</b> <em>y</em></h1>' in made, made


def test_elements_get_through_untouched():
    slider = Html("<firn-slider id='a-0' data-label='\"2 * 3 * 4 | x\"'>*no* _md_</firn-slider>")
    equal(html(f"{slider}"), slider.text)
    equal(html(f"Speed {slider} *now*"),
          '<div class="mo-paragraph">Speed %s <em>now</em></div>' % slider)  # fmt: skip
    assert "<td>%s</td>" % slider in html(f"| a | b |\n|---|---|\n| {slider} | 2 |")
    assert slider.text in html(f"- a\n- {slider}\n")
    assert slider.text in html(f"# {slider}")
    assert "<strong>%s</strong>" % slider in html(f"**{slider}**")


def test_elements_of_several_lines_get_through():
    text = plain_text("line 1\n\n    line *3*\n# no")
    equal(html(f"""
        Before

        {text}

        after
        """), "<p>Before</p>\n%s\n<p>after</p>" % text)  # fmt: skip
    row = hstack([text, md("*in*"), hstack([1, 2])])
    assert row.text in html(f"""
        - item

          {row}
        """)


def test_markdown_in_markdown():
    inner = md("*a*\n\n- b")
    equal(html(f"x {inner}"), '<div class="mo-paragraph">x %s</div>' % inner)


def test_elements_are_shown_as_code_in_code():
    slider = Html("<firn-x>a</firn-x>")
    equal(html(f"`{slider}`"), "<p><code>&lt;firn-x&gt;a&lt;/firn-x&gt;</code></p>")
    assert "&lt;firn-x&gt;a&lt;/firn-x&gt;" in html(f"```\n{slider}\n```")
    assert "<firn-x>" not in html(f"> ```\n> {slider}\n> ```")
    equal(html("Write `<div>` and `</div>`."),
          "<p>Write <code>&lt;div&gt;</code> and <code>&lt;/div&gt;</code>.</p>")  # fmt: skip


def test_inline_markdown_has_no_paragraph():
    equal(inline("*Speed* <b>x</b>"), "<em>Speed</em> <b>x</b>")
    equal(inline("# a"), "# a")
    equal(inline(""), "")


def test_a_long_text_needs_little_more_memory_than_it_has():
    text = (
        "# A\n\nTwo *probes*, a [link](http://a.b/).\n\n- b\n- c\n\n| d |\n|---|\n| 4 |\n\n" * 40
    )
    equal(md(text).text.count("<h1"), 40)
    text = "lorem ipsum *dolor* sit amet, " * 100
    equal(md(text).text.count("<em>"), 100)


def test_only_text_is_markdown():
    for wrong in (None, 3, b"x", Html("x")):
        error = raises(TypeError, md, wrong)
        assert "expected markdown as str, got" in str(error), error


def test_control_characters_and_marks_are_no_elements():
    equal(html("a\x020\x03b\0"), "<p>a�0�b�</p>")
    assert "\x02" not in html("<div>x</div> \x020\x03 `\x020\x03`")
