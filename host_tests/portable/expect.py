"""Assertions that read the same on CPython and MicroPython."""


def raises(exception, function, *args, **kwargs):
    """Call ``function(*args, **kwargs)``; return the ``exception`` it must raise."""
    try:
        function(*args, **kwargs)
    except exception as error:
        return error
    raise AssertionError("expected %s, got no exception" % exception.__name__)


async def raises_async(exception, awaitable):
    """Await ``awaitable``; return the ``exception`` it must raise."""
    try:
        await awaitable
    except exception as error:
        return error
    raise AssertionError("expected %s, got no exception" % exception.__name__)


def equal(got, expected, what=""):
    """Fail with both values in the message unless ``got == expected``."""
    assert got == expected, "%s: expected %r, got %r" % (what, expected, got)
