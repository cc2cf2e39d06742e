"""mo.output: what the running cell shows, before it is done."""

from .context import require


def replace(value):
    """Show ``value`` in place of what is shown."""
    _show([value])


def append(value):
    """Show ``value`` below what is shown."""
    shown = require("mo.output").state.appended
    _show((shown or []) + [value])


def replace_at_index(value, index):
    """Show ``value`` in place of item ``index`` (int) of what was appended.

    ``index`` may be one more than there are; IndexError for more than that.
    """
    shown = list(require("mo.output").state.appended or ())
    if not 0 <= index <= len(shown):
        raise IndexError("expected an index from 0 to %d, got %r" % (len(shown), index))
    shown[index : index + 1] = [value]
    _show(shown)


def clear():
    """Show nothing."""
    _show(None)


def _show(values):
    run = require("mo.output")
    run.state.appended = values
    run.kernel.notify("output", run.state)
