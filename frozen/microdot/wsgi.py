"""WSGI: applications for servers such as gunicorn and uWSGI. CPython only.

The server calls the application in threads of its own, one for each request. The handlers of all
of them run in one event loop, in a thread beside: they may share locks, tasks and connections. The
request's thread waits for them meanwhile, and does what blocks: it reads the request's body.
"""

from . import app as _app
from .app import HTTPException, abort
from .compat import iscoroutine
from .datastructures import MultiDict, NoCaseDict
from .reasons import reason_phrase
from .request import Request
from .response import Response, redirect, send_file
from .streams import AsyncBytesIO
from .urlpattern import URLPattern
from .wsgi_connection import Call

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

# PEP 3333: what is between two neighbours on the way is the server's to say.
_HOP_BY_HOP = (
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te",
    b"trailer", b"trailers", b"upgrade",
)  # fmt: skip


class Microdot(_app.Microdot):
    """A web application that is a WSGI callable."""

    def __call__(self, environ, start_response):
        return self.wsgi_app(environ, start_response)

    def wsgi_app(self, environ, start_response):
        """The WSGI callable; a middleware may be put around it: ``app.wsgi_app = ...``."""
        call = Call(self, environ)
        response, headers, body = call.answer()
        status = response.status_code
        reason = response.reason or reason_phrase(status)
        start_response(
            "%d %s" % (status, reason),
            [
                (name.decode("latin-1").title(), value.decode("latin-1"))
                for name, value in headers
                if name not in _HOP_BY_HOP
            ],
        )
        return body
