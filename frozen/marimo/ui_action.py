"""Elements that make something happen: buttons, and a clock."""

from .context import current
from .ui_element import UIElement, is_number, refuse, shown

_KINDS = ("neutral", "success", "warn", "danger", "info", "alert")
_UNITS = (("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400))
_MIN_INTERVAL = 0.1  # seconds


class _Button(UIElement):
    _counts = True
    _kind = "neutral"
    _tooltip = ""
    _key = ""

    def _set_looks(self, kind, tooltip, keyboard_shortcut):
        if kind not in _KINDS:
            raise ValueError("expected kind to be one of %s, got %r" % (", ".join(_KINDS), kind))
        if kind != "neutral":
            self._kind = kind
        if tooltip:
            self._tooltip = tooltip
        if keyboard_shortcut:
            self._key = keyboard_shortcut

    def _convert(self, wire):
        if not is_number(wire) or wire != int(wire) or wire < 1:
            refuse("a count of clicks, 1 or more", wire)
        return self._clicked()

    def _wire(self):
        return 0

    def _args(self):
        args = {}
        if self._kind != "neutral":
            args["kind"] = self._kind
        if self._tooltip:
            args["tooltip"] = self._tooltip
        if self._key:
            args["key"] = self._key
        return args

    def _inner(self):
        return ""


class button(_Button):
    """A button: each click sets the value to ``on_click(value)``, which begins with ``value``.

    ``kind``: "neutral", "success", "warn", "danger" or "info"; ``tooltip`` (str);
    ``keyboard_shortcut`` (str), such as "Ctrl-L".
    """

    _tag = "button"
    _on_click = None

    def __init__(self, on_click=None, value=None, kind="neutral", disabled=False, tooltip=None,
                 *, label="click here", on_change=None, full_width=False,
                 keyboard_shortcut=None):  # fmt: skip
        if on_click is not None:
            if not callable(on_click):
                raise TypeError("expected on_click to be a function, got %r" % (on_click,))
            self._on_click = on_click
        if value is not None:
            self._value = value
        self._set_looks(kind, tooltip, keyboard_shortcut)
        self._begin(label, on_change, disabled, full_width)

    def _clicked(self):
        return self._value if self._on_click is None else self._on_click(self._value)


class run_button(_Button):
    """A button whose value is True in the run that a click causes, and False otherwise.

    Arguments as button has them.
    """

    _tag = "run-button"
    _value = False

    def __init__(self, kind="neutral", disabled=False, tooltip=None, *, label="click to run",
                 on_change=None, full_width=False, keyboard_shortcut=None):  # fmt: skip
        self._set_looks(kind, tooltip, keyboard_shortcut)
        self._begin(label, on_change, disabled, full_width)

    def _clicked(self):
        return True

    def _take(self, converted, changed):
        super()._take(converted, changed)
        run = current()
        if run is not None:
            run.kernel.reset_after_run(self)

    def _reset(self):
        self._value = False


class refresh(UIElement):
    """A clock: the page sets it again and again, and what depends on it runs.

    ``options``: the intervals to choose from: numbers of seconds, or str such as "1s", "5m", "1h";
    ``default_interval``: the one that is chosen at first (None: no clock until one is chosen).
    The value is "" at first, then "<interval> (<count>)".
    """

    _tag = "refresh"
    _value = ""
    _options = ()
    _interval = ""

    def __init__(self, options=None, default_interval=None, *, label="", on_change=None):
        if options is not None and not isinstance(options, (list, tuple)):
            raise TypeError("expected options to be a list, got %r" % (options,))
        given = list(options or ())
        if default_interval is not None and default_interval not in given:
            given.append(default_interval)
        if given:
            self._options = [(str(option), _seconds(option)) for option in given]
        if default_interval is not None:
            self._interval = str(default_interval)
        self._begin(label, on_change)

    def _convert(self, wire):
        if not isinstance(wire, str) or len(wire) > 40:
            refuse('text such as "5s (1)"', wire)
        name, mark, count = wire.partition(" (") if wire[:1] != "(" else ("", "(", wire[1:])
        if not mark or count[-1:] != ")" or not count[:-1].isdigit():
            refuse('text such as "5s (1)"', wire)
        if name and name not in [option[0] for option in self._options]:
            refuse(
                "one of the intervals (%s)" % ", ".join([option[0] for option in self._options]),
                name,
            )
        return wire

    def _args(self):
        args = {"options": [list(option) for option in self._options]}
        if self._interval:
            args["interval"] = self._interval
        return args


def _seconds(interval):
    """The seconds of an interval: a number, or numbers with units, such as "1m 30s"."""
    if is_number(interval):
        seconds = interval
    else:
        seconds = 0
        for part in interval.split() if isinstance(interval, str) else ():
            seconds += _part(part, interval)
    if seconds < _MIN_INTERVAL:
        raise ValueError(
            'expected an interval such as 5, "5s", "1m 30s" or "1h", at least %r seconds, got %s'
            % (_MIN_INTERVAL, shown(interval))
        )
    return seconds


def _part(part, interval):
    for unit, factor in _UNITS:
        if part.endswith(unit):
            try:
                return float(part[: -len(unit)]) * factor
            except ValueError:
                pass
    raise ValueError(
        'expected an interval such as 5, "5s", "1m 30s" or "1h", got %s' % shown(interval)
    )
