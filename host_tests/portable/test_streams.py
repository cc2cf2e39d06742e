"""microdot.streams: bodies as streams, from memory and from a connection, in pieces."""

from expect import equal, raises_async
from microdot.http import ProtocolError, parse_head
from microdot.http_body import ChunkedDecoder, LengthDecoder
from microdot.streams import AsyncBytesIO, BodyStream, body_decoder, read_request


class Pieces:
    """A connection: gives its pieces one by one, then raises or is at its end."""

    def __init__(self, *pieces, error=None):
        self.pieces = list(pieces)
        self.error = error

    async def receive(self):
        if self.pieces:
            return self.pieces.pop(0)
        if self.error:
            raise self.error
        return b""


def by_bytes(data):
    return [data[at : at + 1] for at in range(len(data))]


def length_stream(data, *pieces, limit=None):
    return BodyStream(Pieces(*pieces).receive, LengthDecoder(len(data)), limit=limit)


# In memory


async def test_bytes_in_memory_are_read_like_a_stream():
    stream = AsyncBytesIO(b"one\ntwo\nthree")
    equal(await stream.readline(), b"one\n")
    equal(await stream.read(2), b"tw")
    equal(await stream.readuntil(b"t"), b"o\nt")
    equal(await stream.readexactly(2), b"hr")
    equal(await stream.read(), b"ee")
    equal(await stream.read(), b"")
    equal(await stream.read(5), b"")
    equal(await stream.readline(), b"")


async def test_what_memory_has_not_is_an_error():
    await raises_async(EOFError, AsyncBytesIO(b"abc").readexactly(4))
    await raises_async(EOFError, AsyncBytesIO(b"abc").readuntil(b"x"))


# Bodies that arrive


async def test_a_body_is_whole_however_it_arrives():
    data = b"first\nsecond\n\nlast"
    for pieces in ([data], by_bytes(data), [data[:3], data[3:7], data[7:]]):
        equal(await length_stream(data, *pieces).read(), data)
        stream = length_stream(data, *pieces)
        lines = []
        while True:
            line = await stream.readline()
            if not line:
                break
            lines.append(line)
        equal(lines, [b"first\n", b"second\n", b"\n", b"last"])
        stream = length_stream(data, *pieces)
        equal(await stream.readexactly(8), data[:8])
        equal(await stream.readuntil(b"\n\n"), b"cond\n\n")
        equal(await stream.read(-1), b"last")
        assert stream.done


async def test_a_separator_may_be_cut_anywhere():
    data = b"a--b--boundary rest"
    for at in range(len(data)):
        stream = length_stream(data, data[:at] or data, data[at:])
        equal(await stream.readuntil(b"--boundary"), b"a--b--boundary")


async def test_some_bytes_are_given_as_soon_as_they_are_there():
    stream = length_stream(b"abcdef", b"abc", b"def")
    equal(await stream.read(100), b"abc")
    equal(await stream.read(2), b"de")
    equal(await stream.read(0), b"")
    equal(await stream.read(100), b"f")
    equal(await stream.read(100), b"")


async def test_nothing_is_received_after_the_end_of_the_body():
    connection = Pieces(b"abcGET /", b"more")
    stream = BodyStream(connection.receive, LengthDecoder(3))
    equal(await stream.read(), b"abc")
    equal(await stream.read(), b"")
    equal((stream.done, stream.rest, connection.pieces), (True, b"GET /", [b"more"]))


async def test_what_was_read_with_the_head_comes_first():
    decoder = LengthDecoder(6)
    begin = decoder.feed(b"abc")
    stream = BodyStream(Pieces(b"def").receive, decoder, begin)
    equal(await stream.read(), b"abcdef")


async def test_chunks_are_invisible():
    wire = b"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\nnext"
    for pieces in ([wire], by_bytes(wire)):
        stream = BodyStream(Pieces(*pieces).receive, ChunkedDecoder())
        equal(await stream.readexactly(4), b"abcd")
        equal(await stream.read(), b"")
        assert b"next".startswith(stream.rest)


async def test_a_body_shorter_than_asked_for_is_an_error_of_the_asking():
    await raises_async(EOFError, length_stream(b"abc", b"abc").readexactly(4))
    await raises_async(EOFError, length_stream(b"abc", b"abc").readuntil(b"x"))


async def test_a_body_that_is_cut_off_is_the_clients_mistake():
    for error in (None, OSError(104)):
        connection = Pieces(b"ab", error=error)
        stream = BodyStream(connection.receive, LengthDecoder(3))
        found = await raises_async(ProtocolError, stream.read())
        equal((found.status, stream.failed), (400, True))


async def test_nothing_is_read_on_after_a_mistake():
    connection = Pieces(b"1\r\na\r\n", b"x\r\n", b"1\r\nb\r\n0\r\n\r\n")
    stream = BodyStream(connection.receive, ChunkedDecoder())
    equal(await stream.read(9), b"a")
    for _ in range(3):
        equal((await raises_async(ProtocolError, stream.read(9))).status, 400)
    equal(len(connection.pieces), 1)


async def test_a_body_longer_than_the_limit_is_refused_as_soon_as_it_is():
    stream = length_stream(b"abcd", b"ab", b"c", b"d", limit=3)
    equal(await stream.readexactly(3), b"abc")
    equal((await raises_async(ProtocolError, stream.read())).status, 413)
    equal(await length_stream(b"abc", b"ab", b"c", limit=3).read(), b"abc")
    try:
        BodyStream(Pieces().receive, LengthDecoder(9), b"abcd", limit=3)
    except ProtocolError as error:
        equal(error.status, 413)
    else:
        raise AssertionError("expected 413, got a stream")


def test_the_decoder_is_the_heads():
    post = b"POST / HTTP/1.1\r\nHost: a\r\n"
    assert body_decoder(parse_head(post + b"X: y")) is None
    assert body_decoder(parse_head(post + b"Content-Length: 0")) is None
    equal(body_decoder(parse_head(post + b"Content-Length: 7")).remaining, 7)
    decoder = body_decoder(parse_head(post + b"Transfer-Encoding: chunked"))
    equal(type(decoder), ChunkedDecoder)


# Requests out of somebody else's stream


async def test_a_request_is_read_from_a_stream():
    for end in (b"\r\n", b"\n"):
        lines = [b"POST /a?b=c HTTP/1.1", b"Content-Length: 3", b"X: y", b"", b"abcrest"]
        stream = AsyncBytesIO(end.join(lines))
        request = await read_request(None, stream, None, ("1.2.3.4", 5))
        equal((request.method, request.path, request.query_string), ("POST", "/a", "b=c"))
        equal((request.body, request.headers["x"]), (b"abc", "y"))
        equal(request.client_addr, ("1.2.3.4", 5))


async def test_the_end_of_a_stream_is_no_request():
    equal(await read_request(None, AsyncBytesIO(b""), None, None), None)
