"""The page of a notebook: what every visitor gets before the first value is there.

Style sheet, script and the page's pieces stand in flash on a device (see manifest.py); on a host
they are made from the folder assets/ when they are first asked for.
"""

from microdot import packed

from .html import escape

try:
    from .page_data import FILES, NOTEBOOK, WINDOW_BITS
except ImportError:
    from microdot.packing import WINDOW_BITS, read, template

    _FOLDER = __file__[: __file__.rfind("page")] + "assets"
    FILES = read(_FOLDER)
    NOTEBOOK = template(_FOLDER + "/notebook.html")

THEMES = ("light", "dark", "system")
WIDTHS = ("compact", "medium", "full", "columns")
_SIZE = 256  # characters that are sent at a time, about: a heap that is in pieces has those
_POLICY = (
    "default-src 'self'; script-src 'self'%s; style-src 'self' 'unsafe-inline'%s; "
    "img-src * data: blob:; media-src * data: blob:; font-src 'self' data:%s; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)


def page(title, file="", base="./", session="", head="", theme="system", width="compact",
         lang="en", frame=False):  # fmt: skip
    """The answer for a notebook's page: (pieces, 200, headers), for a handler to return.

    ``title``, ``file`` (its name without a path) and ``lang`` are texts; ``base``: where the
    notebook is, with a slash at the end, absolute or relative to the page; ``session``: the id of
    a session that this page may begin; ``head``: HTML of the notebook's author for the page's
    head, which may bring scripts; ``theme`` and ``width``: one of THEMES and WIDTHS, anything else
    is the default; ``frame``: whether pages of other sites may have it in a frame.
    """
    values = {
        "title": escape(title),
        "file": escape(file),
        "base": escape(base),
        "session": escape(session),
        "head": head,
        "theme": theme if theme in THEMES else "system",
        "width": width if width in WIDTHS else "compact",
        "lang": escape(lang),
        "css": packed.find(FILES, "notebook.css")[1],
        "js": packed.find(FILES, "notebook.js")[1],
    }
    return _pieces(values), 200, headers(head, frame)


def headers(head="", frame=False):
    """The headers of the page (dict); arguments as page() has them."""
    # Only what the author has put into the page itself may be more than ours.
    more = (" 'unsafe-inline' https: http:", " https: http:", " https: http:")
    found = {
        "Content-Type": "text/html; charset=UTF-8",
        # The page names a session and the latest assets.
        "Cache-Control": "no-store",
        "Content-Security-Policy": _POLICY % (more if head else ("", "", "")),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    if not frame:
        found["Content-Security-Policy"] += "; frame-ancestors 'self'"
    return found


async def asset(request, name):
    """Answer with the asset ``name``: below ``base`` + "assets/"."""
    return packed.serve(request, FILES, name, WINDOW_BITS)


def _pieces(values):
    """The page as str, some at a time: never in memory as a whole."""
    waiting = []
    size = 0
    for index in range(len(NOTEBOOK)):
        text = values[NOTEBOOK[index]] if index % 2 else NOTEBOOK[index]
        size += len(text)
        waiting.append(text)
        if size >= _SIZE:
            yield "".join(waiting)
            waiting = []
            size = 0
    if waiting:
        yield "".join(waiting)
