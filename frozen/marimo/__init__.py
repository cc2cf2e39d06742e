"""Reactive notebooks, with the part of marimo's interface that serves them from a program.

Nothing is imported until it is used: ``mo.md`` loads what ``md`` needs and nothing else.
"""

# Where each name is: "*" for those that are modules themselves. In flash, unlike a dict.
_PLACES = (
    ("App", "app"),
    ("create_asgi_app", "builder"),
    ("app_meta", "app_meta"),
    ("query_params", "query"),
    ("state", "state"),
    ("stop", "stopping"),
    ("output", "*"),
    ("status", "*"),
    ("ui", "*"),
    ("plot", "*"),
    ("Html", "html"),
    ("as_html", "html"),
    ("md", "markdown"),
    ("hstack", "layout"),
    ("vstack", "layout"),
    ("stat", "layout"),
    ("callout", "layout"),
    ("accordion", "layout"),
    ("plain_text", "layout"),
    ("center", "layout"),
    ("left", "layout"),
    ("right", "layout"),
)


def __getattr__(name):
    for known, place in _PLACES:
        if known == name and place != "*":
            value = getattr(__import__("marimo." + place, None, None, [name]), name)
            # Over the module of the same name, which importing has put there.
            globals()[name] = value
            return value
    # MicroPython comes here for ``from marimo import kernel`` too, before it looks for a module.
    try:
        value = __import__("marimo." + name, None, None, ["*"])
    except ImportError as error:
        raise AttributeError("module 'marimo' has no attribute %r (%s)" % (name, error))
    globals()[name] = value
    return value
