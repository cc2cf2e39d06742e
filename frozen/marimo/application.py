"""What is served of a notebook: its page, the connection of the page, and what belongs to it."""

import asyncio

from microdot import Response
from microdot.compat import MICROPYTHON

from .library import Library, stem, title_of
from .messages import parse
from .session_frames import first_frame
from .sessions import SECRET_LENGTH, Sessions, TooMany

# Below the path of a notebook; "/assets/" with a name. A path without a slash is redirected.
ROUTES = ("/", "/ws", "/events", "/set", "/health", "/healthz", "/auth/login")
ASSETS = "/assets/"

_COOKIE = "notebook_page"
_MAX_ID = 64  # characters of a session's id
_MAX_BAD = 10  # messages of a page that make no sense
_PAUSE_AFTER = 20  # messages, in seconds' fractions below: a flood waits in the network
_PAUSE = 0.05
_MAX_MESSAGE = 16384 if MICROPYTHON else 1 << 24  # bytes
_POLICY = 1008  # RFC 6455 section 7.4.1
_TRY_LATER = 1013
_RELOAD = 4401
_ELSEWHERE = 4409


class Options:
    """The options of a server; see marimo.builder. ``strict``: whether only pages that were loaded
    from this server may begin a session."""

    quiet = False
    include_code = False
    token = None
    session_ttl = 120
    html_head = None
    show_tracebacks = False
    redirect_console_to_browser = False
    strict = False


class Refused(Exception):
    """A connection that is not let in: ``args``: message (str), close code, whether the page has
    to be loaded anew."""


def is_route(rest):
    """Whether something is served at ``rest`` (str) after the path of a notebook."""
    if rest[: len(ASSETS)] == ASSETS:
        return "/" not in rest[len(ASSETS) :]
    return rest == "" or rest in ROUTES


