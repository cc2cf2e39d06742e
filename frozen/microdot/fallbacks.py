"""What is answered where no route's handler does: errors, exceptions, OPTIONS, 404 and 405."""

from .app import HTTPException, run_after
from .compat import MICROPYTHON, invoke, print_exception
from .response import Response, make_response
from .routing import normalized

_TEXTS = (400, "Bad request", 404, "Not found", 405, "Not found", 413, "Payload too large",
          500, "Internal server error")  # fmt: skip


def _subapps(req):
    """The locally mounted applications that the request has come to, the innermost first."""
    return req._route.subapps if req is not None and req._route else ()


def _text(status):
    if status in _TEXTS:
        return _TEXTS[_TEXTS.index(status) + 1]
    from .reasons import reason_phrase

    return reason_phrase(status, "%d error" % status)


async def error_response(app, req, status, reason=None):
    """See Microdot.error_response()."""
    handler = None
    for owner in _subapps(req) + (app,):
        handler = handler or owner.error_handlers.get(status)
    response = None
    if handler:
        try:
            response = make_response(await invoke(handler, req))
        except Exception as error:
            print_exception(error)
            if status != 500:
                return await error_response(app, req, 500)
            reason = None
    if response is None:
        response = make_response((_text(status) if reason is None else reason, status))
    return await _after_error(app, req, response)


async def _after_error(app, req, response):
    for subapp in _subapps(req):
        response = await run_after(subapp.after_error_request_handlers, req, response)
    return await run_after(app.after_error_request_handlers, req, response)


async def failure_response(app, req, error):
    """The response for an exception out of a route or hook."""
    if isinstance(error, HTTPException):
        response = await error_response(app, req, error.status_code, error.reason)
        for name in error.headers or ():
            response.headers.setdefault(name, error.headers[name])
        return response
    if isinstance(error, MemoryError):
        raise error  # the server's to answer, once what the request held is released
    handler = _exception_handler(app, req, error)
    if handler is None:
        from .datastructures import BadValue
        from .http import ProtocolError

        if isinstance(error, ProtocolError):  # the client's mistake, found in the body
            return await error_response(app, req, error.status, error.reason)
        if isinstance(error, BadValue):
            return await error_response(app, req, 400, "Bad request: %s" % error)
        print_exception(error)
        return await error_response(app, req, 500)
    try:
        response = make_response(await invoke(handler, req, error))
    except Exception as second:
        print_exception(second)
        return await error_response(app, req, 500)
    return await _after_error(app, req, response)


def _exception_handler(app, req, error):
    """The handler of the nearest class, of the sub-application before the application."""
    owners = _subapps(req) + (app,)
    if any(owner.error_handlers for owner in owners):
        for cls in mro(type(error)):
            for owner in owners:
                handler = owner.error_handlers.get(cls)
                if handler:
                    return handler
    return None


def mro(cls):
    """The classes of ``cls``, itself first, in the order of their look-up."""
    if not MICROPYTHON:
        return cls.mro()
    found = [cls]  # depth first, as MicroPython looks them up
    for base in cls.__bases__:
        for ancestor in mro(base):
            if ancestor not in found:
                found.append(ancestor)
    return found


async def options_response(app, req):
    """The answer to OPTIONS: what the application's ``options_handler`` says."""
    value = await invoke(app.options_handler, req)
    response = Response("", 200, value) if isinstance(value, dict) else make_response(value)
    return await _after_error(app, req, response)


async def no_route_response(app, req):
    """The answer where no route matches: 405 where the path has other methods."""
    methods = route_methods(app.routes, req.path)
    response = await error_response(app, req, 405 if methods else 404)
    if methods and response.status_code == 405:
        # RFC 9110 section 15.5.6.
        response.headers.setdefault("Allow", ", ".join(allowed_methods(app, req.path)))
    return response


def allowed_methods(app, path):
    """The methods that a path answers to: its routes', HEAD with GET, and OPTIONS."""
    methods = route_methods(app.routes, path)
    if "GET" in methods and "HEAD" not in methods:
        methods.append("HEAD")
    if app.options_handler and "OPTIONS" not in methods:
        methods.append("OPTIONS")
    return methods


def route_methods(table, path):
    """The methods of all routes of ``table`` that match ``path``, in order, each once."""
    if "%" in path:
        path = normalized(path)
    static = table.static.get(path, ())
    found = []
    for index in sorted(list(static) + list(table.candidates(path))):
        route = table.routes[index]
        if index in static or route.pattern.match(path) is not None:
            found += [method for method in route.methods if method not in found]
    return found
