"""Directories served as they are: index files, types, validators, ranges, compressed siblings."""

import os

from .app import abort
from .files import below, file_response, has_link
from .response import Response


def add_static(app, url_path, directory, index="index.html", max_age=None, compressed=True,
               follow_links=False):  # fmt: skip
    """Serve the files of ``directory`` below ``url_path``.

    ``index``: the file that stands for a directory, None where none does; ``max_age``: seconds
    that clients may keep a file without asking; ``compressed``: send NAME.gz for NAME where there
    is one and the client takes gzip; ``follow_links``: also serve what symbolic links lead to.
    Hidden files (names that begin with a dot) and everything outside the directory do not exist
    for clients.
    """
    files = StaticFiles(directory, index, max_age, compressed, follow_links)
    prefix = url_path.rstrip("/")
    if prefix:
        app.route(prefix, ["GET"])(files.redirect)
    app.route(prefix + "/", ["GET"])(files.serve)
    app.route(prefix + "/<path:path>", ["GET"])(files.serve)


class StaticFiles:
    """A directory as a handler; see add_static()."""

    def __init__(self, directory, index, max_age, compressed, follow_links):
        self.directory = directory.rstrip("/") or "/"
        self.index = index
        self.max_age = max_age
        self.compressed = compressed
        self.follow_links = follow_links

    async def redirect(self, request):
        """Lead from a directory's name to the directory, so that relative links work."""
        location = request.path + "/"
        if request.query_string:
            location += "?" + request.query_string
        return Response("", 308, {"Location": location})

    async def serve(self, request, path=""):
        """Answer with the file at ``path`` below the directory."""
        if path[-1:] == "/" or not path:
            path += self.index or "/"
        name = below(self.directory, path)
        kind = _kind(name) if name else None
        # NAME/ for a file that has no slash, and whatever leads out, is not there.
        if kind is None or self._is_link(path):
            abort(404, "Not found")
        if kind == 0x4000:
            if not self.index or _kind(name + "/" + self.index) != 0x8000:
                abort(404, "Not found")
            return await self.redirect(request)
        sibling = self.compressed and _kind(name + ".gz") == 0x8000
        sibling = sibling and not self._is_link(path + ".gz")
        gzip = sibling and accepts_gzip(request.headers.get("Accept-Encoding", ""))
        response = file_response(
            Response, name, 200, None, None, self.max_age, gzip, ".gz" if gzip else "", None
        )
        if sibling:
            response.headers["Vary"] = "Accept-Encoding"
        return response

    def _is_link(self, path):
        return not self.follow_links and has_link(self.directory, path)


def _kind(name):
    """The type bits of a file's mode, or None where there is no file."""
    try:
        return os.stat(name)[0] & 0xF000
    except (OSError, ValueError):
        return None


def accepts_gzip(header):
    """Whether an Accept-Encoding header allows gzip (RFC 9110 section 12.5.3)."""
    allowed = {}
    for part in header.lower().replace(" ", "").split(","):
        parameters = part.split(";")
        # "q=0", "q=0.000": not at all
        refused = any(one[:2] == "q=" and not one[2:].strip("0.") for one in parameters)
        allowed[parameters[0]] = not refused
    return allowed.get("gzip", allowed.get("x-gzip", allowed.get("*", False)))
