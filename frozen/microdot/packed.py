"""Answers with packed files: from flash as they are, compressed, under a tag that names them.

``files`` is what ``packing.read()`` gives: ((name, tag, gzip bytes), ...).
"""

import io

from .response import Response

_TYPES = (
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
)


def find(files, name):
    """The entry of the file ``name``, or None."""
    for found in files:
        if found[0] == name:
            return found
    return None


def serve(request, files, name, window_bits):
    """Answer with a file; for good where the query names the version, else to be checked."""
    from .static import accepts_gzip

    found = find(files, name)
    if found is None:
        return "Not found", 404
    _, tag, data = found
    quoted = '"%s"' % tag
    headers = {"ETag": quoted, "Vary": "Accept-Encoding"}
    latest = request.query_string == tag
    headers["Cache-Control"] = "max-age=31536000, immutable" if latest else "no-cache"
    if quoted in request.headers.get("If-None-Match", ""):
        return Response(b"", 304, headers)
    headers["Content-Type"] = _content_type(name)
    if accepts_gzip(request.headers.get("Accept-Encoding", "")):
        headers["Content-Encoding"] = "gzip"
        return Response(data, 200, headers)
    # RFC 9110 section 8.8.3.3: the tag of another coding is another one, or a weak one.
    headers["ETag"] = "W/" + quoted
    return Response(_plain(data, window_bits), 200, headers)


def _content_type(name):
    extension = name[name.rfind(".") + 1 :]
    for known, content_type in _TYPES:
        if known == extension:
            return content_type
    return "application/octet-stream"


def _plain(data, window_bits):
    """What ``data`` is compressed from: a file to read, for as little memory as possible."""
    try:
        from deflate import GZIP, DeflateIO
    except ImportError:
        import gzip

        return gzip.decompress(data)
    return DeflateIO(io.BytesIO(data), GZIP, window_bits)
