"""How the head of a response is written (RFC 9112 section 4)."""

from .http import with_charset
from .reasons import reason_phrase


def render_head(response, version, keep_alive, date):
    """See Response.render_head()."""
    status = response.status_code
    whole = response.is_whole
    headers = response._headers or ()
    if not 200 <= status <= 999 and status != 101:
        raise ValueError("expected a status from 200 to 999, got %d" % status)
    reason = response.reason or reason_phrase(status)
    _check_value(reason)
    lines = ["HTTP/1.1 %d %s" % (status, reason)]
    for name in headers:
        value = headers[name]
        _check_name(name)
        if len(name) in (14, 17) and _is_framing(response, name, value):
            continue
        for one in value if isinstance(value, list) else (value,):
            one = one if isinstance(one, str) else str(one)
            _check_value(one)
            lines.append(name + ": " + one)
    if response.has_body:
        if "Content-Type" not in headers:
            lines.append("Content-Type: " + with_charset(response.default_content_type))
        if whole and ("Content-Length" not in headers or not response.is_head):
            lines.append("Content-Length: %d" % len(response.body))
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


def complete(response):
    """See Response.complete()."""
    headers = response.headers
    if response.has_body:
        if response.is_whole and "Content-Length" not in headers:
            headers["Content-Length"] = str(len(response.body))
        if "Content-Type" not in headers:
            headers["Content-Type"] = with_charset(response.default_content_type)


def _is_framing(response, name, value):
    """Whether a header says where the body ends and is not the handler's to say.

    A wrong one would take the next answer for a part of this one (RFC 9112 section 6).
    """
    name = name.lower()
    if name == "content-length":
        if not response.has_body and response.status_code != 304:
            return True  # RFC 9110 section 8.6
        if not str(value).isdigit():
            raise ValueError("expected digits as Content-Length, got %r" % (value,))
        return response.has_body and response.is_whole and not response.is_head
    return name == "transfer-encoding"


def _check_name(name):
    # RFC 9110 section 5.1: a name is a token; CR, LF and colon would begin another header.
    if not name or "\r" in name or "\n" in name or "\0" in name or ":" in name or " " in name:
        raise ValueError("invalid header name %r" % name)


def _check_value(value):
    if "\r" in value or "\n" in value or "\0" in value:
        raise ValueError("invalid header value")
