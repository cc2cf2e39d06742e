"""mo.plot: measurements as lines, bars and areas, drawn as SVG.

Colours are CSS variables of the page (--mo-1 to --mo-6, for one series each) with values that can
be told apart in light and dark, also by the colour-blind; text and axes have the text's colour.
"""

import io

from .html import Html, escape, is_iterable

_MAX_POINTS = 100000  # of a series
_MAX_GENERATED = 5000  # of a series that has to be kept: a generator may have no end
_MAX_SERIES = 12
_MAX_BARS = 200
_MAX_NAMES = 500  # of places on the horizontal axis
_COLUMN = 3  # pixels, of which a line shows the first, lowest, highest and last point
_LEFT = 52  # pixels around what is drawn
_RIGHT = 10
_TOP = 10
_BOTTOM = 24
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9")
_HUGE = 1e30  # beyond it, and for what is no number, there is a gap


def line(data, *, title=None, x_label=None, y_label=None, width=600, height=240, y_min=None,
         y_max=None, x_format=None, y_format=None):  # fmt: skip
    """``data`` as lines (Html).

    ``data``: numbers, (x, y) pairs (x: a number or a name), or {name: either of them} for several
    lines, also as a list of (name, values); a dict of numbers is drawn over its keys. None and NaN
    are gaps. ``title``, ``x_label``, ``y_label``: str;
    ``width``, ``height``: in pixels, of which the page shows as many as it has room for;
    ``y_min``, ``y_max``: numbers that the vertical axis has to reach; ``x_format``, ``y_format``:
    functions that make the text of a tick out of its number.
    """
    chart = _Chart("line", data, width, height, x_format, y_format)
    return chart.draw(title, x_label, y_label, y_min, y_max)


def area(data, *, title=None, x_label=None, y_label=None, width=600, height=240, y_min=None,
         y_max=None, x_format=None, y_format=None):  # fmt: skip
    """``data`` as lines with the area below filled, from 0. Arguments as line() has them."""
    chart = _Chart("area", data, width, height, x_format, y_format)
    return chart.draw(title, x_label, y_label, y_min, y_max)


def bar(data, *, title=None, x_label=None, y_label=None, width=600, height=240, y_min=None,
        y_max=None, x_format=None, y_format=None):  # fmt: skip
    """``data`` as bars from 0, those of several series side by side. Arguments as line() has."""
    chart = _Chart("bar", data, width, height, x_format, y_format)
    return chart.draw(title, x_label, y_label, y_min, y_max)


# Data


def _number(value):
    """A number, None for a gap; TypeError for anything else."""
    if value is None:
        return None
    if isinstance(value, (str, bytes, list, tuple, dict)):
        raise TypeError("expected numbers, None or (x, y) pairs, got %r" % (value,))
    value = value if isinstance(value, int) else float(value)
    return value if -_HUGE < value < _HUGE else None


def _series_of(data):
    """The series of ``data``: [(name or None, items)]."""
    if isinstance(data, dict):
        pairs = list(data.items())
        if pairs and not any(is_iterable(value) for _, value in pairs):
            return [(None, _over_keys(pairs))]
    else:
        pairs = data = _items(data)
        if not all(_is_series(item) for item in data):
            return [(None, data)]
    if len(pairs) > _MAX_SERIES:
        raise ValueError("expected at most %d series, got %d" % (_MAX_SERIES, len(pairs)))
    return [(str(name), _items(values)) for name, values in pairs]


def _is_series(item):
    """Whether an item of a list is a name with its values."""
    return isinstance(item, tuple) and len(item) == 2 and is_iterable(item[1])


def _over_keys(pairs):
    """Pairs of a dict: numbers in their order, names in that of the dict."""
    if any(isinstance(key, str) for key, _ in pairs):
        return [(str(key), value) for key, value in pairs]
    return sorted(pairs, key=lambda pair: pair[0])


