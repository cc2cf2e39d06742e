"""What h11, an implementation of HTTP/1.1 by others, reads in the same bytes.

Two parties that read one message differently are what request smuggling is made of. So what h11
refuses is not accepted here, what both accept is the same for both, and what is refused here
alone is one of the reasons in STRICTER.
"""

import h11

# Why a request may be refused here that h11 takes, each with the reason.
STRICTER = {
    "incomplete": "h11 takes a bare LF for the end of a line",
    "stray CR, LF or NUL in the head": "h11 takes a bare LF for the end of a line",
    "stray CR or LF in a chunked body": "the same in the lines between chunks",
    "too many headers": "h11 has no such limit",
    "bad header line": "h11 unfolds obsolete line folding",
    "bad version": "h11 takes any digit before the dot, as a later version",
    "unsupported version": "the same",
    "bad request target": "h11 takes every visible character; here, what RFC 9112 3.2 names",
    "no tunnels": "CONNECT is for proxies",
    "bad Host": "h11 does not look into it",
    "expected one Host header, got 0": "h11 asks for it in 1.1, not in 1.2 to 1.9",
    "unknown expectation": "h11 ignores it",
    "repeated Content-Length": "h11 takes the same length again",
    "bad Content-Length": "h11 takes the same length again, as a list in one line",
    "Content-Length out of range": "h11 has 20 digits, this 15",
    "Content-Length beside Transfer-Encoding": "h11 takes the latter",
    "bad Transfer-Encoding": "h11 takes it in HTTP/1.0",
    "bad chunk": "lines between chunks have no limit in h11",
    "bad chunk size": "h11 has 20 digits, this 8; it takes white space after them, and NUL",
    "bad trailer": "trailers have no limit in h11; it unfolds them",
}

# What h11 says of the framing fields that it finds in a head, or in trailers.
_IN_TRAILERS = (
    "multiple Transfer-Encoding headers",
    "Only Transfer-Encoding: chunked is supported",
    "bad Content-Length",
    "conflicting Content-Length headers",
)


class Message:
    """The first message in some bytes: its parts, the ``rest`` of the bytes, or an ``error``.

    ``error`` (str): "incomplete", or why it was refused; with ``method`` None there is no head.
    """

    def __init__(self, method=None, target=None, version=None, headers=(), error=None,
                 body=b"", rest=b""):  # fmt: skip
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.error = error
        self.body = body
        self.rest = rest


def read(data):
    """The first message of ``data`` (bytes) as h11 reads it."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    connection.receive_data(data)
    message = Message(error="incomplete")
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                message.method = event.method.decode()
                message.target = event.target.decode()
                message.version = 0 if event.http_version < b"1.1" else 1
                message.headers = event.headers.raw_items()
            elif isinstance(event, h11.Data):
                message.body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                message.error = None
                message.rest = connection.trailing_data[0]
                return message
            else:
                return message
    except h11.RemoteProtocolError as error:
        message.error = str(error)
        return message


def is_laxer(data, theirs):
    """Whether what h11 refuses in ``data`` is among what is taken here, on purpose."""
    if theirs.error.startswith("illegal header line"):
        # RFC 9110 section 5.5: control characters in a value may be kept.
        return b"\x0b" in data or b"\x0c" in data
    # Trailers are skipped, whatever they say of lengths (RFC 9110 section 6.5.1).
    return theirs.method is not None and theirs.error in _IN_TRAILERS


def compare(data, ours):
    """AssertionError unless h11 agrees with ``ours``, the first Message of ``data``.

    Returns what comes after that message, b"" where that cannot be told.
    """
    if data[:2] == b"\r\n":
        return data[2:]  # an empty line before a request, which is skipped
    theirs = read(data)
    if ours.method is None:
        allowed = theirs.error not in (None, "incomplete") or ours.error in STRICTER
        assert allowed, "h11 takes what is refused as %r: %r" % (ours.error, data)
        return b""
    if theirs.error not in (None, "incomplete"):
        lax = is_laxer(data, theirs)
        assert lax, "h11 refuses (%s) what is accepted: %r" % (theirs.error, data)
        return ours.rest
    assert ours.error == theirs.error, "expected %r, got %r of %r" % (
        theirs.error, ours.error, data)  # fmt: skip
    got_headers = [
        (name, value.lower() if name.lower() == b"transfer-encoding" else value)
        for name, value in ours.headers  # which h11 gives in lower case
    ]
    target = theirs.target
    if target[:1] not in ("/", "*"):
        assert ours.target in (
            "/",
            target[-len(ours.target) :],
            "/" + target[1 - len(ours.target) :],
        )
        target = ours.target
    got = ours.method, ours.target, ours.version, got_headers, ours.body, ours.rest
    expected = (theirs.method, target, theirs.version, list(theirs.headers), theirs.body,
                theirs.rest)  # fmt: skip
    assert got == expected, "expected %r, got %r of %r" % (expected, got, data)
    return ours.rest
