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

from .compat import MICROPYTHON, invoke, iscoroutine, print_exception
from .response import Response, make_response
from .routing import Route, RouteTable


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
        self.url_map = self.routes.routes  # in the order of their registration
        self.before_request_handlers = []
        self.after_request_handlers = []
        self.after_error_request_handlers = []
        self.error_handlers = {}
        self.options_handler = self.default_options_handler
        self.ssl = None
        self.debug = False
        self.server = None

    # Registering

    def route(self, url_pattern, methods=None):
        """Decorator: answer requests for ``url_pattern``; ``methods``: ``["GET"]`` if left out."""

        def decorated(f):
            names = [method.upper() for method in methods or ["GET"]]
            self.routes.add(Route(names, url_pattern, f))
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
            pattern = url_prefix + route.url_pattern
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

    abort = staticmethod(abort)

    # Dispatching

    def default_options_handler(self, req):
        """The headers that answer OPTIONS: ``Allow`` with the methods of the path."""
        from .fallbacks import allowed_methods

        return {"Allow": ", ".join(allowed_methods(self, req.path))}

    def dispatch_request(self, req):
        """The Response for ``req`` (a Request; None for one that could not be read: 400).

        To be awaited.
        """
        return self._settle(req, self._respond(req))

    def dispatch(self, req):
        """What dispatch_request() gives, for less where less is to be done. For GET without body.

        A Response, the bytes of a body of which there is nothing else to say, or a coroutine that
        returns either.
        """
        route = self.routes.direct.get(req._head.path)
        if (
            route is None
            or self.before_request_handlers
            or self.after_request_handlers
            or self.debug
        ):
            return self.dispatch_request(req)
        req._route = route
        try:
            value = route.handler(req)
        except Exception as error:
            return self._settle(req, None, error)
        if type(value) is str and req._after is None:
            return value.encode()
        return self._finish(req, value)

    async def _finish(self, req, value):
        """The rest of dispatch() where a handler is a coroutine, or gave more than text."""
        try:
            if iscoroutine(value):
                value = await value
            if type(value) is str and req._after is None:
                return value.encode()
            pending, failure = self._after_route(req, value), None
        except Exception as error:
            pending, failure = None, error
        return await self._settle(req, pending, failure)

    async def _settle(self, req, pending, error=None):
        """The Response that ``pending`` gives or that answers the exception it raises."""
        try:
            try:
                if error is None:
                    response = await pending
            except Exception as raised:
                error = raised
            if error is not None:
                from .fallbacks import failure_response

                response = await failure_response(self, req, error)
            if response.file is not None:  # of send_file(), not yet asked for a part
                from .files import for_request

                response = for_request(response, req)
        except MemoryError:
            raise
        except Exception as second:  # of a hook after an error, of a pattern that is none
            print_exception(second)
            response = Response("Internal server error", 500)
        # An object that handlers return again and again may say otherwise.
        is_head = req is not None and req._head.method == "HEAD"
        if response.is_head != is_head:
            response.is_head = is_head
        if response is Response.already_handled:
            response._headers = None  # what hooks have set on it goes nowhere
        return response

    async def _respond(self, req):
        """The Response for a request that nothing is known of yet."""
        if req is None:
            return await self.error_response(None, 400)
        head = req._head
        if head.content_length and head.content_length > req.max_content_length:
            return await self.error_response(req, 413)
        if head.method == "OPTIONS" and self.options_handler:
            from .fallbacks import options_response

            return await options_response(self, req)
        is_head = head.method == "HEAD"
        route, arguments = self.routes.find("GET" if is_head else head.method, head.path)
        if route is None and is_head:
            route, arguments = self.routes.find("HEAD", head.path)
        if route is None:
            from .fallbacks import no_route_response

            return await no_route_response(self, req)
        req._route = route
        if arguments:
            req.url_args = arguments
        return await self._run_route(req, route, arguments)

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
        return await self._after_route(req, value)

    async def _after_route(self, req, value):
        """The Response for what a handler or a hook before it gave, after the hooks."""
        response = make_response(value)
        if req._route.subapp:
            for app in req._route.subapps:
                response = await run_after(app.after_request_handlers, req, response)
        if self.after_request_handlers:
            response = await run_after(self.after_request_handlers, req, response)
        if req._after:
            response = await run_after(req._after, req, response)
        return response

    def error_response(self, req, status, reason=None):
        """The response for an error status: of its handler, or ``reason`` or a plain text.

        To be awaited. ``req``: None where none could be read.
        """
        from .fallbacks import error_response

        return error_response(self, req, status, reason)

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
        await (await self.server.prepare()).serve_forever()

    def run(self, host="0.0.0.0", port=5000, debug=False, ssl=None):
        """Serve until shutdown(); see start_server()."""
        import asyncio

        asyncio.run(self.start_server(host, port, debug, ssl))

    def shutdown(self):
        """Stop the server: no new requests, those in flight are finished."""
        if self.server:
            self.server.shutdown()


async def _run_before(handlers, req, value):
    for handler in handlers:
        value = await invoke(handler, req)
        if value:
            break
    return value


async def run_after(handlers, req, response):
    for handler in handlers:
        value = await invoke(handler, req, response)
        if value:
            response = make_response(value)
    return response
