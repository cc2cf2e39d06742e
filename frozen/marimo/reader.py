"""Reads the text of a notebook: its top level by itself, each cell by a Names."""

from .cell import Cell
from .constants import arguments
from .names import Names
from .tokens import TokenError, Tokens, const
from .undent import plain, undented

# As in tokens.py.
_NAME = const(1)
_NEWLINE = const(7)
_INDENT = const(8)
_DEDENT = const(9)
_END = const(10)

_MAX_CELLS = const(1000)
_KINDS = {"cell": "cell", "function": "function", "class_definition": "class"}
# What begins a line where reading goes on after something that is no Python.
_MARKS = (
    b"\n@app.", b"\napp._unparsable_cell(", b"\nwith app.setup", b"\nasync with app.setup",
    b"\nif __name__ ",
)  # fmt: skip


class Reader:
    """Reads ``data`` (bytes in UTF-8 that end with a newline).

    After read(): ``cells`` (list of Cell, ids and indexes not set), ``options`` (dict)."""

    def __init__(self, data):
        self.data = data
        self.cells = []
        self.options = None
        self._tokens = Tokens(data)
        self._alias = None  # the name that marimo was imported by
        self._shared = {}  # names, one object each
        self._counted = (0, 1)  # an offset, and its line
        self._begin = 0  # where the statement or the text of the cell begins that is being read
        self._present = None  # that cell, until it is complete
        self._margin = None  # the indentation of its text; None while it is not known

    def read(self):
        """Read it all: None, or why it is no notebook (str)."""
        is_empty = True
        while True:
            tokens = self._tokens
            try:
                kind = tokens.advance()
                if kind == _END:
                    break
                if kind != _NEWLINE and kind != _DEDENT:
                    is_empty = False
                    self._begin = tokens.start
                    self._statement(kind)
            except TokenError as error:
                is_empty = False
                if not self._recover(error):
                    break
            if len(self.cells) > _MAX_CELLS:
                return "expected at most %d cells" % _MAX_CELLS
        if is_empty or self.options is not None:
            return None
        if self._alias is None:
            return 'expected a marimo notebook, got a file without "import marimo"'
        return 'expected "app = %s.App()" after the import of marimo' % self._alias

    def _recover(self, error):
        """Go on after text that is no Python; False where nothing follows."""
        data = self.data
        cell = self._present
        next_at = -1
        for mark in _MARKS:
            at = data.find(mark, self._begin)
            if at >= 0 and (next_at < 0 or at < next_at):
                next_at = at
        if cell is not None:
            self._present = None
            self._line_of(cell, self._begin)
            end = len(data) if next_at < 0 else next_at
            cell.code = plain(data[self._begin : end], self._margin)
            cell.error = "line %d: %s" % (data.count(b"\n", 0, error.at) + 1, error)
            self.cells.append(cell)
        if next_at < 0:
            return False
        self._tokens = Tokens(data, next_at + 1)
        return True

    def _statement(self, kind):
        tokens = self._tokens
        if kind == 0x40:  # @
            self._decorated()
            return
        if kind == _NAME:
            word = tokens.text()
            if word == "import":
                self._import()
            elif word == "app":
                self._app()
            elif word == "with" or word == "async":
                if word == "async":
                    tokens.advance()
                if tokens.text() == "with" and self._setup(word == "async"):
                    return
        self._skip()

    def _skip(self):
        """Read to the end of a statement, with its block."""
        tokens = self._tokens
        kind = tokens.kind
        while kind != _NEWLINE and kind != _END:
            kind = tokens.advance()
        depth = 0
        while kind != _END:
            kind = tokens.advance()
            if kind == _INDENT:
                depth += 1
            elif kind == _DEDENT:
                depth -= 1
                if depth <= 0:
                    return
            elif not depth:
                break
        tokens.again()

    def _import(self):
        """import marimo, import marimo as mo: the name that makes the application."""
        tokens = self._tokens
        if tokens.advance() == _NAME and tokens.text() == "marimo":
            self._alias = "marimo"
            is_renamed = tokens.advance() == _NAME and tokens.text() == "as"
            if is_renamed and tokens.advance() == _NAME:
                self._alias = tokens.text()

    def _app(self):
        """app = marimo.App(...), app._unparsable_cell(...)"""
        tokens = self._tokens
        kind = tokens.advance()
        if kind == 0x3D and self.options is None and self._alias is not None:
            if self._are(self._alias, ".", "App", "("):
                self.options = {}
                self.options = _named(arguments(tokens))
        elif kind == 0x2E and self._are("_unparsable_cell", "("):
            given = arguments(tokens)
            if isinstance(given.get(0), str):
                name = given.get("name")
                cell = self._cell("unparsable", name if isinstance(name, str) else "_", given)
                cell.error = "the cell was saved with a syntax error"
                self._line_of(cell, self._begin)
                cell.code = plain(given[0].encode(), None)
                self.cells.append(cell)
                self._present = None

    def _are(self, *texts):
        """Whether the next tokens are ``texts``; stops at the first that is not."""
        for text in texts:
            self._tokens.advance()
            if self._tokens.text() != text:
                return False
        return True

    def _setup(self, is_async):
        """with app.setup: or with app.setup(...):, from its "with"; whether it is one."""
        tokens = self._tokens
        if not self._are("app", ".", "setup") or any(c.kind == "setup" for c in self.cells):
            return False
        settings = {}
        if tokens.advance() == 0x28:
            settings = arguments(tokens)
            tokens.advance()
        if tokens.kind != 0x3A:
            return False
        cell = self._cell("setup", "setup", settings)
        cell.is_async = is_async
        tokens.advance()
        self._body(cell)
        return True

    def _decorated(self):
        """@app.cell and its like, and what it decorates."""
        tokens = self._tokens
        cell = None
        while tokens.kind == 0x40:
            begin = tokens.start
            if cell is None and self._are("app", "."):
                kind = tokens.advance() == _NAME and _KINDS.get(tokens.text())
                if kind:
                    settings = {}
                    cell = self._cell(kind, "_", settings)
                    if tokens.advance() == 0x28:
                        self._set(cell, arguments(tokens))
            elif cell is not None and cell.kind != "cell":
                # Other decorators belong to the function or class.
                self._begin = begin
                self._whole(cell)
                return
            while tokens.kind != _NEWLINE and tokens.kind != _END:
                tokens.advance()
            tokens.advance()
            self._begin = tokens.start
        if cell is None:
            self._skip()
        elif cell.kind == "cell":
            self._function(cell)
        else:
            self._whole(cell)

    def _function(self, cell):
        """The function that @app.cell decorates."""
        tokens = self._tokens
        if tokens.text() == "async":
            cell.is_async = True
            tokens.advance()
        if tokens.text() != "def" or tokens.advance() != _NAME:
            raise TokenError("expected a function after @app.cell", tokens.start)
        cell.name = tokens.text()
        depth = 0
        kind = tokens.advance()
        while depth or kind != 0x3A:
            if kind == 0x28 or kind == 0x5B or kind == 0x7B:
                depth += 1
            elif kind == 0x29 or kind == 0x5D or kind == 0x7D:
                depth -= 1
            elif kind in (_NEWLINE, _END):
                raise TokenError("expected ':' after the parameters", tokens.start)
            kind = tokens.advance()
        tokens.advance()
        self._body(cell)

    def _body(self, cell):
        """A cell's block, which begins with the present token."""
        tokens = self._tokens
        data = self.data
        is_block = tokens.kind == _NEWLINE
        if is_block:
            self._begin = tokens.end
            if tokens.advance() != _INDENT:
                raise TokenError("expected an indented block", tokens.start)
            line = data.rfind(b"\n", 0, tokens.start) + 1
            self._margin = data[line : tokens.start]
            tokens.advance()
        else:
            self._begin = tokens.start
            self._margin = b""
        tokens.literals = []
        names = Names(tokens)
        names.block(not is_block)
        end = names.returned
        if end is None:
            end = self._end(names.last) if is_block else names.last
        self._complete(cell, names, end)

    def _whole(self, cell):
        """A function or class that is a cell as it stands."""
        tokens = self._tokens
        if tokens.kind != 0x40 and tokens.text() not in ("def", "async", "class"):
            raise TokenError("expected a %s after its decorator" % cell.kind, tokens.start)
        tokens.literals = []
        self._margin = b""
        names = Names(tokens)
        names.block(True)
        for name in names.scopes.defs:
            cell.name = name
        if names.returned is not None:
            raise TokenError("'return' outside a function", names.returned)
        self._complete(cell, names, names.last)

    def _end(self, at):
        """The end of a block whose last statement ends at ``at``: comments may follow."""
        data = self.data
        end = at
        while True:
            begin = at + 1
            at = data.find(b"\n", begin)
            if at < 0:
                return end
            text = data[begin:at].strip()
            if text:
                if text[:1] != b"#" or not data[begin:at].startswith(self._margin):
                    return end
                end = at

    def _complete(self, cell, names, end):
        """All of the cell has been read; its text ends at ``end``."""
        begin = self._begin
        data = self.data
        while begin < end and data[begin] == 10:
            begin += 1
        self._line_of(cell, begin)
        cell.code = undented(data, begin, end, self._margin, self._tokens.literals)
        self._tokens.literals = None
        scopes = names.scopes
        cell.defs = self._sorted(scopes.defs)
        cell.refs = self._sorted(scopes.refs)
        cell.deletes = self._sorted(scopes.deletes)
        cell.privates = self._sorted(scopes.privates)
        if scopes.is_async:
            cell.is_async = True
        self._present = None
        self.cells.append(cell)

    def _sorted(self, names):
        shared = self._shared
        return tuple(sorted(shared.setdefault(name, name) for name in names)) if names else ()

    def _cell(self, kind, name, settings):
        """A new Cell, the one that is being read."""
        self._present = cell = Cell(name)
        self._margin = None
        if kind != "cell":
            cell.kind = kind
        self._set(cell, settings)
        return cell

    def _set(self, cell, settings):
        if settings.get("disabled") is True:
            cell.disabled = True
        if settings.get("hide_code") is True:
            cell.hide_code = True

    def _line_of(self, cell, at):
        counted, line = self._counted
        if at < counted:
            counted, line = 0, 1
        line += self.data.count(b"\n", counted, at)
        self._counted = at, line
        cell.line = line


def _named(given):
    return {name: value for name, value in given.items() if isinstance(name, str)}
