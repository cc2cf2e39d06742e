"""Elements that choose from what is given."""

from .html import as_html
from .ui_element import UIElement, keys, label_html, refuse, shown


class _Choice(UIElement):
    """``options``: a list (of values, shown as their str()) or a dict of name: value.

    MicroPython's dicts keep no order: there options are sorted, but for an OrderedDict's.
    """

    _names = ()
    _values = ()
    _chosen = None  # the index, or a list of indices

    def _set_options(self, options):
        if isinstance(options, dict):
            values = keys(options)
            names = [str(name) for name in values]
            values = [options[name] for name in values]
        else:
            values = list(options)
            names = values
            if not all(isinstance(value, str) for value in values):
                names = [str(value) for value in values]
        if len(set(names)) < len(names):
            raise ValueError("expected options of different names, got %s" % shown(names))
        self._names = names
        self._values = values

    @property
    def options(self):
        """{name: value}"""
        return dict(zip(self._names, self._values))

    @property
    def selected_key(self):
        """The name of what is chosen, None for nothing."""
        return None if self._chosen is None else self._names[self._chosen]

    def _index(self, name):
        """The index of an option by its name; ValueError for none of them."""
        if isinstance(name, str):
            try:
                return self._names.index(name)
            except ValueError:
                pass
        refuse("one of the options (%s)" % self._listed(), name)

    def _listed(self):
        text = ", ".join([repr(name) for name in self._names[:10]])
        return text if len(self._names) <= 10 else text + ", ..."

    def _given(self, value):
        """The index of an argument ``value``: a name, or what str() makes one."""
        return None if value is None else self._index(str(value))

    @property
    def _value(self):
        return self._value_of(self._chosen)

    def _value_of(self, chosen):
        return None if chosen is None else self._values[chosen]

    def _take(self, chosen, changed):
        self._chosen = chosen
        changed.append(self)

    def _words(self):
        return "" if self._chosen is None else self._names[self._chosen]


class dropdown(_Choice):
    """One of ``options`` (a list, or a dict of name: value), or None.

    ``value``: the name that is chosen at first; ``allow_select_none``: whether nothing can be
    chosen (None: only if there is no ``value``; False without one: the first option is chosen);
    ``searchable``: whether to find by typing.
    """

    _tag = "dropdown"
    _none = False
    _search = False

    def __init__(self, options, value=None, allow_select_none=None, searchable=False, *,
                 label="", on_change=None, full_width=False, disabled=False):  # fmt: skip
        self._set_options(options)
        self._chosen = self._given(value)
        if allow_select_none is None:
            allow_select_none = value is None
        elif not allow_select_none and value is None and self._names:
            self._chosen = 0
        if allow_select_none:
            self._none = True
        if searchable:
            self._search = True
        self._begin(label, on_change, disabled, full_width)

    def _convert(self, wire):
        if not isinstance(wire, (list, tuple)) or len(wire) > 1:
            refuse("a list of one name at most", wire)
        if wire:
            return self._index(wire[0])
        if not self._none:
            refuse("one of the options (%s)" % self._listed(), wire)
        return None

    def _wire(self):
        return [] if self._chosen is None else [self._names[self._chosen]]

    def _args(self):
        args = {"options": self._names}
        if self._none:
            args["none"] = True
        if self._search:
            args["search"] = True
        return args


class radio(_Choice):
    """One of ``options`` (a list, or a dict of name: value), or None until one is chosen.

    ``value``: the name that is chosen at first; ``inline``: beside each other.
    """

    _tag = "radio"
    _inline = False

    def __init__(self, options, value=None, inline=False, *, label="", on_change=None,
                 disabled=False):  # fmt: skip
        self._set_options(options)
        self._chosen = self._given(value)
        if inline:
            self._inline = True
        self._begin(label, on_change, disabled)

    def _convert(self, wire):
        return None if wire is None else self._index(wire)

    def _wire(self):
        return self.selected_key

    def _args(self):
        args = {"options": self._names}
        if self._inline:
            args["inline"] = True
        return args


class multiselect(_Choice):
    """A list of some of ``options`` (a list, or a dict of name: value).

    ``value``: a list of the names that are chosen at first; ``max_selections``: how many at most.
    """

    _tag = "multiselect"
    _max = None

    def __init__(self, options, value=None, *, label="", on_change=None, full_width=False,
                 max_selections=None, disabled=False):  # fmt: skip
        self._set_options(options)
        if max_selections is not None:
            if max_selections < 0:
                raise ValueError("expected max_selections of 0 or more, got %r" % max_selections)
            self._max = max_selections
        self._chosen = self._convert([str(name) for name in value or ()])
        self._begin(label, on_change, disabled, full_width)

    def _value_of(self, chosen):
        return [self._values[index] for index in chosen]

    def _convert(self, wire):
        if not isinstance(wire, (list, tuple)):
            refuse("a list of names", wire)
        most = len(self._names) if self._max is None else min(self._max, len(self._names))
        if len(wire) > most:
            raise ValueError("expected at most %d names, got %d" % (most, len(wire)))
        chosen = []
        for name in wire:
            index = self._index(name)
            if index in chosen:
                refuse("each name once", name)
            chosen.append(index)
        return chosen

    def _wire(self):
        return [self._names[index] for index in self._chosen]

    selected_key = property(_wire)

    def _args(self):
        args = {"options": self._names}
        if self._max is not None:
            args["max"] = self._max
        return args

    def _words(self):
        return ", ".join(self._wire())


class tabs(_Choice):
    """Pages of which one is seen: a dict of label: any value. The element's value is the label.

    ``value``: the label of the first one to be seen; ``lazy``: whether content may be functions,
    which are called when it is shown.
    """

    _tag = "tabs"
    _lazy = False
    _vertical = False

    def __init__(self, tabs, value=None, lazy=False, *, orientation="horizontal", label="",
                 on_change=None):  # fmt: skip
        if not isinstance(tabs, dict) or not tabs:
            raise ValueError("expected a dict of tabs, got %r" % (tabs,))
        if orientation not in ("horizontal", "vertical"):
            raise ValueError(
                "expected orientation to be 'horizontal' or 'vertical', got %r" % (orientation,)
            )
        self._set_options(tabs)
        if value is not None:
            self._chosen = self._given(value)
        if lazy:
            self._lazy = True
        if orientation == "vertical":
            self._vertical = True
        self._begin(label, on_change)

    def _value_of(self, chosen):
        return self._names[chosen or 0]

    def _convert(self, wire):
        size = len(self._names)
        if wire == "":
            return None
        if not isinstance(wire, str) or len(wire) > 6 or not wire.isdigit() or int(wire) >= size:
            refuse('an index from "0" to "%d"' % (size - 1), wire)
        return int(wire)

    def _wire(self):
        return "" if self._chosen is None else str(self._chosen)

    def _args(self):
        args = {"names": [label_html(name) for name in self._names]}
        if self._vertical:
            args["vertical"] = True
        return args

    def _inner(self):
        pieces = []
        for name, content in zip(self._names, self._values):
            if self._lazy and callable(content):
                content = content()
            pieces.append(
                "<section><h3>%s</h3>%s</section>" % (label_html(name), as_html(content).text)
            )
        return "".join(pieces)
