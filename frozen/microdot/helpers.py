"""Helpers for extensions and applications."""

try:
    from functools import wraps
except ImportError:  # MicroPython has neither functools nor writable function attributes

    def wraps(wrapped):
        """functools.wraps where there is one; here the wrapper is left as it is."""

        def decorated(wrapper):
            return wrapper

        return decorated


__all__ = ("wraps",)
