"""Directories of notebooks: names, what is found and what never is, changes while serving."""

from notebook_files import Files, Page, notebook

from expect import equal
from marimo.builder import create_asgi_app
from microdot.test_client import TestClient


def serve(files, path="/d", **options):
    return create_asgi_app(quiet=True).with_dynamic_directory(
        path=path, directory=files.path, **options
    )


async def status(client, path):
    return (await client.get(path)).status_code


async def test_names_of_notebooks():
    text = notebook()
    with Files(alpha=text) as files:
        for name in ("sub/gamma", "sub/deep/delta", "dot.name", "a b", "ä", "Case"):
            files.write(name + ".py", text)
        client = TestClient(serve(files).application())
        for path in (
            "alpha", "sub/gamma", "sub/deep/delta", "dot.name", "a%20b", "%C3%A4", "Case",
            "%61lpha",
        ):  # fmt: skip
            equal(await status(client, "/d/%s/" % path), 200, path)
            answer = await client.get("/d/%s?q=1&q=2" % path)
            equal(answer.status_code, 307, path)
            last = path[path.rfind("/") + 1 :]
            equal(answer.headers["Location"], "./%s/?q=1&q=2" % last)
            equal(await status(client, "/d/%s/health" % path), 200, path)
        for path in (
            "alpha.py", "alpha//", "/alpha", "alpha/none", "alpha/x/", "case", "ALPHA", "none",
            "sub", "sub/", "sub/none", "gamma", "dot", "alpha/set/",
        ):  # fmt: skip
            for end in ("", "/"):
                equal(await status(client, "/d/%s%s" % (path, end)), 404, path + end)
        equal(await status(client, "/dalpha/"), 404)


async def test_hidden_names_are_not_served():
    text = notebook()
    with Files(alpha=text) as files:
        for name in ("_hidden", "__init__", ".dot", "_sub/alpha", "sub/_alpha", ".sub/alpha"):
            files.write(name + ".py", text)
        client = TestClient(serve(files).application())
        for name in ("_hidden", "__init__", ".dot", "_sub/alpha", "sub/_alpha", ".sub/alpha"):
            equal(await status(client, "/d/%s/" % name), 404, name)
        page = (await client.get("/d/")).text
        equal([part[: part.find('"')] for part in page.split('href="./')[1:]], ["alpha/"])


async def test_nothing_outside_is_found():
    text = notebook()
    with Files(secret=text) as files:
        files.write("in/alpha.py", text)
        builder = create_asgi_app(quiet=True).with_dynamic_directory(
            path="/d", directory=files.path + "/in"
        )
        client = TestClient(builder.application())
        equal(await status(client, "/d/alpha/"), 200)
        for path in (
            "../secret", "%2e%2e/secret", "..%2fsecret", "..%5csecret", "%2e%2e%2fsecret",
            "%252e%252e%252fsecret", "alpha/../../secret", "..%c0%afsecret", "./alpha", "x%00",
            files.path.replace("/", "%2f") + "%2fsecret",
        ):  # fmt: skip
            for end in ("/", "", "/ws?session_id=1", "/health"):
                equal(await status(client, "/d/" + path + end), 404, path + end)


async def test_links_are_followed_within_the_directory_alone():
    import os

    if not hasattr(os, "symlink"):
        return  # littlefs knows none
    text = notebook()
    with Files(secret=text) as files:
        files.write("in/alpha.py", text)
        files.write("other/beta.py", text)
        os.symlink(files.path + "/secret.py", files.path + "/in/escape.py")
        os.symlink(files.path + "/other", files.path + "/in/escapes")
        os.symlink(files.path + "/in/alpha.py", files.path + "/in/inside.py")
        os.symlink(files.path + "/in", files.path + "/current")
        for directory in ("/in", "/current"):
            builder = create_asgi_app(quiet=True).with_dynamic_directory(
                path="/d", directory=files.path + directory
            )
            client = TestClient(builder.application())
            for name, expected in (
                ("alpha", 200), ("inside", 200), ("escape", 404), ("escapes/beta", 404),
            ):  # fmt: skip
                equal(await status(client, "/d/%s/" % name), expected, name)
        # What the directory's own name leads to may change.
        os.remove(files.path + "/current")
        os.symlink(files.path + "/other", files.path + "/current")
        equal(await status(client, "/d/beta/"), 200)
        equal(await status(client, "/d/alpha/"), 404)


async def test_what_changes_is_served_as_it_is():
    with Files(alpha=notebook('"first"')) as files:
        client = TestClient(serve(files).application())
        equal(await status(client, "/d/alpha/"), 200)
        equal(await status(client, "/d/beta/"), 404)
        files.write("beta.py", notebook())
        equal(await status(client, "/d/beta/"), 200)
        files.remove("beta.py")
        for end in ("", "/", "/health", "/ws?session_id=1"):
            equal(await status(client, "/d/beta" + end), 404, end)
        files.write("alpha.py", notebook('"edited"', options='app_title="New"'))
        assert "<title>New</title>" in (await client.get("/d/alpha/")).text
        files.write("alpha.py", "print('a plain script')\n")
        equal(await status(client, "/d/alpha/"), 404)
        files.remove("alpha.py")
        assert "There are none" in (await client.get("/d/")).text


