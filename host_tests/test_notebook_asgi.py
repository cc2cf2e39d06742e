"""Notebooks in ASGI applications, under uvicorn: the documented examples and more."""

import contextlib
import http.client
import json
import re
import threading
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from notebook_files import notebook
from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Mount
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

import marimo
from firn_tools import ports

TIMEOUT = 20  # seconds
GREETING = """\
request = mo.app_meta().request
if request and request.user and request.user["is_authenticated"]:
    content = f"Welcome {request.user['username']}!"
else:
    content = "Please log in"
mo.md(content)
"""


class Browser:
    """A client that keeps cookies as browsers do, one jar for each page's path."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def get(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            sent = dict(headers or {})
            if self.cookies:
                sent["Cookie"] = "; ".join("%s=%s" % one for one in self.cookies.items())
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            answer.text = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def open(self, path, query=""):
        """The frames of the first run of the page at ``path``."""
        answer = self.get(path + query)
        assert answer.status == 200, answer.text
        session = re.search('data-session="([^"]+)"', answer.text)[1]
        return self.speak(path, session, query.replace("?", "&"))

    def speak(self, path, session, query="", values=None, headers=None):
        url = "ws://127.0.0.1:%d%sws?session_id=%s%s" % (self.port, path, session, query)
        cookies = "; ".join("%s=%s" % one for one in self.cookies.items())
        sent = dict(headers or {}, Cookie=cookies)
        frames = []
        with connect(url, additional_headers=sent, open_timeout=TIMEOUT) as ws:
            runs = [None] if values is None else [None, values]
            for run in runs:
                if run is not None:
                    ws.send(json.dumps({"op": "set", "values": run}))
                while not frames or frames[-1]["op"] != "done" or run is not None:
                    frames.append(json.loads(ws.recv(timeout=TIMEOUT)))
                    if frames[-1]["op"] == "done":
                        break
        return frames


def outputs(frames):
    """All HTML of the frames."""
    return "\n".join(frame["output"]["html"] for frame in frames if "output" in frame)


@contextlib.contextmanager
def served(app, **options):
    """A Browser for ``app``, which uvicorn serves meanwhile."""
    port = ports.free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", **options)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.02)
        assert server.started
        yield Browser(port)
    finally:
        server.should_exit = True
        thread.join(TIMEOUT)
        assert not thread.is_alive()


@pytest.fixture
def pages(tmp_path):
    """A folder with the notebooks of the examples."""
    for name in ("index", "dashboard", "sales"):
        text = notebook('"the %s"' % name, "s = mo.ui.slider(1, 9)\ns", "s.value * 100")
        (tmp_path / (name + ".py")).write_text(text)
    return tmp_path


def greeting(folder):
    path = folder / "greeting.py"
    path.write_text(notebook(GREETING, "mo.app_meta().request.meta"))
    return path


def test_notebooks_in_a_fastapi_application_with_its_own_login(pages):
    server = (
        marimo.create_asgi_app()
        .with_app(path="", root=str(pages / "index.py"))
        .with_app(path="/dashboard", root=str(pages / "dashboard.py"))
        .with_app(path="/sales", root=str(pages / "sales.py"))
    )
    app = FastAPI()

    @app.middleware("http")
    async def auth_middleware(request: Request, call_next):
        if request.url.path != "/login" and request.cookies.get("who") != "ada":
            return RedirectResponse("/login", 303)
        return await call_next(request)

    @app.post("/login")
    async def login():
        response = RedirectResponse("/", 303)
        response.set_cookie("who", "ada")
        return response

    app.mount("/", server.build())
    with served(app) as browser:
        assert browser.get("/dashboard/").status == 303
        # Who gets no page gets no session either, though this middleware sees no WebSocket.
        frames = []
        with (
            pytest.raises(ConnectionClosed) as closed,
            connect("ws://127.0.0.1:%d/dashboard/ws?session_id=x" % browser.port) as ws,
        ):
            while True:
                frames.append(json.loads(ws.recv(timeout=TIMEOUT)))
        assert [frame["op"] for frame in frames] == ["error"]
        assert frames[0]["reload"] is True
        assert closed.value.rcvd.code == 4401
        assert browser.get("/login", "POST").status == 303
        for path, name in (("/", "index"), ("/dashboard/", "dashboard"), ("/sales/", "sales")):
            assert "the " + name in outputs(browser.open(path))
            browser.cookies = {"who": "ada"}
        assert browser.get("/dashboard?a=1").headers["Location"] == "./dashboard/?a=1"
        assert browser.get("/other").status == 404


def test_a_value_runs_what_depends_on_it(pages):
    server = marimo.create_asgi_app().with_app(path="/s", root=pages / "sales.py")
    with served(server.build()) as browser:
        answer = browser.get("/s/")
        session = re.search('data-session="([^"]+)"', answer.text)[1]
        frames = browser.speak("/s/", session, values={"vblA-0": 7})
        assert "700" in outputs(frames)
        frames = browser.speak("/s/", session)
        assert frames[0]["resumed"] and "700" in outputs(frames)


def test_a_dynamic_directory_changes_while_it_is_served(pages):
    server = marimo.create_asgi_app().with_dynamic_directory(
        path="/dashboard", directory=str(pages)
    )
    with served(server.build()) as browser:
        assert "the sales" in outputs(browser.open("/dashboard/sales/"))
        assert browser.get("/dashboard/new/").status == 404
        (pages / "sub").mkdir()
        (pages / "sub" / "new.py").write_text(notebook('"brand new"'))
        assert "brand new" in outputs(browser.open("/dashboard/sub/new/"))
        assert './sub/new/"' in browser.get("/dashboard/").text
        (pages / "sub" / "new.py").rename(pages / "renamed.py")
        for end in ("", "/", "/health"):
            assert browser.get("/dashboard/sub/new" + end).status == 404
            assert browser.get("/dashboard/renamed" + end).status in (200, 307)


def test_a_loop_over_a_directory(pages):
    server = marimo.create_asgi_app()
    names = []
    for filename in sorted(pages.iterdir()):
        if filename.suffix == ".py":
            server = server.with_app(path=f"/{filename.stem}", root=filename)
            names.append(filename.stem)
    assert names == ["dashboard", "index", "sales"]
    with served(server.build()) as browser:
        for name in names:
            assert "the " + name in outputs(browser.open("/%s/" % name))


class AuthMiddleware(BaseHTTPMiddleware):
    """Sees HTTP requests, and no WebSockets."""

    async def dispatch(self, request, call_next):
        name = request.cookies.get("name")
        if name:
            request.scope["user"] = {"is_authenticated": True, "username": name}
            request.scope["meta"] = {"team": "red"}
        return await call_next(request)


@pytest.mark.parametrize("place", ["application", "with_app", "directory"])
def test_a_middleware_that_sees_http_alone_tells_the_first_run_who_it_is(tmp_path, place):
    path = greeting(tmp_path)
    app = FastAPI()
    server = marimo.create_asgi_app()
    url = "/greeting/"
    if place == "application":
        app.add_middleware(AuthMiddleware)
        server.with_app(path="/greeting", root=path)
    elif place == "with_app":
        server.with_app(path="/greeting", root=path, middleware=[AuthMiddleware])
    else:
        url = "/all/greeting/"
        server.with_dynamic_directory(path="/all", directory=tmp_path, middleware=[AuthMiddleware])
    app.mount("/", server.build())
    with served(app) as browser:
        assert "Please log in" in outputs(browser.open(url))
        browser.cookies["name"] = "ada"
        html = outputs(browser.open(url))
        assert "Welcome ada!" in html and "red" in html
        del browser.cookies["name"]
        assert "Please log in" in outputs(browser.open(url))


class BothMiddleware:
    """Sees HTTP and WebSockets."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] in ("http", "websocket"):
            seen.append((scope["type"], scope.get("marimo_app_file"), scope["root_path"]))
            scope["user"] = {"is_authenticated": True, "username": scope["type"]}
        await self.app(scope, receive, send)


