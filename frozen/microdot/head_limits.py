"""Heads that are refused before they are parsed, or before they are complete."""

from .http import ProtocolError
from .request import Request


def check_beginning(data, max_head):
    """Refuse a head that cannot become a good one, without waiting for its end."""
    if len(data) > max_head:
        refuse_too_long(data)
    if data.count(b"\n") != data.count(b"\r\n"):
        raise ProtocolError(400, "bare LF in the head")
    if not 32 < data[0] < 127 and data != b"\r":
        raise ProtocolError(400, "no request")  # TLS, or noise


def refuse_too_long(data):
    end = data.find(b"\r\n")
    if end < 0 or end > Request.max_readline:
        raise ProtocolError(414, "request line too long")
    raise ProtocolError(431, "head too large")


def check_lines(data, limit):
    for index, line in enumerate(data.split(b"\r\n")):
        if len(line) > limit:
            raise ProtocolError(431 if index else 414, "line too long")
