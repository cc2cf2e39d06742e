"""Elements that are made of others."""

from collections import OrderedDict

from .html import escape
from .ui_element import UIElement, keys, refuse


class _Compound(UIElement):
    """The elements in it are copies of those given, with ids of their own."""

    _elements = ()  # the elements: a list, or a dict

    def _adopt(self, elements):
        for element in elements:
            if not isinstance(element, UIElement):
                raise TypeError("expected elements, got %s" % type(element).__name__)
        return [element._copy(self) for element in elements]

    def _pairs(self):
        """[(key as the page knows it, element)]"""
        raise NotImplementedError

    def _gather(self, values):
        """The value, of ``values``: those of the elements, in order."""
        raise NotImplementedError

    @property
    def elements(self):
        """The elements, by index or key."""
        return self._elements

    def __len__(self):
        return len(self._elements)

    def __getitem__(self, key):
        return self._elements[key]

    def __iter__(self):
        return iter(self._elements)

    def __contains__(self, key):
        return key in self._elements

    @property
    def _value(self):
        return self._gather([element._value for key, element in self._pairs()])

    def _convert(self, wire):
        """[(element, what it takes)]"""
        pairs = self._pairs()
        if not isinstance(wire, dict) or len(wire) > len(pairs):
            refuse("an object with at most %d values" % len(pairs), wire)
        converted = []
        for key, element in pairs:
            if key in wire:
                try:
                    converted.append((element, element._convert(wire[key])))
                except ValueError as error:
                    raise ValueError("%s: %s" % (key, error))
        if len(converted) < len(wire):
            known = [key for key, element in pairs]
            for key in wire:
                if key not in known:
                    refuse("one of its keys", key)
        return converted

    def _take(self, converted, changed):
        for element, taken in converted:
            element._take(taken, changed)
        changed.append(self)

    def _wire(self):
        return {key: element._wire() for key, element in self._pairs()}

    def _args(self):
        return {"children": {key: element._id for key, element in self._pairs()}}


class array(_Compound):
    """A list of ``elements``; the value is the list of their values.

    Its elements are got by index. They are copies: the ones given are apart from them.
    """

    _tag = "array"

    def __init__(self, elements, *, label="", on_change=None):
        self._begin(label, on_change)
        self._elements = self._adopt(elements)

    def _pairs(self):
        return [(str(index), element) for index, element in enumerate(self._elements)]

    def _gather(self, values):
        return values

    def _copy(self, parent):
        copy = super()._copy(parent)
        copy._elements = copy._adopt(self._elements)
        return copy

    def hstack(self, **options):
        """Its elements in a row (Html); ``options`` as mo.hstack has them."""
        from .layout import hstack

        return hstack(self._elements, **options)

    def vstack(self, **options):
        """Its elements in a column (Html); ``options`` as mo.vstack has them."""
        from .layout import vstack

        return vstack(self._elements, **options)

    def _inner(self):
        return "".join(
            ['<div class="firn-item">%s</div>' % element._html() for element in self._elements]
        )


class dictionary(_Compound):
    """A dict of ``elements``; the value is the dict of their values.

    Its elements are got by key. They are copies: the ones given are apart from them.
    """

    _tag = "dictionary"

    def __init__(self, elements, *, label="", on_change=None):
        if not isinstance(elements, dict):
            raise TypeError("expected a dict of elements, got %s" % type(elements).__name__)
        self._begin(label, on_change)
        self._set(elements)

    def _set(self, elements):
        self._elements = OrderedDict()
        names = keys(elements)
        for name, copy in zip(names, self._adopt([elements[name] for name in names])):
            self._elements[name] = copy

    def keys(self):
        return self._elements.keys()

    def values(self):
        return self._elements.values()

    def items(self):
        return self._elements.items()

    def get(self, key, default=None):
        return self._elements.get(key, default)

    def _pairs(self):
        return [(str(key), element) for key, element in self._elements.items()]

    def _gather(self, values):
        return dict(zip(self._elements, values))

    def _copy(self, parent):
        copy = super()._copy(parent)
        copy._set(self._elements)
        return copy

    def _inner(self):
        return "".join(
            [
                '<div class="firn-item"><span class="firn-key">%s</span> %s</div>'
                % (escape(str(key)), element._html())
                for key, element in self._elements.items()
            ]
        )


class batch(dictionary):
    """``html`` (Html, such as mo.md gives) in which ``{name}`` stands for an element.

    ``elements``: a dict of them. The value is the dict of their values.
    """

    _tag = "batch"

    def __init__(self, html, elements, on_change=None, *, label=""):
        text = html.text
        if not isinstance(text, str):
            raise TypeError("expected Html, got %s" % type(html).__name__)
        # An element may be more than a paragraph can hold.
        text = text.replace("<p>", '<div class="mo-paragraph">').replace("</p>", "</div>")
        self._template = text
        super().__init__(elements, label=label, on_change=on_change)

    def _inner(self):
        text = self._template
        pieces = []
        done = 0
        start = text.find("{")
        while start >= 0:
            end = text.find("}", start)
            if end < 0:
                break
            element = self._elements.get(text[start + 1 : end])
            if element is None:
                start = text.find("{", start + 1)
                continue
            pieces.append(text[done:start])
            pieces.append(element._html())
            done = end + 1
            start = text.find("{", done)
        pieces.append(text[done:])
        return "".join(pieces)
