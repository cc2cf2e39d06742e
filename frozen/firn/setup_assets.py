"""Style sheet and script of the setup page, below /_firn/assets/.

On a device they stand in flash, compressed when the image was built (see manifest.py); on a host
they are compressed from the folder assets/ when they are first asked for.
"""

import io

from microdot import Response

try:
    from .setup_assets_data import FILES, WINDOW_BITS
except ImportError:
    from .setup_assets_host import FILES, WINDOW_BITS

_BASE = "/_firn/assets/"
_TYPES = (
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
)


def add(setup):
    """Register the route of the assets."""
    setup.app.get("/_firn/assets/<name>")(serve)


def url(name):
    """The address of the asset ``name``: another one when its content is another one."""
    return "%s%s?%s" % (_BASE, name, _find(name)[1])


async def serve(request, name):
    """Answer with an asset; for good where the address names the version, else to be checked."""
    from microdot.static import accepts_gzip

    found = _find(name)
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
    return Response(_plain(data), 200, headers)


def _find(name):
    for found in FILES:
        if found[0] == name:
            return found
    return None


def _content_type(name):
    extension = name[name.rfind(".") + 1 :]
    for known, content_type in _TYPES:
        if known == extension:
            return content_type
    return "application/octet-stream"


def _plain(data):
    """What ``data`` is compressed from: a file to read, for as little memory as possible."""
    try:
        from deflate import GZIP, DeflateIO
    except ImportError:
        import gzip

        return gzip.decompress(data)
    return DeflateIO(io.BytesIO(data), GZIP, WINDOW_BITS)
