"""Tables, of which rows can be chosen."""

from .context import current
from .html import Html, escape
from .ui_element import UIElement, keys, refuse

_MAX_PAGE = 200  # rows in the HTML
_MAX_COLUMNS = 50  # in the HTML
_MAX_CELL = 200  # characters of a value
# Arguments of the original that are about looks; passed over here.
_PASSED_OVER = (
    "show_column_summaries", "show_data_types", "freeze_columns_left", "freeze_columns_right",
    "text_justify_columns", "wrapped_columns", "header_tooltip", "show_download", "show_search",
    "show_column_explorer", "show_row_explorer", "show_chart_builder", "max_columns",
    "max_height", "style_cell", "hover_template", "download_csv_encoding",
    "download_csv_separator", "download_json_ensure_ascii", "column_widths", "visible_columns",
)  # fmt: skip


class table(UIElement):
    """``data``: a list of dicts (rows), a dict of lists (columns) or a list of values.

    The value is what is chosen of it: a list of rows or values, or a dict of shorter lists.
    ``selection``: "multi", "single" or None; ``initial_selection``: a list of indices;
    ``pagination``: whether to show ``page_size`` rows at a time (at most 200 are shown anyway),
    None: if there are more; ``format_mapping``: {column: a function, or a str to be formatted};
    ``hidden_columns``: a list of names.
    """

    _tag = "table"
    _selection = "multi"
    _page = 0
    _page_size = 10
    _format = None

    def __init__(self, data, pagination=None, selection="multi", initial_selection=None,
                 page_size=None, *, format_mapping=None, hidden_columns=(), label="",
                 on_change=None, **looks):  # fmt: skip
        for name in looks:
            if name not in _PASSED_OVER:
                raise TypeError("mo.ui.table got an unexpected argument %r" % name)
        if selection not in ("multi", "single", None):
            raise ValueError(
                "expected selection to be 'multi', 'single' or None, got %r" % (selection,)
            )
        page_size = 10 if page_size is None else page_size
        if not 1 <= page_size <= _MAX_PAGE:
            raise ValueError("expected page_size from 1 to %d, got %r" % (_MAX_PAGE, page_size))
        self._set_data(data)
        if hidden_columns:
            self._columns = [name for name in self._columns if name not in hidden_columns]
        if selection != "multi":
            self._selection = selection
        size = _MAX_PAGE if pagination is False else page_size
        if size != 10:
            self._page_size = size
        if format_mapping:
            self._format = format_mapping
        chosen = initial_selection or ()
        self._chosen = self._convert([str(index) for index in chosen]) if chosen else []
        self._begin(label, on_change)

    def _set_data(self, data):
        if isinstance(data, dict):
            lengths = [len(column) for column in data.values()]
            if lengths and min(lengths) != max(lengths):
                raise ValueError("expected columns of one length, got %r" % (lengths,))
            self._rows = lengths[0] if lengths else 0
            self._columns = keys(data)
        elif isinstance(data, (list, tuple)):
            self._rows = len(data)
            self._columns = _columns(data)
        else:
            raise TypeError(
                "expected data to be a list or a dict of lists, got %s" % type(data).__name__
            )
        self.data = data

    @property
    def _value(self):
        return self._value_of(self._chosen)

    def _value_of(self, chosen):
        data = self.data
        if isinstance(data, dict):
            return {name: [data[name][index] for index in chosen] for name in data}
        return [data[index] for index in chosen]

    def _update(self, wire):
        if not isinstance(wire, dict):
            return super()._update(wire)
        page = wire.get("page")
        most = max(0, (self._rows - 1) // self._page_size)
        if not isinstance(page, int) or isinstance(page, bool) or not 0 <= page <= most:
            refuse("a page from 0 to %d" % most, page)
        self._page = page
        run = current()
        if run is not None:
            run.kernel.notify("value", self)
        return []

    def _convert(self, wire):
        most = {"multi": self._rows, "single": 1, None: 0}[self._selection]
        if not isinstance(wire, (list, tuple)) or len(wire) > most:
            refuse("a list of at most %d rows" % most, wire)
        chosen = []
        seen = set()
        for item in wire:
            index = int(item) if isinstance(item, str) and item.isdigit() and len(item) < 9 else -1
            if not 0 <= index < self._rows or index in seen:
                refuse("rows from 0 to %d, each once" % (self._rows - 1), item)
            seen.add(index)
            chosen.append(index)
        return chosen

    def _take(self, chosen, changed):
        self._chosen = chosen
        changed.append(self)

    def _wire(self):
        return [str(index) for index in self._chosen]

    def _for_page(self):
        return {"page": self._page, "html": self._inner(), "selected": self._wire()}

    def _args(self):
        return {
            "selection": self._selection,
            "columns": [str(name) for name in self._columns] or ["value"],
            "rows": self._rows,
            "page_size": self._page_size,
            "page": self._page,
        }

    # HTML

    def _inner(self):
        start = self._page * self._page_size
        end = min(start + self._page_size, self._rows)
        columns = self._columns[:_MAX_COLUMNS]
        pieces = ["<table><thead><tr>"]
        for name in columns or ("value",):
            pieces.append('<th scope="col">%s</th>' % escape(str(name)))
        pieces.append("</tr></thead><tbody>")
        for row in range(start, end):
            pieces.append('<tr data-row="%d">' % row)
            for name in columns or (None,):
                pieces.append("<td>%s</td>" % self._cell(row, name))
            pieces.append("</tr>")
        pieces.append("</tbody></table><p>%s</p>" % self._counted(start, end, len(columns)))
        return "".join(pieces)

    def _counted(self, start, end, columns):
        text = "%d row%s" % (self._rows, "" if self._rows == 1 else "s")
        if end - start < self._rows:
            text = "rows %d to %d of %d" % (start + 1, end, self._rows)
        if columns < len(self._columns):
            text += ", %d of %d columns" % (columns, len(self._columns))
        return text

    def _cell(self, row, name):
        """The HTML of a value; ``name`` of its column, None for the values of a list."""
        data = self.data
        if isinstance(data, dict):
            value = data[name][row]
        elif name is None:
            value = data[row]
        else:
            # Rows may be of unlike kinds.
            value = data[row].get(name) if isinstance(data[row], dict) else data[row]
        form = self._format.get(name) if self._format else None
        if form is not None and value is not None:
            value = form(value) if callable(form) else form.format(value)
        if value is None:
            return ""
        if isinstance(value, Html):
            return value.text
        text = str(value)
        return escape(text if len(text) <= _MAX_CELL else text[:_MAX_CELL] + "…")


def _columns(rows):
    """The keys of all rows, in the order in which they come."""
    found = []
    seen = set()
    for row in rows:
        if isinstance(row, dict):
            for name in keys(row):
                if name not in seen:
                    seen.add(name)
                    found.append(name)
    return found
