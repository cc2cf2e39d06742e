"""Fuzz target: what clients put into URLs and headers. ``python host_tests/fuzz.py texts``

The first byte says which reader the rest is for. None raises anything but ValueError; what they
accept is what other readers of the same formats make of it, or what was written to begin with.
"""

import posixpath
import re
import urllib.parse

from microdot import Microdot, Response, files
from microdot.cookies import set_cookie_header
from microdot.http import ProtocolError
from microdot.request import Request
from microdot.static import accepts_gzip
from microdot.streams import AsyncBytesIO
from microdot.urlencoding import normalize, parse_query, urldecode, urlencode

MAX_LENGTH = 200  # bytes of an input
WORDS = (
    b"%", b"+", b"&", b"=", b"%41", b"%zz", b"%C3%A9", b"%ff", b"a=1", b"a=", b"=", b"&&", b";",
    b"; ", b"a=b; c=d", b"bytes=", b"bytes=0-1", b"-", b",", b"0", b"9999999999999999", b"*",
    b"W/", b'"1-a"', b"Sun, 06 Nov 1994 08:49:37 GMT", b"GMT", b"Nov", b":", b"/", b"..", b".",
    b"\\", b"//", b"\0", b"\xc2\xb2", b"\xd9\xa3", b"_", b" ", b"\t", b"\r\n",
    b"gzip", b";q=0.0", b"identity",
)  # fmt: skip

_SIZE = 10  # bytes of the file that ranges are of
_TIME = (2024, 11, 6, 8, 49, 37, 2, 311)


def seeds():
    texts = (
        b"a=1&b=%41+c", b"%C3%A9", b"a=b; c=d;e", b"bytes=0-1", b"bytes=-3", b"bytes=3-",
        b'"a-1", W/"2"', b"Sun, 06 Nov 1994 08:49:37 GMT", b"www/a/../b", b"/a%2fb/%7Ec",
    )  # fmt: skip
    return [bytes([number]) + text for number in range(len(READERS)) for text in texts]


def one_input(data):
    """For the fuzzer."""
    if data:
        reader = READERS[data[0] % len(READERS)]
        reader(data[1:])


def _text(data):
    return data.decode("utf-8", "replace")


def decode(data):
    """urldecode(): what the standard library decodes, but that bad encoding is an error."""
    for given in (data, _text(data)):
        for plus in (True, False):
            try:
                got = urldecode(given, plus)
            except ValueError:
                continue
            standard = given if isinstance(given, bytes) else given.encode()
            standard = standard.replace(b"+", b" ") if plus else standard
            expected = urllib.parse.unquote_to_bytes(standard).decode()
            assert got == expected, (given, expected, got)


def encode(data):
    """urlencode(): what it encodes is decoded again, by anybody."""
    text = _text(data)
    encoded = urlencode(text)
    assert re.fullmatch(r"[!-~]*", encoded) and not set(encoded) & set('&=#"<>?'), encoded
    assert urldecode(encoded) == urllib.parse.unquote_plus(encoded) == text, encoded


def query(data):
    """parse_query(): the fields that the standard library finds, in their order."""
    for given in (data, _text(data)):
        try:
            got = parse_query(given)
        except ValueError:
            continue
        text = _text(given) if isinstance(given, bytes) else given
        expected = urllib.parse.parse_qs(text, keep_blank_values=True, errors="strict")
        assert {name: got.getlist(name) for name in got} == expected, (given, expected, got)


def path(data):
    """normalize(): the same path, in the one spelling that it keeps."""
    text = _text(data)
    got = normalize(text)
    assert normalize(got) == got, (text, got)
    assert urllib.parse.unquote_to_bytes(got) == urllib.parse.unquote_to_bytes(text), (text, got)
    assert re.fullmatch(r"[!-~]*", got), got


