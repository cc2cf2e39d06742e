"""A day that is chosen from a calendar."""

from .ui_element import UIElement, refuse


class date(UIElement):
    """A day (a datetime.date) from ``start`` to ``stop`` where these are given.

    ``start``, ``stop``, ``value``: datetime.date or "YYYY-MM-DD". Begins with ``value``, else with
    ``start``, else with today or with ``stop``, whichever is earlier.
    """

    _tag = "date"
    _start = None
    _stop = None

    def __init__(self, start=None, stop=None, value=None, *, label="", on_change=None,
                 full_width=False, disabled=False):  # fmt: skip
        day = _datetime().date
        if start is not None:
            self._start = _given("start", start)
        if stop is not None:
            self._stop = _given("stop", stop)
            if start is not None and self._stop < self._start:
                raise ValueError(
                    "expected stop to be at least start (%s), got %s" % (self._start, self._stop)
                )
        if value is None:
            value = self._start or day.today()
            if self._stop is not None and value > self._stop:
                value = self._stop
        else:
            value = _given("value", value)
            if self._is_outside(value):
                raise ValueError("expected value to be %s, got %s" % (self._range(), value))
        self._value = value
        self._begin(label, on_change, disabled, full_width)

    start = property(lambda self: self._start)
    stop = property(lambda self: self._stop)

    def _is_outside(self, value):
        return (self._start is not None and value < self._start) or (
            self._stop is not None and value > self._stop
        )

    def _range(self):
        return "a day from %s to %s" % (self._start or "any", self._stop or "any")

    def _convert(self, wire):
        value = _parsed(wire) if isinstance(wire, str) else None
        if value is None:
            refuse("a day as YYYY-MM-DD", wire)
        if self._is_outside(value):
            refuse(self._range(), wire)
        return value

    def _wire(self):
        return self._value.isoformat()

    def _args(self):
        args = {}
        if self._start is not None:
            args["start"] = self._start.isoformat()
        if self._stop is not None:
            args["stop"] = self._stop.isoformat()
        return args

    def _words(self):
        return self._value.isoformat()


def _datetime():
    try:
        import datetime
    except ImportError:
        raise ImportError(
            "expected the module datetime for mo.ui.date, which this device does not have: put "
            "datetime.py into its /lib"
        )
    return datetime


def _given(what, value):
    """The day of an argument."""
    found = _parsed(value) if isinstance(value, str) else value
    if found is None or not hasattr(found, "isoformat") or not hasattr(found, "toordinal"):
        raise ValueError("expected %s to be a date or YYYY-MM-DD, got %r" % (what, value))
    # A datetime is a day and a time.
    return found.date() if hasattr(found, "hour") else found


def _parsed(text):
    """The day of "YYYY-MM-DD", None for what is none."""
    parts = text.split("-") if len(text) == 10 else ()
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdigit() for part in parts):
        return None
    try:
        return _datetime().date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
