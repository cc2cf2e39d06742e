"""The notebook's page and its assets: small, escaped, sent in pieces, nothing from elsewhere."""

from exchange import ask

from expect import equal
from marimo import page
from microdot import Microdot

GZIP = {"Accept-Encoding": "gzip"}


def whole(*args, **options):
    pieces, status, _ = page.page(*args, **options)
    equal(status, 200)
    return "".join(pieces)


async def test_together_they_are_small():
    size = sum([len(data) for _, _, data in page.FILES]) + len("".join(page.NOTEBOOK))
    assert size < 30 * 1024, size
    equal([name for name, _, _ in page.FILES], ["notebook.css", "notebook.js"])


async def test_what_comes_from_elsewhere_is_escaped():
    text = whole("<b>&'\"", file="a'<b.py", session='"x', base='./"', lang='"')
    for part in ("<title>&lt;b&gt;&amp;", 'data-file="a&#x27;&lt;b.py"', 'data-session="&quot;x"'):
        assert part in text, part
    assert "<b>" not in text and '=""x' not in text, text


async def test_unknown_themes_and_widths_are_the_default():
    assert 'data-theme="system"' in whole("x", theme='"><script>')
    assert 'data-width="compact"' in whole("x", width="1px")
    text = whole("x", theme="dark", width="full")
    assert 'data-theme="dark"' in text and 'data-width="full"' in text


async def test_the_page_is_sent_in_pieces():
    pieces = list(page.page("x" * 3000)[0])
    assert len(pieces) > 1
    text = "".join(pieces)
    assert text.startswith("<!doctype html>") and text.endswith("</html>\n")
    assert "{{" not in text and "}}" not in text


async def test_only_the_author_of_a_notebook_may_bring_other_scripts():
    policy = page.page("x")[2]["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "frame-ancestors 'self'" in policy, policy
    pieces, _, headers = page.page("x", head="<script>here</script>", frame=True)
    assert "<script>here</script>\n</head>" in "".join(pieces)
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline' https: http:" in policy
    assert "frame-ancestors" not in policy


async def test_assets_are_named_by_their_content_and_kept_for_good():
    app = Microdot()
    app.get("/assets/<name>")(page.asset)
    text = whole("x", base="/b/")
    for name, content_type in (("notebook.css", "text/css"), ("notebook.js", "text/javascript")):
        start = text.find("/assets/" + name)
        url = text[start : text.find('"', start)]
        assert text[start - 2 : start] == "/b"
        answer = await ask(app, "GET", url, GZIP)
        equal(answer.status, 200)
        equal(answer.headers["content-type"], content_type + "; charset=utf-8")
        equal(answer.headers["content-encoding"], "gzip")
        assert "immutable" in answer.headers["cache-control"]
    equal((await ask(app, "GET", "/assets/notebook.html", GZIP)).status, 404)
