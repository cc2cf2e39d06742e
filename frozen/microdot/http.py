"""HTTP/1.1 without a socket: bytes in, a Head and pieces of a body out.

Strict where laxness would let two parties read one message differently (RFC 9112, section 11.2):
what is refused here is refused with a status and closes the connection.
"""

from .compat import const

_MAX_LENGTH_DIGITS = const(15)
_MAX_CHUNK_DIGITS = const(8)
_MAX_CHUNK_LINE = const(256)
_MAX_TRAILERS = const(1024)

REASONS = {
    100: "Continue", 101: "Switching Protocols",
    200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information",
    204: "No Content", 205: "Reset Content", 206: "Partial Content",
    300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout",
    409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
    413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
    416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request",
    422: "Unprocessable Content", 423: "Locked", 426: "Upgrade Required",
    428: "Precondition Required", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    507: "Insufficient Storage",
}  # fmt: skip

_METHODS = {b"GET": "GET", b"HEAD": "HEAD", b"POST": "POST", b"PUT": "PUT", b"DELETE": "DELETE"}

# What a name means here: 0 nothing, else one of these. Names that clients send with every request
# stand here as they spell them, so that they are not looked at letter by letter.
_HOST = const(1)
_CONTENT_LENGTH = const(2)
_TRANSFER_ENCODING = const(3)
_CONNECTION = const(4)
_EXPECT = const(5)
_NAMES = {
    b"Host": _HOST, b"host": _HOST,
    b"Content-Length": _CONTENT_LENGTH, b"content-length": _CONTENT_LENGTH,
    b"transfer-encoding": _TRANSFER_ENCODING,
    b"Connection": _CONNECTION, b"connection": _CONNECTION,
    b"expect": _EXPECT,
    b"Accept": 0, b"Accept-Encoding": 0, b"Accept-Language": 0, b"User-Agent": 0,
    b"Content-Type": 0, b"Cookie": 0, b"Cache-Control": 0,
}  # fmt: skip


class ProtocolError(Exception):
    """A request that HTTP does not allow or the server refuses: ``status`` (int), ``reason``."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Head:
    """What a request's head says; parse_head() makes it, nobody changes it afterwards."""

    lines = ()  # the header lines as received (bytes)
    query = None  # what stands behind the target's first "?", if there is one
    content_length = None  # int, None where the head gives none
    chunked = False
    keep_alive = True
    expect_continue = False
    is_usual = False  # GET of HTTP/1.1 without a body that leaves the connection open

    def __init__(self, method, target, version):
        self.method = method  # str, as received
        self.target = self.path = target  # str: path and query as received
        self.version = version  # minor version: 0 or 1
        if version == 0:
            self.keep_alive = False
        mark = target.find("?")
        if mark >= 0:
            self.path = target[:mark]
            self.query = target[mark + 1 :]

    @property
    def http_version(self):
        """The version as str: "1.0" or "1.1"."""
        return "1.1" if self.version else "1.0"


def parse_head(data, max_headers=64):
    """The Head in ``data`` (bytes: all before the empty line); ProtocolError for a bad one."""
    lines = data.split(b"\r\n")
    breaks = len(lines) - 1
    # RFC 9112 section 2.2: no bare CR; bare LF is not taken for a line's end; NUL is never valid.
    if data.count(b"\r") != breaks or data.count(b"\n") != breaks or b"\0" in data:
        raise ProtocolError(400, "stray CR, LF or NUL in the head")
    if breaks > max_headers:
        raise ProtocolError(431, "too many headers")
    head = _request_line(lines.pop(0))
    head.lines = lines
    hosts = 0
    connection = None
    for line in lines:
        colon = line.find(b":")
        name = line[:colon] if colon > 0 else b""
        meaning = _NAMES.get(name)
        if meaning is None:
            meaning = _meaning(name)
        if meaning == 0:
            continue
        value = line[colon + 1 :].strip(b" \t")
        if meaning == _HOST:
            hosts += 1
            if not _is_host(value):
                raise ProtocolError(400, "bad Host")
        elif meaning == _CONNECTION:
            connection = connection + b"," + value if connection else value
        elif meaning == _CONTENT_LENGTH:
            _content_length(head, value)
        elif meaning == _TRANSFER_ENCODING:
            _transfer_encoding(head, value)
        elif value.lower() == b"100-continue":
            head.expect_continue = head.version == 1
        else:
            raise ProtocolError(417, "unknown expectation")
    # RFC 9112 section 3.2: exactly one Host in a 1.1 request.
    if hosts > 1 or (hosts == 0 and head.version == 1):
        raise ProtocolError(400, "expected one Host header, got %d" % hosts)
    # RFC 9112 section 6.3: a sign of request smuggling.
    if head.chunked and head.content_length is not None:
        raise ProtocolError(400, "Content-Length beside Transfer-Encoding")
    if connection:
        tokens = [token.strip(b" \t") for token in connection.lower().split(b",")]
        if b"close" in tokens:
            head.keep_alive = False
        elif b"keep-alive" in tokens:
            head.keep_alive = True
    if head.method == "GET" and head.version and head.keep_alive:
        head.is_usual = not (head.chunked or head.content_length or head.expect_continue)
    return head


