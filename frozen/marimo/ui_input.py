"""Elements of one value that is moved, switched or typed."""

from .ui_element import UIElement, is_number, refuse

_MAX_TEXT = 65536  # characters that a page may send
_KINDS = ("text", "password", "email", "url")


class _Range(UIElement):
    """What slider and range_slider have in common: a range, or the steps in it."""

    _start = 0
    _stop = 0
    _step = None
    _steps = None
    _is_int = True
    _live = True
    _vertical = False
    _show = False
    _input = False

    def _set_range(self, start, stop, step, steps, values):
        if steps is not None and (start is not None or stop is not None or step is not None):
            raise ValueError("expected either steps, or start and stop, got both")
        if steps is not None:
            steps = _numbers("steps", steps)
            if not steps:
                raise ValueError("expected steps to have a number, got none")
            self._steps = steps
            return
        if start is None or stop is None:
            raise ValueError("expected start and stop, or steps, got neither")
        given = _numbers("start and stop", (start, stop))
        if stop < start:
            raise ValueError("expected stop to be at least start (%r), got %r" % (start, stop))
        if step is not None:
            given += _numbers("step", (step,))
            if step <= 0:
                raise ValueError("expected step to be more than 0, got %r" % (step,))
            self._step = step
        given += _numbers("value", values)
        if any(isinstance(number, float) for number in given):
            self._is_int = False
        self._start = start
        self._stop = stop
        for value in values:
            if not start <= value <= stop:
                raise ValueError(
                    "expected value to be from %r to %r, got %r" % (start, stop, value)
                )

    def _set_looks(self, debounce, orientation, show_value, include_input):
        if orientation not in ("horizontal", "vertical"):
            raise ValueError(
                "expected orientation to be 'horizontal' or 'vertical', got %r" % (orientation,)
            )
        if debounce:
            self._live = False
        if orientation == "vertical":
            self._vertical = True
        if show_value:
            self._show = True
        if include_input:
            self._input = True

    def _number(self, wire):
        """The value of one number that a page has sent."""
        if self._steps is not None:
            size = len(self._steps)
            if not is_number(wire) or wire != int(wire) or not 0 <= wire < size:
                refuse("an index from 0 to %d" % (size - 1), wire)
            return self._steps[int(wire)]
        if not is_number(wire) or not self._start <= wire <= self._stop:
            refuse("a number from %r to %r" % (self._start, self._stop), wire)
        if not self._is_int:
            return float(wire)
        if wire != int(wire):
            refuse("a whole number", wire)
        return int(wire)

    def _args(self):
        args = {}
        if self._steps is not None:
            args["steps"] = self._steps
        else:
            args["start"] = self._start
            args["stop"] = self._stop
            args["step"] = 1 if self._step is None and self._is_int else self._step
            if self._is_int:
                args["int"] = True
        if not self._live:
            args["live"] = False
        for name, is_set in (
            ("vertical", self._vertical),
            ("show", self._show),
            ("input", self._input),
        ):
            if is_set:
                args[name] = True
        return args


class slider(_Range):
    """A number from ``start`` to ``stop``; begins with ``value``, else with ``start``.

    ``step``: between the numbers that can be chosen; ``steps``: in place of the three, the
    numbers themselves. ``debounce``: whether it counts only when it is let go.
    The value is an int if all that was given are ints, else a float.
    """

    _tag = "slider"

    def __init__(self, start=None, stop=None, step=None, value=None, debounce=False,
                 disabled=False, orientation="horizontal", show_value=False, include_input=False,
                 steps=None, *, label="", on_change=None, full_width=False):  # fmt: skip
        self._set_range(start, stop, step, steps, () if value is None else (value,))
        if self._steps is not None:
            value = value if value in self._steps else self._steps[0]
        elif value is None:
            value = start
        self._value = value if self._is_int or self._steps is not None else float(value)
        self._set_looks(debounce, orientation, show_value, include_input)
        self._begin(label, on_change, disabled, full_width)

    start = property(lambda self: self._steps[0] if self._steps else self._start)
    stop = property(lambda self: self._steps[-1] if self._steps else self._stop)
    step = property(lambda self: self._step)
    steps = property(lambda self: self._steps)

    def _convert(self, wire):
        return self._number(wire)

    def _wire(self):
        return self._value if self._steps is None else self._steps.index(self._value)


class range_slider(_Range):
    """Two numbers, [low, high], from ``start`` to ``stop``. Arguments as slider has them."""

    _tag = "range-slider"

    def __init__(self, start=None, stop=None, step=None, value=None, debounce=False,
                 orientation="horizontal", show_value=False, steps=None, disabled=False,
                 *, label="", on_change=None, full_width=False):  # fmt: skip
        if value is not None:
            if not isinstance(value, (list, tuple)) or len(value) != 2:
                raise ValueError("expected value to be [low, high], got %r" % (value,))
            value = list(value)
        self._set_range(start, stop, step, steps, value or ())
        if value is None:
            value = [start, stop] if self._steps is None else [self._steps[0], self._steps[-1]]
        elif self._steps is not None and (
            value[0] not in self._steps or value[1] not in self._steps
        ):
            raise ValueError("expected value to be two of steps, got %r" % (value,))
        if value[0] > value[1] and self._steps is None:
            raise ValueError("expected value to be [low, high], got %r" % (value,))
        if not self._is_int and self._steps is None:
            value = [float(value[0]), float(value[1])]
        self._value = value
        self._set_looks(debounce, orientation, show_value, False)
        self._begin(label, on_change, disabled, full_width)

    def _convert(self, wire):
        if not isinstance(wire, (list, tuple)) or len(wire) != 2:
            refuse("[low, high]", wire)
        value = [self._number(wire[0]), self._number(wire[1])]
        if wire[0] > wire[1]:
            refuse("low to be at most high", wire)
        return value

    def _wire(self):
        if self._steps is None:
            return self._value
        return [self._steps.index(value) for value in self._value]


