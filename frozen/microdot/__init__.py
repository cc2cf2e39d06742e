"""A web framework for microcontrollers and for CPython, with the interface Microdot documents.

What an application does not use is not imported: extensions are modules of their own, such as
``microdot.websocket``.
"""

from .app import HTTPException, Microdot, abort
from .request import Request
from .response import Response, redirect, send_file
from .routing import URLPattern

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

_LAZY = {
    "AsyncBytesIO": "streams",
    "MultiDict": "datastructures",
    "NoCaseDict": "datastructures",
    "iscoroutine": "compat",
}


def __getattr__(name):
    try:
        module = __import__("microdot." + _LAZY.get(name, name), None, None, [name])
    except ImportError as error:
        raise AttributeError("module 'microdot' has no attribute %r (%s)" % (name, error))
    # MicroPython comes here for ``from microdot import sse`` too, before it looks for a module.
    value = getattr(module, name) if name in _LAZY else module
    globals()[name] = value
    return value
