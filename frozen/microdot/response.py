"""One HTTP response: what a handler returns becomes one."""


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
        from .response_head import complete

        complete(self)

    def render_head(self, version=1, keep_alive=True, date=None):
        """The head as bytes. ValueError for a header with CR, LF or NUL in it.

        ``version``: the client's minor version; ``keep_alive``: whether the connection stays open;
        ``date``: the Date header's value or None.
        """
        from .response_head import render_head

        return render_head(self, version, keep_alive, date)

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


Response.already_handled = Response()


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


redirect = Response.redirect
send_file = Response.send_file
