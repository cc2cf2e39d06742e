"""How values are arranged: beside and below each other, in boxes, folded away.

The classes that the page's style sheet knows, and what they stand for:

    mo-hstack, mo-vstack   items in a row or a column; the gap, the alignment, the distribution and
                           the shares of the items are set by ``style`` (flexbox)
    mo-wrap                a row that may continue in the next line
    mo-center, mo-left, mo-right   where a single item goes
    mo-callout mo-KIND     a box; KIND: neutral, info, success, warn, danger
    mo-stat                a number: dl with dt (its label), dd (the value), dd.mo-caption
    mo-bordered            with a border around it
    mo-up, mo-down         the caption's arrow; mo-good, mo-bad: whether that is wanted
    mo-accordion           details with a summary each
    mo-text                pre: a value's repr() or plain text
    mo-tree                lists and dicts: details, ul, code
    mo-problem             pre: what could not be shown, and why
    mo-markdown            what mo.md gives; mo-paragraph: a paragraph with elements in it
    mo-tasks               ul of markdown's [ ] and [x]
    mo-progress, mo-spinner, mo-title, mo-subtitle   mo.status; mo-done: it is over
    mo-plot, mo-legend     figure and figcaption: mo.plot

``style`` attributes are used: a Content-Security-Policy needs ``style-src-attr 'unsafe-inline'``.
"""

from .html import Html, as_html, escape, is_iterable

_JUSTIFY = (
    ("start", "flex-start"),
    ("center", "center"),
    ("end", "flex-end"),
    ("space-between", "space-between"),
    ("space-around", "space-around"),
)
_ALIGN = (
    ("start", "flex-start"),
    ("center", "center"),
    ("end", "flex-end"),
    ("stretch", "stretch"),
)
_KINDS = ("neutral", "info", "success", "warn", "danger", "alert")
_serial = 0  # of the accordions of which one part is open at a time


def hstack(items, *, justify="space-between", align=None, wrap=False, gap=0.5, widths=None):
    """``items`` (a list of any values) in a row (Html).

    ``justify``: "start", "center", "end", "space-between", "space-around"; ``align``: None,
    "start", "center", "end", "stretch"; ``wrap``: whether the row may continue in the next line;
    ``gap``: in rem; ``widths``: "equal", or each item's share (numbers, 0: its own size).
    """
    kind = "mo-hstack mo-wrap" if wrap else "mo-hstack"
    return _stack(kind, items, justify, align, gap, widths, "widths")


def vstack(items, *, align=None, justify="start", gap=0.5, heights=None):
    """``items`` (a list of any values) in a column (Html). Arguments as hstack() has them."""
    return _stack("mo-vstack", items, justify, align, gap, heights, "heights")


def _stack(kind, items, justify, align, gap, shares, what):
    css = "justify-content:%s;" % _one_of("justify", justify, _JUSTIFY)
    if align is not None:
        css += "align-items:%s;" % _one_of("align", align, _ALIGN)
    css += "gap:%srem" % _number("gap", gap)
    if isinstance(items, (list, tuple)):
        values = items
    elif isinstance(items, (Html, dict)) or not is_iterable(items):
        values = (items,)
    else:
        values = list(items)
    if shares == "equal":
        shares = [1] * len(values)
    if shares is not None and len(shares) != len(values):
        raise ValueError(
            "expected as many %s as items, got %d of %d items" % (what, len(shares), len(values))
        )
    pieces = ['<div class="%s" style="%s">' % (kind, css)]
    for index in range(len(values)):
        share = "" if shares is None else _share(_number(what, shares[index]))
        pieces.append("<div%s>%s</div>" % (share, as_html(values[index]).text))
    pieces.append("</div>")
    return Html("".join(pieces))


def _share(number):
    # Without a base size what is in the item counts too: 1 and 1 would not be equal.
    return ' style="flex:%s %s 0"' % (number, number) if number else ' style="flex:none"'


def _one_of(what, value, table):
    """The CSS for an argument's value; ValueError for an unknown one."""
    for name, css in table:
        if value == name:
            return css
    names = ", ".join([name for name, css in table])
    raise ValueError("expected %s to be one of %s, got %r" % (what, names, value))


