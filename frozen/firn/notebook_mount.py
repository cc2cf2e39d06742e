"""The way to the notebooks of config.json: routes that load their server when one is visited."""

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

# What marimo.application serves below the path of a notebook; a test compares.
APP_ROUTES = (
    "", "/", "/ws", "/events", "/set", "/health", "/healthz", "/auth/login", "/assets/<_rest>",
)  # fmt: skip
DIRECTORY_ROUTES = ("", "/", "/<path:_rest>")


class Mount:
    """The notebooks of a site; its methods add the routes of their entries to ``app``.

    Apps win over directories, so each of them are an application of marimo's, with one limit for
    the sessions of both.
    """

    def __init__(self):
        self._kinds = {}  # "apps" or "directories": Notebooks

    def add_app(self, app, path, file):
        """Serve the notebook in ``file`` at ``path`` (both str)."""
        self._kind("apps").entries.append((path, file))
        self._route(app, path, APP_ROUTES, self._kinds["apps"])

    def add_directory(self, app, path, directory):
        """Serve the notebooks in ``directory`` below ``path`` (both str)."""
        self._kind("directories").entries.append((path, directory))
        self._route(app, path, DIRECTORY_ROUTES, self._kinds["directories"])

    def _kind(self, name):
        if name not in self._kinds:
            self._kinds[name] = Notebooks(name, self)
        return self._kinds[name]

    @staticmethod
    def _route(app, path, suffixes, handler):
        path = path.rstrip("/")
        for suffix in suffixes:
            if path or suffix:
                app.route(path + suffix, _METHODS)(handler)

    def sessions(self):
        """The sessions that there are already, or None."""
        for kind in self._kinds.values():
            if kind.app is not None:
                return kind.builder.notebooks.sessions
        return None


class Notebooks:
    """The handler of those routes. Attributes: ``entries``: (path, file or directory), ``app``:
    the loaded application of microdot, or None, and its ``builder``."""

    app = None
    builder = None

    def __init__(self, kind, mount):
        self.kind = kind
        self.mount = mount
        self.entries = []

    async def __call__(self, request, _rest=None):
        if self.app is None:
            self._load()
        response = await self.app.dispatch_request(request)
        # They were called; the application around this one would call them again.
        request._after = None
        return response

    def _load(self):
        from marimo import create_asgi_app

        # Who has a device looks for mistakes on the page, not on a console.
        builder = create_asgi_app(show_tracebacks=True, redirect_console_to_browser=True)
        for path, place in self.entries:
            if self.kind == "apps":
                builder.with_app(path=path, root=place)
            else:
                builder.with_dynamic_directory(path=path, directory=place)
        self.builder = builder
        self.app = builder.application(self.mount.sessions())