def below(data):
    """files.below(): nothing that is not below the root."""
    text = _text(data)
    for root in ("www", "/srv/www/", "."):
        got = files.below(root, text)
        if got is not None:
            real = posixpath.normpath(posixpath.join(root, text))
            assert posixpath.normpath(got) == real, (root, text, got)
            assert posixpath.commonpath([posixpath.normpath(root), real]) in (root.rstrip("/"), "")
            assert "/." not in got[len(root) :] and "\0" not in got, got


def cookies(data):
    """request.cookies: names and values without what separates them."""
    request = _request(b"Cookie", data)
    if request:
        for name, value in request.cookies.items():
            assert name and not set(name) & set("=;") and ";" not in value, request.cookies


def cookie(data):
    """set_cookie_header(): one line, and what a client sends back is what was set."""
    name, _, value = _text(data).partition("=")
    try:
        header = set_cookie_header(name, value, value, value, value, 1, True, True, True, "Lax")
    except ValueError:
        return
    assert header.isprintable() or not any(ord(c) < 32 or ord(c) == 127 for c in header), header
    assert header.count(";") == (8 if value else 5), header
    got = _request(b"Cookie", header.partition(";")[0].encode())
    assert list(got.cookies) == [name], (header, got.cookies)
    assert got.cookies[name].strip() == value.strip(), (header, got.cookies)


def ranges(data):
    """Range: a part of the file or 416, never more than there is."""
    request = _request(b"Range", data)
    if request is None:
        return
    response = _sent(request)
    content_range = response.headers.get("Content-Range")
    if response.status_code == 206:
        found = re.fullmatch(r"bytes (\d+)-(\d+)/%d" % _SIZE, content_range)
        start, last = int(found.group(1)), int(found.group(2))
        assert 0 <= start <= last < _SIZE, content_range
        assert response.headers["Content-Length"] == str(last - start + 1), response.headers
        assert response.file.limits == (start, last + 1)
    elif response.status_code == 416:
        assert content_range == "bytes */%d" % _SIZE
    else:
        assert (response.status_code, content_range) == (200, None)


def tags(data):
    """If-None-Match: 304 or the file."""
    request = _request(b"If-None-Match", data)
    if request:
        status = _sent(request).status_code
        named = b'"tag"' in data or data.strip() == b"*"
        assert status == 200 or (status == 304 and named), (data, status)


def dates(data):
    """If-Modified-Since: 304 or the file."""
    request = _request(b"If-Modified-Since", data)
    if request:
        assert _sent(request).status_code in (200, 304)


def conditions(data):
    """If-Range: the range or the file."""
    request = _request(b"If-Range", data, b"Range: bytes=1-2\r\n")
    if request:
        status = _sent(request).status_code
        assert status == 200 or (status == 206 and data.strip()), (data, status)


def codings(data):
    """accepts_gzip(): not where the header does not name it, nor everything."""
    text = _text(data)
    if accepts_gzip(text):
        assert "gzip" in text.lower().replace(" ", "") or "*" in text, text


READERS = (
    decode, encode, query, path, below, cookies, cookie, ranges, tags, dates, conditions, codings,
)  # fmt: skip


class File:
    """What microdot.files knows of a file."""

    size = _SIZE
    tag = '"tag"'
    modified = _TIME
    limits = None

    def limit(self, start, end):
        self.limits = (start, end)


_app = Microdot()


def _request(name, value, more=b""):
    """A request with a header, None where HTTP has no such header; ``more``: further lines."""
    if b"\r" in value or b"\n" in value:
        return None
    lines = b"Host: a\r\n" + name + b": " + value + b"\r\n" + more
    stream = AsyncBytesIO(b"GET /?a HTTP/1.1\r\n" + lines + b"\r\n")
    try:
        Request.create(_app, stream, stream, None).send(None)  # memory makes nobody wait
    except StopIteration as done:
        return done.value
    except ProtocolError:
        return None


def _sent(request):
    response = Response(b"", 200, {"ETag": '"tag"', "Content-Type": "text/plain"})
    response.file = File()
    found = files.for_request(response, request)
    assert found is response or found.status_code != 206
    return found