def _number(what, value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        raise ValueError("expected a number from 0 for %s, got %r" % (what, value))
    return value


def stat(value, label=None, caption=None, direction=None, bordered=False,
         target_direction="increase", slot=None):  # fmt: skip
    """A ``value`` to be seen at a glance, with ``label`` and ``caption`` (Html).

    ``direction``: "increase" or "decrease", the caption's arrow; it counts as good where it is the
    ``target_direction``. ``slot``: anything shown below, a plot for example.
    """
    for name, chosen in (("direction", direction), ("target_direction", target_direction)):
        if chosen not in ("increase", "decrease") and (chosen or name != "direction"):
            raise ValueError("expected increase or decrease for %s, got %r" % (name, chosen))
    pieces = ['<dl class="mo-stat%s">' % (" mo-bordered" if bordered else "")]
    # A list of definitions has no value without a name for it.
    pieces.append("<dt>%s</dt>" % ("" if label is None else _words(label)))
    pieces.append("<dd>%s</dd>" % _words(value))
    if caption is not None or direction:
        pieces.append(_caption(caption, direction, target_direction))
    if slot is not None:
        pieces.append("<dd>%s</dd>" % as_html(slot).text)
    pieces.append("</dl>")
    return Html("".join(pieces))


def _caption(caption, direction, target):
    arrow = ""
    kind = "mo-caption"
    if direction:
        up = direction == "increase"
        kind += " mo-up" if up else " mo-down"
        kind += " mo-good" if direction == target else " mo-bad"
        label = "rising" if up else "falling"
        arrow = '<span role="img" aria-label="%s">%s</span> ' % (label, "↑" if up else "↓")
    return '<dd class="%s">%s%s</dd>' % (kind, arrow, "" if caption is None else _words(caption))


def _words(value):
    """A value as HTML, text without an element around it."""
    return escape(value) if isinstance(value, str) else as_html(value).text


def callout(value, kind="neutral", title=None):
    """``value`` in a box (Html); ``kind``: "neutral", "info", "success", "warn" or "danger"."""
    if kind not in _KINDS:
        raise ValueError("expected kind to be one of %s, got %r" % (", ".join(_KINDS), kind))
    kind = "danger" if kind == "alert" else kind
    # What is wrong is said at once to those who do not see the box.
    role = ' role="alert"' if kind == "danger" else ' role="note"'
    head = "" if title is None else '<p class="mo-title">%s</p>' % _words(title)
    text = as_html(value).text
    return Html('<div class="mo-callout mo-%s"%s>%s%s</div>' % (kind, role, head, text))


def accordion(items, multiple=False, lazy=False, *, expanded=None):
    """Parts that are folded away (Html).

    ``items``: {label (text, markdown): content}, or a list of such pairs, which has an order on
    MicroPython too; ``multiple``: whether several may be open at a time; ``lazy``: a content
    may be a function without arguments that gives it (it is called at once); ``expanded``: labels
    of parts that are open at first (a list, or one label).
    """
    global _serial
    pairs = items.items() if isinstance(items, dict) else items
    if isinstance(items, (str, Html)) or not is_iterable(items):
        raise TypeError("expected a dict of labels and contents, got %s" % type(items).__name__)
    expanded = (expanded,) if isinstance(expanded, str) else expanded or ()
    group = ""
    if not multiple:
        _serial += 1
        group = ' name="mo-accordion-%d"' % _serial
    pieces = ['<div class="mo-accordion">']
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("expected pairs of a label and a content, got %r" % (pair,))
        label, content = pair
        if lazy and callable(content):
            content = content()
        state = " open" if label in expanded else ""
        pieces.append("<details%s%s><summary>%s</summary>" % (group, state, _label(label)))
        pieces.append("<div>%s</div></details>" % as_html(content).text)
    pieces.append("</div>")
    return Html("".join(pieces))


def _label(label):
    """A label's HTML: markdown without a paragraph around it."""
    if not isinstance(label, str):
        return _words(label)
    from .markdown import inline

    return inline(label)


def plain_text(text):
    """``text`` in a font of fixed width, as it is (Html)."""
    return Html('<pre class="mo-text">%s</pre>' % escape(str(text)))


def center(item):
    """``item`` in the middle (Html)."""
    return _placed("center", item)


def left(item):
    """``item`` at the left (Html)."""
    return _placed("left", item)


def right(item):
    """``item`` at the right (Html)."""
    return _placed("right", item)


def _placed(where, item):
    return Html('<div class="mo-%s">%s</div>' % (where, as_html(item).text))


def style(item, style=None, **properties):
    """``item`` with CSS (Html).

    ``style``: a dict of properties, or the text of a ``style`` attribute; properties by name have
    ``_`` for ``-``: ``max_width="20em"``.
    """
    css = []
    if isinstance(style, str):
        css.append(style)
    elif style is not None:
        for name in style:
            css.append(_declaration(name, style[name]))
    for name in properties:
        css.append(_declaration(name.replace("_", "-"), properties[name]))
    return Html('<div style="%s">%s</div>' % (escape(";".join(css)), as_html(item).text))


def _declaration(name, value):
    value = str(value)
    for character in name:
        if not (character.isalpha() or character.isdigit() or character == "-"):
            raise ValueError("expected the name of a CSS property, got %r" % name)
    if not name or ";" in value or "{" in value or "}" in value:
        raise ValueError("expected one CSS value for %s, got %r" % (name, value))
    return "%s:%s" % (name, value)


def tree(items, label=None):
    """A list, tuple or dict to be unfolded, with ``label`` (text) above it (Html)."""
    if not isinstance(items, (list, tuple, dict)):
        raise TypeError("expected a list, tuple or dict, got %s" % type(items).__name__)
    text = as_html(items).text
    head = "" if label is None else '<p class="mo-title">%s</p>' % _words(label)
    return Html(head + text)