seen = []


def test_middleware_for_both_sees_every_request_of_its_notebook(tmp_path):
    path = greeting(tmp_path)
    server = marimo.create_asgi_app()
    server.with_dynamic_directory(path="/all", directory=tmp_path, middleware=[BothMiddleware])
    app = FastAPI()
    app.mount("/server", server.build())
    del seen[:]
    with served(app) as browser:
        assert "Welcome websocket!" in outputs(browser.open("/server/all/greeting/"))
        assert browser.get("/server/all/none/").status == 404
    assert seen == [(kind, str(path), "/server/all/greeting") for kind in ("http", "websocket")]


def test_of_several_the_last_is_the_outermost(pages):
    called = []

    def named(name):
        def factory(app):
            async def middleware(scope, receive, send):
                called.append(name)
                await app(scope, receive, send)

            return middleware

        return factory

    server = marimo.create_asgi_app().with_app(
        path="/s", root=pages / "sales.py", middleware=[named("first"), named("last")]
    )
    with served(server.build()) as browser:
        assert browser.get("/s/").status == 200
    assert called == ["last", "first"]


class Backend(AuthenticationBackend):
    async def authenticate(self, conn):
        if conn.cookies.get("name"):
            return AuthCredentials(), SimpleUser(conn.cookies["name"])
        return None


