"""Where MicroPython and CPython differ for the framework: one small place."""

import sys

# What is called with an error of the application that nobody else takes, in place of printing its
# traceback: a function of whoever runs the application, which must not raise. None: print.
report = None

MICROPYTHON = sys.implementation.name == "micropython"

if MICROPYTHON:
    from time import ticks_add, ticks_diff, ticks_ms

    from micropython import const

    _generator = type((lambda: (yield))())

    def iscoroutine(value):
        """Whether ``value`` has to be awaited; here a coroutine is a generator."""
        return type(value) is _generator

    async def invoke(function, *args, **kwargs):
        """Call a handler, plain or ``async def``, and return its value."""
        result = function(*args, **kwargs)
        if type(result) is _generator:
            result = await result
        return result

    def runs_here(function):
        """Whether a handler may be called in the loop's own thread: here there is no other."""
        return True

    def _print_exception(error):
        sys.print_exception(error, sys.stderr)

else:
    import asyncio
    from contextvars import copy_context
    from functools import partial
    from inspect import iscoroutine, iscoroutinefunction
    from time import monotonic_ns

    def const(value):
        """Mark a constant, as MicroPython's compiler wants it."""
        return value

    def ticks_ms():
        """Milliseconds of a monotonic clock."""
        return monotonic_ns() // 1000000

    def ticks_add(ticks, delta):
        """``ticks`` moved by ``delta`` milliseconds."""
        return ticks + delta

    def ticks_diff(later, earlier):
        """Milliseconds from ``earlier`` to ``later``."""
        return later - earlier

    def runs_here(function):
        """Whether a handler may be called in the loop's own thread: ``async def``."""
        return iscoroutinefunction(function) or iscoroutinefunction(
            getattr(function, "__call__", None)  # noqa: B004 (objects with an async __call__)
        )

    async def invoke(function, *args, **kwargs):
        """Call a handler: ``async def`` in the loop, a plain function in the thread pool."""
        if runs_here(function):
            return await function(*args, **kwargs)
        call = partial(copy_context().run, partial(function, *args, **kwargs))
        result = await asyncio.get_running_loop().run_in_executor(None, call)
        if iscoroutine(result):
            result = await result
        return result

    def _print_exception(error):
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)


def print_exception(error):
    """Report ``error``, or print its traceback to stderr where nobody wants a report."""
    if report is None:
        _print_exception(error)
    else:
        report(error)
