"""What a session knows of one cell: how its last run went."""

IDLE = "idle"
QUEUED = "queued"
RUNNING = "running"
ERROR = "error"
STOPPED = "stopped"
DISABLED = "disabled"

_MAX_CONSOLE = 8192  # characters that a cell may print in a run; the rest is left out


class CellError:
    """Why a cell has no value.

    ``type``: "exception", "ancestor", "multiple-defs", "cycle", "syntax"; ``message`` (str);
    ``name``: of the exception's class, or None; ``cell``: index of the cell that is to blame, or
    None; ``line``: in the notebook's file, 0 where it is not known; ``exception``: or None.
    """

    def __init__(self, type, message, name=None, cell=None, line=0, exception=None):
        self.type = type
        self.message = message
        self.name = name
        self.cell = cell
        self.line = line
        self.exception = exception

    def __str__(self):
        return "%s: %s" % (self.name, self.message) if self.name else self.message

    def __repr__(self):
        return "<CellError %s %s>" % (self.type, self)


class CellState:
    """Attributes: ``cell``, ``status``, ``output`` (any object), ``console`` (list of str),
    ``error`` (CellError or None), ``runs`` (int), ``appended``: what mo.output has put there
    (a list, None for nothing)."""

    def __init__(self, cell):
        self.cell = cell
        self.status = IDLE
        self.runs = 0
        # Compiled, once it has run. Not shared with other sessions: in MicroPython a code object
        # that is run with other globals changes those of the functions that it made before.
        self.code = None
        self.clear()

    def clear(self):
        """Forget what the last run left."""
        self.output = None
        self.error = None
        self.console = []
        self.appended = None
        self._printed = 0

    def shown(self):
        """The values to be shown, one below the other (a list)."""
        if self.output is None and self.appended is not None:
            return self.appended
        return [] if self.output is None else [self.output]

    def print(self, *values, sep=" ", end="\n", file=None, flush=False):
        """``print()`` as the cell sees it."""
        if file is not None:
            print(*values, sep=sep, end=end, file=file)
            return
        text = (" " if sep is None else sep).join([str(value) for value in values])
        text += "\n" if end is None else end
        room = _MAX_CONSOLE - self._printed
        if room <= 0:
            return
        self._printed += len(text)
        if len(text) > room:
            text = text[:room] + "\n… more was printed\n"
        self.console.append(text)