class Notebooks:
    """All notebooks of a server. ``options``: an Options."""

    def __init__(self, options, sessions=None):
        self.options = options
        self.library = Library()
        self.sessions = sessions or Sessions(options.session_ttl)

    async def answer(self, request, path, rest, name):
        """The response to ``request`` for the notebook in the file ``path`` (str), None where
        there is no such notebook.

        ``rest`` (str): what comes after the notebook's path, for which is_route() holds; ``name``
        (str): the last segment of that path, as it is in the URL.
        """
        if rest in ("/health", "/healthz"):
            return {"status": "healthy"}
        if rest[: len(ASSETS)] == ASSETS:
            if request.method not in ("GET", "HEAD"):
                return _not_allowed("GET")
            from .page import asset

            return await asset(request, rest[len(ASSETS) :])
        if self.options.token:
            from .access import answer

            response = answer(request, self.options.token, rest)
            if response is not None:
                return response
        if rest == "/set":
            return _not_allowed("POST") if request.method != "POST" else self._set(request, path)
        if request.method not in ("GET", "HEAD"):
            return _not_allowed("GET")
        if rest == "":
            return redirect(request, name)
        if rest == "/":
            return self._page(request, path)
        if rest == "/ws":
            return await self._websocket(request, path)
        if rest == "/events":
            return self._events(request, path)
        return "Not found", 404

    def has(self, path):
        """Whether the file ``path`` is a notebook now."""
        return self._load(path) is not None

    # The page

    def _page(self, request, path):
        notebook = self._load(path)
        if notebook is None:
            return None
        from .page import page
        from .request_data import meta_of, user_of

        secret = _secret(request)
        is_new = not secret
        if is_new:
            secret = self.sessions.new_secret()
        self.sessions.note(path, secret, user_of(request), meta_of(request))
        options = notebook.options
        pieces, status, headers = page(
            title_of(path, notebook),
            file=stem(path),
            session=self.sessions.new_id(secret),
            head=self.options.html_head or "",
            width=options.get("width", "compact"),
        )
        response = Response(pieces, status, headers)
        if is_new:
            # Without a path: it is for what is below the page, wherever a proxy has put that.
            response.set_cookie(
                _COOKIE, secret, http_only=True, same_site="Lax", secure=request.scheme == "https"
            )
        return response

    def _load(self, path):
        """The Notebook in the file ``path``, None where there is none."""
        try:
            return self.library.load(path)
        except OSError:
            return None
        except ValueError as error:
            if not self.options.quiet:
                print("marimo:", error)
            return None

    # Connections

    async def _websocket(self, request, path):
        if not _is_same_site(request):
            return "expected a page of this site", 403
        if hasattr(request, "asgi_scope"):
            from microdot.asgi import with_websocket
        else:
            from microdot.websocket import with_websocket

        async def speak(request, ws):
            ws.max_message_length = _MAX_MESSAGE
            await self._speak(request, ws, path)

        return await with_websocket(speak)(request)

    async def _speak(self, request, ws, path):
        try:
            session = self._connect(request, path, ws)
        except Refused as error:
            await ws.send(_error_frame(error.args[0], error.args[2]))
            await ws.close(error.args[1])
            return
        sender = asyncio.create_task(self._feed_websocket(session, ws))
        try:
            await self._listen(session, ws)
        finally:
            sender.cancel()
            session.detach(ws)

    async def _feed_websocket(self, session, ws):
        from microdot.websocket import WebSocketError

        try:
            await self._feed(session, ws, ws.send)
            await ws.close(_ELSEWHERE)
        except WebSocketError:
            pass

    async def _listen(self, session, ws):
        """Take the messages of the page."""
        bad = count = 0
        while True:
            message = await ws.receive()
            try:
                op, values = parse(message)
                if op == "ping":
                    await ws.send('{"op":"pong"}')
                else:
                    session.set_values(values)
            except ValueError as error:
                bad += 1
                await ws.send(_error_frame(str(error)))
                if bad >= _MAX_BAD:
                    await ws.close(_POLICY)
                    return
            count += 1
            await asyncio.sleep(_PAUSE if count % _PAUSE_AFTER == 0 else 0)

    def _events(self, request, path):
        if not _is_same_site(request):
            return "expected a page of this site", 403
        from microdot.sse import sse_response

        return sse_response(request, self._stream, path)

    async def _stream(self, request, sse, path):
        try:
            session = self._connect(request, path, sse)
        except Refused as error:
            await sse.send(_error_frame(error.args[0], error.args[2]))
            return
        try:
            await self._feed(session, sse, sse.send)
        finally:
            session.detach(sse)

    async def _feed(self, session, client, send):
        """Tell the page what there is to be told, until another connection takes over."""
        frame = session.first
        while session.client is client:
            if frame is None:
                session.wake.clear()
                await session.wake.wait()
            else:
                await send(frame)
            if session.client is client:
                frame = session.frames.take(session.kernel, self._mask)

    def _connect(self, request, path, client):
        """The Session for a connection, with that as its page. Refused where there is none."""
        id = request.args.get("session_id", "")
        if not 0 < len(id) <= _MAX_ID:
            raise Refused("expected a session_id", _POLICY, False)
        secret = _secret(request)
        try:
            session = self.sessions.find(path, id, secret)
        except OSError as error:
            raise Refused(error.args[1], _POLICY, True)
        if session is not None and not self._goes_on(session, request):
            session.close()
            session = None
        resumed = session is not None
        if session is None:
            session = self._begin(request, path, id, secret)
        notebook = session.kernel.notebook
        session.first = first_frame(
            notebook, title_of(path, notebook), resumed, self.options.include_code
        )
        if resumed:
            session.frames.all_of(session.kernel)
        session.attach(client)
        return session

    def _goes_on(self, session, request):
        """Whether a connection may go on with its session: for the same user, with the same
        arguments, of the same notebook. Otherwise the page was loaded for something new."""
        from .request_data import lists_of_query, query_of

        kernel = session.kernel
        notebook = self._load(session.path)
        if notebook is not None and notebook.stamp != kernel.notebook.stamp:
            return False
        if query_of(request) != lists_of_query(kernel.query):
            return False
        made = self._request(request, session.path, session.secret)
        return made.user == kernel.request.user and made.meta == kernel.request.meta

    def _request(self, request, path, secret):
        """The HTTPRequest for a connection's Request.

        What sees HTTP only has let the page through, and has said there who it is for.
        """
        from .request_data import make_request, meta_of, user_of

        user, meta = self.sessions.noted(path, secret)
        own_user, own_meta = user_of(request), meta_of(request)
        return make_request(
            request,
            user if own_user is None else own_user,
            meta if own_meta is None else own_meta,
        )

    def _begin(self, request, path, id, secret):
        from .request_data import query_of

        if self.options.strict and not self.sessions.is_issued(id, secret):
            # Whoever was to see no page is not to see its values either.
            raise Refused("expected a session that the page was given", _RELOAD, True)
        notebook = self._load(path)
        if notebook is None:
            raise Refused("expected a notebook, got none", _POLICY, False)
        made = self._request(request, path, secret)
        theme = "dark" if request.args.get("theme") == "dark" else "light"
        console = self.options.redirect_console_to_browser
        try:
            session = self.sessions.begin(
                path, id, secret, notebook, made, query_of(request), theme, console
            )
        except TooMany as error:
            raise Refused(str(error), _TRY_LATER, False)
        session.tracebacks = self.options.show_tracebacks
        return session

    def _set(self, request, path):
        """Take a message of a page without a WebSocket."""
        id = request.headers.get("Marimo-Session-Id")
        if not id:
            return {"detail": "expected the header Marimo-Session-Id"}, 400
        try:
            session = self.sessions.find(path, id, _secret(request))
        except OSError as error:
            return {"detail": error.args[1]}, 403
        if session is None:
            return {"detail": "expected the id of a session, got an unknown one"}, 404
        try:
            values = parse(request.body)[1]
            if values:
                session.set_values(values)
        except ValueError as error:
            return {"detail": str(error)}, 400
        return {"success": True}

    def _mask(self, state):
        """(type, message) of a cell's error as a page may see it."""
        error = state.error
        if self.options.show_tracebacks:
            place = " (line %d)" % error.line if error.type == "exception" and error.line else ""
            return error.type, str(error) + place
        if not hasattr(error, "shown"):
            from .sessions import random_name

            error.shown = "an internal error occurred: %s" % random_name()
            if not self.options.quiet:
                place = "%s, line %d" % (state.cell.name, error.line or state.cell.line)
                print("marimo: %s (%s): %s" % (error.shown, place, error))
        return "internal", error.shown


def _secret(request):
    """What the browser is known by, "" where it is not.

    Of several cookies the first: browsers begin with the one of the longest path (RFC 6265
    section 5.4), and that one stays when others come.
    """
    for pair in request.headers.get("Cookie", "").split(";"):
        name, _, value = pair.strip(" \t").partition("=")
        if name == _COOKIE and len(value) == SECRET_LENGTH:
            return value
    return ""


def _error_frame(message, reload=False):
    import json

    frame = {"op": "error", "message": message}
    if reload:
        frame["reload"] = True
    return json.dumps(frame)


def _not_allowed(methods):
    return "Not allowed", 405, {"Allow": methods}


def redirect(request, name):
    """To the notebook's path with its slash: relative, so that it holds behind any proxy."""
    location = "./%s/" % name
    if request.query_string:
        location += "?" + request.query_string
    return Response(b"", 307, {"Location": location})


def _is_same_site(request):
    """Whether a request comes of a page of this site, as far as browsers tell.

    A notebook may switch things on and off, and other sites' pages can connect to it too
    (RFC 6455 section 10.2).
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    host = origin[origin.find("://") + 3 :] if "://" in origin else ""
    known = (request.headers.get("Host"), request.headers.get("X-Forwarded-Host"))
    return host in known
