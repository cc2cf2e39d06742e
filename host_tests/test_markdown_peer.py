"""mo.md beside a markdown library that passes CommonMark's own tests.

Only the structure is compared: ids, classes, attributes that only our links have, and white space
around blocks do not count. Where the two are meant to differ, the case is in DIFFERENT with why.
"""

import re

import pytest

from marimo.markdown import md

markdown_it = pytest.importorskip("markdown_it")

SAME = [
    "plain",
    "two\nlines",
    "two\n\nparagraphs",
    "hard  \nbreak",
    "hard\\\nbreak",
    "# one",
    "###### six",
    "####### seven",
    "#none",
    "## closed ##",
    "## not closed#",
    "#",
    "Setext\n======",
    "Setext\n---",
    "Two\nlines\n---",
    "*em* and _em_",
    "**strong** and __strong__",
    "***both***",
    "**strong *em***",
    "*em **strong***",
    "*a **b* c**",
    "snake_case_name",
    "in*tra*word",
    "2 * 3 * 4",
    "**not closed",
    "*a*b*c*",
    "a**b**c***d***",
    "* not em*",
    "**bold**text",
    "_a __b_ c__",
    "*foo**bar**baz*",
    "*foo**bar*",
    "~~gone~~ here",
    "`code`",
    "`` a`b ``",
    "` `",
    "`a  b`",
    "`<b>` & `*`",
    "`not closed",
    "``mixed`",
    "*a `b*` c*",
    "\\*literal\\* \\\\ \\a",
    "AT&T &amp; &copy; &#65; &nope",
    "1 < 2 > 0",
    "[text](http://a.b)",
    "[text](http://a.b 'title')",
    '[text](/b "ti\\"tle")',
    "[text](<a b>)",
    "[a*b*c](x(y)z)",
    "[a](b",
    "[not a link] (b)",
    "[[nested](a)](b)",
    "*[a*](b)",
    "![alt *em*](a.png)",
    '![alt](a.png "title")',
    "[![badge](b.png)](http://c.d)",
    "<http://a.b/?c=d&e>",
    "<me@example.org>",
    "<b>raw</b> <br/>",
    "> quote",
    "> a\n> b\n>\n> c",
    "> a\nlazy",
    "> a\n\nb",
    "> > nested",
    "> - item\n> - item",
    "> # heading\n> text",
    "- a\n- b",
    "* a\n* b",
    "- a\n\n- b",
    "- a\n  - b\n    - c\n- d",
    "- a\n\n  second paragraph\n- b",
    "- a\nlazy",
    "- a\n+ b",
    "1. a\n2. b\n10. c",
    "3) a\n4) b",
    "1. a\n   - b\n   - c\n2. d",
    "- a\n\n      code\n- b",
    "- ```\n  code\n  ```\n- b",
    "text\n- list",
    "text\n2. no list",
    "text\n1. list",
    "-\n- b",
    "- a\n-\n- c",
    "- # heading\n- > quote",
    "---",
    "* * *",
    "- - -",
    "text\n***\ntext",
    "```\ncode\n```",
    "```python\nx = 1 < 2\n\ny\n```",
    "~~~\n```\n~~~",
    "````\n```\n````",
    "```\nnot closed",
    "text\n```\ncode\n```\ntext",
    "``` `` ```",
    "text\n\n    indented\n\n        more\ntext",
    "text\n    not code",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a|b\n:-|-:\n1|2\n3",
    "| a |\n|:-:|\n| `x` **y** |",
    "| a \\| b |\n|---|\n| \\| |",
    "| a | b |\n|---|\n",
    "text\n\n| a |\n|---|\n| 1 |\n\nafter",
    "| a |\n|---|",
    "",
    "\n\n",
    "a\r\nb\r\n\r\nc",
    "text\n\n\tx\n\ty",
    "ünï *cödé* — “q”",
]

# input: (what of ours, why)
DIFFERENT = {
    "[a]: b\n\n[a]": ("<p>[a]: b</p><p>[a]</p>", "no link definitions"),
    "    code": ("<p>code</p>", "the indentation that all lines share does not count"),
    "x^2^ H~2~O": ("<p>x<sup>2</sup> H<sub>2</sub>O</p>", "an extension that marimo has"),
    "see http://a.b.": ('<p>see <a href="http://a.b">http://a.b</a>.</p>', "marimo links URLs"),
    "- [x] done": (
        '<ul><li><input type="checkbox" disabled checked> done</li></ul>',
        "task lists, as marimo has them",
    ),
    "<script>a</script>": ("<p>&lt;script&gt;a&lt;/script&gt;</p>", "what runs becomes text"),
    '<b onclick="a">x</b>': ("<p><b>x</b></p>", "handlers of events are left out"),
    "[a](javascript:b)": ("<p><a>a</a></p>", "a URL that runs a program is left out"),
    "<div>*a*</div>": ("<div>*a*</div>", "an element's content is no markdown, up to its end"),
    "*a*<div>b\n\nc</div>": (
        "<div><em>a</em><div>b\n\nc</div></div>",
        "an element may stand in a paragraph, and have blank lines",
    ),
    "“*a*”b": ("<p>“<em>a</em>”b</p>", "the same here; outside of ASCII all are letters"),
    "<!-- a -->b": ("<div>b</div>", "comments are left out"),
}

_BLOCKS = "p|div|h[1-6]|ul|ol|li|blockquote|pre|table|thead|tbody|tr|th|td|hr|br"


def normal(html):
    html = re.sub(r' (id|class|rel|target|style)="[^"]*"', "", html)
    html = html.replace("\n</code></pre>", "</code></pre>")
    html = re.sub(r" ?/>", ">", html).replace("&quot;", '"').replace("&copy;", "©")
    html = html.replace("&#65;", "A").replace("<s>", "<del>").replace("</s>", "</del>")
    html = re.sub(r"<img ([^>]*)>", lambda m: "<img %s>" % " ".join(sorted(
        re.findall(r'\w+="[^"]*"', m.group(1)))), html)  # fmt: skip
    html = re.sub(r"\s*(</?(?:%s)( [^>]*)?>)\s*" % _BLOCKS, r"\1", html)
    return html.strip()


def ours(text):
    html = md(text).text
    start, end = '<div class="mo-markdown">', "</div>"
    assert html.startswith(start) and html.endswith(end)
    return normal(html[len(start) : -len(end)])


def theirs(text):
    parser = markdown_it.MarkdownIt("commonmark", {"html": True})
    return normal(parser.enable(["table", "strikethrough"]).render(text))


@pytest.mark.parametrize("text", SAME)
def test_structure_is_that_of_the_library(text):
    assert ours(text + "\n.") == theirs(text + "\n.")


@pytest.mark.parametrize("text", list(DIFFERENT))
def test_deviations_are_those_listed(text):
    assert ours(text) == normal(DIFFERENT[text][0])