def test_starlette_s_own_authentication(tmp_path):
    server = marimo.create_asgi_app().with_app(path="", root=greeting(tmp_path))
    app = Starlette(routes=[Mount("/in/here", server.build())])
    app.add_middleware(AuthenticationMiddleware, backend=Backend())
    with served(app) as browser:
        assert "Please log in" in outputs(browser.open("/in/here/"))
        browser.cookies["name"] = "ada"
        assert "Welcome ada!" in outputs(browser.open("/in/here/"))


def test_a_request_says_where_it_came_from(tmp_path):
    (tmp_path / "who.py").write_text(
        notebook(
            "r = mo.app_meta().request\n"
            "mo.md(' | '.join([r.url['path'], r.url['query'], r.url['scheme'], "
            "r.base_url['path'], ','.join(r.query_params['room']), r.cookies['x']]))"
        )
    )
    server = marimo.create_asgi_app().with_app(path="/a/b", root=tmp_path / "who.py")
    app = FastAPI()
    app.mount("/server", server.build())
    with served(app) as browser:
        browser.cookies["x"] = "y"
        assert browser.get("/server/a/b?room=7").headers["Location"] == "./b/?room=7"
        html = outputs(browser.open("/server/a/b/", "?room=7"))
        assert "/server/a/b/ws | session_id=" in html, html
        assert "room=7 | ws | / | 7 | y" in html, html


def test_other_sites_pages_cannot_connect(pages):
    server = marimo.create_asgi_app().with_app(path="/s", root=pages / "sales.py")
    with served(server.build()) as browser:
        answer = browser.get("/s/")
        session = re.search('data-session="([^"]+)"', answer.text)[1]
        for origin, allowed in (
            ("http://127.0.0.1:%d" % browser.port, True), ("https://evil.example", False),
        ):  # fmt: skip
            if allowed:
                assert browser.speak("/s/", session, headers={"Origin": origin})
            else:
                with pytest.raises(InvalidStatus):
                    browser.speak("/s/", session, headers={"Origin": origin})


def test_what_validate_callback_decides(pages):
    asked = []

    async def callback(app_path, scope):
        asked.append((app_path, scope["type"]))
        return app_path.startswith("sales")

    server = marimo.create_asgi_app().with_dynamic_directory(
        path="/d", directory=pages, validate_callback=callback
    )
    with served(server.build()) as browser:
        assert "the sales" in outputs(browser.open("/d/sales/"))
        answer = browser.get("/d/index/")
        assert (answer.status, answer.text) == (404, "")
        assert "index" not in browser.get("/d/").text
    assert asked[:2] == [("sales/", "http"), ("sales/ws", "websocket")]


def test_root_path_of_the_server_is_kept(pages):
    server = marimo.create_asgi_app().with_app(path="/s", root=pages / "sales.py")
    with served(server.build(), root_path="/proxied") as browser:
        assert browser.get("/s/").status == 200
        assert "the sales" in outputs(browser.open("/s/"))


def test_mistakes_show_when_it_is_built(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("print(1)\n")
    for path, root, error in (
        ("x", script, AssertionError),
        ("/x", tmp_path / "none.py", FileNotFoundError),
        ("/x", script, ValueError),
        ("/x", Path(tmp_path), ValueError),
    ):
        with pytest.raises(error):
            marimo.create_asgi_app().with_app(path=path, root=root).build()
