from expect import equal
from marimo.markdown import md
from marimo.markdown_tags import clean, is_safe_url

# Whatever a visitor writes, none of it may act.
HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnError = 'alert(1)'>",
    "<img/src=x/onerror=alert(1)>",
    "<b onclick=alert(1)>x</b>",
    "<div onclick='a'>x</div>",
    "<div><img src=x onerror=alert(1)></div>",
    "<div>\n\n<script>alert(1)</script></div>",
    "<firn-x onfocus=a autofocus>x</firn-x>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><a><set attributeName=href to=javascript:alert(1)></a></svg>",
    "<svg><use href='data:image/svg+xml,x#x'></use></svg>",
    "<svg><style><img src='</style><img src=x onerror=alert(1)>'></style></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//x>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='&#x6A;avascript&#58alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<div><textarea></div><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<textarea>a</textarea x><img src=x onerror=alert(1)>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<noscript><img title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- a --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?x <img src=x onerror=alert(1)>?>",
    "<b title='a\"><img src=x onerror=alert(1)>'>",
    "<b title=\"'><img src=x onerror=alert(1)>\" '>",
    "<b\n<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](data:text/html,<b>)",
    "![x](javascript:alert(1))",
    "[x](/ \"'onmouseover='alert(1)\")",
    '[x](/ "\\"onmouseover=alert(1) x=\\"")',
    "[x](/\"onmouseover=\"alert(1))",
    "![\"onerror=\"alert(1)](x)",
    "![<b title='\" onerror=alert(1) x=\"'>](x)",
    "<javascript:alert(1)>",
    "http://x\"onmouseover=\"alert(1)",
    "<http://x\"onmouseover=\"alert(1)>",
    "```<img src=x onerror=alert(1)>\nx\n```",
    "``` \"onclick=alert(1)\nx\n```",
    "# <img src=x onerror=alert(1)> \"onclick=alert(1)",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "\x020\x03<div>\x020\x03</div>",
)  # fmt: skip

_FORBIDDEN = [
    "script",
    "style",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "base",
    "meta",
    "link",
    "template",
    "title",
    "xmp",
    "noscript",
    "noembed",
    "noframes",
    "plaintext",
    "animate",
    "set",
    "use",
    "math",
    "foreignobject",
]


def tags_of(html):
    """(name, {attribute: value}) of each tag, as a browser's tokenizer finds them."""
    i = html.find("<")
    while i >= 0:
        end = i + 1
        if html[end : end + 1] == "/":
            end += 1
        start = end
        while html[end : end + 1] and html[end] not in " \t\n\r/>":
            end += 1
        name = html[start:end].lower()
        if name[:1] in "abcdefghijklmnopqrstuvwxyz" and name:
            attributes, end = attributes_of(html, end)
            yield name, attributes
            if name == "textarea" and html[i + 1] != "/":
                end = html.lower().find("</textarea", end)
                assert end >= 0, "a textarea has no end"
        else:
            assert name[:1] not in ("!", "?"), html
        i = html.find("<", end)


def attributes_of(html, i):
    attributes = {}
    while True:
        while html[i : i + 1] and html[i] in " \t\n\r/":
            i += 1
        if html[i : i + 1] in ("", ">"):
            assert html[i : i + 1], "a tag has no end"
            return attributes, i + 1
        start = i
        while html[i : i + 1] and html[i] not in " \t\n\r/>=":
            i += 1
        name = html[start:i].lower()
        value = ""
        while html[i : i + 1] and html[i] in " \t\n\r":
            i += 1
        if html[i : i + 1] == "=":
            i += 1
            while html[i : i + 1] and html[i] in " \t\n\r":
                i += 1
            if html[i] in "\"'":
                end = html.find(html[i], i + 1)
                assert end >= 0, "a quotation mark has no end"
                value = html[i + 1 : end]
                i = end + 1
            else:
                start = i
                while html[i : i + 1] and html[i] not in " \t\n\r>":
                    i += 1
                value = html[start:i]
        attributes[name] = value


def check(html):
    """Fail if something in the HTML acts."""
    for name, attributes in tags_of(html):
        assert name not in _FORBIDDEN, (name, html)
        for attribute in attributes:
            assert not attribute.startswith("on") and attribute != "srcdoc", (attribute, html)
            value = attributes[attribute]
            if attribute in ("href", "src", "action", "formaction", "xlink:href", "data"):
                for character in "\t\n\r ":
                    value = value.replace(character, "")
                value = value.lower()
                for entity in ("&#106;", "&#x6a;"):
                    value = value.replace(entity, "j")
                for entity in ("&colon;", "&#58;", "&#58"):
                    value = value.replace(entity, ":")
                for scheme in ("javascript:", "vbscript:", "data:text"):
                    assert not value.startswith(scheme), (value, html)


def test_nothing_hostile_acts():
    for text in HOSTILE:
        for around in ("%s", "a %s b", "- %s", "> %s", "**%s**", "[%s](x)", "<div>%s</div>",
                       "| %s |\n|---|", "`%s`", "<a title='%s'>", "![%s](x)"):  # fmt: skip
            check(md(around.replace("%s", text)).text)
        check(clean(text.encode()).decode())


def test_the_check_finds_what_acts():
    for text in ("<script>", "<img src=x onerror=a>", "<a href='java\tscript:a'>", "<b x='"):
        try:
            check(text)
        except AssertionError:
            continue
        raise AssertionError("expected %s to be found" % text)


def test_pieces_of_hostile_text_in_any_order():
    pieces = ("<textarea>", "</textarea>", "<div", ">", "'", '"', "<img src=x onerror=alert(1)>",
              "`", "</div>", "<b title=", "\n", "<!--", "-->", "[", "](", ")", " ",
              "<firn-")  # fmt: skip
    seed = 7
    for _ in range(400):
        text = []
        for _ in range(12):
            seed = (seed * 1103515245 + 12345) % 2147483648
            text.append(pieces[(seed >> 8) % len(pieces)])
        check(md("".join(text)).text)


def test_harmless_html_gets_through():
    for text in (
        "<b>x</b>",
        '<span style="color:red" class="a">x</span>',
        "<kbd>x</kbd>",
        '<a href="/x?a=b&amp;c">x</a>',
        '<img alt="" src="data:image/png;base64,AA==">',
        '<div class="a"><p>x</p></div>',
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
        "<details><summary>a</summary>b</details>",
        '<firn-x id="a" data-x=\'{"a": "&lt;script&gt;"}\'><input type="range"></firn-x>',
    ):
        equal(clean(text.encode()).decode(), text)
        assert text in md(text).text, md(text).text


def test_only_what_acts_is_left_out():
    equal(clean(b'<a href="javascript:a" title="t" onclick=b>x</a>'), b'<a title="t">x</a>')
    equal(clean(b"<script>a</script>"), b"&lt;script>a&lt;/script>")


def test_urls():
    for url in (b"http://a", b"HTTPS://a", b"a/b", b"#x", b"?a:b", b"/a:b", b"./a:b",
                b"mailto:a@b", b"tel:1", b"a?x=1&amp;y", b"", b"data:image/png;base64,A",
                b"//a.b"):  # fmt: skip
        assert is_safe_url(url), url
    for url in (b"javascript:a", b" javascript:a", b"JAVASCRIPT:a", b"java\tscript:a",
                b"\x01javascript:a", b"&#106;avascript:a", b"javascript&colon;a",
                b"data:text/html,a", b"blob:a",
                b"a:b", b"file:///etc", b"vbscript:a"):  # fmt: skip
        assert not is_safe_url(url), url
