"""One HTTP request."""

# Attributes that another object has under the same name.
_OF_HEAD = ("method", "path", "url", "query_string", "http_version")
_OF_CONNECTION = ("app", "scheme", "sock", "client_addr")


def make_request(head, connection):
    """The Request with a microdot.http.Head that came over ``connection``: see Origin in
    microdot.takeover."""
    request = Request()
    request._head = head
    request._connection = connection
    return request


class Request:
    """What the client sent.

    Class tunables, in bytes: ``max_content_length`` (a longer body is refused with 413),
    ``max_body_length`` (a longer body is not loaded, only streamed), ``max_readline`` (a longer
    line of the head is refused). ``larger_bodies``: ((prefix, bytes), ...), paths whose bodies may
    be longer than ``max_content_length``; what handles them has to stream, and to set a limit.

    Attributes: ``method``, ``path`` (without the query), ``url`` (with it), ``query_string`` (None
    without "?"), all str as received; ``http_version`` ("1.0" or "1.1"); ``app``; ``client_addr``
    (host, port); ``scheme`` ("http" or "https"); ``sock`` ((reader, writer) or None: they know
    nothing of bytes received already, nor of time limits, see take_over()); ``body`` (bytes,
    empty when it is longer than max_body_length: use ``stream`` then); ``files`` (None until
    microdot.multipart has read them); and what microdot.request_data makes of them when it is
    first asked for: ``headers``, ``cookies``, ``args``, ``form``, ``json``, ``stream``, ``g``,
    ``route`` and more.
    """

    max_content_length = 16 * 1024
    max_body_length = 16 * 1024
    max_readline = 2 * 1024
    larger_bodies = ()

    # Of one request; class attributes until they are set cost nothing. There is no __init__: an
    # instance with few attributes, set from outside, is much cheaper, as are attributes that are
    # made when they are asked for instead of properties.
    _route = None
    _after = None
    _is_long = False  # the body, for being loaded
    body = b""
    files = None

    def __getattr__(self, name):
        if name in _OF_HEAD:
            return getattr(self._head, name)
        if name in _OF_CONNECTION:
            return getattr(self._connection, name)
        if name[0] == "_":
            raise AttributeError(name)
        from .request_data import make_attribute

        return make_attribute(self, name)

    def stream_only(self, stream):
        """Give the body as ``stream`` alone: it is too long to be loaded."""
        self.stream = stream
        self._is_long = True

    def take_over(self):
        """The connection as a microdot.takeover.ConnectionStream, for another protocol than HTTP.

        The handler has to return ``Response.already_handled`` in the end. RuntimeError where the
        request did not come over a connection.
        """
        return self._connection.take_over()

    def disconnected(self):
        """Wait until the client has gone, or has ended its side of the connection.

        To be awaited once the body was read, in a task that is cancelled before the response
        ends. A client that meanwhile sends more than a head's length counts as gone, too. Never
        returns where the request did not come over a connection.
        """
        return self._connection.disconnected()

    def after_request(self, f):
        """Decorator: call ``f(request, response)`` after this request's route."""
        if self._after is None:
            self._after = []
        self._after.append(f)
        return f

    @staticmethod
    async def create(app, client_reader, client_writer, client_addr, scheme=None):
        """Read one request from a stream; return it, or None at the end of the stream.

        For entrances that bring their own streams; the server does not come this way.
        """
        from .streams import read_request

        return await read_request(app, client_reader, client_writer, client_addr, scheme)
