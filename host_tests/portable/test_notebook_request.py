"""What a notebook knows of its page's request: mo.app_meta() and mo.query_params()."""

from notebook_files import Files, Page, notebook

from expect import equal, raises
from marimo.builder import create_asgi_app
from marimo.meta import app_meta
from marimo.query import QueryParams, query_params
from marimo.request_data import HTTPRequest
from microdot.test_client import TestClient

SEED = """\
request = mo.app_meta().request
if request and request.user and request.user["is_authenticated"]:
    content = f"Welcome {request.user['username']}!"
else:
    content = "Please log in"
mo.md(content)
"""


def serve(files, middleware=None, session_ttl=120):
    builder = create_asgi_app(show_tracebacks=True, session_ttl=session_ttl)
    builder.with_app(path="/n", root=files.path + "/n.py", middleware=middleware)
    return builder, builder.application()


def request_of(builder):
    return next(iter(builder.notebooks.sessions)).kernel.request


async def test_the_request_of_the_page():
    with Files(n=notebook("1")) as files:
        builder, app = serve(files)
        client = TestClient(app, host="device.local:8080")
        client.cookies["theme"] = "blue"
        page = Page(app, "/n/", client)
        await page.talk(query="&room=7&tag=a&tag=b", headers={"X-Probe": "1", "X-Marimo-No": "2"})
        request = request_of(builder)
        fields = [
            "url", "base_url", "headers", "query_params", "path_params", "cookies", "meta", "user"
        ]  # fmt: skip
        equal(list(request), fields)
        equal(request.keys(), fields)
        equal(len(request), 8)
        equal(
            request.url,
            {
                "path": "/n/ws",
                "port": 8080,
                "scheme": "ws",
                "netloc": "device.local:8080",
                "query": "session_id=of-a-test&room=7&tag=a&tag=b",
                "hostname": "device.local",
            },
        )
        equal(request.base_url["path"], "/")
        equal(request.query_params["room"], ["7"])
        equal(request.query_params["tag"], ["a", "b"])
        equal(request.path_params, {})
        equal(request.cookies["theme"], "blue")
        equal(request.headers["x-probe"], "1")
        assert "x-marimo-no" not in request.headers
        equal(request.meta, {})
        equal(request.user["is_authenticated"], False)
        equal(request["url"], request.url)
        equal(request.get("session"), None)
        equal(repr(request), "HTTPRequest(path='/n/ws', params=3)")
        raises(AttributeError, getattr, request, "session")
        raises(KeyError, lambda: request["session"])
        assert isinstance(request, HTTPRequest) and "url" in request


async def test_a_rerun_sees_the_same_request():
    cells = (
        "s = mo.ui.slider(1, 9)",
        "s.value, mo.app_meta().request.query_params['room'], mo.app_meta().request.url['path']",
    )
    with Files(n=notebook(*cells)) as files:
        _, app = serve(files)
        page = Page(app, "/n/")
        await page.talk({"MJUe-0": 2}, query="&room=7")
        for part in ("2", "7", "/n/ws"):
            assert part in page.html(2), page.html(2)


async def test_who_is_not_logged_in_is_asked_to():
    with Files(n=notebook(SEED)) as files:
        _, app = serve(files)
        page = Page(app, "/n/")
        await page.load()
        await page.talk()
        assert "Please log in" in page.html(1)


async def test_a_user_that_only_the_page_s_request_had_reaches_the_first_run():
    users = [None]

    def middleware(request):
        if not request.headers.get("Upgrade"):  # as those that see HTTP alone
            request.g.user = users[0]
            request.g.meta = {"team": 3} if users[0] else None

    with Files(n=notebook(SEED, "mo.app_meta().request.meta")) as files:
        _, app = serve(files, [middleware])
        page = Page(app, "/n/")
        await page.load()
        await page.talk()
        assert "Please log in" in page.html(1)
        # The same page, after a login.
        users[0] = {"is_authenticated": True, "username": "ada"}
        await page.load()
        await page.talk()
        assert "Welcome ada!" in page.html(1)
        assert "team" in page.html(2)
        await page.talk()
        equal(page.frames[0]["resumed"], True)
        # Somebody else's browser gets nothing of it.
        other = Page(app, "/n/")
        await other.talk()
        assert "Please log in" in other.html(1)
        users[0] = None
        await page.load()
        await page.talk()
        assert "Please log in" in page.html(1)


