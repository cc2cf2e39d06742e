"""The application: routes, hooks, error handlers, and the one dispatch that all entrances use.

A request enters as a Request and leaves as a Response through ``dispatch_request()``: the built-in
server, the ASGI and WSGI entrances and the test client differ only in what is before and after.
An entrance makes a Request of a microdot.http.Head (``Request.create()`` reads one from a stream),
awaits the dispatch, and writes ``response.render_head()`` (or ``status_code`` and ``headers``
after ``complete()``) and the pieces of ``response.body_iter()``, whose ``aclose()`` it always
awaits.
Nothing is to be written for ``Response.already_handled``, which handlers return that have taken
over the connection: see microdot.takeover. A MemoryError comes out of the dispatch; no other error
of the application does.
"""

from .compat import MICROPYTHON, invoke, iscoroutine, mro, print_exception
from .response import Response, make_response
from .routing import Route, RouteTable, URLPattern

_TEXTS = {
    400: "Bad request",
    404: "Not found",
    405: "Not found",
    413: "Payload too large",
    500: "Internal server error",
}


class HTTPException(Exception):
    """An HTTP error answer: ``status_code`` (int) and ``reason``, which becomes the body.

    ``headers``: a dict of headers that the answer has to have, or None.
    """

    headers = None

    def __init__(self, status_code, reason=None):
        super().__init__(status_code, reason)
        self.status_code = status_code
        self.reason = reason if reason is not None else "%d error" % status_code


def abort(status_code, reason=None):
    """Stop handling the request and answer with an error; raises HTTPException."""
    raise HTTPException(status_code, reason)


