"""Templates compiled to Python: escaped HTML by default, small enough for a microcontroller.

``utemplate.recompile.Loader`` (the default of microdot.utemplate) compiles what has changed,
``utemplate.compiled.Loader`` only takes compiled files, ``utemplate.source.Loader`` compiles every
time. ``safe()`` marks text that is HTML already.
"""


class Safe:
    """Text that is HTML already and is not escaped again."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


def safe(text):
    """Mark ``text`` (str) as HTML, so that ``{{ }}`` writes it as it is."""
    return Safe(text)


def escape(value):
    """``value`` as text in which nothing has a meaning in HTML; Safe text as it is."""
    if isinstance(value, Safe):
        return value.text
    text = value if isinstance(value, str) else str(value)
    for character in "&<>\"'":
        if character in text:
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            return text.replace('"', "&quot;").replace("'", "&#39;")
    return text


class TemplateError(Exception):
    """A mistake in a template: ``str()`` is ``name:line: expected ..., got ...``."""
