"""How a value is shown: its mimetype and its HTML.

What raises while it is shown is shown as that error: a value never ends a session.
"""

from .html import Html, escape

_MAX_TEXT = 10000  # characters that are shown of a value that is not HTML
_MAX_ITEMS = 300  # of a value and all containers in it
_MAX_DEPTH = 12  # containers in containers
_MAX_HOOKS = 8  # values that show themselves as another one
_TREE = "application/json"


def render(value):
    """(mimetype, text) of a cell's ``value``.

    The mimetype says what the value is; the text is HTML always: empty for None ("text/plain"), a
    tree for lists, tuples and dicts ("application/json"), what ``_display_()``, ``_mime_()``,
    ``_html()`` or ``_repr_html_()`` of the value give, otherwise its repr().
    """
    try:
        return _render(value, _MAX_HOOKS)
    except Exception as error:
        return "text/html", _problem(value, error)


def render_all(values):
    """(mimetype, text) of several values, one below the other; of one alone as render() has it."""
    if not values:
        return "text/plain", ""
    return render(values[0]) if len(values) == 1 else _column(values)


def render_state(state):
    """(mimetype, text) of what a cell shows; ``state``: its CellState.

    What was given to mo.output is shown as in a layout: text without quotation marks.
    """
    if state.output is None and state.appended:
        return _column(state.appended)
    return render(state.output)


def _column(values):
    from .layout import vstack

    return "text/html", vstack([Html(inner_html(value)) for value in values]).text


def inner_html(value):
    """The HTML (str) of a value inside of something else: text without quotation marks."""
    try:
        shown = _shown_by_itself(value, _MAX_HOOKS)
        if shown is not None:
            return shown[1]
        if isinstance(value, (list, tuple, dict)):
            return _tree(value)
        return "<span>%s</span>" % escape(_cut(value, str))
    except Exception as error:
        return _problem(value, error)


def _render(value, hooks):
    if value is None:
        return "text/plain", ""
    shown = _shown_by_itself(value, hooks)
    if shown is not None:
        return shown
    if isinstance(value, (list, tuple, dict)):
        return _TREE, _tree(value)
    return "text/html", _pre(_cut(value, repr))


def _pre(text):
    return "<pre class='mo-text'>%s</pre>" % escape(text)


def _problem(value, error):
    """What stands where ``value`` cannot be shown."""
    try:
        reason = str(error)[:500]
    except Exception:
        reason = ""
    name = type(error).__name__
    text = "a value of type %s could not be shown: %s" % (type(value).__name__, name)
    if reason:
        text = "%s: %s" % (text, reason)
    return "<pre class='mo-problem'>%s</pre>" % escape(text)


# Values that know how they are shown


def _shown_by_itself(value, hooks):
    """(mimetype, text) of a value with a method for it, None for any other."""
    if isinstance(value, Html):
        return value._mime_()
    if value is None or isinstance(value, (str, int, float, list, tuple, dict, type)):
        return None
    if hasattr(value, "_display_"):
        if not hooks:
            raise ValueError("expected _display_() to come to an end")
        return _render(value._display_(), hooks - 1)
    if hasattr(value, "_mime_"):
        mimetype, data = value._mime_()
        return mimetype, _of_type(mimetype, data)
    if hasattr(value, "_html"):
        return "text/html", _text(value._html(), "_html()")
    if hasattr(value, "_repr_html_"):
        # None: a value that has the method and no HTML after all.
        text = value._repr_html_()
        if text is not None:
            return "text/html", _text(text, "_repr_html_()")
    return None


def _text(text, what):
    if not isinstance(text, str):
        raise TypeError("expected %s to give a str, got %s" % (what, type(text).__name__))
    return text


def _of_type(mimetype, data):
    """The HTML of ``data`` (str or bytes) of a mimetype."""
    if not isinstance(mimetype, str) or not isinstance(data, (str, bytes)):
        raise TypeError(
            "expected _mime_() to give a mimetype and a str, got %s and %s"
            % (type(mimetype).__name__, type(data).__name__)
        )
    if mimetype in ("text/html", "text/markdown", "image/svg+xml"):
        return data if isinstance(data, str) else data.decode()
    if mimetype[:6] == "image/":
        return "<img alt='' src='%s'>" % escape(_image_url(mimetype, data))
    return _pre(_cut(data, str))


def _image_url(mimetype, data):
    if isinstance(data, str):
        return data
    from binascii import b2a_base64

    return "data:%s;base64,%s" % (mimetype, b2a_base64(data).decode().strip())


# Text


def _cut(value, of):
    """``of(value)``, with a note where it is longer than what is shown."""
    length = None
    if isinstance(value, (str, bytes, bytearray)) and len(value) > _MAX_TEXT:
        length = len(value)
        value = value[:_MAX_TEXT]
    elif isinstance(value, (set, frozenset)) and len(value) > _MAX_ITEMS:
        return _cut_set(value)
    text = of(value)
    if length is None and len(text) > _MAX_TEXT:
        length = len(text)
        text = text[:_MAX_TEXT]
    return text if length is None else "%s … (%d in all)" % (text, length)


def _cut_set(value):
    items = []
    for item in value:
        if len(items) == _MAX_ITEMS:
            break
        items.append(_cut(item, repr))
    return "{%s, … (%d in all)}" % (", ".join(items)[:_MAX_TEXT], len(value))


# Trees of lists, tuples and dicts


def _tree(value):
    pieces = ["<div class='mo-tree'>"]
    _branch(pieces, value, [], [_MAX_ITEMS])
    pieces.append("</div>")
    return "".join(pieces)


def _branch(pieces, value, path, room):
    """Add a container; ``path``: those that it is in; ``room``: items left, in a list."""
    if any(value is other for other in path):
        pieces.append("<code>…</code>")
        return
    open, close = "{}" if isinstance(value, dict) else "()" if isinstance(value, tuple) else "[]"
    length = len(value)
    if not length:
        pieces.append("<code>%s%s</code>" % (open, close))
        return
    if len(path) >= _MAX_DEPTH or room[0] <= 0:
        pieces.append("<code>%s…%s</code>" % (open, close))
        return
    items = "item" if length == 1 else "items"
    state = "" if path and length > 10 else " open"
    pieces.append(
        "<details%s><summary>%s%d %s%s</summary><ul>" % (state, open, length, items, close)
    )
    path.append(value)
    for shown, key in enumerate(value):
        if room[0] <= 0:
            pieces.append("<li>… %d more</li>" % (length - shown))
            break
        room[0] -= 1
        pieces.append("<li>")
        if isinstance(value, dict):
            pieces.append("<b>%s</b>: " % escape(_leaf(key)))
            key = value[key]
        _item(pieces, key, path, room)
        pieces.append("</li>")
    path.pop()
    pieces.append("</ul></details>")


def _item(pieces, value, path, room):
    try:
        shown = _shown_by_itself(value, _MAX_HOOKS)
        if shown is None and not isinstance(value, (list, tuple, dict)):
            shown = ("", "<code>%s</code>" % escape(_leaf(value)))
    except Exception as error:
        shown = ("", _problem(value, error))
    if shown is not None:
        pieces.append(shown[1])
    else:
        _branch(pieces, value, path, room)


def _leaf(value):
    """What is shown of a key or a single value: as much as a line holds."""
    if isinstance(value, (str, bytes)) and len(value) > 1000:
        return "%r … (%d in all)" % (value[:1000], len(value))
    text = _cut(value, repr)
    return text if len(text) <= 2000 else text[:2000] + "…"
