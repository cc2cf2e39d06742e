"""Notebooks: what ``import marimo as mo`` gives.

A name costs nothing until it is used: only then is the module loaded that has it.
"""

# (name, module): pairs stay in flash, a dict would not. A module without a name for it in the
# module is meant itself.
_NAMES = (
    ("App", "app"),
    ("CycleError", "app"),
    ("Html", "html"),
    ("MultipleDefinitionError", "app"),
    ("UnparsableError", "app"),
    ("accordion", "layout"),
    ("app_meta", "meta"),
    ("as_html", "html"),
    ("callout", "layout"),
    ("center", "layout"),
    ("create_asgi_app", "builder"),
    ("hstack", "layout"),
    ("left", "layout"),
    ("md", "markdown"),
    ("output", None),
    ("plain_text", "layout"),
    ("plot", None),
    ("query_params", "query"),
    ("right", "layout"),
    ("stat", "layout"),
    ("state", "state"),
    ("status", None),
    ("stop", "stopping"),
    ("style", "layout"),
    ("tree", "layout"),
    ("ui", None),
    ("vstack", "layout"),
)


def __getattr__(name):
    for known, module in _NAMES:
        if known == name:
            found = __import__("marimo." + (module or name), None, None, ("*",))
            if module is not None:
                found = getattr(found, name)
            # From now on without a search; also in place of a module of the same name.
            globals()[name] = found
            return found
    # MicroPython comes here for ``from marimo import kernel`` too, before it looks for a module.
    try:
        return __import__("marimo." + name, None, None, ("*",))
    except ImportError:
        raise AttributeError("module 'marimo' has no attribute '%s'" % name)


def __dir__():
    return [name for name, module in _NAMES]
