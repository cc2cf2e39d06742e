from collections.abc import Iterable

from _typeshed.wsgi import StartResponse, WSGIEnvironment

from . import app as _app
from .app import HTTPException as HTTPException
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

__all__ = (
    "AsyncBytesIO",
    "HTTPException",
    "Microdot",
    "MultiDict",
    "NoCaseDict",
    "Request",
    "Response",
    "URLPattern",
    "abort",
    "iscoroutine",
    "redirect",
    "send_file",
)

class Microdot(_app.Microdot):
    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]: ...
    def wsgi_app(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]: ...
