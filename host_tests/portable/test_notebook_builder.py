"""create_asgi_app() and its builder: arguments, order, mistakes."""

from notebook_files import Files, Page, notebook

from expect import equal, raises
from marimo.builder import create_asgi_app
from microdot import Microdot
from microdot.compat import MICROPYTHON
from microdot.test_client import TestClient


async def shown(app, path, number=1):
    page = Page(app, path)
    await page.load()
    await page.talk()
    return page.html(number)


def test_arguments_are_named():
    builder = create_asgi_app(
        quiet=True, include_code=True, token=None, skew_protection=True, session_ttl=5,
        asset_url="https://cdn.example/{version}", redirect_console_to_browser=True,
        show_tracebacks=True, html_head="", execute_opengraph_generators=False,
    )  # fmt: skip
    raises(TypeError, create_asgi_app, True)
    raises(TypeError, create_asgi_app, unknown=1)
    raises(TypeError, builder.with_app, "/a", "a.py")
    raises(TypeError, builder.with_dynamic_directory, "/a", "a")
    assert builder.with_app(path="/a", root="a.py", middleware=None) is builder
    assert builder.with_dynamic_directory(path="/d", directory="d") is builder


def test_mistakes_show_when_it_is_built():
    with Files(n=notebook(), script="print(1)\n", broken=notebook("def (")) as files:
        files.write("n.txt", notebook())
        files.write("folder.py/n.py", notebook())
        for path, name, error in (
            ("foo", "n.py", AssertionError),
            ("/a", "none.py", OSError),
            ("/a", "script.py", ValueError),
            ("/a", "n.txt", ValueError),
            ("/a", "folder.py", ValueError),
        ):
            builder = create_asgi_app().with_app(path=path, root=files.path + "/" + name)
            assert str(raises(error, builder.build)), name
        for path in ("", "/"):
            builder = create_asgi_app()
            builder.with_dynamic_directory(path=path, directory=files.path)
            raises(ValueError, builder.build)
        builder = create_asgi_app().with_app(path="/broken", root=files.path + "/broken.py")
        builder.with_dynamic_directory(path="/d", directory=files.path + "/none")
        assert builder.build()
        assert create_asgi_app().build()


def test_on_a_device_it_builds_an_application_of_the_framework():
    if MICROPYTHON:
        assert isinstance(create_asgi_app().build(), Microdot)
    assert isinstance(create_asgi_app().application(), Microdot)


class Path:
    """Something that is no str and names a file."""

    def __init__(self, path):
        self.path = path

    def __str__(self):
        return self.path


async def test_files_may_be_named_by_objects():
    with Files(n=notebook('"shown"')) as files:
        builder = create_asgi_app().with_app(path="/n", root=Path(files.path + "/n.py"))
        builder.with_dynamic_directory(path="/d", directory=Path(files.path))
        app = builder.application()
        assert "shown" in await shown(app, "/n/")
        assert "shown" in await shown(app, "/d/n/")


async def test_of_two_apps_at_a_path_the_first_wins():
    with Files(a=notebook('"first"'), b=notebook('"second"')) as files:
        builder = create_asgi_app()
        for name in ("a", "b"):
            builder.with_app(path="/n", root=files.path + "/" + name + ".py")
        assert "first" in await shown(builder.application(), "/n/")


async def test_the_app_at_the_root_leaves_the_others_alone():
    with Files(a=notebook('"root"'), b=notebook('"below"')) as files:
        builder = create_asgi_app()
        builder.with_app(path="", root=files.path + "/a.py")
        builder.with_app(path="/b", root=files.path + "/b.py")
        app = builder.application()
        assert "root" in await shown(app, "/")
        assert "below" in await shown(app, "/b/")
        equal((await TestClient(app).get("/c")).status_code, 404)


async def test_one_file_at_two_paths_has_sessions_at_both():
    with Files(a=notebook("s = mo.ui.slider(1, 9)", "s.value")) as files:
        builder = create_asgi_app()
        for path in ("/one", "/two"):
            builder.with_app(path=path, root=files.path + "/a.py")
        app = builder.application()
        one, two = Page(app, "/one/"), Page(app, "/two/")
        await one.load()
        await two.load()
        await one.talk({"MJUe-0": 5})
        await two.talk()
        equal((one.html(2)[-7:], two.html(2)[-7:]), ("5</pre>", "1</pre>"))


