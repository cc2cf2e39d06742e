"""Multipart forms for tests: their bytes, and requests that bring them in chosen pieces."""

from exchange import request, written

BOUNDARY = b"XX"
TYPE = "multipart/form-data; boundary=XX"


def part(header, content):
    """One part with the whole ``header`` (bytes without the last CRLF) and ``content``."""
    return b"--XX\r\n" + header + b"\r\n\r\n" + content + b"\r\n"


def field(name, content):
    return part(b'Content-Disposition: form-data; name="' + name + b'"', content)


def file(name, filename, content):
    header = b'Content-Disposition: form-data; name="%s"; filename="%s"' % (name, filename)
    return part(header + b"\r\nContent-Type: text/plain", content)


def form(*parts):
    return b"".join(parts) + b"--XX--\r\n"


def pieces(data, size):
    """``data`` cut in pieces of ``size`` bytes."""
    return [data[at : at + size] for at in range(0, len(data), size)]


class Stream:
    """Gives ``pieces`` (list of bytes, or of exceptions to raise) as they are; counts calls."""

    def __init__(self, pieces):
        self.pieces = list(pieces)
        self.reads = 0

    async def read(self, n=-1):
        self.reads += 1
        if not self.pieces:
            return b""
        piece = self.pieces.pop(0)
        if not isinstance(piece, bytes):
            raise piece
        return piece


async def upload(data, content_type=TYPE):
    """A request for POST / with the form ``data``: bytes, or what Stream takes."""
    headers = {"Content-Type": content_type} if content_type else {}
    if isinstance(data, bytes):
        return await request(None, "POST", "/", headers, data)
    req = await request(None, "POST", "/", headers)
    req.stream_only(Stream(data))
    return req


async def post(app, data, content_type=TYPE):
    """The Answer of ``app`` to that request."""
    return await written(await app.dispatch_request(await upload(data, content_type)))