class User:
    """As authentication backends make them."""

    is_authenticated = True
    display_name = "Ada"


async def test_users_that_are_objects_become_dicts():
    def middleware(request):
        request.g.user = User()

    with Files(n=notebook("mo.app_meta().request.user")) as files:
        builder, app = serve(files, [middleware])
        page = Page(app, "/n/")
        await page.talk()
        equal(
            request_of(builder).user,
            {"is_authenticated": True, "username": "", "display_name": "Ada"},
        )
        await page.talk()
        equal(page.frames[0]["resumed"], True)


async def test_how_it_is_run():
    with Files(n=notebook("(mo.app_meta().mode, mo.app_meta().theme)")) as files:
        _, app = serve(files)
        page = Page(app, "/n/")
        await page.talk(query="&theme=dark")
        assert "run" in page.html(1) and "dark" in page.html(1)
        meta = app_meta()
        equal((meta.mode, meta.theme, meta.request), (None, "light", None))


async def test_the_arguments_of_the_page():
    with Files(n=notebook('q = mo.query_params()\n(q["room"], q["tag"], q.to_dict())')) as files:
        _, app = serve(files)
        page = Page(app, "/n/")
        await page.talk(query="&room=7&tag=a&tag=b&theme=dark")
        for part in ("'7'", "'a'", "'b'"):
            assert part in page.html(1).replace("&#x27;", "'"), page.html(1)
        assert "session" not in page.html(1) and "dark" not in page.html(1)


async def test_a_change_of_an_argument_is_told_and_runs_who_reads_it():
    cells = (
        "q = mo.query_params()",
        "s = mo.ui.slider(1, 9)",
        'q["n"] = s.value',
        'q.get("n", "none")',
    )
    with Files(n=notebook(*cells)) as files:
        builder, app = serve(files)
        page = Page(app, "/n/")
        await page.talk({"vblA-0": 4}, query="&room=7")
        assert "4" in page.html(4), page.html(4)
        told = [frame["values"] for frame in page.frames if frame["op"] == "query"]
        equal(told[-1], {"room": ["7"], "n": ["4"]})
        runs = [state.runs for state in next(iter(builder.notebooks.sessions)).kernel.cells]
        equal(runs, [1, 1, 1, 2, 2], "the cell that sets it does not run again")
        await page.talk(query="&room=7&n=4")
        equal(page.frames[0]["resumed"], True)


def test_arguments_are_a_mapping():
    params = QueryParams(None, {"a": ["1"], "b": ["1", "2"]})
    equal((params["a"], params.get("b"), params["none"]), ("1", ["1", "2"], None))
    equal(params.get("none", 3), 3)
    equal((params.get_all("a"), params.get_all("none")), (["1"], []))
    assert "a" in params and "c" not in params
    params.set("c", 5)
    params.append("c", "6")
    equal(params["c"], ["5", "6"])
    params.remove("c", 5)
    equal(params["c"], "6")
    params.remove("c")
    params["d"] = ["x"]
    equal(sorted(params.keys()), ["a", "b", "d"])
    del params["d"]
    equal(params.to_dict(), {"a": "1", "b": ["1", "2"]})
    params.set("a", None)
    equal(len(params), 1)
    params.clear()
    equal(list(params), [])
    raises(KeyError, params.__delitem__, "a")
    raises(TypeError, params.set, 3, "x")
    for number in range(100):
        params.set("n%d" % number, "x")
    raises(ValueError, params.set, "more", "x")
    equal(query_params().to_dict(), {})
