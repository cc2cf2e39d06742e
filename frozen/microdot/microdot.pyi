from .app import HTTPException as HTTPException
from .app import Microdot as Microdot
from .app import abort as abort
from .compat import invoke as invoke_handler
from .compat import iscoroutine as iscoroutine
from .compat import print_exception as print_exception
from .datastructures import MultiDict as MultiDict
from .datastructures import NoCaseDict as NoCaseDict
from .fallbacks import mro as mro
from .request import Request as Request
from .response import Response as Response
from .response import redirect as redirect
from .response import send_file as send_file
from .server import MUTED_SOCKET_ERRORS as MUTED_SOCKET_ERRORS
from .streams import AsyncBytesIO as AsyncBytesIO
from .urlencoding import urldecode as urldecode
from .urlencoding import urlencode as urlencode
from .urlpattern import URLPattern as URLPattern

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
