"""What all elements of the user interface have in common, and how the page knows them.

An element's HTML, the same for all:

    <firn-NAME id='ID' data-value='WIRE' data-args='ARGS'>
      <span class="firn-label">LABEL</span> FALLBACK
    </firn-NAME>

    ID      "<id of the cell>-<number>"; what the page names in "set", the server in "value"
    WIRE    JSON: the value now, as the page sends it
    ARGS    JSON: an object; what is not in it has the value in brackets below; any element may
            have "disabled" [false] and "wide" [false] (as wide as there is room)
    LABEL   HTML; the span is missing where there is none
    FALLBACK for pages without scripts: the value as text in <output>, or what the element holds

    NAME         WIRE         ARGS [default]
    slider       number       start, stop, step (null: any), int [false], live [true] (send while
                              it is moved, else when it is let go), vertical [false], show [false]
                              (the value beside it), input [false] (a number field beside it),
                              steps: list of numbers, WIRE is then an index of it (no start, stop)
    range-slider [low, high]  as slider; with steps: two indices
    number       number, null start [none], stop [none], step [none], live [false]
    switch       bool
    checkbox     bool
    text         str          kind ["text"] (also "password", "email", "url"), placeholder [""],
                              max_length [none], live [false] (send while typing; number: after
                              so many ms without a key), else on Enter and when it is left
    text-area    str          as text, without kind; rows
    date         "YYYY-MM-DD" start [none], stop [none]
    dropdown     [name] or [] options: list of names; none [false]: whether [] may be chosen;
                              search [false]
    multiselect  [name, ...]  options: list of names; max [none]: how many at most
    radio        name or null options: list of names; inline [false]
    tabs         "index", ""  names: list of HTML; vertical [false]. "" is the first. FALLBACK is
                              a <section> with a heading for each, in their order; the page
                              shows one of them
    button       clicks (int) kind ["neutral"] ("success", "warn", "danger", "info"), tooltip [""],
                              key [""] (a keyboard shortcut). Each set is a click, the number is
                              one more each time. LABEL is what stands on it. WIRE is 0 at first
    run-button   clicks       as button
    refresh      str          options: list of [name, seconds], interval [""]: name of the one that
                              is chosen at first. Send "<name> (<count>)", the count from 1, each
                              time the interval is over, "(<count>)" for a click on its button
    file          [[name, base64], ...]  types [[]]: list of what <input accept> takes, multiple
                              [false], area [false] (something to drop files on), max: bytes of
                              one. WIRE in the HTML: a list of names
    form         inner's WIRE child: ID of the element inside, which is in FALLBACK; submit, clear
                              ["" for none]: words on the buttons, bordered [true],
                              clear_on_submit [false], tooltip [""]. Elements inside send nothing
                              by themselves: the form sends the WIRE of its child when submitted
    array, dictionary, batch  {key: WIRE, ...}  children: {key: ID} of the elements, which are in
                              FALLBACK: each in <div class="firn-item">, with its key before it
                              in <span class="firn-key"> for a dictionary; in the text, for a
                              batch. They send by themselves; the WIRE is for a form around it,
                              and may have some of the keys only
    table        [row, ...]   row: str(index); selection: "multi", "single" or null; columns: list
                              of names (["value"] for a list of values), rows, page_size, page:
                              ints. FALLBACK: <table> with the page's rows, <tr data-row="3">, and
                              how many there are. For another page set {"page": n}, from 0: the
                              server answers with a "value" of {"page", "html" (the new FALLBACK),
                              "selected": [row, ...]}
"""

import json
import sys

from .context import Run, current, enter, leave
from .html import Html, escape

_MARKDOWN = "\\`*_~^[]!<>&\n:$"
_outside = 0  # elements made where no notebook runs


