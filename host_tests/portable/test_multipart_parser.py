"""microdot.multipart_parser: bodies in every possible split, names in every spelling."""

from forms import BOUNDARY, field, form, part, pieces

from expect import equal, raises
from microdot.http import ProtocolError
from microdot.multipart_parser import Parser, boundary_of, last_part, parameters, parse_header

BODY = (
    b"preamble\r\n--X\r\n"
    + part(b"A: 1", b"one\r\n--X\r\n\r-\r\n-")
    + part(b"B: 2\r\nC: 3", b"")
    + part(b"D: 4", b"\r\n--\r\n")
    + b"--XX \t\r\nE: 5\r\n\r\nlast\r\n--XX--\r\n--XX\r\nepilogue"
)
PARTS = [
    (b"A: 1", b"one\r\n--X\r\n\r-\r\n-"),
    (b"B: 2\r\nC: 3", b""),
    (b"D: 4", b"\r\n--\r\n"),
    (b"E: 5", b"last"),
]


def parse(chunks, n=-1, max_header_size=100, boundary=BOUNDARY):
    """[(header, content)] of the body whose bytes come as ``chunks``; a "" ends it."""
    parser = Parser(boundary, max_header_size)
    chunks = list(chunks)
    found = []

    def feed():
        parser.feed(chunks.pop(0) if chunks else b"")

    while not parser.done:
        header = parser.header()
        if header is None:
            if not parser.done:
                feed()
            continue
        content = b""
        while True:
            piece = parser.content(n)
            if piece is None:
                feed()
            elif piece:
                assert n < 0 or len(piece) <= n
                content += piece
            else:
                break
        found.append((header, content))
    return found


def test_all_splits_in_two_give_the_same_parts():
    for at in range(len(BODY)):
        equal(parse([BODY[:at], BODY[at:]] if at else [BODY]), PARTS, at)


def test_pieces_of_every_size_give_the_same_parts():
    for size in range(1, 20):
        equal(parse(pieces(BODY, size)), PARTS, size)
        equal(parse(pieces(BODY, size), n=size // 2 + 1), PARTS, size)


def test_content_is_given_as_soon_as_it_is_certain():
    parser = Parser(BOUNDARY, 100)
    parser.feed(b"--XX\r\nA: 1\r\n\r\nabc\r\n--X")
    equal(parser.header(), b"A: 1")
    equal(parser.content(-1), b"abc")
    equal(parser.content(-1), None)
    parser.feed(b"Y\r")
    equal(parser.content(-1), b"\r\n--XY")
    parser.feed(b"\r\r\n--XX--")
    equal(parser.content(-1), b"\r\r")
    equal(parser.content(-1), b"")
    equal(parser.content(-1), b"")
    equal(parser.header(), None)
    assert parser.done


def test_content_that_is_not_taken_is_skipped():
    for size in (1, 7, 1000):
        parser = Parser(BOUNDARY, 100)
        headers = []
        for piece in pieces(BODY, size):
            parser.feed(piece)
            while True:
                header = parser.header()
                if header is None:
                    break
                headers.append(header)
        equal(headers, [header for header, _ in PARTS])
        assert parser.done


def test_a_boundary_at_any_place_of_the_content_s_length():
    for length in range(12):
        body = form(field(b"a", b"x" * length))
        equal([content for _, content in parse([body])], [b"x" * length])


def test_a_form_without_fields():
    equal(parse([b"--XX--"]), [])
    equal(parse([b"\r\n--XX--\r\n"]), [])


def test_what_is_held_stays_small():
    parser = Parser(BOUNDARY, 100)
    parser.feed(b"--XX\r\nA: 1\r\n\r\n")
    parser.header()
    for _ in range(100):
        parser.feed(b"\r\n--X" * 10)
        parser.content(-1)
        assert len(parser._data) <= 60


def test_the_limit_of_a_header_does_not_depend_on_the_pieces():
    for size in (1, 2, 3, 5, 100):
        equal(
            parse(pieces(form(part(b"A: 12345", b"")), size), max_header_size=8),
            [(b"A: 12345", b"")],
        )
        error = raises(
            ProtocolError, parse, pieces(form(part(b"A: 123456", b"")), size), max_header_size=8
        )
        equal(error.status, 413)


def test_boundaries():
    for content_type, boundary in (
        ("multipart/form-data; boundary=abc", b"abc"),
        ("multipart/form-data;boundary=abc; charset=utf-8", b"abc"),
        ("Multipart/Form-Data ; charset=utf-8 ; BOUNDARY = abc ;", b"abc"),
        ('multipart/form-data; x="a;boundary=no"; boundary="a b:c"', b"a b:c"),
        ('multipart/form-data; boundary="----x/y=?,"', b"----x/y=?,"),
        ("multipart/form-data; boundary=a=b?c", b"a=b?c"),
        ("multipart/form-data; boundary=" + "x" * 70, b"x" * 70),
    ):
        equal(boundary_of(content_type), boundary)


def test_parameters():
    for value, expected in (
        ("a", {}),
        ("a;", {}),
        ("a; b=c", {"b": "c"}),
        ('a; b="c;d=e"; F=g;', {"b": "c;d=e", "f": "g"}),
        ('a; b="c\\"d"', {"b": 'c"d'}),
        ('a; b="c\\\\"', {"b": "c\\"}),
        ('a; b="C:\\x\\y"', {"b": "C:\\x\\y"}),
        ('a; b=""; c=', {"b": "", "c": ""}),
        ("a; b=c d", {"b": "c d"}),
    ):
        equal(parameters(value), expected, value)


def names(disposition):
    return parse_header(b"Content-Disposition: form-data; " + disposition)[:2]


def test_names_as_clients_write_them():
    for disposition, expected in (
        (b"name=a", ("a", None)),
        (b'name="a"; filename=""', ("a", "")),
        (b'filename="b.txt"; NAME="a"', ("a", "b.txt")),
        (b'name="a%22b%0D%0Ac"; filename="%22%41.txt"', ('a"b\r\nc', '"%41.txt')),
        (b'name="a"; filename="x\\"y\\\\z.txt"', ("a", "z.txt")),
        (b'name="\xc3\xa4"; filename="\xe2\x82\xac"', ("\u00e4", "\u20ac")),
        (b"name=a; filename=b; filename*=utf-8''%e2%82%ac%20rates", ("a", "\u20ac rates")),
        (b"name=a; filename*=ISO-8859-1'en'%A3", ("a", "\u00a3")),
        (b"name=a; filename*=UTF-8''..%2F..%5Cx", ("a", "x")),
    ):
        equal(names(disposition), expected, disposition)


def test_file_names_lose_their_folders():
    for given, expected in (
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("C:a.txt", "a.txt"),
        ("\\\\host\\share\\a", "a"),
        ("a/..\\", ""),
        ("..", ""),
        (".", ""),
        ("...", "..."),
        (".hidden", ".hidden"),
    ):
        equal(last_part(given), expected, given)


def test_other_headers():
    block = (
        b"content-DISPOSITION:form-data;\r\n name=a;\r\n\tfilename=b\r\n"
        b"X-Other: 1\r\nContent-Type:  text/plain; charset=utf-8 \r\n"
        b"Content-Transfer-Encoding: Binary"
    )
    equal(parse_header(block), ("a", "b", "text/plain; charset=utf-8"))