async def test_it_may_be_mounted_in_another_application():
    with Files(a=notebook('"shown"')) as files:
        builder = create_asgi_app().with_app(path="/a", root=files.path + "/a.py")
        builder.with_dynamic_directory(path="/d", directory=files.path)
        app = Microdot()
        app.mount(builder.application(), "/server")
        client = TestClient(app)
        equal((await client.get("/server/a?x=1")).headers["Location"], "./a/?x=1")
        for path in ("/server/a/", "/server/d/a/"):
            assert "shown" in await shown(app, path), path
        equal((await client.get("/a/")).status_code, 404)


async def test_middleware_comes_before_everything_the_last_first():
    called = []

    def first(request):
        called.append("first")
        if request.args.get("stop"):
            return "stopped", 401

    async def last(request):
        called.append("last " + request.path)

    with Files(a=notebook('"shown"')) as files:
        builder = create_asgi_app()
        builder.with_app(path="/a", root=files.path + "/a.py", middleware=[first, last])
        builder.with_app(path="/b", root=files.path + "/a.py")
        builder.with_dynamic_directory(path="/d", directory=files.path, middleware=[first])
        app = builder.application()
        client = TestClient(app)
        equal((await client.get("/a/")).status_code, 200)
        equal(called, ["last /a/", "first"])
        del called[:]
        for path in ("/a/?stop=1", "/a/ws?stop=1", "/d/a/?stop=1"):
            equal((await client.get(path)).status_code, 401, path)
        del called[:]
        assert "shown" in await shown(app, "/b/")
        equal(called, [])


async def test_what_cells_print_goes_where_it_is_wanted():
    with Files(a=notebook('print("printed")')) as files:
        for wanted in (True, False):
            builder = create_asgi_app(redirect_console_to_browser=wanted, quiet=True)
            builder.with_app(path="/a", root=files.path + "/a.py")
            page = Page(builder.application(), "/a/")
            await page.talk()
            frame = page.cells()[page.frames[0]["cells"][1]["id"]]
            equal(frame["console"], ["printed\n"] if wanted else [])


# The token


async def test_a_token_has_to_be_given():
    with Files(a=notebook('"shown"')) as files:
        builder = create_asgi_app(token="sekret").with_app(path="/a", root=files.path + "/a.py")
        app = builder.application()
        client = TestClient(app)
        answer = await client.get("/a/?x=1")
        equal(
            (answer.status_code, answer.headers["Location"]), (303, "./auth/login?next=%3Fx%3D1")
        )
        equal((await client.get("/a/health")).status_code, 200)
        equal((await client.get("/a/auth/login")).status_code, 200)
        page = Page(app, "/a/", client)
        await page.talk()
        equal(page.answer.status_code, 401)
        for path in ("/a/events?session_id=x", "/a/?access_token=wrong", "/a/?access_token="):
            assert (await client.get(path)).status_code in (401, 303)
            equal(client.cookies, {})
        equal((await client.post("/a/set", {"Marimo-Session-Id": "x"}, {})).status_code, 401)
        answer = await client.get("/a/?access_token=sekret&x=1")
        equal((answer.status_code, answer.headers["Location"]), (303, "./?x=1"))
        equal((await page.load()).status_code, 200)
        await page.talk()
        assert "shown" in page.html(1)


async def test_a_token_may_be_typed():
    with Files(a=notebook('"shown"')) as files:
        builder = create_asgi_app(token="sekret").with_app(path="/a", root=files.path + "/a.py")
        client = TestClient(builder.application())
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in ("token=wrong", "", "token=", "other=sekret"):
            equal((await client.post("/a/auth/login", form, body)).status_code, 403, body)
        for query, location in (
            ("?next=%3Fx%3D1", "../?x=1"), ("", "../"), ("?next=//evil.example", "../"),
            ("?next=%3F%0d%0aX:1", "../"),
        ):  # fmt: skip
            answer = await client.post("/a/auth/login" + query, form, "token=sekret")
            equal((answer.status_code, answer.headers["Location"]), (303, location))
        equal((await client.get("/a/")).status_code, 200)
