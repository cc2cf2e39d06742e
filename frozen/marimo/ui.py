"""mo.ui: the elements of the user interface, each loaded with its likes when it is first used."""

# (name, module): pairs stay in flash, a dict would not.
_PLACES = (
    ("array", "ui_compound"),
    ("batch", "ui_compound"),
    ("button", "ui_action"),
    ("checkbox", "ui_input"),
    ("date", "ui_date"),
    ("dictionary", "ui_compound"),
    ("dropdown", "ui_choice"),
    ("file", "ui_file"),
    ("form", "ui_form"),
    ("multiselect", "ui_choice"),
    ("number", "ui_input"),
    ("radio", "ui_choice"),
    ("range_slider", "ui_input"),
    ("refresh", "ui_action"),
    ("run_button", "ui_action"),
    ("slider", "ui_input"),
    ("switch", "ui_input"),
    ("table", "ui_table"),
    ("tabs", "ui_choice"),
    ("text", "ui_input"),
    ("text_area", "ui_input"),
)


def __getattr__(name):
    for known, module in _PLACES:
        if known == name:
            found = getattr(__import__("marimo." + module, None, None, ("*",)), name)
            globals()[name] = found
            return found
    raise AttributeError("module 'marimo.ui' has no attribute '%s'" % name)


def __dir__():
    return [name for name, module in _PLACES]
