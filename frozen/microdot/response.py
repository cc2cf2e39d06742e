"""One HTTP response: what a handler returns becomes one, and how its head is written."""

from .http import REASONS

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def http_date(fields):
    """The date of RFC 9110 section 5.6.7 for ``fields`` as time.gmtime() gives them (UTC)."""
    year, month, day, hour, minute, second, weekday = fields[:7]
    return "%s, %02d %s %04d %02d:%02d:%02d GMT" % (
        _DAYS[weekday], day, _MONTHS[month - 1], year, hour, minute, second,
    )  # fmt: skip


class Response:
    """What goes back to the client.

    ``body``: str, bytes, dict or list (JSON), None (204), a file-like object, an iterator or an
    asynchronous iterator of str or bytes (sent as they come). ``headers``: a dict; a value may be
    a list of values. ``reason``: the reason phrase; the standard one if left out.

    Class tunables: ``default_content_type``, ``default_send_file_max_age`` (seconds or None),
    ``send_file_buffer_size`` (bytes), ``types_map`` (file extension to content type).
    """

    default_content_type = "text/plain"
    default_send_file_max_age = None
    send_file_buffer_size = 1024
    types_map = {
        "css": "text/css",
        "gif": "image/gif",
        "html": "text/html",
        "jpg": "image/jpeg",
        "js": "text/javascript",
        "json": "application/json",
        "png": "image/png",
        "txt": "text/plain",
        "svg": "image/svg+xml",
    }

    # A handler that has answered by itself returns this.
    already_handled = None

    is_head = False
    file = None  # of send_file(): a microdot.files.File, for the conditions of a request
    reason = None
    _headers = None

    def __init__(self, body=b"", status_code=200, headers=None, reason=None):
        if body is None and status_code == 200:
            body = b""
            status_code = 204
        self.status_code = status_code
        if headers:
            self.headers = headers
        if reason is not None:
            self.reason = reason
        if isinstance(body, str):
            body = body.encode()
        elif isinstance(body, (dict, list)):
            import json

            body = json.dumps(body).encode()
            if "Content-Type" not in self.headers:
                self.headers["Content-Type"] = "application/json; charset=UTF-8"
        elif body is None:
            body = b""
        self.body = body

    @property
    def headers(self):
        """The headers, a NoCaseDict; a value is a str or a list of str."""
        if self._headers is None:
            from .datastructures import NoCaseDict

            self._headers = NoCaseDict()
        return self._headers

    @headers.setter
    def headers(self, value):
        from .datastructures import NoCaseDict

        self._headers = value if isinstance(value, NoCaseDict) else NoCaseDict(value)

    @property
    def is_whole(self):
        """Whether the body is bytes, so that its length is known."""
        return isinstance(self.body, (bytes, bytearray, memoryview))

    @property
    def has_body(self):
        """Whether the status allows a body (RFC 9110 section 6.4.1)."""
        status = self.status_code
        return status >= 200 and status != 204 and status != 304

    def set_cookie(self, cookie, value, path=None, domain=None, expires=None, max_age=None,
                   secure=False, http_only=False, partitioned=False, same_site=None):  # fmt: skip
        """Set a cookie.

        ``expires``: a str, or a datetime (UTC if it has no zone); ``max_age``: seconds;
        ``same_site``: "Strict", "Lax" or "None". ValueError for text that would end the cookie.
        """
        from .cookies import set_cookie_header

        text = set_cookie_header(
            cookie, value, path, domain, expires, max_age, secure, http_only, partitioned,
            same_site,
        )  # fmt: skip
        present = self.headers.get("Set-Cookie")
        if present is None:
            self.headers["Set-Cookie"] = [text]
        elif isinstance(present, list):
            present.append(text)
        else:
            self.headers["Set-Cookie"] = [present, text]

    def delete_cookie(self, cookie, **kwargs):
        """Delete a cookie; the options have to be those it was set with."""
        kwargs.pop("expires", None)
        kwargs.pop("max_age", None)
        self.set_cookie(cookie, "", expires="Thu, 01 Jan 1970 00:00:01 GMT", max_age=0, **kwargs)

    def complete(self):
        """Add Content-Length and Content-Type where the handler gave none."""
        if self.has_body:
            if self.is_whole and "Content-Length" not in self.headers:
                self.headers["Content-Length"] = str(len(self.body))
            if "Content-Type" not in self.headers:
                self.headers["Content-Type"] = _with_charset(self.default_content_type)

    def render_head(self, version=1, keep_alive=True, date=None):
        """The head as bytes. ValueError for a header with CR, LF or NUL in it.

        ``version``: the client's minor version; ``keep_alive``: whether the connection stays open;
        ``date``: the Date header's value or None.
        """
        status = self.status_code
        usual = self._headers is None and self.reason is None and status == 200
        if usual and version and keep_alive and self.is_whole:
            return usual_head(self.default_content_type, len(self.body), date)
        if not 200 <= status <= 999 and status != 101:
            raise ValueError("expected a status from 200 to 999, got %d" % status)
        reason = self.reason or REASONS.get(status, "Unknown")
        _check_value(reason)
        lines = ["HTTP/1.1 %d %s" % (status, reason)]
        headers = self._headers or ()
        for name in headers:
            value = headers[name]
            _check_name(name)
            if len(name) in (14, 17) and self._is_framing(name, value):
                continue
            for one in value if isinstance(value, list) else (value,):
                one = one if isinstance(one, str) else str(one)
                _check_value(one)
                lines.append(name + ": " + one)
        if self.has_body:
            if "Content-Type" not in headers:
                lines.append("Content-Type: " + _with_charset(self.default_content_type))
            if self._knows_length or (self.is_whole and "Content-Length" not in headers):
                lines.append("Content-Length: %d" % len(self.body))
            elif version and "Content-Length" not in headers:
                lines.append("Transfer-Encoding: chunked")
        if date and "Date" not in headers:
            lines.append("Date: " + date)
        if "Connection" not in headers:
            if not keep_alive:
                lines.append("Connection: close")
            elif not version:
                lines.append("Connection: keep-alive")
        lines.append("\r\n")
        return "\r\n".join(lines).encode()

    @property
    def _knows_length(self):
        return not self.is_head and self.has_body and self.is_whole

    def _is_framing(self, name, value):
        """Whether a header says where the body ends and is not the handler's to say.

        A wrong one would take the next answer for a part of this one (RFC 9112 section 6).
        """
        name = name.lower()
        if name == "content-length":
            if not self.has_body and self.status_code != 304:
                return True  # RFC 9110 section 8.6
            if not str(value).isdigit():
                raise ValueError("expected digits as Content-Length, got %r" % (value,))
            return self._knows_length
        return name == "transfer-encoding"

    @property
    def is_chunked(self):
        """Whether a 1.1 client gets the body in chunks."""
        return self.has_body and not self.is_whole and "Content-Length" not in self.headers

    async def write(self, stream):
        """Write the whole response to ``stream``, which has ``awrite(bytes)``; without chunks."""
        await stream.awrite(self.render_head(0, False))
        if not self.is_head and self.has_body:
            pieces = self.body_iter()
            try:
                async for piece in pieces:
                    await stream.awrite(piece)
            finally:
                await pieces.aclose()

    def body_iter(self):
        """An asynchronous iterator over the body's pieces (bytes); closes what it read from."""
        from .body import body_iterator

        return body_iterator(self.body, self.send_file_buffer_size)

    def for_request(self, request):
        """The response of send_file() that a conditional or range request gets: 304, 206, 416."""
        from .files import for_request

        return for_request(self, request)

    @classmethod
    def redirect(cls, location, status_code=302):
        """A response that sends the client to ``location`` (str)."""
        if "\r" in location or "\n" in location:
            raise ValueError("invalid redirect URL")
        return cls(status_code=status_code, headers={"Location": location})

    @classmethod
    def send_file(cls, filename, status_code=200, content_type=None, stream=None, max_age=None,
                  compressed=False, file_extension="", root=None):  # fmt: skip
        """A response with the content of a file; conditional and range requests get what they ask.

        ``filename``: its path; below ``root`` when that is given, and then it cannot lead out.
        ``stream``: an open file to read instead; ``max_age``: seconds that the client may keep it;
        ``compressed``: True for gzip or the name of the content coding the file is in;
        ``file_extension``: appended to the name when the file is opened.
        OSError where there is no such file; below a ``root``, HTTPException(404).
        """
        from .files import file_response

        return file_response(
            cls, filename, status_code, content_type, stream, max_age, compressed,
            file_extension, root,
        )  # fmt: skip