def _items(values):
    if isinstance(values, dict):
        return _over_keys(list(values.items()))
    if not is_iterable(values):
        raise TypeError("expected a list of numbers or pairs, got %s" % type(values).__name__)
    if isinstance(values, (list, tuple)):
        if len(values) > _MAX_POINTS:
            raise ValueError("expected at most %d points in a series" % _MAX_POINTS)
        return values
    items = []
    for item in values:
        if len(items) == _MAX_GENERATED:
            raise ValueError(
                "expected at most %d points of a series that is not a list" % _MAX_GENERATED
            )
        items.append(item)
    return items


def _points(items, names):
    """Yields the (x, y) of items; a name's x is its place in ``names`` (a list, added to)."""
    for index, item in enumerate(items):
        x = index
        if isinstance(item, (list, tuple)):
            if len(item) != 2:
                raise TypeError("expected (x, y) pairs, got %r" % (item,))
            x, item = item
            if isinstance(x, str):
                if x not in names:
                    if len(names) == _MAX_NAMES:
                        raise ValueError("expected at most %d names" % _MAX_NAMES)
                    names.append(x)
                x = names.index(x)
            else:
                x = _number(x)
        yield x, None if x is None else _number(item)


def ticks(low, high, count):
    """About ``count`` round numbers from ``low`` to ``high``: (first, step, how many)."""
    rough = (high - low) / max(1, count)
    step = 10.0 ** _floor_log10(rough)
    for factor in (1, 2, 5, 10):
        if step * factor >= rough * 0.999:
            step *= factor
            break
    if step >= 1:
        step = int(step + 0.5)  # whole numbers stay exact where floats have few digits
    first = _ceil(low / step - 1e-6)
    last = -_ceil(-high / step - 1e-6)
    return first * step, step, max(0, min(50, last - first + 1))


def _ceil(number):
    whole = int(number)
    return whole + 1 if whole < number else whole


def _floor_log10(number):
    power = 0
    while number >= 10:
        number /= 10
        power += 1
    while number < 1:
        number *= 10
        power -= 1
    return power


def _text_of(number, step):
    """A tick's number with as many places as ``step`` needs."""
    power = _floor_log10(step * 1.001)
    if abs(number) < step / 1000:
        return "0"
    if power < -6 or abs(number) >= 1e7:
        return "%.4g" % number
    return "%.*f" % (max(0, -power), number)


