"""What a request says beyond its first line, parsed when it is first asked for.

Every public function here is the attribute of Request of that name; its value is kept.
"""

_ATTRIBUTES = (
    "headers", "content_length", "content_type", "media_type", "cookies", "args", "json", "form",
    "stream", "g", "route", "url_args", "url_prefix", "subapp", "after_request_handlers",
)  # fmt: skip
_NOT_KEPT = ("content_type", "media_type", "route", "url_args", "url_prefix", "subapp",
             "after_request_handlers")  # fmt: skip


def make_attribute(request, name):
    """The value of the attribute ``name``; AttributeError where there is none of that name."""
    if name not in _ATTRIBUTES:
        raise AttributeError("'Request' object has no attribute '%s'" % name)
    value = globals()[name](request)
    if name not in _NOT_KEPT:
        setattr(request, name, value)
    return value


# The head


def headers(request):
    """The headers, a NoCaseDict; of a repeated one the last value."""
    from .datastructures import NoCaseDict

    found = NoCaseDict()
    for line in request._head.lines:
        name, _, value = _text(line).partition(":")
        found[name] = value.strip(" \t")
    return found


def _text(data):
    """Header bytes as str: UTF-8, or each byte a character where it is none (RFC 9110 5.5)."""
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(c) for c in data])


def content_length(request):
    """The declared length of the body in bytes; 0 where none is declared."""
    return request._head.content_length or 0


def content_type(request):
    """The Content-Type header (str), or None."""
    return request.headers.get("Content-Type")


def media_type(request):
    """The Content-Type without its parameters, in lower case; "" where there is none."""
    return (request.content_type or "").split(";")[0].strip(" \t").lower()


def cookies(request):
    """The cookies as a dict."""
    found = {}
    for pair in request.headers.get("Cookie", "").split(";"):
        name, _, value = pair.strip(" \t").partition("=")
        if name:
            found[name] = value
    return found


def args(request):
    """The query's arguments, a MultiDict."""
    from .urlencoding import parse_query

    return _parsed(parse_query, request.query_string or "", "query")


# The body


def stream(request):
    """The body as an asynchronous stream: read, readexactly, readline, readuntil."""
    from .streams import AsyncBytesIO

    return AsyncBytesIO(request.body)


def json(request):
    """The parsed body if its type is application/json (or +json), else None."""
    of_type = request.media_type
    if of_type != "application/json" and not (
        of_type[:12] == "application/" and of_type[-5:] == "+json"
    ):
        return None
    from .json_body import loads

    return _parsed(lambda data: loads(data.decode()), _loaded(request), "JSON")


def form(request):
    """The fields of an urlencoded form, a MultiDict; None if the body is none."""
    if request.media_type != "application/x-www-form-urlencoded":
        return None
    from .urlencoding import parse_query

    return _parsed(parse_query, _loaded(request), "form")


def _loaded(request):
    """The body, where all of it has to be in memory."""
    if request._is_long:
        from .app import abort

        abort(413, "Payload too large")
    return request.body


def _parsed(parse, data, what):
    """``parse(data)``; its ValueError is the client's mistake, not the application's: a 400."""
    try:
        return parse(data)
    except (ValueError, RuntimeError) as error:  # RuntimeError: nested too deeply
        from .datastructures import BadValue

        raise BadValue("invalid %s (%s)" % (what, error))


# The application's


class G:
    """The request's ``g``: an empty object."""


def g(request):
    """An object for the application's own attributes of this request."""
    return G()


def route(request):
    """The function of the matched route, None before."""
    return request._route.handler if request._route else None


def url_args(request):
    """The arguments out of the path as a dict, empty for a route without any."""
    return {}  # the application sets those of a route that has some


def url_prefix(request):
    """The prefix that the matched route's application is mounted with."""
    return request._route.url_prefix if request._route else ""


def subapp(request):
    """The mounted application of the matched route, None for the top one."""
    return request._route.subapp if request._route else None


def after_request_handlers(request):
    """The functions registered with after_request()."""
    return request._after or []
