"""Responses from files: type, validators, conditional requests and ranges (RFC 9110)."""

import os
import sys
import time

from .http_date import http_date

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
    name = filename[filename.rfind("/") + 1 :]
    extension = name[name.rfind(".") + 1 :].lower() if "." in name else ""
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
                  file_extension, root):  # fmt: skip
    """What Response.send_file() documents."""
    if root is not None:
        relative = filename
        filename = below(root, relative)
        if filename is None or has_link(root, relative + file_extension):
            _missing()
    coding = "gzip" if compressed is True else compressed
    if given_type is None:
        given_type = content_type(_plain(filename, coding), cls.types_map)
    headers = {"Content-Type": given_type}
    if coding:
        headers["Content-Encoding"] = coding
    if max_age is None:
        max_age = cls.default_send_file_max_age
    if max_age is not None:
        headers["Cache-Control"] = "max-age=%d" % max_age
    if stream is not None:
        return cls(stream, status_code, headers)
    try:
        file = File(filename + file_extension, coding)
    except OSError:
        if root is None:
            raise
        _missing()
    if file.tag:
        headers["ETag"] = file.tag
    if file.modified:
        headers["Last-Modified"] = http_date(file.modified)
    headers["Content-Length"] = str(file.size)
    response = cls(file, status_code, headers)
    response.file = file
    return response


def _missing():
    from .app import abort

    abort(404, "Not found")


def for_request(response, request):
    """``response``, of file_response(), as a conditional or range request wants it."""
    file = response.file
    if response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    headers = response.headers
    headers["Accept-Ranges"] = "bytes"
    if _not_modified(request, file):
        # RFC 9110 section 15.4.5: what describes the content is left out.
        for name in ("Content-Type", "Content-Length", "Content-Encoding"):
            headers.pop(name, None)
        return response.__class__(b"", 304, headers)
    found = _range(request, file.size, file.tag, headers.get("Last-Modified"))
    if found is None:
        return response
    start, end = found
    if start >= end:
        for name in ("Content-Type", "Content-Length", "Content-Encoding", "Cache-Control"):
            headers.pop(name, None)
        headers["Content-Range"] = "bytes */%d" % file.size
        return response.__class__("Range not satisfiable", 416, headers)
    response.status_code = 206
    headers["Content-Range"] = "bytes %d-%d/%d" % (start, end - 1, file.size)
    headers["Content-Length"] = str(end - start)
    file.limit(start, end)
    return response


class File:
    """A file that is opened when it is first read; OSError where there is none.

    ``size`` (bytes); ``modified``: as time.gmtime(), or None where the time is not known; ``tag``:
    its ETag, of ``coding`` (str) when the content is in one, or None.
    """

    def __init__(self, name, coding=None):
        status = os.stat(name)
        if status[0] & 0xF000 == 0x4000:
            raise OSError(21)  # EISDIR
        self.size = self._left = status[6]
        self.modified = time.gmtime(status[8])
        if self.modified[0] < _MIN_YEAR:
            self.modified = None
        self.tag = _etag(name, self.size, status[8] if self.modified else None, coding)
        self._name = name
        self._start = 0
        self._file = None

    def limit(self, start, end):
        """Let only the bytes from ``start`` up to ``end`` be read."""
        self._start = start
        self._left = end - start

    def _open(self):
        if self._file is None:
            self._file = open(self._name, "rb")  # noqa: SIM115 (closed when the body was sent)
            if self._start:
                self._file.seek(self._start)
        return self._file

    def readinto(self, buffer):
        """Read into ``buffer``; the number of bytes, 0 at the end."""
        if len(buffer) > self._left:
            buffer = memoryview(buffer)[: self._left]
        count = self._open().readinto(buffer)
        self._left -= count
        return count

    def read(self, n=-1):
        """Up to ``n`` bytes; the rest when n is negative."""
        data = self._open().read(self._left if n < 0 else min(n, self._left))
        self._left -= len(data)
        return data

    def close(self):
        """Close the file if it was opened."""
        if self._file is not None:
            self._file.close()


def _plain(filename, coding):
    return filename[:-3] if coding and filename[-3:] == ".gz" else filename


def _etag(name, size, modified, coding):
    """A strong validator: of size and time, or of the content where the time is unknown."""
    if modified is None:
        modified = _checksum(name) if size <= _CHECKSUM_LIMIT else None
    if modified is None:
        return None
    # Two codings of one resource have to differ (RFC 9110 section 8.8.3.3).
    return '"%x-%x%s"' % (modified, size, "-" + coding if coding else "")


def _checksum(name):
    try:
        from binascii import crc32
    except ImportError:  # a build without it
        return None
    checksum = 0
    buffer = memoryview(bytearray(256))
    with open(name, "rb") as file:
        while True:
            count = file.readinto(buffer)
            if not count:
                return checksum
            checksum = crc32(buffer[:count], checksum)


def _not_modified(request, file):
    """RFC 9110 section 13.2.2: If-None-Match wins over If-Modified-Since."""
    wanted = request.headers.get("If-None-Match")
    if wanted is not None:
        if wanted.strip(" \t") == "*":
            return True
        return file.tag is not None and any(_same_tag(one, file.tag) for one in wanted.split(","))
    since = request.headers.get("If-Modified-Since")
    if since is None or file.modified is None:
        return False
    date = _parse_date(since)
    return date is not None and tuple(file.modified[:6]) <= date


def _same_tag(one, tag):
    one = one.strip(" \t")
    return (one[2:] if one[:2] == "W/" else one) == tag


def _parse_date(text):
    """The (year, month, day, hour, minute, second) of an IMF-fixdate, or None."""
    from .http_date import _MONTHS

    parts = text.strip(" \t").split(" ")
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
    if condition is not None and condition.strip(" \t") not in (tag, last_modified):
        return None
    unit, _, spec = wanted.partition("=")
    first, dash, last = spec.strip(" \t").partition("-")
    # RFC 9110 section 14.2: what is not understood, and more than one range, may be ignored.
    if unit.strip(" \t") != "bytes" or not dash or not _digits(first) or not _digits(last):
        return None
    if not first:
        return None if not last else (max(0, size - int(last)), size if int(last) else 0)
    start = int(first)
    end = int(last) + 1 if last else size
    if end <= start and last:
        return None
    return start, min(end, size)


def _digits(text):
    # Not isdigit(): on CPython there are other digits, some of which int() refuses.
    return len(text) < 16 and all("0" <= c <= "9" for c in text)
