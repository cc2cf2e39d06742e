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
    if name not in _LAZY:
        raise AttributeError("module 'microdot' has no attribute %r" % name)
    module = __import__("microdot." + _LAZY[name], None, None, [name])
    value = getattr(module, name)
    globals()[name] = value
    return value