class number(UIElement):
    """A number that is typed, from ``start`` to ``stop`` where these are given, or None.

    Begins with ``value``, else with ``start``.
    """

    _tag = "number"
    _start = None
    _stop = None
    _step = None
    _live = True

    def __init__(self, start=None, stop=None, step=None, value=None, debounce=False, *,
                 label="", on_change=None, full_width=False, disabled=False):  # fmt: skip
        given = [x for x in (start, stop, step, value) if x is not None]
        _numbers("start, stop, step and value", given)
        if start is not None:
            self._start = start
        if stop is not None:
            self._stop = stop
            if start is not None and stop < start:
                raise ValueError("expected stop to be at least start (%r), got %r" % (start, stop))
        if step is not None:
            self._step = step
        if value is None:
            value = start
        elif self._is_outside(value):
            raise ValueError("expected value to be %s, got %r" % (self._range(), value))
        self._value = value
        if debounce:
            self._live = False
        self._begin(label, on_change, disabled, full_width)

    start = property(lambda self: self._start)
    stop = property(lambda self: self._stop)
    step = property(lambda self: self._step)

    def _is_outside(self, value):
        return (self._start is not None and value < self._start) or (
            self._stop is not None and value > self._stop
        )

    def _range(self):
        if self._start is None and self._stop is None:
            return "a number"
        if self._stop is None:
            return "a number of at least %r" % self._start
        if self._start is None:
            return "a number of at most %r" % self._stop
        return "a number from %r to %r" % (self._start, self._stop)

    def _convert(self, wire):
        if wire is None:
            return None
        if not is_number(wire) or self._is_outside(wire):
            refuse(self._range() + " or null", wire)
        return wire

    def _args(self):
        args = {"live": True} if self._live else {}
        for name, limit in (("start", self._start), ("stop", self._stop), ("step", self._step)):
            if limit is not None:
                args[name] = limit
        return args


class switch(UIElement):
    """On or off: a bool."""

    _tag = "switch"
    _value = False

    def __init__(self, value=False, *, label="", disabled=False, on_change=None):
        if not isinstance(value, bool):
            raise ValueError("expected value to be bool, got %s" % type(value).__name__)
        self._value = value
        self._begin(label, on_change, disabled)

    def _convert(self, wire):
        if not isinstance(wire, bool):
            refuse("true or false", wire)
        return wire

    def _words(self):
        return "on" if self._value else "off"


class checkbox(switch):
    """Checked or not: a bool."""

    _tag = "checkbox"


class _Text(UIElement):
    _value = ""
    _placeholder = ""
    _max_length = None
    _debounce = True

    def _set_text(self, value, placeholder, max_length, debounce):
        for what, text in (("value", value), ("placeholder", placeholder)):
            if not isinstance(text, str):
                raise TypeError("expected %s to be str, got %s" % (what, type(text).__name__))
        self._value = value
        if placeholder:
            self._placeholder = placeholder
        if max_length is not None:
            if not is_number(max_length) or max_length < 0:
                raise ValueError("expected max_length to be 0 or more, got %r" % (max_length,))
            self._max_length = max_length
        if debounce is not True:
            self._debounce = debounce

    def _convert(self, wire):
        if not isinstance(wire, str):
            refuse("text", wire)
        most = _MAX_TEXT if self._max_length is None else self._max_length
        if len(wire) > most:
            raise ValueError("expected at most %d characters, got %d" % (most, len(wire)))
        return wire

    def _args(self):
        args = {}
        if self._placeholder:
            args["placeholder"] = self._placeholder
        if self._max_length is not None:
            args["max_length"] = self._max_length
        if self._debounce is not True:
            # False: with each key; a number: so many milliseconds after the last one.
            args["live"] = self._debounce or True
        return args


class text(_Text):
    """A line of text. ``kind``: "text", "password", "email" or "url"; ``max_length``: characters;
    ``debounce``: True: it counts on Enter and when it is left; False: with each key; an int: so
    many milliseconds after the last key."""

    _tag = "text"
    _kind = "text"

    def __init__(self, value="", placeholder="", kind="text", max_length=None, disabled=False,
                 debounce=True, *, label="", on_change=None, full_width=False):  # fmt: skip
        if kind not in _KINDS:
            raise ValueError("expected kind to be one of %s, got %r" % (", ".join(_KINDS), kind))
        if kind != "text":
            self._kind = kind
        self._set_text(value, placeholder, max_length, debounce)
        self._begin(label, on_change, disabled, full_width)

    def _args(self):
        args = super()._args()
        if self._kind != "text":
            args["kind"] = self._kind
        return args

    def _wire(self):
        # A password does not come back in a page.
        return "" if self._kind == "password" else self._value

    def _words(self):
        return "" if self._kind == "password" else super()._words()


class text_area(_Text):
    """Text of several lines; ``rows``: how many are seen. Other arguments as text has them."""

    _tag = "text-area"
    _rows = 0

    def __init__(self, value="", placeholder="", max_length=None, disabled=False, debounce=True,
                 rows=None, *, label="", on_change=None, full_width=False):  # fmt: skip
        if rows:
            self._rows = rows
        self._set_text(value, placeholder, max_length, debounce)
        self._begin(label, on_change, disabled, full_width)

    def _args(self):
        args = super()._args()
        args["rows"] = self._rows or 4
        return args


def _numbers(what, values):
    """``values`` as a list; TypeError where one is no number that a page can show."""
    found = list(values)
    for value in found:
        if not is_number(value):
            raise TypeError("expected %s to be numbers, got %r" % (what, value))
    return found