class UIElement(Html):
    """An element of the user interface.

    Options that most take: ``label`` (markdown), ``on_change`` (a function that is called with the
    new value), ``disabled``, ``full_width`` (bool).

    For subclasses: ``_tag``: NAME; ``_args()``: ARGS; ``_convert(wire)``: the value of what a page
    sent, or what _take() makes it of (ValueError for what it should not have sent); ``_wire()``:
    the reverse; ``_inner()``: FALLBACK.
    """

    _tag = ""
    _value = None
    _on_change = None
    _parent = None  # the array, dictionary or batch that this one is in
    _label = ""
    _disabled = False
    _full_width = False
    _counts = False  # whether each value counts, not only the last of those that wait

    def _begin(self, label, on_change, disabled=False, full_width=False):
        """Take the options that most elements have, and an id."""
        # Only what differs from the class: each attribute is memory.
        if label:
            if not isinstance(label, str):
                raise TypeError("expected label to be str, got %s" % type(label).__name__)
            self._label = label
        if on_change is not None:
            if not callable(on_change):
                raise TypeError("expected on_change to be a function, got %r" % (on_change,))
            self._on_change = on_change
        if disabled:
            self._disabled = True
        if full_width:
            self._full_width = True
        self._register()

    def _register(self):
        global _outside
        run = current()
        if run is None or run.is_handler or run.state is None:
            self._id = "-%d" % _outside
            _outside += 1
        else:
            self._id = "%s-%d" % (run.state.cell.id, run.count)
            run.count += 1
        if run is not None:
            run.kernel.add_element(self)

    @property
    def _cell_id(self):
        return self._id[: self._id.rfind("-")]

    @property
    def value(self):
        """The value, as the table in docs/notebooks.md says."""
        run = current()
        if (
            run is not None
            and not run.is_handler
            and run.state is not None
            and run.state.cell.id == self._cell_id
        ):
            raise RuntimeError(
                "expected the value of an element to be read in another cell than the one that "
                "makes it: that one does not run again when the value changes"
            )
        return self._value

    @value.setter
    def value(self, value):
        raise RuntimeError(
            "expected the value of an element to be set on the page only; give the value that it "
            "begins with to its constructor, and keep what changes in mo.state()"
        )

    @property
    def text(self):
        return self._html()

    def form(self, label="", **options):
        """This in a form: its value is None until it is submitted. Arguments as mo.ui.form has."""
        from .ui_form import form

        return form(self, label=label, **options)

    def __bool__(self):
        return True  # also of those that have a length: what is meant is mostly the value

    # Values from the page

    def _update(self, wire):
        """Take a value as the page sends it; returns the elements that have another value now.

        Raises ValueError, and then nothing is changed.
        """
        changed = []
        self._take(self._convert(wire), changed)
        parent = self._parent
        while parent is not None:
            changed.append(parent)
            parent = parent._parent
        for element in changed:
            if element._on_change is not None:
                element._tell()
        return changed

    def _take(self, converted, changed):
        """Have what _convert() gave; add all elements that change with it to ``changed``."""
        self._value = converted
        changed.append(self)

    def _tell(self):
        run = current()
        if run is None:
            self._on_change(self._value)
            return
        # What it sets does not run the cell again that has made this element.
        previous = enter(Run(run.kernel, run.kernel.state_of(self._cell_id), True))
        try:
            self._on_change(self._value)
        except Exception as error:
            run.kernel.report(error)
        finally:
            leave(previous)

    def _convert(self, wire):
        return wire

    def _wire(self):
        return self._value

    # In compounds

    def _copy(self, parent):
        """An element of its own like this one, in ``parent``."""
        copy = object.__new__(type(self))
        for name, value in self.__dict__.items():
            if name not in ("_id", "_parent"):
                setattr(copy, name, value)
        copy._register()
        if parent is not None:
            copy._parent = parent
        return copy

    # For the page

    def _args(self):
        return {}

    def _inner(self):
        return "<output>%s</output>" % escape(self._words())

    def _words(self):
        """The value as text, for pages without scripts."""
        value = self._value
        return "" if value is None else str(value)[:1000]

    def _for_page(self):
        """What a "value" message tells the page when the value has changed without it."""
        return self._wire()

    def _html(self):
        args = self._args()
        if self._disabled:
            args["disabled"] = True
        if self._full_width:
            args["wide"] = True
        label = self._label
        if label:
            label = '<span class="firn-label">%s</span> ' % label_html(label)
        return "<firn-%s id='%s' data-value='%s' data-args='%s'>%s%s</firn-%s>" % (
            self._tag,
            self._id,
            _attribute(self._wire()),
            _attribute(args),
            label,
            self._inner(),
            self._tag,
        )

    def __repr__(self):
        return "<mo.ui.%s %s>" % (type(self).__name__, self._id)


def label_html(text):
    """The HTML of a label (markdown)."""
    for character in _MARKDOWN:
        if character in text:
            from .markdown import inline

            return inline(text)
    return escape(text)


def _attribute(value):
    """``value`` as JSON for an attribute in single quotes: JSON itself is full of double ones."""
    text = json.dumps(value)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;")):
        if character in text:
            text = text.replace(character, entity)
    return text


def keys(mapping):
    """The keys of a dict as a list, in its order; sorted where MicroPython does not keep one."""
    found = list(mapping)
    if sys.implementation.name == "micropython" and type(mapping) is dict:
        found.sort(key=str)
    return found


def is_number(value):
    """Whether ``value`` is an int or a finite float."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return True
    return isinstance(value, float) and value - value == 0


def shown(wire):
    """A ``wire`` value in a message: no more of it than is needed."""
    text = repr(wire)
    return text if len(text) <= 60 else text[:57] + "..."


def refuse(expected, wire):
    """Raise the ValueError of a value that a page should not have sent."""
    raise ValueError("expected %s, got %s" % (expected, shown(wire)))