class _AlreadyHandled(Response):
    """What hooks set on it goes nowhere, and is not kept for the next request either."""

    @property
    def headers(self):
        from .datastructures import NoCaseDict

        return NoCaseDict()


Response.already_handled = _AlreadyHandled()


def usual_head(content_type, length, date):
    """The head (bytes) of a 200 of HTTP/1.1 with nothing but a body of ``length`` bytes."""
    return (
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
        % (_with_charset(content_type), length, "Date: %s\r\n" % date if date else "")
    ).encode()


def _with_charset(content_type):
    return content_type if "charset=" in content_type else content_type + "; charset=UTF-8"


def _check_name(name):
    # RFC 9110 section 5.1: a name is a token; CR, LF and colon would begin another header.
    if not name or "\r" in name or "\n" in name or "\0" in name or ":" in name or " " in name:
        raise ValueError("invalid header name %r" % name)


def _check_value(value):
    if "\r" in value or "\n" in value or "\0" in value:
        raise ValueError("invalid header value")


def make_response(value):
    """The Response for what a handler returned: body, status, headers in the documented forms."""
    if isinstance(value, Response):
        return value
    if isinstance(value, tuple):
        body = value[0]
        if isinstance(body, int):
            return Response("", body, value[1] if len(value) > 1 else None)
        if len(value) > 1 and not isinstance(value[1], int):
            value = (body, 200, value[1])
        response = Response(body, *value[1:])
    elif isinstance(value, int):
        return Response("", value)
    else:
        response = Response(value)
    if not response.is_whole:
        response.body_iter()  # TypeError, here and not after the head, for what is no body
    return response


def redirect(location, status_code=302):
    """A response that sends the client to ``location``; see Response.redirect()."""
    return Response.redirect(location, status_code)


def send_file(filename, *args, **kwargs):
    """A response with the content of a file; see Response.send_file()."""
    return Response.send_file(filename, *args, **kwargs)
