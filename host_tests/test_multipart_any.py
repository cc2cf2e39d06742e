"""microdot.multipart_parser with any contents, in any pieces, and with any damage."""

import itertools

from forms import pieces
from hypothesis import given, settings
from hypothesis import strategies as st

from microdot.http import ProtocolError
from microdot.multipart_parser import Parser, boundary_of, parameters, parse_header

# What delimiters are made of, and a little else.
_CONTENTS = st.lists(st.sampled_from([b"\r", b"\n", b"-", b"--", b"X", b"\r\n--X", b"a"])).map(
    b"".join
)
_BOUNDARIES = st.text("X-'()+_,./:=? ", min_size=1, max_size=70).filter(
    lambda text: not text.endswith(" ")
)


def parse(chunks, boundary, takes):
    """[(header, content)], taken ``takes`` bytes at a time; a ProtocolError at the latest when
    ``chunks`` are used up."""
    parser = Parser(boundary, 200)
    chunks = iter(chunks)
    takes = itertools.cycle(takes)
    found = []
    while not parser.done:
        header = parser.header()
        if header is None:
            if not parser.done:
                parser.feed(next(chunks, b""))
            continue
        content = b""
        while True:
            piece = parser.content(next(takes))
            if piece is None:
                parser.feed(next(chunks, b""))
            elif piece:
                content += piece
            else:
                break
        found.append((header, content))
    return found


@given(
    st.lists(st.tuples(st.sampled_from([b"", b"A: b", b"A: b\r\nC: d"]), _CONTENTS), max_size=4),
    _BOUNDARIES,
    st.integers(1, 90),
    st.lists(st.integers(-1, 20).filter(bool), min_size=1),
)
@settings(max_examples=300, deadline=None)
def test_what_was_put_together_is_taken_apart(parts, boundary, size, takes):
    boundary = boundary.encode()
    delimiter = b"\r\n--" + boundary
    # A delimiter must not be in what it delimits: RFC 2046 section 5.1.1.
    parts = [part for part in parts if delimiter not in part[1] + delimiter[:-1]]
    body = b"".join(
        b"%s\r\n%s%s\r\n%s" % (delimiter, header, b"\r\n" if header else b"", content)
        for header, content in parts
    )
    body = (body + delimiter + b"--")[2:]
    assert parse(pieces(body, size), boundary, takes) == parts


_BODY = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X\r\nB: c\r\n\r\n2\r\n--X--\r\n'


@given(st.integers(0, len(_BODY)), st.integers(0, 9), st.binary(max_size=9), st.integers(1, 90))
@settings(max_examples=300, deadline=None)
def test_a_damaged_body_is_read_or_refused_the_same_in_any_pieces(at, gone, put, size):
    body = _BODY[:at] + put + _BODY[at + gone :]

    def outcome(chunks):
        try:
            return parse(chunks, b"X", [-1])
        except ProtocolError as error:
            return error.status

    assert outcome(pieces(body, size)) == outcome([body] if body else [])


@given(st.text('abc;=" \\\t*%', max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_parameters_are_read_or_refused(text):
    for read in (lambda: parameters("a;" + text), lambda: boundary_of("m; boundary=" + text)):
        try:
            read()
        except ProtocolError as error:
            assert error.status == 400


@given(st.binary(max_size=60), st.text("utf-8'%0c3a.\\/iso8859-1", max_size=30))
@settings(max_examples=500, deadline=None)
def test_any_header_is_read_or_refused(data, name):
    for block in (
        data,
        b"Content-Disposition: form-data; name=" + data,
        b"Content-Disposition: form-data; name=a; filename*=" + name.encode(),
        b"Content-Disposition: form-data; name=a; filename=" + name.encode(),
    ):
        try:
            filename = parse_header(block)[1]
        except ProtocolError as error:
            assert error.status == 400
        else:
            assert filename is None or not set("/\\\0") & set(filename)
