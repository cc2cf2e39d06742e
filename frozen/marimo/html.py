"""HTML that a notebook shows: Html, and how any value becomes one."""


def escape(text):
    """``text`` (str) as HTML text that also fits into a quoted attribute."""
    for character, entity in _ENTITIES:
        if character in text:
            text = text.replace(character, entity)
    return text


_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"))


def is_iterable(value):
    """Whether there are values to be had from ``value``, other than the characters of a text."""
    if isinstance(value, (str, bytes, type)):
        return False
    try:
        iter(value)
    except TypeError:
        return False
    return True


class Html:
    """A piece of HTML. ``text`` (str) goes into the page as it is: escape() what is in it.

    Put into an f-string it is its HTML. A subclass gives its HTML by ``_html()``.
    """

    def __init__(self, text):
        if not isinstance(text, str):
            raise TypeError("expected HTML as str, got %s" % type(text).__name__)
        self._text = text

    def _html(self):
        return self._text

    @property
    def text(self):
        """The HTML (str)."""
        return self._html()

    def _mime_(self):
        return "text/html", self._html()

    def _repr_html_(self):
        return self._html()

    def __str__(self):
        return self._html()

    def __format__(self, spec):
        return self._html()

    def center(self):
        """This, in the middle (Html)."""
        from .layout import center

        return center(self)

    def left(self):
        """This, at the left (Html)."""
        from .layout import left

        return left(self)

    def right(self):
        """This, at the right (Html)."""
        from .layout import right

        return right(self)

    def callout(self, kind="neutral"):
        """This, in a box; ``kind``: "neutral", "info", "success", "warn" or "danger" (Html)."""
        from .layout import callout

        return callout(self, kind)

    def style(self, style=None, **properties):
        """This with CSS: a dict or text, or properties by name (``max_width="20em"``) (Html)."""
        from .layout import style as styled

        return styled(self, style, **properties)

    def batch(self, **elements):
        """This with ``{name}`` in its text replaced by elements, as one element."""
        from .ui_compound import batch

        return batch(self, elements)


def as_html(value):
    """``value`` as Html: what shows itself as it does, a container as a tree, others as text."""
    if isinstance(value, Html):
        return value
    from .formatting import inner_html

    return Html(inner_html(value))