class _Chart:
    def __init__(self, kind, data, width, height, x_format, y_format):
        for what, size in (("width", width), ("height", height)):
            if isinstance(size, bool) or not isinstance(size, int) or not 100 <= size <= 4000:
                raise ValueError("expected %s from 100 to 4000 pixels, got %r" % (what, size))
        self.kind = kind
        self.width = width
        self.height = height
        self.x_format = x_format
        self.y_format = y_format
        self.names = []  # of places on the horizontal axis, where they are not numbers
        # The points are made anew each time: the data are there already, a copy may not fit.
        self.series = _series_of(data)
        self.places = None  # x -> number of the bar
        if kind == "bar":
            self._place_bars()
        self.pieces = []

    def _place_bars(self):
        """Bars stand in the order of their x, at equal distances."""
        places = set()
        for _, items in self.series:
            for x, _ in _points(items, self.names):
                if x is not None:
                    places.add(x)
                if len(places) > _MAX_BARS:
                    raise ValueError("expected at most %d bars" % _MAX_BARS)
        if not self.names:
            places = sorted(places)
            # Numbers as far as they go; the axis names some of them.
            self.names = [
                "%.6g" % x if self.x_format is None else str(self.x_format(x)) for x in places
            ]
            self.places = {x: index for index, x in enumerate(places)}

    def _points(self, items):
        """Yields the (x, y) of a series that have both, None where there is a gap."""
        for x, y in _points(items, self.names):
            if x is None or y is None:
                yield None
            else:
                yield (x if self.places is None else self.places[x]), y

    def draw(self, title, x_label, y_label, y_min, y_max):
        if not self._measure(y_min, y_max):
            return self._figure(title, "nothing to show yet", "<p>No data yet.</p>")
        self._vertical_axis(y_label)
        self._horizontal_axis(x_label)
        for index in range(len(self.series)):
            points = self._points(self.series[index][1])
            colour = "var(--mo-%d,%s)" % (index % 6 + 1, _COLOURS[index % 6])
            if self.kind == "bar":
                self._bars(points, index, colour)
            else:
                self._line(points, colour)
        svg = '<svg viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">%s</svg>'
        label = self._summary(title, y_label)
        size = (self.width, self.height) * 2
        drawn = svg % (size + (escape(label), "".join(self.pieces)))
        return self._figure(title, None, drawn)

    def _figure(self, title, label, drawn):
        pieces = ['<figure class="mo-plot">']
        if title is not None:
            pieces.append("<figcaption>%s</figcaption>" % escape(str(title)))
        pieces.append(drawn)
        names = [name for name, _ in self.series if name is not None]
        if names and label is None:
            pieces.append('<figcaption class="mo-legend">')
            for index in range(len(names)):
                colour = "var(--mo-%d,%s)" % (index % 6 + 1, _COLOURS[index % 6])
                pieces.append(
                    '<svg width="12" height="12" aria-hidden="true">'
                    '<rect width="12" height="12" fill="%s"/></svg> %s '
                    % (colour, escape(names[index]))
                )
            pieces.append("</figcaption>")
        pieces.append("</figure>")
        return Html("".join(pieces))

    def _measure(self, y_min, y_max):
        """Find the ranges of the axes; whether there is a point at all."""
        xs = None
        ys = None
        self.count = 0
        for _, items in self.series:
            for point in self._points(items):
                if point is None:
                    continue
                x, y = point
                if xs is None:
                    xs = [x, x]
                    ys = [y, y]
                xs[0] = min(x, xs[0])
                xs[1] = max(x, xs[1])
                ys[0] = min(y, ys[0])
                ys[1] = max(y, ys[1])
                self.count += 1
        if xs is None:
            return False
        self.lowest, self.highest = ys
        if self.kind != "line":
            ys = [min(0, ys[0]), max(0, ys[1])]
        low = ys[0] if y_min is None else min(ys[0], _number(y_min))
        high = ys[1] if y_max is None else max(ys[1], _number(y_max))
        self.y_low, self.y_high = _widened(low, high)
        if self.kind == "bar":
            xs = [-0.5, len(self.names) - 0.5]
        elif xs[0] == xs[1]:
            xs = [xs[0] - 0.5, xs[1] + 0.5] if abs(xs[0]) < 1e5 else list(_widened(*xs))
        self.x_low, self.x_high = xs
        return True

    def _x(self, x):
        share = (x - self.x_low) / (self.x_high - self.x_low)
        return _LEFT + share * (self.width - _LEFT - _RIGHT)

    def _y(self, y):
        share = (y - self.y_low) / (self.y_high - self.y_low)
        return self.height - _BOTTOM - share * (self.height - _TOP - _BOTTOM)

    # Axes

    def _vertical_axis(self, label):
        first, step, count = ticks(self.y_low, self.y_high, self.height // 45)
        lines = []
        self._begin_text("end")
        for index in range(count):
            value = first + index * step
            y = self._y(value)
            lines.append("M%d %.1fH%d" % (_LEFT, y, self.width - _RIGHT))
            self._text(_LEFT - 5, y + 4, self._tick(value, step, self.y_format))
        self.pieces.append("</g>")
        if label is not None:
            self._begin_text("start")
            self._text(_LEFT + 3, _TOP + 8, str(label))
            self.pieces.append("</g>")
        self.pieces.append(
            '<path stroke="currentColor" stroke-opacity=".2" d="%s"/>' % "".join(lines)
        )

    def _horizontal_axis(self, label):
        y = self.height - 6
        room = self.width // 70
        self._begin_text("middle")
        if self.names:
            every = max(1, (len(self.names) + room - 1) // room)
            for index in range(0, len(self.names), every):
                if self.x_low <= index <= self.x_high:
                    self._text(self._x(index), y, self.names[index][:14])
        else:
            first, step, count = ticks(self.x_low, self.x_high, room)
            for index in range(count):
                value = first + index * step
                self._text(self._x(value), y, self._tick(value, step, self.x_format))
        self.pieces.append("</g>")
        if label is not None:
            self._begin_text("end")
            self._text(self.width - _RIGHT, self.height - _BOTTOM - 4, str(label))
            self.pieces.append("</g>")

    def _begin_text(self, anchor):
        self.pieces.append('<g fill="currentColor" font-size="11" text-anchor="%s">' % anchor)

    def _text(self, x, y, text):
        self.pieces.append('<text x="%d" y="%d">%s</text>' % (x, y, escape(text)))

    @staticmethod
    def _tick(value, step, format):
        return _text_of(value, step) if format is None else str(format(value))[:30]

    # Series

    def _line(self, points, colour):
        thin = self.count > self.width // 2
        part = _Part(thin)
        for point in points:
            if point is None:
                self._part(part, colour)
                part = _Part(thin)
            else:
                part.add(self._x(point[0]), self._y(point[1]))
        self._part(part, colour)

    def _part(self, part, colour):
        """Draw the piece of a line between two gaps."""
        drawn = part.text()
        if not drawn:
            return
        if part.first == part.last:
            self.pieces.append(
                '<circle cx="%.4g" cy="%.4g" r="2.5" fill="%s"/>' % (part.first + (colour,))
            )
            return
        if self.kind == "area":
            zero = self._y(0)
            corners = (part.first[0], zero, drawn, part.last[0], zero)
            self.pieces.append('<polygon fill="%s" fill-opacity=".25" points="' % colour)
            self.pieces.append('%.4g,%.4g %s %.4g,%.4g"/>' % corners)
        self.pieces.append(
            '<polyline fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round" points="'
            % colour
        )
        self.pieces.append(drawn)
        self.pieces.append('"/>')

    def _bars(self, points, index, colour):
        wide = (self.width - _LEFT - _RIGHT) / len(self.names)
        each = wide * 0.8 / len(self.series)
        zero = self._y(0)
        path = []
        for point in points:
            if point is not None:
                left = self._x(point[0]) - wide * 0.4 + each * index
                top = self._y(point[1])
                path.append("M%.4g %.4gV%.4gh%.3gV%.4gz" % (left, zero, top, each, zero))
        self.pieces.append('<path fill="%s" d="%s"/>' % (colour, "".join(path)))

    def _summary(self, title, y_label):
        """What the drawing shows, for those who do not see it."""
        what = title if title is not None else y_label if y_label is not None else "values"
        kind = "bars" if self.kind == "bar" else self.kind
        return "%s: %s, %d points, from %.4g to %.4g" % (
            what, kind, self.count, self.lowest, self.highest,
        )  # fmt: skip


def _widened(low, high):
    """A range with room around a value that never changes."""
    if high - low <= max(abs(low), abs(high)) * 1e-5:
        room = abs(low) * 0.1 or 1.0
        return low - room, high + room
    return low, high


class _Part:
    """The points (pixels) of a line without a gap, as the text of an attribute.

    With ``thin`` only those that can be told apart: of each column of pixels the first, the
    lowest, the highest and the last. ``first``, ``last``: of all.
    """

    def __init__(self, thin):
        self.first = self.last = None
        self._thin = thin
        self._text = io.StringIO()

    def add(self, x, y):
        """Go on to a point."""
        point = (x, y)
        if self.last is None:
            self.first = point
        elif self._thin and int(x) // _COLUMN == int(self.last[0]) // _COLUMN:
            self.last = point
            self._number += 1
            if y < self._low[1][1]:
                self._low = (self._number, point)
            elif y > self._high[1][1]:
                self._high = (self._number, point)
            return
        else:
            self._end_column()
        self.last = point
        self._number = 0
        self._low = self._high = (0, point)
        self._write(point)

    def _end_column(self):
        """Put out what the column has beside its first point."""
        if not self._number:
            return
        low, high = self._low, self._high
        for number, point in (low, high) if low[0] < high[0] else (high, low):
            if 0 < number < self._number:
                self._write(point)
        self._write(self.last)

    def _write(self, point):
        self._text.write(" %.4g,%.4g" % point)

    def text(self):
        """The points, empty for none."""
        if self.last is None:
            return ""
        self._end_column()
        return self._text.getvalue()[1:]