class Microdot:
    """A web application."""

    def __init__(self):
        self.routes = RouteTable()
        self.before_request_handlers = []
        self.after_request_handlers = []
        self.after_error_request_handlers = []
        self.error_handlers = {}
        self.options_handler = self.default_options_handler
        self.ssl = None
        self.debug = False
        self.server = None

    @property
    def url_map(self):
        """The registered routes, in order."""
        return self.routes.routes

    # Registering

    def route(self, url_pattern, methods=None):
        """Decorator: answer requests for ``url_pattern``; ``methods``: ``["GET"]`` if left out."""

        def decorated(f):
            names = [method.upper() for method in methods or ["GET"]]
            self.routes.add(Route(names, URLPattern(url_pattern), f))
            return f

        return decorated

    def get(self, url_pattern):
        """Decorator: a route for GET (and HEAD)."""
        return self.route(url_pattern, ["GET"])

    def post(self, url_pattern):
        """Decorator: a route for POST."""
        return self.route(url_pattern, ["POST"])

    def put(self, url_pattern):
        """Decorator: a route for PUT."""
        return self.route(url_pattern, ["PUT"])

    def patch(self, url_pattern):
        """Decorator: a route for PATCH."""
        return self.route(url_pattern, ["PATCH"])

    def delete(self, url_pattern):
        """Decorator: a route for DELETE."""
        return self.route(url_pattern, ["DELETE"])

    def query(self, url_pattern):
        """Decorator: a route for QUERY."""
        return self.route(url_pattern, ["QUERY"])

    def before_request(self, f):
        """Decorator: call ``f(request)`` before routes; a value it returns is the answer."""
        self.before_request_handlers.append(f)
        return f

    def after_request(self, f):
        """Decorator: call ``f(request, response)`` after routes; may return another response."""
        self.after_request_handlers.append(f)
        return f

    def after_error_request(self, f):
        """Decorator: call ``f(request, response)`` after error answers; request can be None."""
        self.after_error_request_handlers.append(f)
        return f

    def errorhandler(self, status_code_or_exception_class):
        """Decorator: ``f(request)`` answers a status, ``f(request, error)`` an exception."""

        def decorated(f):
            self.error_handlers[status_code_or_exception_class] = f
            return f

        return decorated

    def mount(self, subapp, url_prefix="", local=False):
        """Add the routes of ``subapp`` under ``url_prefix``.

        Its hooks and error handlers become this application's, unless ``local``: then they apply
        to its own routes only. Routes added to it later are not seen.
        """
        for route in subapp.url_map:
            pattern = URLPattern(url_prefix + route.pattern.url_pattern)
            prefix = url_prefix + route.url_prefix
            owner, outer = route.subapp, route.outer
            if local:
                owner, outer = (owner, outer + (subapp,)) if owner else (subapp, ())
            self.routes.add(Route(route.methods, pattern, route.handler, prefix, owner, outer))
        if not local:
            self.before_request_handlers += subapp.before_request_handlers
            self.after_request_handlers += subapp.after_request_handlers
            self.after_error_request_handlers += subapp.after_error_request_handlers
            self.error_handlers.update(subapp.error_handlers)

    def static(self, url_path, directory, index="index.html", max_age=None, **options):
        """Serve the files of ``directory`` below ``url_path``; see microdot.static."""
        from .static import add_static

        add_static(self, url_path, directory, index, max_age, **options)

    @staticmethod
    def abort(status_code, reason=None):
        """Stop handling the request and answer with an error; see abort()."""
        abort(status_code, reason)

    # Dispatching

    def find_route(self, req):
        """(route, arguments) for ``req``; (None, methods its path has) where none matches."""
        if req.method != "HEAD":
            return self.routes.find(req.method, req.path)
        found = self.routes.find("GET", req.path)
        return found if found[0] or "HEAD" not in found[1] else self.routes.find("HEAD", req.path)

    def default_options_handler(self, req):
        """The headers that answer OPTIONS: ``Allow`` with the methods of the path."""
        return {"Allow": ", ".join(self.allowed_methods(req.path))}

    def allowed_methods(self, path):
        """The methods that a path answers to: its routes', HEAD with GET, and OPTIONS."""
        methods = self.routes.methods(path)
        if "GET" in methods and "HEAD" not in methods:
            methods.append("HEAD")
        if self.options_handler and "OPTIONS" not in methods:
            methods.append("OPTIONS")
        return methods

    async def dispatch_request(self, req):
        """The Response for ``req`` (a Request; None for one that could not be read: 400)."""
        if req is None:
            return await self.error_response(None, 400)
        try:
            length = req._head.content_length
            if length and length > req.max_content_length:
                response = await self.error_response(req, 413)
            elif req.method == "OPTIONS" and self.options_handler:
                response = await self._options(req)
            else:
                route, arguments = self.find_route(req)
                if route is None:
                    response = await self._no_route(req, arguments)
                else:
                    req._route = route
                    if arguments:
                        req._url_args = arguments
                    try:
                        response = await self._run_route(req, route, arguments)
                    except Exception as error:
                        response = await self._failed(req, error)
            if response.file is not None:  # of send_file(), not yet asked for a part
                response = response.for_request(req)
        except MemoryError:
            raise
        except Exception as error:  # of a hook after an error, of a pattern that is none
            print_exception(error)
            response = Response(_TEXTS[500], 500)
        if req.method == "HEAD":
            response.is_head = True
        elif response.is_head:
            response.is_head = False  # an object that handlers return again and again
        return response

    async def _options(self, req):
        value = await invoke(self.options_handler, req)
        response = Response("", 200, value) if isinstance(value, dict) else make_response(value)
        return await self._after_error(req, response)

    async def _no_route(self, req, methods):
        """The answer where no route matches: 405 where the path has other ``methods``."""
        response = await self.error_response(req, 405 if methods else 404)
        if methods and response.status_code == 405:
            # RFC 9110 section 15.5.6.
            response.headers.setdefault("Allow", ", ".join(self.allowed_methods(req.path)))
        return response

    async def _run_route(self, req, route, arguments):
        """Hooks and handler of a matched route."""
        subapp = route.subapp
        handler = route.handler
        value = None
        if self.before_request_handlers:
            value = await _run_before(self.before_request_handlers, req, value)
        if subapp:
            for app in reversed(route.subapps):
                if not value:
                    value = await _run_before(app.before_request_handlers, req, value)
        if value is None:
            if not MICROPYTHON:
                value = await invoke(handler, req, **(arguments or {}))
            else:  # as invoke() does, without a coroutine for it
                value = handler(req, **arguments) if arguments else handler(req)
                if iscoroutine(value):
                    value = await value
        response = value if isinstance(value, Response) else make_response(value)
        if subapp:
            for app in route.subapps:
                response = await _run_after(app.after_request_handlers, req, response)
        if self.after_request_handlers:
            response = await _run_after(self.after_request_handlers, req, response)
        if req._after:
            response = await _run_after(req._after, req, response)
        return response

    # Errors

    async def error_response(self, req, status, reason=None):
        """The response for an error status: of its handler, or ``reason`` or a plain text."""
        handler = None
        for app in _subapps(req) + (self,):
            handler = handler or app.error_handlers.get(status)
        response = None
        if handler:
            try:
                response = make_response(await invoke(handler, req))
            except Exception as error:
                print_exception(error)
                if status != 500:
                    return await self.error_response(req, 500)
                reason = None
        if response is None:
            if reason is None:
                from .http import REASONS

                reason = _TEXTS.get(status) or REASONS.get(status, "%d error" % status)
            response = make_response((reason, status))
        return await self._after_error(req, response)

    async def _after_error(self, req, response):
        for app in _subapps(req):
            response = await _run_after(app.after_error_request_handlers, req, response)
        if self.after_error_request_handlers:
            response = await _run_after(self.after_error_request_handlers, req, response)
        return response

    async def _failed(self, req, error):
        """The response for an exception out of a route or hook."""
        if isinstance(error, HTTPException):
            response = await self.error_response(req, error.status_code, error.reason)
            for name in error.headers or ():
                response.headers.setdefault(name, error.headers[name])
            return response
        if isinstance(error, MemoryError):
            raise error  # the server's to answer, once what the request held is released
        handler = self._exception_handler(req, error)
        if handler is None:
            from .datastructures import BadValue
            from .http import ProtocolError

            if isinstance(error, ProtocolError):  # the client's mistake, found in the body
                return await self.error_response(req, error.status, error.reason)
            if isinstance(error, BadValue):
                return await self.error_response(req, 400, "Bad request: %s" % error)
            print_exception(error)
            return await self.error_response(req, 500)
        try:
            response = make_response(await invoke(handler, req, error))
        except Exception as second:
            print_exception(second)
            return await self.error_response(req, 500)
        return await self._after_error(req, response)

    def _exception_handler(self, req, error):
        """The handler of the nearest class, of the sub-application before the application."""
        apps = _subapps(req) + (self,)
        if any(app.error_handlers for app in apps):
            for cls in mro(type(error)):
                for app in apps:
                    handler = app.error_handlers.get(cls)
                    if handler:
                        return handler
        return None

    # Serving

    async def start_server(self, host="0.0.0.0", port=5000, debug=False, ssl=None,
                           start_serving=True):  # fmt: skip
        """Serve on ``host``:``port`` until shutdown(). ``ssl``: an SSLContext for HTTPS.

        ``start_serving=False`` (CPython) returns the server, not yet accepting, whose
        ``serve_forever()`` the caller awaits.
        """
        from .server import Server

        self.ssl = ssl
        self.debug = debug
        self.server = Server(self, host, port, ssl)
        if not start_serving:
            return await self.server.prepare()
        if debug:
            print("Starting async server on %s:%d..." % (host, port))
        await self.server.run()

    def run(self, host="0.0.0.0", port=5000, debug=False, ssl=None):
        """Serve until shutdown(); see start_server()."""
        import asyncio

        asyncio.run(self.start_server(host, port, debug, ssl))

    def shutdown(self):
        """Stop the server: no new requests, those in flight are finished."""
        if self.server:
            self.server.shutdown()


def _subapps(req):
    """The locally mounted applications that the request has come to, the innermost first."""
    return req._route.subapps if req is not None and req._route else ()


async def _run_before(handlers, req, value):
    for handler in handlers:
        value = await invoke(handler, req)
        if value:
            break
    return value


async def _run_after(handlers, req, response):
    for handler in handlers:
        value = await invoke(handler, req, response)
        if value:
            response = make_response(value)
    return response
