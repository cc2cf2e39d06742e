"""Runs the test functions of one portable test module on whatever Python this is.

A portable test module is plain Python that CPython and MicroPython both import: functions named
``test_*`` without arguments, plain or ``async``, that assert. pytest calls them directly on
CPython; under MicroPython this runner calls them and prints one line per test, which the
``portable`` collector in ``host_tests/conftest.py`` turns back into pytest items.
"""

import asyncio
import gc
import sys


def run(module_name, only=None):
    """Run the tests of ``module_name`` (str); ``only`` names a single one. Prints the outcome."""
    module = __import__(module_name)
    names = [n for n in dir(module) if n.startswith("test_") and only in (None, n)]
    for name in sorted(names):
        gc.collect()
        try:
            pending = getattr(module, name)()
            if pending is not None:
                asyncio.run(pending)
                asyncio.new_event_loop()
        except Exception as error:
            print("not ok", name)
            _print_exception(error)
        else:
            print("ok", name)
    print("done", len(names))


def _print_exception(error):
    if hasattr(sys, "print_exception"):
        sys.print_exception(error, sys.stdout)
    else:
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__, file=sys.stdout)


if __name__ == "__main__":
    run(*sys.argv[1:])