def _request_line(line):
    parts = line.split(b" ")
    if len(parts) != 3:
        raise ProtocolError(400, "bad request line")
    method, target, version = parts
    name = _METHODS.get(method)
    if name is None:
        if not is_token(method):
            raise ProtocolError(400, "bad method")
        name = method.decode()
    minor = 1 if version == b"HTTP/1.1" else _minor_version(version)
    # RFC 9112 section 3.2: visible ASCII only; a fragment is never sent (RFC 9110 section 7.1).
    if not target or min(target) <= 32 or max(target) >= 127 or b"#" in target:
        raise ProtocolError(400, "bad request target")
    target = target.decode()
    if target[0] != "/":
        target = _other_target(name, target)
    return Head(name, target, minor)


def _minor_version(version):
    """RFC 9112 section 2.3: a later minor version is answered as the latest one known."""
    if len(version) != 8 or version[:5] != b"HTTP/" or version[6:7] != b".":
        raise ProtocolError(400, "bad version")
    if not version[5:6].isdigit() or not version[7:8].isdigit():
        raise ProtocolError(400, "bad version")
    if version[5:6] != b"1":
        raise ProtocolError(505, "unsupported version")
    return 0 if version[7:8] == b"0" else 1


def _other_target(method, target):
    """RFC 9112 section 3.2.2: the path of an absolute-form target; ``*`` for OPTIONS."""
    if target == "*" and method == "OPTIONS":
        return target
    if method == "CONNECT":
        raise ProtocolError(501, "no tunnels")
    scheme = target[:8].lower()
    start = 7 if scheme[:7] == "http://" else 8 if scheme == "https://" else 0
    if not start or target[start : start + 1] in ("", "/", "?"):
        raise ProtocolError(400, "bad request target")
    end = start
    while end < len(target) and target[end] not in "/?":
        end += 1
    # RFC 9110 section 4.2.4: user names before the host are an error.
    if "@" in target[start:end]:
        raise ProtocolError(400, "bad request target")
    path = target[end:]
    return path if path[:1] == "/" else "/" + path


def _meaning(name):
    """The meaning of a header name that is not spelled as in _NAMES; checks its letters."""
    if not is_token(name):
        # RFC 9112 sections 5.1 and 5.2: no space before the colon, no folded lines.
        raise ProtocolError(400, "bad header line")
    return _NAMES.get(name.lower(), 0)


def is_token(name):
    """Whether ``name`` (bytes) is a token of RFC 9110 section 5.6.2."""
    if name.isalpha():
        return True
    for c in name:
        if not (48 <= c <= 57 or 65 <= c <= 90 or 94 <= c <= 122) and c not in b"!#$%&'*+-.|~":
            return False
    return len(name) > 0


def _is_host(value):
    """RFC 9112 section 3.2: the field may be empty, but nothing that is not an authority."""
    if not value:
        return True
    if min(value) <= 32 or max(value) >= 127:
        return False
    return not (b"/" in value or b"@" in value or b"," in value or b"?" in value or b"#" in value)


def _content_length(head, value):
    # RFC 9112 section 6.3: only digits; a repeated field is refused, even with one value.
    if head.content_length is not None:
        raise ProtocolError(400, "repeated Content-Length")
    if not value.isdigit():
        raise ProtocolError(400, "bad Content-Length")
    if len(value) > _MAX_LENGTH_DIGITS:
        raise ProtocolError(413, "Content-Length out of range")
    head.content_length = int(value)


