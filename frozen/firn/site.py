"""The site that config.json describes: an application of the framework, and its server.

Entries win in this order: routes, apps, dynamic directories, static. An entry that cannot work is
reported and its paths answer with the page of mistakes, so that what it was to protect or replace
is not served by a wider entry; everything else works.
"""

import os

from microdot import Microdot, compat, redirect

from . import log, network, overrides, platform, safety, setup_mount, status

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_HOUR = 3600
_NOWHERE = 'firn: serving nowhere: this board has no network, and "usb" is false in config.json'


class Site:
    """The application for a checked configuration.

    ``config``: a firn.config.Config; ``boot_error``: text of what /boot.py raised, or None.
    Attributes: ``app`` (the Microdot application) and ``config``.
    """

    notebooks = None  # a notebook_mount.Mount, where there are any

    def __init__(self, config, boot_error=None):
        self.config = config
        self.boot_error = boot_error
        self.app = Microdot()
        self.tls = None
        self.access = None  # who may use what needs a login
        safe = safety.mode == "safe"
        usable = not safe and self._usable()
        if usable and self._has_logins():
            from .setup_access import login_required

            self.access = login_required(self.app, config)
        # Before all entries: no wider one may hide the way to the setup page.
        setup_mount.add(self.app, config, boot_error, self.access)
        if usable:
            self._add_entries(config)
        if config.problems or boot_error or safe:
            self._show_problems()
        if config.cors:
            self._add_cors(config.cors)

    @property
    def requests(self):
        """How many requests were answered (int)."""
        return self.app.server.requests if self.app.server else 0

    # Building

    def _usable(self):
        """Whether anything but the page of mistakes may be served at all.

        Of a file that could not be read nobody knows what was to be protected; without its
        certificate a site must not fall back to plain HTTP.
        """
        for problem in self.config.problems:
            if not problem.key or problem.key[:10] == "server.tls":
                return False
        tls = self.config.server.tls
        if tls is not None:
            try:
                self.tls = platform.tls_context(platform.path(tls.cert), platform.path(tls.key))
            except Exception as error:
                self._report("server.tls", "a certificate and its key (DER)", error)
                return False
        return True

    def _add_entries(self, config):
        """Add what is served; the order of the lists is that in which entries win."""
        for section in config.routes:
            self._attempt(self._add_route, section)
        for section in config.apps:
            self._attempt(self._add_notebook, section)
        for section in config.dynamic_directories:
            self._attempt(self._add_notebooks, section)
        self._block_dropped()
        # The narrowest first: a wider one answers for all that is below it.
        for section in sorted(config.static, key=lambda one: -len(one.path)):
            self._attempt(self._add_static, section)

    def _problem(self, place, message):
        print("firn:", self.config.report(place, message))

    def _report(self, place, expected, error):
        self._problem(place, "expected %s, got %s: %s" % (expected, type(error).__name__, error))

    def _attempt(self, add, section):
        """Add one entry; when that fails, its paths show why."""
        known = len(self.config.problems)
        if getattr(section, "login", False):
            # An application of its own, so that the question who it is comes before its routes.
            protected = Microdot()
            protected.before_request(self.access(_let_in))
            add(protected, section)
            self.app.mount(protected, local=True)
        else:
            add(self.app, section)
        if len(self.config.problems) > known:
            self._block(section.path)

    def _has_logins(self):
        """Whether an entry needs a login."""
        config = self.config
        return any(section.login for section in config.routes + config.static)

    def _add_route(self, app, section):
        place, path, methods = section.place, section.path, section.methods
        if section.handler:
            handler = self._find(section.handler, place + ".handler", "a function")
            if handler:
                app.route(path, methods)(handler)
        elif section.mount:
            subapp = self._find(section.mount, place + ".mount", "an application")
            if subapp:
                app.mount(subapp, path.rstrip("/"))
        elif section.redirect:
            app.route(path, methods)(_redirection(section.redirect))
        else:
            self._add_template(app, section)

    def _add_template(self, app, section):
        folder = self.config.templates
        if platform.is_file(platform.path(folder + "/" + section.template)):
            page = _page(platform.path(folder), section.template)
            app.route(section.path, section.methods)(page)
        else:
            message = 'expected a file in "%s", got nothing at "%s"' % (folder, section.template)
            self._problem(section.place + ".template", message)

    def _find(self, reference, place, kind):
        """The object that "module:name" names, or None after reporting why there is none."""
        module, name = reference.split(":")
        expected = '%s "%s" in module "%s"' % (kind, name, module)
        try:
            found = getattr(__import__(module, None, None, [name]), name)
        except Exception as error:
            if not isinstance(error, (ImportError, AttributeError)):
                print(platform.traceback(error))
            self._report(place, expected, error)
            return None
        if not (callable(found) if kind == "a function" else hasattr(found, "url_map")):
            self._problem(place, "expected %s, got %s" % (expected, type(found).__name__))
            return None
        return found

    def _add_notebook(self, app, section):
        file = platform.path(section.root)
        if platform.is_file(file):
            self._notebooks().add_app(app, section.path, file)
        else:
            message = 'expected a notebook, got nothing at "%s"' % section.root
            self._problem(section.place + ".root", message)

    def _add_notebooks(self, app, section):
        directory = self._directory(section, "dynamic_directories")
        if directory:
            self._notebooks().add_directory(app, section.path, directory)

    def _directory(self, section, name):
        """The path of the directory of ``section``, of the list ``name``; None where it is not
        there."""
        directory = platform.path(section.directory)
        try:
            os.listdir(directory)
            return directory
        except OSError:
            # Nobody has asked for the one that is there without a word in config.json.
            if self.config.has(name):
                message = 'expected a directory, got nothing at "%s"' % section.directory
                self._problem(section.place + ".directory", message)
        return None

    def _notebooks(self):
        if self.notebooks is None:
            from .notebook_mount import Mount

            self.notebooks = Mount()
        return self.notebooks

    def _add_static(self, app, section):
        directory = self._directory(section, "static")
        if directory:
            app.static(section.path, directory, index=section.index, max_age=section.max_age)

    def _add_cors(self, section):
        from microdot.cors import CORS

        CORS(self.app, section.allowed_origins, section.allow_credentials,
             section.allowed_methods, section.expose_headers, section.allowed_headers,
             section.max_age)  # fmt: skip

    # Mistakes

    def _block_dropped(self):
        """Block the paths of entries that the check left out."""
        keys = [problem.key for problem in self.config.problems]
        if any("[" in key for key in keys):
            from .json_text import loads

            with open(self.config.path, "rb") as file:
                written = loads(file.read())[0]
            for name in ("routes", "apps", "dynamic_directories", "static"):
                kept = [section.place for section in getattr(self.config, name)]
                entries = written.get(name)
                for index, entry in enumerate(entries if isinstance(entries, list) else ()):
                    place = "%s[%d]" % (name, index)
                    if place not in kept and isinstance(entry, dict):
                        self._block(entry.get("path"))

    def _block(self, path):
        """Answer ``path`` and what is below it with the page of mistakes."""
        if isinstance(path, str) and path[:1] == "/":
            path = path.rstrip("/")
            for pattern in (path or "/", path + "/", path + "/<path:_rest>"):
                self.app.route(pattern, _METHODS)(self._problem_page)

    def _show_problems(self):
        """Let the start page, and whatever nothing serves, name the mistakes."""
        shown = Microdot()
        shown.get("/")(self._problem_page)
        shown.errorhandler(404)(self._problem_page)
        shown.mount(self.app)
        self.app = shown

    async def _problem_page(self, request, **arguments):
        from .problem_page import render, render_safe

        headers = {"Content-Type": "text/html; charset=UTF-8", "Cache-Control": "no-store"}
        if safety.mode == "safe":
            return render_safe(self.config.problems, safety.last_crash()), 503, headers
        return render(self.config.problems, self.boot_error), 500, headers

    # Serving

    async def serve(self):
        """Serve until the application is shut down."""
        import asyncio

        server = self.config.server
        set_limits(self.config)
        host = overrides.get("host", "0.0.0.0")
        port = overrides.get("port", server.port)
        status.site = self
        tasks = (_keep_time(), log.run(), network.run(), safety.run(self))
        beside = [asyncio.create_task(task) for task in tasks]
        compat.report = _note_error
        try:
            listener = await self._listen(host, port)
            if self.config.usb and platform.has_line():
                from . import usb

                beside.append(asyncio.create_task(usb.run(self.app.server)))
            if platform.can_reset():  # elsewhere when it is first needed: nothing is made in vain
                setup_mount.tell_first_password(self.config)
            await listener.serve_forever()
        finally:
            for task in beside:
                task.cancel()
            compat.report = None

    async def _listen(self, host, port):
        """The listener of the server: of the network, or of a board that has none, of the line."""
        # Clients may come from here on, and who reads what is printed may be one of them.
        if platform.has_sockets():
            listener = await self.app.start_server(host, port, ssl=self.tls, start_serving=False)
            scheme = "https" if self.tls else "http"
            print("firn: serving on %s://%s:%d" % (scheme, host, port))
            return listener
        from microdot.server import Server

        from . import usb

        self.app.server = Server(self.app, host, port)
        print("firn: serving on USB" if self.config.usb else _NOWHERE)
        return await self.app.server.prepare(usb.Listener)

    def close(self):
        """Close every socket at once; for when serve() was interrupted."""
        status.site = None
        if self.app.server:
            self.app.server.close()
        log.flush()


def set_limits(config):
    """The server's limits as ``config`` (a firn.config.Config) has them."""
    from microdot import Request
    from microdot.server import Server

    section = config.server
    Server.max_connections = section.max_connections
    Server.header_timeout = Server.body_timeout = Server.write_timeout = section.timeout
    Server.keep_alive_timeout = section.timeout
    Request.max_content_length = section.max_content_length
    # What limits an upload there is the room on the filesystem; see setup_upload.
    Request.larger_bodies = (("/_firn/files/", 1 << 30),) if config.setup else ()


def _let_in(request):
    """A handler that leaves the answer to others."""


def _redirection(location):
    async def handler(request, **arguments):
        return redirect(location)

    return handler


def _page(folder, name):
    async def handler(request, **arguments):
        from microdot.utemplate import Template

        Template.initialize(folder)
        headers = {"Content-Type": "text/html; charset=UTF-8"}
        return Template(name).generate_async(request, **arguments), headers

    return handler


def _note_error(error):
    log.exception("a request failed", error)


async def _keep_time():
    """Ask for the time of day often enough that no wrap of the tick counter is missed."""
    import asyncio

    while True:
        status.uptime()
        await asyncio.sleep(_HOUR)
