"""One HTTP request. Headers, cookies, query and body are parsed when they are first asked for."""


def _text(data):
    """Header bytes as str: UTF-8, or each byte a character where it is none (RFC 9110 5.5)."""
    try:
        return data.decode()
    except UnicodeError:
        return "".join([chr(c) for c in data])


def make_request(head, connection):
    """The Request with a microdot.http.Head that came over ``connection``: see Origin in
    microdot.takeover."""
    request = Request()
    request._head = head
    request._connection = connection
    return request


class G:
    """The request's ``g``: an empty object for the application's own attributes."""


class Request:
    """What the client sent.

    Class tunables, in bytes: ``max_content_length`` (a longer body is refused with 413),
    ``max_body_length`` (a longer body is not loaded, only streamed), ``max_readline`` (a longer
    line of the head is refused).
    """

    max_content_length = 16 * 1024
    max_body_length = 16 * 1024
    max_readline = 2 * 1024

    G = G

    # Of one request; class attributes until they are set cost nothing.
    _head = None  # a microdot.http.Head
    _connection = None  # where it came from; see microdot.takeover
    _route = None
    _url_args = None
    _headers = None
    _body = b""
    _stream = None
    _parsed = None  # what was asked for: {attribute: value}
    _after = None

    # There is no __init__: an instance with few attributes, set from outside, is much cheaper.

    @property
    def app(self):
        """The application that handles the request."""
        return self._connection.app

    @property
    def client_addr(self):
        """The client's address as (host, port)."""
        return self._connection.address

    @property
    def scheme(self):
        """ "http" or "https"."""
        return self._connection.scheme or "http"

    @property
    def method(self):
        """The method as received (str)."""
        return self._head.method

    @property
    def path(self):
        """The path as received (str), without the query."""
        return self._head.path

    @property
    def url(self):
        """Path and query as received (str)."""
        return self._head.target

    @property
    def query_string(self):
        """The query as received (str), None where there is no ``?``."""
        return self._head.query

    @property
    def http_version(self):
        """The version of HTTP as str: "1.0" or "1.1"."""
        return self._head.http_version

    # The connection.

    @property
    def sock(self):
        """The connection's streams as (reader, writer); None where there is no connection.

        They know nothing of bytes received already, nor of time limits: see take_over().
        """
        return self._connection.sock

    def take_over(self):
        """The connection as a microdot.takeover.ConnectionStream, for another protocol than HTTP.

        The handler has to return ``Response.already_handled`` in the end. RuntimeError where the
        request did not come over a connection.
        """
        return self._connection.take_over()

    async def disconnected(self):
        """Wait until the client has gone, or has ended its side of the connection.

        To be awaited once the body was read, in a task that is cancelled before the response
        ends. A client that meanwhile sends more than a head's length counts as gone, too. Never
        returns where the request did not come over a connection.
        """
        await self._connection.disconnected()

    # The route that was found, set by the application.

    @property
    def route(self):
        """The function of the matched route, None before."""
        return self._route.handler if self._route else None

    @property
    def url_args(self):
        """The arguments out of the path as a dict, empty for a route without any."""
        return self._url_args or {}

    @property
    def url_prefix(self):
        """The prefix that the matched route's application is mounted with."""
        return self._route.url_prefix if self._route else ""

    @property
    def subapp(self):
        """The mounted application of the matched route, None for the top one."""
        return self._route.subapp if self._route else None

    def _once(self, name, parse):
        """The value of a lazy attribute, made by ``parse()`` the first time."""
        if self._parsed is None:
            self._parsed = {}
        if name not in self._parsed:
            self._parsed[name] = parse()
        return self._parsed[name]

    @property
    def headers(self):
        """The headers, a NoCaseDict; of a repeated one the last value."""
        if self._headers is None:
            from .datastructures import NoCaseDict

            headers = NoCaseDict()
            for line in self._head.lines:
                name, _, value = _text(line).partition(":")
                headers[name] = value.strip(" \t")
            self._headers = headers
        return self._headers

    @property
    def g(self):
        """An object for the application's own attributes of this request."""
        return self._once("g", self.G)

    @g.setter
    def g(self, value):
        self._once("g", self.G)
        self._parsed["g"] = value

    @property
    def content_length(self):
        """The declared length of the body in bytes; 0 where none is declared."""
        return self._head.content_length or 0

    @property
    def content_type(self):
        """The Content-Type header (str), or None."""
        return self.headers.get("Content-Type")

    @property
    def media_type(self):
        """The Content-Type without its parameters, in lower case; "" where there is none."""
        return (self.content_type or "").split(";")[0].strip().lower()

    @property
    def cookies(self):
        """The cookies as a dict."""
        return self._once("cookies", self._parse_cookies)

    def _parse_cookies(self):
        cookies = {}
        for pair in self.headers.get("Cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name:
                cookies[name] = value
        return cookies

    @property
    def args(self):
        """The query's arguments, a MultiDict."""
        return self._once("args", self._parse_args)

    def _parse_args(self):
        query = self._head.query or ""
        from .urlencoding import parse_query

        return self._parse(lambda: parse_query(query), "query")

    @property
    def body(self):
        """The body (bytes); empty when it is longer than max_body_length: use ``stream`` then."""
        return self._body or b""

    def stream_only(self, stream):
        """Give the body as ``stream`` alone: it is too long to be loaded."""
        self._stream = stream
        self._body = None

    @property
    def stream(self):
        """The body as an asynchronous stream: read, readexactly, readline, readuntil."""
        if self._stream is None:
            from .streams import AsyncBytesIO

            self._stream = AsyncBytesIO(self._body)
        return self._stream

    @property
    def json(self):
        """The parsed body if its type is application/json (or +json), else None."""
        return self._once("json", self._parse_json)

    def _parse_json(self):
        media_type = self.media_type
        if media_type != "application/json" and not (
            media_type[:12] == "application/" and media_type[-5:] == "+json"
        ):
            return None
        from .json_body import loads

        return self._parse(lambda: loads(self._loaded().decode()), "JSON")

    @property
    def form(self):
        """The fields of an urlencoded form, a MultiDict; None if the body is none."""
        return self._once("form", self._parse_form)

    @form.setter
    def form(self, value):
        self._once("form", dict)
        self._parsed["form"] = value

    def _parse_form(self):
        if self.media_type != "application/x-www-form-urlencoded":
            return None
        from .urlencoding import parse_query

        return self._parse(lambda: parse_query(self._loaded()), "form")

    def _loaded(self):
        """The body, where all of it has to be in memory."""
        if self._body is None:
            from .app import abort

            abort(413, "Payload too large")
        return self._body

    @property
    def files(self):
        """The uploaded files of a multipart form, once microdot.multipart has read them."""
        return self._parsed.get("files") if self._parsed else None

    @files.setter
    def files(self, value):
        self._once("files", dict)
        self._parsed["files"] = value

    def _parse(self, parse, what):
        """A ValueError that becomes a 400: the client's mistake, not the application's."""
        try:
            return parse()
        except (ValueError, RuntimeError) as error:  # RuntimeError: nested too deeply
            from .datastructures import BadValue

            raise BadValue("invalid %s (%s)" % (what, error))

    def after_request(self, f):
        """Decorator: call ``f(request, response)`` after this request's route."""
        if self._after is None:
            self._after = []
        self._after.append(f)
        return f

    @property
    def after_request_handlers(self):
        """The functions registered with after_request()."""
        return self._after or []

    @staticmethod
    async def create(app, client_reader, client_writer, client_addr, scheme=None):
        """Read one request from a stream; return it, or None at the end of the stream.

        For entrances that bring their own streams; the server does not come this way.
        """
        from .streams import read_request

        return await read_request(app, client_reader, client_writer, client_addr, scheme)
