"""microdot.http: heads and bodies, good and bad, whole and in every split."""

from http_cases import BAD, BAD_CHUNKED, CHUNKED, GOOD

from expect import equal, raises
from microdot.http import ProtocolError, is_token, parse_head
from microdot.http_body import ChunkedDecoder, LengthDecoder
from microdot.reasons import reason_phrase

_REST = b"GET /next HTTP/1.1\r\n"


def feed(decoder, pieces):
    """(body, rest) after feeding ``pieces`` until the decoder is done; rest None if it is not."""
    body = b""
    for index, piece in enumerate(pieces):
        body += decoder.feed(piece)
        if decoder.done:
            return body, bytes(decoder.rest) + b"".join(pieces[index + 1 :])
    return body, None


def splits(data):
    """Ways to cut ``data``: whole, byte by byte, and in two at every place."""
    yield [data]
    yield [data[at : at + 1] for at in range(len(data))]
    for at in range(1, len(data)):
        yield [data[:at], data[at:]]


# Heads


def test_good_heads_are_read():
    for data, expected in GOOD:
        head = parse_head(data)
        for name in expected:
            equal(getattr(head, name), expected[name], "%s of %r" % (name, data))


def test_bad_heads_are_refused_with_their_status():
    for data, status in BAD:
        try:
            head = parse_head(data)
        except ProtocolError as error:
            equal(error.status, status, repr(data))
            assert isinstance(error.reason, str) and error.reason
        else:
            raise AssertionError("expected %d, got %r for %r" % (status, vars_of(head), data))


def vars_of(head):
    return head.method, head.url, head.content_length, head.chunked


def test_as_many_headers_as_allowed_are_read_and_no_more():
    head = b"GET / HTTP/1.1\r\nHost: a" + 9 * b"\r\nX: y"
    equal(len(parse_head(head, 10).lines), 10)
    equal(raises(ProtocolError, parse_head, head + b"\r\nX: y", 10).status, 431)


def test_lines_are_kept_as_they_came():
    head = parse_head(b"GET / HTTP/1.1\r\nHost: a\r\nX:  y \r\nx:z")
    equal(head.lines, [b"Host: a", b"X:  y ", b"x:z"])


def test_tokens():
    for name in (b"a", b"A-z", b"x_y", b"!#$%&'*+-.^_`|~", b"09"):
        assert is_token(name), name
    for c in range(256):
        letter = bytes([c])
        is_letter = 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122
        equal(is_token(letter), is_letter or letter in b"!#$%&'*+-.^_`|~", repr(letter))
        equal(is_token(b"a" + letter + b"1"), is_token(letter), repr(letter))
    assert not is_token(b"")


def test_every_status_that_is_raised_has_a_reason_phrase():
    for status in (400, 408, 413, 414, 417, 431, 501, 503, 505):
        assert reason_phrase(status, None)


# Bodies of known length


def test_a_body_of_known_length_ends_there_in_every_split():
    for body in (b"a", b"abc", b"\r\n\0\xff"):
        for rest in (b"", b"x", _REST):
            for pieces in splits(body + rest):
                equal(feed(LengthDecoder(len(body)), pieces), (body, rest), repr(pieces))


def test_a_body_of_known_length_is_not_done_before_its_end():
    decoder = LengthDecoder(3)
    assert not decoder.done
    equal(decoder.feed(b"ab"), b"ab")
    assert not decoder.done
    equal((decoder.remaining, decoder.rest), (1, b""))
    equal(decoder.feed(b"c"), b"c")
    assert decoder.done
    equal(decoder.feed(b"more"), b"")
    equal(decoder.rest, b"more")
    assert LengthDecoder(0).done


# Chunked bodies


def test_chunked_bodies_are_read_in_every_split():
    for data, body in CHUNKED:
        for rest in (b"", b"\r\n", _REST):
            for pieces in splits(data + rest):
                equal(feed(ChunkedDecoder(), pieces), (body, rest), repr(pieces))


def test_chunked_bodies_are_not_done_before_their_end():
    for data, _ in CHUNKED:
        for end in range(len(data)):
            equal(feed(ChunkedDecoder(), [data[:end]])[1], None, repr(data[:end]))


def test_bad_chunked_bodies_are_refused_in_every_split():
    for data in BAD_CHUNKED:
        all_splits = splits(data) if len(data) < 50 else [[data], [data[:9], data[9:]]]
        for pieces in all_splits:
            try:
                got = feed(ChunkedDecoder(), pieces)
            except ProtocolError as error:
                equal(error.status, 400, repr(pieces))
            else:
                raise AssertionError("expected 400, got %r for %r" % (got, pieces))


def test_no_split_gives_other_bytes_before_the_mistake():
    for data in BAD_CHUNKED:
        if len(data) < 50:
            bodies = [before_the_mistake(pieces) for pieces in splits(data)]
            longest = bodies[1]  # byte by byte: all that can be known
            for body in bodies:
                assert longest.startswith(body), "expected part of %r, got %r" % (longest, body)


def before_the_mistake(pieces):
    decoder = ChunkedDecoder()
    body = b""
    try:
        for piece in pieces:
            body += decoder.feed(piece)
    except ProtocolError:
        pass
    return body


def test_lines_of_a_chunked_body_are_bounded_before_their_end_comes():
    for begin in (b"1;", b"1\r\na\r\n1;", b"0\r\nX: "):
        decoder = ChunkedDecoder()
        decoder.feed(begin)

        def flood(decoder=decoder):
            for _ in range(2000):
                decoder.feed(b"x")

        equal(raises(ProtocolError, flood).status, 400)


def test_the_longest_lines_of_a_chunked_body_may_be_split_in_their_ends():
    for line, rest in ((b"1;" + 254 * b"x", b"\r\na\r\n0\r\n\r\n"),
                       (b"0\r\nX: " + 1019 * b"x", b"\r\n\r\n")):  # fmt: skip
        for at in range(3):
            decoder = ChunkedDecoder()
            decoder.feed(line + rest[:at])
            decoder.feed(rest[at:])
            equal((decoder.done, decoder.rest), (True, b""))


def test_many_small_chunks_are_one_body():
    decoder = ChunkedDecoder()
    body = b""
    for number in range(300):
        body += decoder.feed(b"1\r\n%c\r\n" % (number & 255))
    body += decoder.feed(b"0\r\n\r\nrest")
    equal(body, bytes([number & 255 for number in range(300)]))
    equal((decoder.done, decoder.rest), (True, b"rest"))


def test_nothing_is_read_of_what_follows_the_body():
    decoder = ChunkedDecoder()
    decoder.feed(b"0\r\n\r\n")
    equal(decoder.feed(b"\n\n\n"), b"")
    equal(decoder.rest, b"\n\n\n")
