"""A template engine in little memory: templates become Python generator functions.

The language and the loaders (``utemplate.compiled``, ``utemplate.source``,
``utemplate.recompile``) have the interface that the utemplate package documents; unlike there,
the values of ``{{ }}`` are escaped for HTML unless they are marked ``safe``.
"""

autoescape = True  # False: nothing is escaped, as in plain utemplate


class TemplateError(ValueError):
    """A mistake in a template; the text says the file, the line and what was expected."""


class Safe:
    """Text that goes into a page as it is: it is HTML already, or known to be harmless.

    ``str()`` gives the text. Adding two of them gives a Safe; adding a str to one is an error, as
    nobody could tell whether the sum is safe.
    """

    def __init__(self, text):
        self._text = str(text)

    def __str__(self):
        return self._text

    def __html__(self):
        return self._text

    def __repr__(self):
        return "safe(%r)" % self._text

    def __add__(self, other):
        if not isinstance(other, Safe):
            kind = type(other).__name__
            raise TypeError("expected safe text to add to safe text, got %s" % kind)
        return Safe(self._text + other._text)

    def __eq__(self, other):
        return isinstance(other, Safe) and self._text == other._text

    def __hash__(self):
        return hash(self._text)


def safe(text):
    """Mark ``text`` as HTML that is not to be escaped; returns a Safe.

    ``text``: str, Safe, or any object, whose str() is taken. Only ever for text that no visitor
    of the site can write.
    """
    return text if isinstance(text, Safe) else Safe(text)


def escape(value):
    """The text of ``value`` as a template puts it into a page (str).

    str() of any object, with the five characters that mean something in HTML replaced. An object
    with a method ``__html__()``, such as what ``safe()`` returns, gives its HTML itself.
    """
    if type(value) is not str:
        if not autoescape:
            return str(value)
        kind = type(value)
        if kind is int or kind is float or value is None:
            return str(value)
        html = getattr(value, "__html__", None)
        if html is not None and kind is not type:
            return str(html())
        value = str(value)
    if autoescape:
        if "&" in value:
            value = value.replace("&", "&amp;")
        if "<" in value:
            value = value.replace("<", "&lt;")
        if ">" in value:
            value = value.replace(">", "&gt;")
        if '"' in value:
            value = value.replace('"', "&#34;")
        if "'" in value:
            value = value.replace("'", "&#39;")
    return value
