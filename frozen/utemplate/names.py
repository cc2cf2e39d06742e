"""Names of templates, and of what they are compiled to."""


def check(name):
    """Raise ValueError unless ``name`` (str) is that of a file in the templates' directory.

    Parts are separated by "/". Nothing leads out of the directory: no "..", no absolute path, no
    backslash, no control character, however the name is spelt.
    """
    if not isinstance(name, str):
        raise TypeError("expected a template's name, got %s" % type(name).__name__)
    good = not ("\\" in name or ":" in name or any(ord(c) < 32 or ord(c) == 127 for c in name))
    if not good or any(part in ("", ".", "..") for part in name.split("/")):
        raise ValueError("expected the name of a file in the templates' directory, got %r" % name)


def compiled(name):
    """The name of the Python file for the template ``name``: a/b.html gives a/b_html.py."""
    return name.replace(".", "_") + ".py"
