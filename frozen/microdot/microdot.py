"""Where existing applications import the core from: everything under its documented names."""

from .app import HTTPException, Microdot, abort
from .compat import invoke as invoke_handler
from .compat import iscoroutine, print_exception
from .datastructures import MultiDict, NoCaseDict
from .fallbacks import mro
from .request import Request
from .response import Response, redirect, send_file
from .server import MUTED_SOCKET_ERRORS
from .streams import AsyncBytesIO
from .urlencoding import urldecode, urlencode
from .urlpattern import URLPattern

__all__ = (
    "MUTED_SOCKET_ERRORS",
    "AsyncBytesIO",
    "HTTPException",
    "Microdot",
    "MultiDict",
    "NoCaseDict",
    "Request",
    "Response",
    "URLPattern",
    "abort",
    "invoke_handler",
    "iscoroutine",
    "mro",
    "print_exception",
    "redirect",
    "send_file",
    "urldecode",
    "urlencode",
)
