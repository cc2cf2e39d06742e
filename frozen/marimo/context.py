"""Which kernel and which of its cells is running, for functions that notebooks call."""

_current = None


class Run:
    """A cell being run. Attributes: ``kernel``, ``state`` (the cell's CellState, or None),
    ``count`` (elements made so far) and ``is_handler``: not the cell itself is being run but a
    function such as on_change, of an element that the cell has made."""

    def __init__(self, kernel, state=None, is_handler=False):
        self.kernel = kernel
        self.state = state
        self.is_handler = is_handler
        self.count = 0


def current():
    """The Run under way, None outside of any."""
    return _current


def require(what):
    """The Run of a cell that is being run; RuntimeError, naming ``what`` (str), without one."""
    if _current is None or _current.state is None or _current.is_handler:
        raise RuntimeError("expected %s to be used in a cell of a running notebook" % what)
    return _current


def enter(run):
    """Make ``run`` the current Run; returns the one before, to be given to leave()."""
    global _current
    previous = _current
    _current = run
    return previous


def leave(previous):
    """Make ``previous``, which enter() returned, the current Run again."""
    global _current
    _current = previous


class Inside:
    """An awaitable: ``coroutine`` with ``run`` as the current Run whenever it goes on.

    Cells of several notebooks wait at the same time, so the current one changes with each turn.
    The value is in ``result`` afterwards.
    """

    def __init__(self, coroutine, run):
        self._coroutine = coroutine
        self._run = run
        self.result = None

    def __await__(self):
        return self

    __iter__ = __await__

    def __next__(self):
        return self.send(None)

    def send(self, value):
        """Let the coroutine go on."""
        return self._resume(self._coroutine.send, value)

    def throw(self, *error):
        """Let the coroutine go on with an exception."""
        return self._resume(self._coroutine.throw, *error)

    def close(self):
        """End the coroutine."""
        self._coroutine.close()

    def _resume(self, step, *arguments):
        previous = enter(self._run)
        try:
            return step(*arguments)
        except StopIteration as ended:
            self.result = ended.value
            raise StopIteration()
        finally:
            leave(previous)


def drive(coroutine):
    """The value of ``coroutine`` that waits for nothing; RuntimeError for one that does."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    coroutine.close()
    raise RuntimeError("expected a notebook that waits for nothing, got one with await")
