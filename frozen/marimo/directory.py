"""Directories whose notebooks are served by their names, as they are at each request."""

import os

from microdot import Response
from microdot.compat import MICROPYTHON, iscoroutine, print_exception

from .application import is_route


class Directory:
    """The notebooks in ``directory`` (str), served below ``path`` (str, with "/" at its start).

    ``validate(app_path, scope)``: called for every request below the path; it is answered only if
    that gives true. ``index``: whether the path itself lists the notebooks. ``middleware``: see
    marimo.builder.
    """

    def __init__(self, path, directory, validate=None, middleware=None, index=True):
        self.path = path.rstrip("/")
        self.directory = directory.rstrip("/") or "/"
        self.validate = validate
        self.middleware = middleware or ()
        self.index = index

    def tail(self, path):
        """What comes after this directory's path in ``path`` (str): None where it is another
        one's, "" for the path itself, else something with "/" at its start."""
        if path == self.path:
            return ""
        return path[len(self.path) :] if path.startswith(self.path + "/") else None

    def find(self, tail):
        """(file, name, rest) for a ``tail`` with names in it, None where there is no notebook.

        ``file``: its path; ``name``: the notebook's, with "/" between directories; ``rest``: what
        comes after it. Nothing is found for hidden names (those that begin with "_" or "."), nor
        through links that lead out of the directory.
        """
        segments = tail[1:].split("/")
        if "\\" in tail or "\0" in tail:
            return None
        folder = self.directory
        for index, segment in enumerate(segments):
            if segment[:1] in ("", "_", "."):
                return None
            rest = "".join(["/" + one for one in segments[index + 1 :]])
            file = folder + "/" + segment + ".py"
            if is_route(rest) and _has(folder, segment + ".py") and _is_file(file):
                if not self._is_inside(file, segments[:index] + [segment + ".py"]):
                    return None
                return file, "/".join(segments[: index + 1]), rest
            if index + 1 == len(segments) or not _has(folder, segment):
                return None
            folder += "/" + segment
        return None

    def _is_inside(self, file, segments):
        """Whether ``file`` is below the directory when links have been followed."""
        if MICROPYTHON:
            from microdot.files import has_link

            return not has_link(self.directory, "/".join(segments))
        root = os.path.realpath(self.directory)
        return os.path.realpath(file).startswith(root.rstrip(os.sep) + os.sep)

    async def refusal(self, tail, scope):
        """The Response for a request that validate() does not let through, else None.

        ``scope``: what validate() is given, see scope_of().
        """
        if self.validate is None:
            return None
        try:
            if await self._is_valid(tail[1:], scope):
                return None
        except Exception as error:
            status = getattr(error, "status_code", None)
            if status is None:
                print_exception(error)  # what it says is not for strangers
                return Response("Internal server error", 500)
            return Response(str(error), status, dict(getattr(error, "headers", None) or {}))
        return Response(b"", 404)

    async def _is_valid(self, app_path, scope):
        result = self.validate(app_path, scope)
        if iscoroutine(result) or hasattr(result, "__await__"):
            result = await result
        return result

    async def index_page(self, scope):
        """The Response that lists the notebooks; those that validate() refuses are left out."""
        from .directory_index import page

        names = []
        for name in self.names():
            try:
                if self.validate is None or await self._is_valid(name + "/", scope):
                    names.append(name)
            except Exception:
                pass
        return page(self, names)

    def names(self):
        """The names (list of str) of the notebooks that there are, sorted."""
        found = []
        _collect(self.directory, "", found, 8)
        return sorted([name for name in found if self.find("/" + name + "/")])


def scope_of(request):
    """What validate() gets with a Request: its ASGI scope, or a dict like one."""
    scope = getattr(request, "asgi_scope", None)
    if scope is not None:
        return scope
    from microdot.urlencoding import urldecode

    return {
        "type": "websocket" if request.headers.get("Upgrade") else "http",
        "method": request.method,
        "scheme": request.scheme,
        "path": urldecode(request.path, False),
        "query_string": (request.query_string or "").encode(),
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in request.headers.items()
        ],
        "client": request.client_addr,
    }


def _collect(folder, prefix, found, depth):
    try:
        entries = os.listdir(folder)
    except OSError:
        return
    for entry in entries:
        if entry[:1] in "_.":
            continue
        if entry[-3:] == ".py":
            found.append(prefix + entry[:-3])
        elif depth and _mode(folder + "/" + entry) == 0x4000:
            _collect(folder + "/" + entry, prefix + entry + "/", found, depth - 1)


def _has(folder, name):
    """Whether ``folder`` has an entry of exactly this name: some filesystems know no case."""
    try:
        return name in os.listdir(folder)
    except OSError:
        return False


def _is_file(path):
    return _mode(path) == 0x8000


def _mode(path):
    try:
        return os.stat(path)[0] & 0xF000
    except (OSError, ValueError):
        return None
