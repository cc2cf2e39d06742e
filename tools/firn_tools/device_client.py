"""Requests to a running device, with the names that the framework's test client has."""

import json
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from .errors import Failure
from .running import REQUEST_TIMEOUT, connect


class Response:
    """An answer: ``status_code`` (int), ``reason`` (str), ``headers`` (names without regard to
    case), ``body`` (bytes), ``text`` (None if it is no UTF-8), ``json`` (None if it is none)."""

    def __init__(self, response):
        self.status_code = response.status
        self.reason = response.reason
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        try:
            return self.body.decode()
        except UnicodeError:
            return None

    @property
    def json(self):
        kind = self.headers.get_content_type()
        if kind == "application/json" or (
            kind.startswith("application/") and kind.endswith("+json")
        ):
            return json.loads(self.body)
        return None


class DeviceClient:
    """A client of the device at ``url`` (http://HOST[:PORT]); it keeps ``cookies`` (a dict).

    Methods as of microdot.test_client.TestClient, but not asynchronous: request, get, head,
    options, delete, post, put, patch. No redirect is followed.
    """

    def __init__(self, url, timeout=REQUEST_TIMEOUT):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failure("expected a URL such as http://192.168.1.20, got %r" % url)
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.cookies = {}
        self._parts = parts

    def request(self, method, path, headers=None, body=None):
        """Send a request and return the Response.

        ``path``: with the query; ``headers``: a dict; ``body``: bytes, str, or a dict or list to
        be sent as JSON. OSError where the device does not answer in ``timeout`` seconds.
        """
        headers = dict(headers or {})
        names = [name.lower() for name in headers]
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            if "content-type" not in names:
                headers["Content-Type"] = "application/json"
        if isinstance(body, str):
            body = body.encode()
        if self.cookies and "cookie" not in names:
            headers["Cookie"] = "; ".join("%s=%s" % item for item in self.cookies.items())
        parts = self._parts
        connection = connect(parts.scheme, parts.hostname, parts.port, self.timeout)
        try:
            connection.request(method, path, body, headers)
            response = Response(connection.getresponse())
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", ()):
            self._keep(line)
        return response

    def _keep(self, line):
        try:
            jar = SimpleCookie(line)
        except CookieError:
            return
        for name, morsel in jar.items():
            gone = morsel["max-age"] == "0" or "1970" in morsel["expires"]
            if gone:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.coded_value

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
