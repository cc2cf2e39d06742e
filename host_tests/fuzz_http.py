"""Fuzz target: microdot.http, heads and bodies. ``python host_tests/fuzz.py http``

Whatever the bytes and however they are split: heads and bodies, or a ProtocolError, the same for
every split, and the same that h11 reads (fuzz_oracle.py lists where it may differ).
"""

import fuzz_oracle

from microdot.http import ProtocolError, parse_head
from microdot.streams import body_decoder

MAX_LENGTH = 800  # bytes of an input; every one is also fed byte by byte
_MAX_MESSAGES = 50

WORDS = (
    b"\r\n", b"\r", b"\n", b"\r\n\r\n", b" ", b"\t", b":", b";", b",", b"\0", b"0", b"1", b"a",
    b"Host: a", b"GET / HTTP/1.1", b"POST / HTTP/1.1", b"HTTP/1.0", b"HTTP/1.", b"HTTP/2.0",
    b"Content-Length: 1", b"content-length:", b"Transfer-Encoding: chunked", b"transfer-encoding:",
    b"chunked", b"gzip", b"identity", b"Connection: close", b"connection:", b"keep-alive",
    b"Expect: 100-continue", b"OPTIONS * ", b"CONNECT ", b"http://", b"https://", b"\xff", b"X: y",
    b"0\r\n\r\n", b"1\r\na\r\n", b"\x0b", b"\x0c", b"\x85", b"?", b"#", b"@", b"/", b"%2f",
)  # fmt: skip


def seeds():
    """The requests of the corpus, as inputs."""
    from corpus import CASES

    return [b"\x10\x07" + b"".join(case.send)[:MAX_LENGTH] for case in CASES]


def one_input(data):
    """For the fuzzer: two bytes say where to cut the rest."""
    if len(data) > 2:
        data, places = data[2:], data[:2]
        check(data, (places[0], places[1], 2 * places[0], len(data) - places[1]))


def check(data, places):
    """The invariant: whole, byte by byte, and cut at ``places``, ``data`` means the same."""
    whole = read([data])
    for pieces in (cut(data, places), cut(data, range(len(data)))):
        got = read(pieces)
        assert got == whole, "expected %r, got %r from %r" % (whole, got, pieces)
    while data:
        data = fuzz_oracle.compare(data, first(data))


def cut(data, places):
    """``data`` in pieces, cut at ``places``."""
    places = sorted({place for place in places if 0 < place < len(data)})
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)])]


def read(pieces):
    """What a connection's bytes mean: heads and bodies in their order, and how it ends.

    A list of (head's values, body, whether the body is whole), after a refusal its status.
    """
    pieces = list(pieces)
    messages = []
    data = b""
    while len(messages) < _MAX_MESSAGES:
        data = _skip_empty_lines(data)
        while b"\r\n\r\n" not in data:
            if not pieces:
                return messages
            data = _skip_empty_lines(data + pieces.pop(0))
        end = data.index(b"\r\n\r\n")
        try:
            head = parse_head(data[:end])
        except ProtocolError as error:
            messages.append(_status(error))
            return messages
        check_head(head, data[:end])
        data = data[end + 4 :]
        body = b""
        decoder = body_decoder(head)
        if decoder:
            try:
                while True:
                    body += decoder.feed(data)
                    data = b""
                    if decoder.done or not pieces:
                        break
                    data = pieces.pop(0)
            except ProtocolError as error:
                messages.append((_values(head), _status(error)))
                return messages
            data = decoder.rest
        whole = decoder is None or decoder.done
        messages.append((_values(head), body, whole))
        if not whole:
            return messages
    return messages


def _skip_empty_lines(data):
    while data[:2] == b"\r\n":  # as the server does, RFC 9112 section 2.2
        data = data[2:]
    return data


def first(data):
    """The first message of ``data`` as a fuzz_oracle.Message."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return fuzz_oracle.Message(error="incomplete")
    try:
        head = parse_head(data[:end])
        headers = [(name, value.strip(b" \t")) for name, _, value in
                   (line.partition(b":") for line in head.lines)]  # fmt: skip
        message = fuzz_oracle.Message(
            head.method, head.url, head.version, headers, rest=data[end + 4 :]
        )
        decoder = body_decoder(head)
        if decoder:
            message.body = decoder.feed(message.rest)
            message.rest = decoder.rest
            message.error = None if decoder.done else "incomplete"
        return message
    except ProtocolError as error:
        return fuzz_oracle.Message(error=error.reason)


def check_head(head, data):
    """What holds for every head that is let through."""
    assert head.version in (0, 1)
    assert head.url[:1] == "/" or (head.url, head.method) == ("*", "OPTIONS"), head.url
    assert head.url.isascii() and head.url.isprintable() and " " not in head.url
    assert head.url == head.path + ("" if head.query_string is None else "?" + head.query_string)
    assert not (head.chunked and head.content_length is not None)
    assert head.content_length is None or 0 <= head.content_length < 10**15
    lower = b"\r\n" + data.lower()
    assert lower.count(b"\r\ntransfer-encoding:") == head.chunked
    assert lower.count(b"\r\ncontent-length:") == (head.content_length is not None)
    hosts = lower.count(b"\r\nhost:")
    assert hosts == 1 or (hosts == 0 and head.version == 0)
    assert b"\r\n".join(head.lines) == data.partition(b"\r\n")[2]
    for line in head.lines:
        assert b":" in line and line[0] > 32 and b"\n" not in line and b"\r" not in line


def _status(error):
    assert error.status in (400, 413, 417, 431, 501, 505), error.status
    assert error.reason
    return error.status


def _values(head):
    return (
        head.method, head.url, head.version, tuple(head.lines), head.content_length,
        head.chunked, head.keep_alive, head.expect_continue,
    )  # fmt: skip
