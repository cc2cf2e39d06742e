from .app import HTTPException as HTTPException
from .app import Microdot as Microdot
from .app import abort as abort
from .compat import iscoroutine as iscoroutine
from .datastructures import MultiDict as MultiDict
from .datastructures import NoCaseDict as NoCaseDict
from .request import Request as Request
from .response import Response as Response
from .response import redirect as redirect
from .response import send_file as send_file
from .streams import AsyncBytesIO as AsyncBytesIO
from .urlpattern import URLPattern as URLPattern

__version__: str

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