async def test_a_directory_that_is_gone():
    with Files() as files:
        files.write("in/alpha.py", notebook())
        builder = create_asgi_app().with_dynamic_directory(path="/d", directory=files.path + "/in")
        client = TestClient(builder.application())
        equal(await status(client, "/d/alpha/"), 200)
        files.remove("in/alpha.py")
        import os

        os.rmdir(files.path + "/in")
        equal(await status(client, "/d/alpha/"), 404)
        equal(await status(client, "/d/"), 200)


async def test_the_index_lists_notebooks_by_their_titles():
    with Files(
        alpha=notebook(options='width="full", app_title="One & <two>"'),
        script="print(1)\n",
        broken=notebook("def ("),
        my_page=notebook(),
    ) as files:
        files.write("sub/a b.py", notebook())
        files.write("empty.py", "")
        files.write("notes.txt", notebook())
        client = TestClient(serve(files).application())
        answer = await client.get("/d?x=1")
        equal((answer.status_code, answer.headers["Location"]), (307, "./d/?x=1"))
        text = (await client.get("/d/")).text
        found = [part[: part.find("</li>")] for part in text.split("<li>")[1:]]
        equal(
            found,
            [
                '<a href="./alpha/">One &amp; &lt;two&gt; <small>alpha</small></a>',
                '<a href="./broken/">broken <small>broken</small></a>',
                '<a href="./my_page/">my page <small>my_page</small></a>',
                '<a href="./sub/a%20b/">a b <small>sub/a b</small></a>',
            ],
        )
        equal((await client.post("/d/")).status_code, 404)


async def test_no_index_where_none_is_wanted():
    with Files(alpha=notebook()) as files:
        client = TestClient(serve(files, index=False).application())
        equal(await status(client, "/d"), 404)
        equal(await status(client, "/d/"), 404)
        equal(await status(client, "/d/alpha/"), 200)


async def test_the_callback_decides_about_every_request_below_the_path():
    asked = []

    def plain(app_path, scope):
        asked.append((app_path, scope["type"], scope["path"]))
        return app_path.startswith("alpha")

    async def waiting(app_path, scope):
        return plain(app_path, scope)

    with Files(alpha=notebook(), beta=notebook()) as files:
        for callback in (plain, waiting):
            client = TestClient(serve(files, validate_callback=callback).application())
            equal(await status(client, "/d/alpha/"), 200)
            answer = await client.get("/d/beta/")
            equal((answer.status_code, answer.body), (404, b""))
            del asked[:]
            for path in ("alpha", "alpha/", "alpha/ws", "alpha/assets/x.js", "none", "a%20b"):
                await client.get("/d/" + path)
            await client.get("/d")
            decoded = ["alpha", "alpha/", "alpha/ws", "alpha/assets/x.js", "none", "a b"]
            equal(asked, [(path, "http", "/d/" + path) for path in decoded])
            page = Page(client.app, "/d/beta/")
            await page.talk()
            equal(page.answer.status_code, 404)
            equal(asked[-1][:2], ("beta/ws", "websocket"))
            text = (await client.get("/d/")).text
            assert "alpha" in text and "beta" not in text, text


class Refusal(Exception):
    """As frameworks have them."""

    def __init__(self, status_code, headers=None):
        self.status_code = status_code
        self.headers = headers

    def __str__(self):
        return "%d: nope" % self.status_code


async def test_what_the_callback_raises_is_the_answer():
    errors = []

    def callback(app_path, scope):
        raise errors[0]

    with Files(alpha=notebook()) as files:
        client = TestClient(serve(files, validate_callback=callback).application())
        errors.append(Refusal(403))
        answer = await client.get("/d/alpha/")
        equal((answer.status_code, answer.text), (403, "403: nope"))
        errors[0] = Refusal(401, {"WWW-Authenticate": "Basic"})
        answer = await client.get("/d/alpha/")
        equal((answer.status_code, answer.headers["WWW-Authenticate"]), (401, "Basic"))
        assert "alpha" not in (await client.get("/d/")).text


async def test_other_mistakes_of_the_callback_are_not_told_to_strangers():
    from microdot import compat

    def callback(app_path, scope):
        raise ValueError("the password is x")

    reported = []
    compat.report = reported.append
    try:
        with Files(alpha=notebook()) as files:
            client = TestClient(serve(files, validate_callback=callback).application())
            answer = await client.get("/d/alpha/")
            equal((answer.status_code, "password" in answer.text), (500, False))
    finally:
        compat.report = None
    equal(len(reported), 1)


async def test_of_two_directories_the_last_wins_and_misses_fall_through():
    with Files() as files:
        files.write("one/a.py", notebook('"one a"'))
        files.write("one/b.py", notebook('"one b"'))
        files.write("two/a.py", notebook('"two a"'))
        files.write("two/b.py", "print('no notebook')\n")
        files.write("app.py", notebook('"the app"'))
        builder = create_asgi_app(quiet=True)
        for name in ("one", "two"):
            builder.with_dynamic_directory(path="/d", directory=files.path + "/" + name)
        for path in ("/d/a", "/d/c", "/e"):
            builder.with_app(path=path, root=files.path + "/app.py")
        app = builder.application()
        for path, expected in (
            ("/d/a/", "two a"), ("/d/b/", "one b"), ("/d/c/", "the app"), ("/e/", "the app")
        ):  # fmt: skip
            page = Page(app, path)
            await page.load()
            await page.talk()
            assert expected in page.html(1), (path, page.html(1))
