"""A client for tests: requests to an application without a server or a socket."""

_ADDRESS = ("127.0.0.1", 1234)


class TestResponse:
    """An answer: ``status_code`` (int), ``reason`` (str), ``headers`` (a NoCaseDict of str;
    Set-Cookie is a list of str), ``body`` (bytes; None for HEAD and where the handler has answered
    by itself)."""

    __test__ = False  # not a test of pytest's

    def __init__(self, status_code, reason, headers, body):
        self.status_code = status_code
        self.reason = reason
        self.headers = headers
        self.body = body

    @property
    def text(self):
        """The body as str, None for a body that is not UTF-8."""
        try:
            return self.body.decode()
        except (UnicodeError, AttributeError):
            return None

    @property
    def json(self):
        """The parsed body if its type is application/json (or +json), else None.

        ValueError for a body that is none.
        """
        media_type = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if self.body is None or media_type[:12] != "application/":
            return None
        if media_type[12:] != "json" and media_type[-5:] != "+json":
            return None
        from .json_body import loads

        return loads(self.body.decode())

    @property
    def events(self):
        """The server-sent events: a list of dicts, empty for other answers.

        Keys: ``data`` (bytes), ``data_json`` (its value, None if it is no JSON), ``event`` and
        ``event_id`` (str), ``retry`` (seconds); None for what an event does not have.
        """
        from .test_client_answer import events

        return events(self)


class TestClient:
    """A client of ``app``.

    ``cookies``: a dict to keep cookies in, name to value, or to (value, path) where the server has
    restricted one to a path; ``scheme``: "http" or "https"; ``host``: the Host header.
    """

    __test__ = False
    close_code = None  # of the last websocket, as the server closed it (int)

    def __init__(self, app, cookies=None, scheme=None, host=None):
        self.app = app
        self.cookies = {} if cookies is None else cookies
        self.scheme = scheme
        self.host = host or "example.com:1234"

    async def request(self, method, path, headers=None, body=None, sock=None):
        """Send a request and return the TestResponse.

        ``path``: with the query; ``headers``: a dict; ``body``: bytes, str, or a dict or list to
        be sent as JSON; ``sock``: (reader, writer), streams for ``request.sock``. What the server
        would refuse is answered as it would. ValueError for a line break in the head, or a body
        shorter than its Content-Length; what a body raises while it is sent, this raises.
        """
        from .takeover import Origin, StreamConnection

        if sock:
            origin = StreamConnection(self.app, _ADDRESS, self.scheme, *sock)
        else:
            origin = Origin(self.app, _ADDRESS, self.scheme)
        from .test_client_answer import exchange

        return await exchange(self, origin, method, path, headers, body)

    def get(self, path, headers=None):
        """Send a GET request; see request()."""
        return self.request("GET", path, headers)

    def head(self, path, headers=None):
        """Send a HEAD request; see request()."""
        return self.request("HEAD", path, headers)

    def options(self, path, headers=None):
        """Send an OPTIONS request; see request()."""
        return self.request("OPTIONS", path, headers)

    def delete(self, path, headers=None):
        """Send a DELETE request; see request()."""
        return self.request("DELETE", path, headers)

    def post(self, path, headers=None, body=None):
        """Send a POST request; see request()."""
        return self.request("POST", path, headers, body)

    def put(self, path, headers=None, body=None):
        """Send a PUT request; see request()."""
        return self.request("PUT", path, headers, body)

    def patch(self, path, headers=None, body=None):
        """Send a PATCH request; see request()."""
        return self.request("PATCH", path, headers, body)

    def query(self, path, headers=None, body=None):
        """Send a QUERY request; see request()."""
        return self.request("QUERY", path, headers, body)

    def websocket(self, path, client, headers=None):
        """Open a websocket and let ``client`` speak on it.

        ``client``: a generator function (on CPython also an asynchronous one). What it yields is
        sent (str or bytes; None: nothing); the yield gives the next message, or None when the
        server asks for another without an answer. At its end the websocket is closed, and it is
        closed when the server closes. Returns None, or the TestResponse when the server did not
        open a websocket. Raises what the generator raises, and ValueError for frames that RFC 6455
        does not allow.
        """
        from .test_client_websocket import websocket

        return websocket(self, _ADDRESS, path, client, headers)
