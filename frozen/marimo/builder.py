"""Servers of notebooks: create_asgi_app() and what it gives."""

from microdot.compat import MICROPYTHON

from .application import ASSETS, ROUTES, Notebooks, Options
from .directory import Directory, scope_of

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_asgi_app(*, quiet=False, include_code=False, token=None, skew_protection=False,
                    session_ttl=120, asset_url=None, redirect_console_to_browser=False,
                    show_tracebacks=False, html_head=None,
                    execute_opengraph_generators=False):  # fmt: skip
    """A Builder of a server of notebooks.

    ``quiet``: print nothing on the server's console; ``include_code``: send the cells' code to the
    page; ``token`` (str): whoever opens a notebook has to give it, None for no such thing;
    ``session_ttl``: seconds that a session lives on when its page has gone;
    ``redirect_console_to_browser``: show what cells print on the page, not on the server's
    console; ``show_tracebacks``: show what went wrong in a cell, which is left to the server's
    console otherwise; ``html_head``: HTML for the head of every page. The others are taken for
    compatibility: there is nothing that they would change here.
    """
    options = Options()
    options.quiet = quiet
    options.include_code = include_code
    options.token = token
    options.session_ttl = session_ttl
    options.redirect_console_to_browser = redirect_console_to_browser
    options.show_tracebacks = show_tracebacks
    options.html_head = html_head
    return Builder(options)


class App:
    """A notebook at a path of its own; see Builder.with_app()."""

    def __init__(self, path, root, middleware):
        self.path = path
        self.root = root
        self.middleware = middleware or ()

    @property
    def prefix(self):
        """The path without a slash at its end."""
        return self.path.rstrip("/")


class Builder:
    """Collects what a server is to serve. Every with_...() returns the builder itself."""

    def __init__(self, options):
        self.options = options
        self.apps = []
        self.directories = []
        self.notebooks = None  # the Notebooks of what was built

    def with_app(self, *, path, root, middleware=None):
        """Serve the notebook in the file ``root`` (str or path object) at ``path`` (str).

        ``middleware``: a list of functions: under ASGI each is called with an ASGI application
        and returns one around it, the last the outermost; elsewhere each is called with a Request
        before anything else, and a value that it returns is the answer.
        """
        self.apps.append(App(path, str(root), middleware))
        return self

    def with_dynamic_directory(self, *, path, directory, validate_callback=None, middleware=None,
                               index=True):  # fmt: skip
        """Serve the notebooks in ``directory`` below ``path``, by their names without ".py".

        ``validate_callback(app_path, scope)``, plain or ``async def``: whether a request is
        answered; an exception with a ``status_code`` is the answer. ``middleware``: as in
        with_app(); ``scope["marimo_app_file"]`` names the notebook's file. ``index``: whether
        ``path`` itself lists the notebooks.
        """
        self.directories.append(
            Directory(path, str(directory), validate_callback, middleware, index)
        )
        return self

    def build(self):
        """The application: an ASGI one, on MicroPython one of microdot.

        Raises FileNotFoundError for a notebook that is missing, ValueError for what is none and
        for a directory without a path, AssertionError for a path without "/" at its start.
        """
        self.check()
        if MICROPYTHON:
            return self.application()
        from .asgi import Server

        return Server(self)

    def check(self):
        """Raise what build() documents."""
        from .library import check

        for app in self.apps:
            if app.path and app.path[0] != "/":
                raise AssertionError('expected a path that begins with "/", got %r' % app.path)
            check(app.root)
        for directory in self.directories:
            if not directory.path:
                raise ValueError("expected a path below / for the directory %r"
                                 % directory.directory)  # fmt: skip

    def open(self, sessions=None):
        """The Notebooks of a server that is being made; ``sessions``: its Sessions."""
        self.notebooks = Notebooks(self.options, sessions)
        return self.notebooks

    def sorted_apps(self):
        """The Apps, those with the longest path first; of a path the first."""
        # Not every Python keeps the order of what is equal.
        keys = sorted([(-len(app.path), index) for index, app in enumerate(self.apps)])
        return [self.apps[index] for _, index in keys]

    def application(self, sessions=None):
        """The application of microdot, without looking at the notebooks yet.

        ``sessions``: the Sessions of another one, for both to keep to one limit.
        """
        from microdot import Microdot

        return _Routes(self, self.open(sessions), Microdot()).app


class _Routes:
    """The routes of a builder's notebooks in an application of microdot."""

    def __init__(self, builder, notebooks, app):
        self.app = app
        self.notebooks = notebooks
        self.directories = builder.directories[::-1]
        self.apps = builder.sorted_apps()
        for directory in self.directories:
            for pattern in ("", "/", "/<path:_rest>"):
                app.route(directory.path + pattern, _METHODS)(self.serve)
        for one in self.apps:
            for pattern in ("",) + ROUTES + (ASSETS + "<_name>",):
                if one.prefix or pattern:
                    app.route(one.prefix + pattern, _METHODS)(self.serve)

    async def serve(self, request, **arguments):
        """Answer with what the first of the entries has that has something."""
        raw = request.path[len(request.url_prefix) :]
        path = _decoded(raw)
        if path is None:
            return "Not found", 404
        for directory in self.directories:
            tail = directory.tail(path)
            if tail is not None:
                response = await self._from_directory(request, directory, tail, raw)
                if response is not None:
                    return response
        for app in self.apps:
            rest = path[len(app.prefix) :] if path.startswith(app.prefix) else None
            if rest == "" or (rest and rest[0] == "/"):
                response = await _before(request, app.middleware)
                if response is None:
                    name = raw[raw.rfind("/") + 1 :]
                    response = await self.notebooks.answer(request, app.root, rest, name)
                if response is not None:
                    return response
        return "Not found", 404

    async def _from_directory(self, request, directory, tail, raw):
        scope = scope_of(request) if directory.validate else None
        if tail in ("", "/"):
            if not directory.index or request.method not in ("GET", "HEAD"):
                return None
            if tail == "":
                from .application import redirect

                return redirect(request, raw[raw.rfind("/") + 1 :])
            return await directory.index_page(scope)
        response = await directory.refusal(tail, scope)
        if response is not None:
            return response
        found = directory.find(tail)
        if found is None or not self.notebooks.has(found[0]):
            return None  # it may be another entry's
        request.g.marimo_app_file = found[0]
        response = await _before(request, directory.middleware)
        if response is None:
            name = raw[raw.rfind("/") + 1 :]
            response = await self.notebooks.answer(request, found[0], found[2], name)
        return response


async def _before(request, middleware):
    from microdot.compat import invoke

    for function in reversed(middleware):  # the last is the outermost
        response = await invoke(function, request)
        if response is not None:
            return response
    return None


def _decoded(path):
    from microdot.urlencoding import urldecode

    try:
        return urldecode(path, False)
    except ValueError:
        return None
