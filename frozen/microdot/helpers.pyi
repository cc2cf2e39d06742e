from functools import wraps as wraps

__all__ = ("wraps",)
