"""The head of a request of HTTP/1.1, without a socket: bytes in, a Head out.

Strict where laxness would let two parties read one message differently (RFC 9112, section 11.2):
what is refused here is refused with a status and closes the connection.
"""

from .compat import const

_MAX_LENGTH_DIGITS = const(15)

# Names that say something here, in lower case, and what: 1 and more, 0 for all others. Tuples of
# constants stay in flash.
_NAMES = (b"", b"host", b"content-length", b"transfer-encoding", b"connection", b"expect")
_HOST = const(1)
_CONTENT_LENGTH = const(2)
_TRANSFER_ENCODING = const(3)
_CONNECTION = const(4)
# What clients send with every request, as they spell it, is not looked at letter by letter.
_OTHERS = (b"Accept", b"User-Agent", b"Accept-Encoding", b"Accept-Language", b"Cookie",
           b"Content-Type", b"Cache-Control")  # fmt: skip


class ProtocolError(Exception):
    """A request that HTTP does not allow or the server refuses: ``status`` (int), ``reason``."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Head:
    """What a request's head says; parse_head() makes it, nobody changes it afterwards."""

    lines = ()  # the header lines as received (bytes)
    query_string = None  # what stands behind the target's first "?", if there is one
    content_length = None  # int, None where the head gives none
    chunked = False
    keep_alive = True
    expect_continue = False
    is_usual = False  # GET of HTTP/1.1 without a body that leaves the connection open

    def __init__(self, method, target, version):
        self.method = method  # str, as received
        self.url = self.path = target  # str: path and query as received
        self.version = version  # minor version: 0 or 1
        if version == 0:
            self.keep_alive = False
        mark = target.find("?")
        if mark >= 0:
            self.path = target[:mark]
            self.query_string = target[mark + 1 :]

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
        meaning = _HOST if name == b"Host" else 0 if name in _OTHERS else _meaning(name)
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
    if not is_token(method):
        raise ProtocolError(400, "bad method")
    method = method.decode()
    minor = 1 if version == b"HTTP/1.1" else _minor_version(version)
    # RFC 9112 section 3.2: visible ASCII only; a fragment is never sent (RFC 9110 section 7.1).
    if not target or min(target) <= 32 or max(target) >= 127 or b"#" in target:
        raise ProtocolError(400, "bad request target")
    target = target.decode()
    if target[0] != "/":
        target = _other_target(method, target)
    return Head(method, target, minor)


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
    """The meaning of a header name; checks its letters."""
    if not is_token(name):
        # RFC 9112 sections 5.1 and 5.2: no space before the colon, no folded lines.
        raise ProtocolError(400, "bad header line")
    name = name.lower()
    return _NAMES.index(name) if name in _NAMES else 0


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


def with_charset(content_type):
    """A Content-Type that names the charset: UTF-8 where it names none."""
    return content_type if "charset=" in content_type else content_type + "; charset=UTF-8"
