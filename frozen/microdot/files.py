"""Responses from files: type, validators, conditional requests and ranges (RFC 9110)."""

import os
import sys
import time

from .response import http_date

_MIN_YEAR = 2024  # times before this are of a clock that was never set
_CHECKSUM_LIMIT = 65536  # bytes of a file without a time that are read for its ETag

# Beyond Response.types_map, which applications may change.
_TYPES = (
    ("htm", "text/html"),
    ("mjs", "text/javascript"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("xml", "application/xml"),
    ("pdf", "application/pdf"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("ttf", "font/ttf"),
    ("wasm", "application/wasm"),
    ("map", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("md", "text/markdown"),
    ("csv", "text/csv"),
    ("py", "text/x-python"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("gz", "application/gzip"),
    ("zip", "application/zip"),
)


def content_type(filename, types_map):
    """The media type for a file's name, with the charset where it is text."""
    extension = filename[filename.rfind(".") + 1 :].lower()
    found = types_map.get(extension)
    if found is None:
        for known, media_type in _TYPES:
            if known == extension:
                found = media_type
    if found is None:
        return "application/octet-stream"
    if found[:5] == "text/" and "charset" not in found:
        found += "; charset=utf-8"
    return found


def below(root, path):
    """The file name for the URL path ``path`` (str, decoded) below ``root``, or None.

    None for whatever could lead elsewhere: dot segments, empty ones, backslashes, NUL. Names that
    begin with a dot are hidden.
    """
    if "\\" in path or "\0" in path:
        return None
    for segment in path.split("/"):
        if segment[:1] in ("", "."):
            return None
    return (root if root[-1:] == "/" else root + "/") + path


def has_link(root, path):
    """Whether a component of ``path`` below ``root`` is a symbolic link."""
    if sys.implementation.name != "micropython":
        full = root
        for segment in path.split("/"):
            full = full.rstrip("/") + "/" + segment
            if os.path.islink(full):
                return True
        return False
    if sys.platform not in ("linux", "darwin"):
        return False  # the filesystems of boards have no links
    full = root
    for segment in path.split("/"):
        for entry in os.ilistdir(full):
            if entry[0] == segment:
                if entry[1] not in (0x4000, 0x8000):
                    return True
                break
        full = full.rstrip("/") + "/" + segment
    return False


def file_response(cls, filename, status_code, given_type, stream, max_age, compressed,
                  file_extension, root, request):  # fmt: skip
    """What Response.send_file() documents."""
    if root is not None:
        relative = filename
        filename = below(root, relative)
        if filename is None or has_link(root, relative + file_extension):
            raise OSError(2)  # ENOENT: as if it were not there
    if given_type is None:
        given_type = content_type(_plain(filename, compressed), cls.types_map)
    headers = {"Content-Type": given_type}
    if compressed:
        headers["Content-Encoding"] = "gzip" if compressed is True else compressed
    if max_age is None:
        max_age = cls.default_send_file_max_age
    if max_age is not None:
        headers["Cache-Control"] = "max-age=%d" % max_age
    if stream is not None:
        return cls(stream, status_code, headers)
    name = filename + file_extension
    status = os.stat(name)
    if status[0] & 0xF000 == 0x4000:
        raise OSError(21)  # EISDIR
    size = status[6]
    modified = time.gmtime(status[8])
    if modified[0] < _MIN_YEAR:
        modified = None
    tag = _etag(name, size, status[8] if modified else None)
    if tag:
        headers["ETag"] = tag
    if modified:
        headers["Last-Modified"] = http_date(modified)
    start, end = 0, size
    if request is not None and status_code == 200 and request.method in ("GET", "HEAD"):
        headers["Accept-Ranges"] = "bytes"
        if _not_modified(request, tag, modified):
            headers.pop("Content-Type")
            return cls(b"", 304, headers)
        found = _range(request, size, tag, headers.get("Last-Modified"))
        if found is not None:
            start, end = found
            if start >= end:
                headers.pop("Content-Type")
                headers["Content-Range"] = "bytes */%d" % size
                return cls("Range not satisfiable", 416, headers)
            status_code = 206
            headers["Content-Range"] = "bytes %d-%d/%d" % (start, end - 1, size)
    headers["Content-Length"] = str(end - start)
    file = open(name, "rb")  # noqa: SIM115 (closed when the body has been sent)
    return cls(file if status_code != 206 else _Part(file, start, end), status_code, headers)


def _plain(filename, compressed):
    return filename[:-3] if compressed and filename[-3:] == ".gz" else filename


def _etag(name, size, modified):
    """A strong validator: of size and time, or of the content where the time is unknown."""
    if modified is not None:
        return '"%x-%x"' % (modified, size)
    if size > _CHECKSUM_LIMIT:
        return None
    from binascii import crc32

    checksum = 0
    buffer = memoryview(bytearray(256))
    with open(name, "rb") as file:
        while True:
            count = file.readinto(buffer)
            if not count:
                return '"%x-%x"' % (checksum, size)
            checksum = crc32(buffer[:count], checksum)


def _not_modified(request, tag, modified):
    """RFC 9110 section 13.2.2: If-None-Match wins over If-Modified-Since."""
    wanted = request.headers.get("If-None-Match")
    if wanted is not None:
        if wanted.strip() == "*":
            return True
        return tag is not None and any(_same_tag(one, tag) for one in wanted.split(","))
    since = request.headers.get("If-Modified-Since")
    if since is None or modified is None:
        return False
    date = _parse_date(since)
    return date is not None and tuple(modified[:6]) <= date


def _same_tag(one, tag):
    one = one.strip()
    return (one[2:] if one[:2] == "W/" else one) == tag


def _parse_date(text):
    """The (year, month, day, hour, minute, second) of an IMF-fixdate, or None."""
    from .response import _MONTHS

    parts = text.strip().split(" ")
    try:
        if len(parts) != 6 or parts[5] != "GMT":
            return None
        hour, minute, second = [int(part) for part in parts[4].split(":")]
        month = _MONTHS.index(parts[2]) + 1
        return int(parts[3]), month, int(parts[1]), hour, minute, second
    except ValueError:
        return None


def _range(request, size, tag, last_modified):
    """(start, end) of the one range asked for, end excluded; None to send everything."""
    wanted = request.headers.get("Range")
    if wanted is None:
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip() not in (tag, last_modified):
        return None
    unit, _, spec = wanted.partition("=")
    first, dash, last = spec.strip().partition("-")
    # RFC 9110 section 14.2: what is not understood, and more than one range, may be ignored.
    if unit.strip() != "bytes" or not dash or not _digits(first) or not _digits(last):
        return None
    if not first:
        return None if not last else (max(0, size - int(last)), size if int(last) else 0)
    start = int(first)
    end = int(last) + 1 if last else size
    if end <= start and last:
        return None
    return start, min(end, size)


def _digits(text):
    return not text or (text.isdigit() and len(text) < 16)


class _Part:
    """The bytes ``start`` to ``end`` of an open file."""

    def __init__(self, file, start, end):
        self._file = file
        self._left = end - start
        file.seek(start)

    def readinto(self, buffer):
        view = memoryview(buffer)
        count = self._file.readinto(view[: min(len(view), self._left)])
        self._left -= count
        return count

    def read(self, n):
        data = self._file.read(min(n, self._left))
        self._left -= len(data)
        return data

    def close(self):
        self._file.close()
