"""A web framework for microcontrollers and for CPython, with the interface Microdot documents.

What an application does not use is not imported: extensions are modules of their own, such as
``microdot.websocket``.
"""

from .app import HTTPException, Microdot, abort
from .request import Request
from .response import Response, redirect, send_file

__version__ = "2.7.0"  # of the interface this implements

__all__ = (
    "HTTPException",
    "Microdot",
    "Request",
    "Response",
    "URLPattern",
    "abort",
    "redirect",
    "send_file",
)

# Names, and the modules where they are.
_LAZY = ("URLPattern", "AsyncBytesIO", "MultiDict", "NoCaseDict", "iscoroutine")
_MODULES = ("urlpattern", "streams", "datastructures", "datastructures", "compat")


def __getattr__(name):
    is_lazy = name in _LAZY
    module = _MODULES[_LAZY.index(name)] if is_lazy else name
    try:
        module = __import__("microdot." + module, None, None, [name])
    except ImportError as error:
        raise AttributeError("module 'microdot' has no attribute %r (%s)" % (name, error))
    # MicroPython comes here for ``from microdot import sse`` too, before it looks for a module.
    value = getattr(module, name) if is_lazy else module
    globals()[name] = value
    return value