def _transfer_encoding(head, value):
    # RFC 9112 section 6.1: chunked exactly once and last; never in HTTP/1.0.
    if head.chunked or head.version == 0:
        raise ProtocolError(400, "bad Transfer-Encoding")
    codings = [coding.strip(b" \t") for coding in value.lower().split(b",")]
    if codings != [b"chunked"]:
        if b"chunked" in codings[:-1] or b"" in codings:
            raise ProtocolError(400, "bad Transfer-Encoding")
        raise ProtocolError(501, "unknown transfer coding")
    head.chunked = True


# Bodies


class LengthDecoder:
    """A body of known length: ``feed(data)`` gives its part of ``data`` and keeps the ``rest``."""

    def __init__(self, length):
        self.remaining = length
        self.rest = b""

    @property
    def done(self):
        """Whether all of the body was seen."""
        return self.remaining == 0

    def feed(self, data):
        """The body bytes in ``data``; what comes after the body is kept in ``rest``."""
        if len(data) > self.remaining:
            self.rest = data[self.remaining :]
            data = data[: self.remaining]
        self.remaining -= len(data)
        return data


# What a ChunkedDecoder waits for.
_SIZE = const(0)
_DATA = const(1)
_DATA_END = const(2)
_TRAILER = const(3)
_DONE = const(4)


class ChunkedDecoder:
    """A chunked body (RFC 9112 section 7.1), fed in pieces of any size.

    Sizes are hexadecimal digits only, lines end with CRLF only; extensions and trailers are
    skipped, within limits. ProtocolError (400) for anything else.
    """

    def __init__(self):
        self.rest = b""
        self._state = _SIZE
        self._held = b""  # the beginning of a line whose end has not come
        self._remaining = 0
        self._trailers = 0

    @property
    def done(self):
        """Whether the last chunk and the trailers were seen."""
        return self._state == _DONE

    def feed(self, data):
        """The body bytes in ``data``; what comes after the body is kept in ``rest``."""
        parts = []
        if self._held:
            data = self._held + data
            self._held = b""
        at = 0
        while at < len(data) and self._state != _DONE:
            if self._state == _DATA:
                piece = data[at : at + self._remaining]
                parts.append(piece)
                at += len(piece)
                self._remaining -= len(piece)
                if self._remaining == 0:
                    self._state = _DATA_END
            else:
                end = self._line_end(data, at)
                if end < 0:
                    self._held = data[at:]
                    return b"".join(parts)
                self._line(data[at:end])
                at = end + 2
        if self._state == _DONE:
            self.rest = data[at:]
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _line_end(self, data, at):
        """Where the CRLF of the line at ``at`` is; -1 when it has not come yet."""
        end = data.find(b"\r\n", at)
        line = data[at:end] if end >= 0 else data[at:]
        # A CR at the very end may be half of a CRLF.
        checked = line[:-1] if end < 0 and line[-1:] == b"\r" else line
        if b"\r" in checked or b"\n" in checked:
            raise ProtocolError(400, "stray CR or LF in a chunked body")
        limit = _MAX_TRAILERS if self._state == _TRAILER else _MAX_CHUNK_LINE
        if len(checked) > (limit if self._state != _DATA_END else 0):
            raise ProtocolError(400, "bad chunk")
        return end

    def _line(self, line):
        if self._state == _SIZE:
            self._size(line)
        elif self._state == _DATA_END:
            self._state = _SIZE
        elif line:
            self._trailers += len(line) + 2
            colon = line.find(b":")
            if self._trailers > _MAX_TRAILERS or b"\0" in line:
                raise ProtocolError(400, "bad trailer")
            if colon < 1 or not is_token(line[:colon]):
                raise ProtocolError(400, "bad trailer")
        else:
            self._state = _DONE

    def _size(self, line):
        digits = line.split(b";", 1)[0]
        if not digits or len(digits) > _MAX_CHUNK_DIGITS or b"\0" in line:
            raise ProtocolError(400, "bad chunk size")
        for c in digits:
            if not (48 <= c <= 57 or 65 <= c <= 70 or 97 <= c <= 102):
                raise ProtocolError(400, "bad chunk size")
        self._remaining = int(digits, 16)
        self._state = _DATA if self._remaining else _TRAILER
