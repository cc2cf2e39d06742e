"""The ASGI application of a builder's notebooks. CPython only.

Each entry's middleware is around an application that serves one notebook: which one, and what of
it, stands in the scope. ``root_path`` grows by the notebook's path as it does for an application
that is mounted.
"""

from urllib.parse import unquote

from microdot.asgi import Microdot
from microdot.gateway import quoted

from .application import is_route, redirect

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_ROUTE = "marimo_route"  # key of a scope: what comes after the notebook's path
_FILE = "marimo_app_file"
_DIRECTORY = "marimo_directory"  # the Directory to be listed
_ANSWER = "marimo_answer"  # a Response that is there already


class Server:
    """An ASGI application. ``builder``: a marimo.builder.Builder."""

    def __init__(self, builder):
        builder.options.strict = True
        self.notebooks = builder.open()
        self._app = Microdot()
        for pattern in ("/", "/<path:_rest>"):
            self._app.route(pattern, _METHODS)(self._serve)
        self._apps = [(app, _wrapped(self._app, app.middleware)) for app in builder.sorted_apps()]
        self._directories = [
            (directory, _wrapped(self._app, directory.middleware))
            for directory in reversed(builder.directories)
        ]

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        root = scope.get("root_path", "").rstrip("/")
        path = scope["path"]
        if root and (path == root or path.startswith(root + "/")):
            path = path[len(root) :]
        for directory, app in self._directories:
            tail = directory.tail(path)
            if tail is not None:
                child = await self._in_directory(scope, root, directory, tail)
                if child is not None:
                    # Whom validate() refuses, the middleware does not see.
                    await (self._app if _ANSWER in child else app)(child, receive, send)
                    return
        for entry, app in self._apps:
            rest = path[len(entry.prefix) :] if path.startswith(entry.prefix) else None
            if rest is not None and is_route(rest) and (rest or entry.prefix):
                child = _child(scope, root, entry.prefix, rest, entry.root)
                await app(child, receive, send)
                return
        await self._app(_child(scope, root, "", path, None), receive, send)

    async def _in_directory(self, scope, root, directory, tail):
        """The scope for what a directory has at ``tail``, None where it has nothing."""
        if tail in ("", "/"):
            if not directory.index or scope.get("method") not in ("GET", "HEAD"):
                return None
            child = _child(scope, root, directory.path, tail, None)
            child[_DIRECTORY] = directory
            return child
        response = await directory.refusal(tail, scope)
        if response is not None:
            child = _child(scope, root, directory.path, tail, None)
            child[_ANSWER] = response
            return child
        found = directory.find(tail)
        if found is None or not self.notebooks.has(found[0]):
            return None  # it may be another entry's
        file, name, rest = found
        return _child(scope, root, directory.path + "/" + name, rest, file)

    async def _serve(self, request, _rest=""):
        scope = request.asgi_scope
        root = scope["root_path"]
        name = quoted(root[root.rfind("/") + 1 :])
        if _ANSWER in scope:
            return scope[_ANSWER]
        if _DIRECTORY in scope:
            if scope[_ROUTE] == "":
                return redirect(request, name)
            return await scope[_DIRECTORY].index_page(scope)
        file = scope.get(_FILE)
        if file is None:
            return "Not found", 404
        response = await self.notebooks.answer(request, file, scope[_ROUTE], name)
        return ("Not found", 404) if response is None else response

    async def _lifespan(self, receive, send):
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.shutdown":
                self.notebooks.sessions.close()
            await send({"type": kind + ".complete"})
            if kind == "lifespan.shutdown":
                return


def _wrapped(app, middleware):
    """``app`` inside of its middleware: functions, or objects that starlette describes it by."""
    for one in middleware:
        if hasattr(one, "cls"):
            app = one.cls(app, *getattr(one, "args", ()), **one.kwargs)
        else:
            app = one(app)
    return app


def _child(scope, root, prefix, rest, file):
    """The scope for a notebook at ``prefix`` below ``root``."""
    child = dict(scope)
    child.setdefault("app_root_path", root)
    child["root_path"] = root + prefix
    child["path"] = root + prefix + rest
    raw = scope.get("raw_path")
    if raw is not None and unquote(raw.decode("latin-1")) != child["path"]:
        child["raw_path"] = quoted(child["path"]).encode()
    child[_ROUTE] = rest
    if file is not None:
        child[_FILE] = file
    return child
