"""The page that lists the notebooks of a directory."""

from microdot import Response

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Notebooks</title>
<link rel="icon" href="data:,">
<style>
:root{--text:#1b242c;--dim:#53616c;--line:#ccd4da;--link:#0a5f7e;--page:#fff;--hover:#eef4f7}
@media (prefers-color-scheme:dark){
:root{--text:#e4eaee;--dim:#9fb0bb;--line:#35434d;--link:#7cc8e8;--page:#11161b;--hover:#1b242c}}
body{background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;margin:0}
main{margin:2.5rem auto;max-width:44rem;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 1.2rem}
ul{border:1px solid var(--line);border-radius:.5rem;list-style:none;margin:0;overflow:hidden;
padding:0}
li+li{border-top:1px solid var(--line)}
a{color:var(--link);display:block;font-weight:600;overflow-wrap:anywhere;padding:.7rem 1rem;
text-decoration:none}
a:hover,a:focus-visible{background:var(--hover)}
a:focus-visible{outline:2px solid var(--link);outline-offset:-2px}
small{color:var(--dim);display:block;font-weight:400}
</style>
</head>
<body>
<main>
<h1>Notebooks</h1>
"""
_END = "</main>\n</body>\n</html>\n"
_HEAD_LINES = 100  # of a file, before its first cell
_HEADERS = (
    ("Content-Type", "text/html; charset=UTF-8"),
    ("Cache-Control", "no-cache"),
    ("X-Content-Type-Options", "nosniff"),
)


def page(directory, names):
    """The Response that lists ``names`` (list of str) of a Directory."""
    return Response(_pieces(directory, names), 200, dict(_HEADERS))


def _pieces(directory, names):
    from .html import escape

    yield _PAGE
    count = 0
    for name in names:
        head = read_head(directory.directory + "/" + name + ".py")
        if head is None:
            continue
        yield "<ul>\n" if not count else ""
        count += 1
        title = head or name[name.rfind("/") + 1 :].replace("_", " ")
        yield '<li><a href="./%s/">%s <small>%s</small></a></li>\n' % (
            _quoted(name),
            escape(title),
            escape(name),
        )
    yield "</ul>\n" if count else "<p>There are none.</p>\n"
    yield _END


def read_head(path):
    """The title that the notebook ``path`` gives itself, "" where it has none; None for a file
    that looks like no notebook. Only what is before the first cell is read."""
    imports = made = False
    title = ""
    try:
        with open(path) as file:
            for _ in range(_HEAD_LINES):
                line = file.readline(500)
                if not line or line[:5] in ("@app.", "with "):
                    break
                if (
                    line[:14] in ("import marimo\n", "import marimo ")
                    or line[:11] == "from marimo"
                ):
                    imports = True
                made = made or "App(" in line
                if "app_title" in line and not title:
                    title = _literal(line[line.find("app_title") + 9 :])
    except (OSError, UnicodeError):
        return None
    return title if imports and made else None


def _literal(text):
    """The str that ``text`` assigns, "" where that is not plain."""
    text = text.lstrip(" ").lstrip("=").lstrip(" ")
    quote = text[:1]
    end = text.find(quote, 1) if quote and quote in "\"'" else -1
    return text[1:end] if end > 0 and "\\" not in text[:end] else ""


def _quoted(name):
    """``name`` (str) as it stands in an address: what needs it percent-encoded."""
    out = []
    for c in name.encode():
        plain = 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c in b"-._~/"
        out.append(chr(c) if plain else "%%%02X" % c)
    return "".join(out)
