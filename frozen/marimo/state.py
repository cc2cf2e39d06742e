"""mo.state(): a value that cells set, and that has others run again."""

from .context import current


class Getter:
    """Gives the value when called. Cells that refer to it by its name run when it is set."""

    def __init__(self, value, allow_self_loops):
        self._value = value
        self.allow_self_loops = allow_self_loops

    def __call__(self):
        return self._value

    def __repr__(self):
        return "<state %r>" % (self._value,)


def state(value, on_change=None, allow_self_loops=False):
    """(getter, setter) of a value.

    ``setter(x)`` sets it, ``setter(f)`` with a function sets it to ``f(old)``; then the cells that
    refer to the getter by its name run, except the one that has called the setter, unless
    ``allow_self_loops``. ``on_change(new)`` is called by the setter.
    """
    getter = Getter(value, allow_self_loops)

    def setter(value):
        getter._value = value(getter._value) if callable(value) else value
        run = current()
        if run is not None:
            run.kernel.state_was_set(getter, run.state)
        if on_change is not None:
            on_change(getter._value)

    return getter, setter
