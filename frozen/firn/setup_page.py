"""The frame around every page of the setup: navigation, notices, banners.

Pages are generators of str, sent as they come, so that none is ever in memory as a whole. What
they yield is HTML: text that comes from anywhere goes through ``escape()`` first.
"""

import sys

from . import __version__

HOME = "/_firn/"
_PACKAGE = __name__[: __name__.rfind(".")]
_PIECE = 1024  # characters that are sent at a time, about

# Path below HOME, and its words.
_NAVIGATION = (
    ("", "Status"),
    ("config", "Configuration"),
    ("network", "Network"),
    ("files", "Files"),
    ("log", "Log"),
    ("password", "Password"),
)
_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s - Firn</title>
<link rel="stylesheet" href="%s">
<link rel="icon" href="data:,">
<script src="%s" defer></script>
</head>
<body>
<header>
<a class="brand" href="/_firn/">Firn</a>
"""
_LOGOUT = """\
</nav>
<form method="post" action="/_firn/logout"><button class="quiet">Log out</button></form>
"""
_SECURITY = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
    ),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)


def escape(text):
    """``text`` (any object) as HTML text, or as the value of a quoted attribute."""
    text = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&#39;")


def size_text(size):
    """``size`` (bytes, an int) for people."""
    units = ("B", "KB", "MB", "GB")
    unit = 0
    while size >= 1024 and unit < len(units) - 1:
        size /= 1024
        unit += 1
    return ("%.1f %s" if unit else "%d %s") % (size, units[unit])


def page(
    request, title, content, status=200, notice=None, problem=None, headers=None, plain=False
):
    """The answer for a page: (pieces, status, headers), for a handler to return.

    ``title`` (str) is its heading; ``content`` an iterable of str, HTML; ``notice`` and
    ``problem`` are texts (str) shown above it, ``problem`` as a mistake; ``plain``: without
    navigation and banners, for who is not logged in; ``headers``: a dict of more headers.
    """
    found = {"Content-Type": "text/html; charset=UTF-8"}
    found.update(headers or {})
    pieces = _frame(request.path, title, content, notice, problem, plain)
    return _gathered(pieces), status, found


def see_other(location):
    """The answer that has a browser get ``location`` (a path of this site) after a POST: 303."""
    from microdot import redirect

    return redirect(location, 303)


def secure(response):
    """Add the headers that every answer of the setup has, to a Response."""
    for name, value in _SECURITY:
        response.headers.setdefault(name, value)


def loaded(name):
    """The module ``name`` of this package if something has imported it, else None.

    What nobody has imported does nothing, so there is nothing to be said about it.
    """
    return sys.modules.get(_PACKAGE + "." + name)


def _frame(path, title, content, notice, problem, plain):
    from .setup_assets import url

    yield _HEAD % (escape(title), url("setup.css"), url("setup.js"))
    if not plain:
        yield "<nav>\n"
        for name, words in _NAVIGATION:
            here = path == HOME + name or (name and path.startswith(HOME + name + "/"))
            mark = ' aria-current="page"' if here else ""
            yield '<a href="/_firn/%s"%s>%s</a>\n' % (name, mark, words)
        yield _LOGOUT
    yield "</header>\n<main>\n<h1>%s</h1>\n" % escape(title)
    if not plain:
        for text in _banners():
            yield '<p class="banner" role="alert">%s</p>\n' % text
    if notice:
        yield '<p class="notice" role="status">%s</p>\n' % escape(notice)
    if problem:
        yield '<p class="problem" role="alert">%s</p>\n' % escape(problem)
    yield from content
    yield "</main>\n<footer>Firn %s</footer>\n</body>\n</html>\n" % escape(__version__)


def _banners():
    """What the owner has to know on every page (HTML)."""
    safety = loaded("safety")
    mode = safety.mode if safety else "normal"
    if mode == "safe":
        yield (
            "Safe mode: the site crashed too often. The default configuration is in use; "
            '<a href="/_firn/">what happened</a>.'
        )
    elif mode == "last good":
        yield (
            "The site crashed too often with the present configuration, so the last good one is "
            'in use; <a href="/_firn/">what happened</a>.'
        )
    trial = loaded("trial")
    values = trial.values() if trial else None
    if values:
        yield (
            'The network settings are on trial: <span data-countdown="%d">%d</span> seconds are '
            "left until the previous ones come back, unless somebody reaches the device."
            % (values["seconds_left"], values["seconds_left"])
        )


def _gathered(pieces):
    """The same text in pieces of about _PIECE characters: each is one write to the client."""
    waiting = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(waiting)
            waiting = []
            size = 0
    yield "".join(waiting)
