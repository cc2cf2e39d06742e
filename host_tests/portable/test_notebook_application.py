"""One notebook as it is served: its page, its connection, what goes wrong."""

import json

from notebook_files import Files, Page, notebook

from expect import equal
from marimo.builder import create_asgi_app
from microdot.test_client import TestClient

CELLS = (
    "s = mo.ui.slider(1, 10)\ns",
    'print("half of", s.value)\ns.value * 2',
    "later = s.value + 1\nlater",
    '"apart"',
)


def serve(files, path="/n", name="n", **options):
    options.setdefault("quiet", True)
    options.setdefault("redirect_console_to_browser", True)
    root = files.path + "/" + name + ".py"
    return create_asgi_app(**options).with_app(path=path, root=root).application()


def ran(page):
    """The ids of the cells that have run, in that order."""
    return [frame["id"] for frame in page.frames if frame["op"] == "cell" and "output" in frame]


async def test_the_page_names_the_notebook_and_runs_nothing():
    with Files(n=notebook("raise ValueError()", options='app_title="A & <b>"')) as files:
        app = serve(files)
        answer = await Page(app, "/n/").load()
        equal(answer.status_code, 200)
        equal(answer.headers["Content-Type"], "text/html; charset=UTF-8")
        assert "<title>A &amp; &lt;b&gt;</title>" in answer.text, answer.text
        assert files.path not in answer.text
        equal((await TestClient(app).head("/n/")).status_code, 200)
        for method in ("POST", "PUT", "DELETE"):
            equal((await TestClient(app).request(method, "/n/")).status_code, 405, method)


async def test_a_page_without_a_title_has_the_file_s_name():
    with Files(my_first_page=notebook()) as files:
        answer = await Page(serve(files, name="my_first_page"), "/n/").load()
        assert "<title>my first page</title>" in answer.text


async def test_the_path_without_a_slash_leads_to_the_page():
    with Files(n=notebook()) as files:
        for path in ("/n", "/a/b/c"):
            client = TestClient(serve(files, path))
            for query in ("", "?q=1&q=2"):
                answer = await client.get(path + query)
                equal(answer.status_code, 307)
                # Relative to what is asked for: right behind every proxy.
                equal(answer.headers["Location"], "./" + path[-1] + "/" + query)
            equal((await client.post(path)).status_code, 405)
            equal((await client.get(path + "/")).status_code, 200)
            equal((await client.get(path + "//")).status_code, 404)
            equal((await client.get(path + "/x")).status_code, 404)


async def test_a_notebook_at_the_root():
    with Files(n=notebook(*CELLS)) as files:
        for path in ("", "/"):
            page = Page(serve(files, path), "/")
            equal((await page.load()).status_code, 200)
            await page.talk()
            equal(page.html(2), "<pre class='mo-text'>2</pre>")
            equal((await page.client.get("/other")).status_code, 404)


async def test_what_belongs_to_the_page_is_there():
    with Files(n=notebook()) as files:
        client = TestClient(serve(files))
        for name in ("health", "healthz"):
            equal((await client.get("/n/" + name)).json, {"status": "healthy"})
        text = (await client.get("/n/")).text
        for name in ("notebook.css", "notebook.js"):
            start = text.find("assets/" + name)
            url = text[start : text.find('"', start)]
            answer = await client.get("/n/" + url, {"Accept-Encoding": "gzip"})
            equal(answer.status_code, 200)
            assert "immutable" in answer.headers["Cache-Control"]
            seen = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"}
            equal((await client.get("/n/" + url, seen)).status_code, 304)
        for name in ("none.js", "..%2fpage.py", "notebook.html"):
            equal((await client.get("/n/assets/" + name)).status_code, 404, name)


async def test_html_for_the_head_goes_into_the_page():
    with Files(n=notebook()) as files:
        answer = await Page(serve(files, html_head="<meta name=mine>"), "/n/").load()
        text = answer.text
        assert 0 < text.find("<meta name=mine>") < text.find("</head>")


async def test_a_connection_runs_the_notebook():
    with Files(n=notebook(*CELLS)) as files:
        page = Page(serve(files), "/n/")
        await page.load()
        frames = await page.talk()
        equal([frame["op"] for frame in frames[:2]], ["cells", "cell"])
        equal(frames[-1], {"op": "done"})
        equal(frames[0]["resumed"], False)
        equal(frames[0]["title"], "n")
        equal(len(frames[0]["cells"]), 5)
        assert "code" not in frames[0]["cells"][0]
        equal(len(ran(page)), 5)
        assert "<firn-slider" in page.html(1)
        equal(page.html(2), "<pre class='mo-text'>2</pre>")
        equal(page.cells()[ran(page)[2]]["console"], ["half of 1\n"])
        equal(page.cells()[ran(page)[2]]["status"], "idle")


async def test_a_value_has_run_only_what_depends_on_it():
    with Files(n=notebook(*CELLS)) as files:
        page = Page(serve(files), "/n/")
        await page.load()
        await page.talk({"MJUe-0": 4}, {"MJUe-0": 5, "none-7": 1})
        ids = [cell["id"] for cell in page.frames[0]["cells"]]
        equal(ran(page)[5:], [ids[2], ids[3]] * 2)
        equal(page.html(2), "<pre class='mo-text'>10</pre>")
        equal(page.html(3), "<pre class='mo-text'>6</pre>")


async def test_a_value_that_makes_no_sense_is_refused():
    with Files(n=notebook(*CELLS)) as files:
        page = Page(serve(files), "/n/")
        for wrong in (11, "x", None, [], {}):
            await page.talk({"MJUe-0": wrong})
            errors = [frame for frame in page.frames if frame["op"] == "error"]
            equal(len(errors), 1, wrong)
            equal(errors[0]["id"], "MJUe-0")
            equal(page.html(2), "<pre class='mo-text'>2</pre>")


async def test_code_is_sent_where_it_was_asked_for():
    with Files(n=notebook("x = 1")) as files:
        page = Page(serve(files, include_code=True), "/n/")
        await page.talk()
        equal(page.frames[0]["cells"][1]["code"], "x = 1")


BROKEN = ("1 / 0", "x = 1", "x = 2", "def (", "y = 1 + missing", "mo.nothing", '"apart"')


async def test_errors_are_shown_at_their_cells():
    with Files(n=notebook(*BROKEN)) as files:
        page = Page(serve(files, show_tracebacks=True), "/n/")
        equal((await page.load()).status_code, 200)
        await page.talk()
        assert "ZeroDivisionError" in page.error(1)["message"]
        for number in (2, 3):
            equal(page.error(number)["type"], "multiple-defs")
            assert "x" in page.error(number)["message"]
        equal(page.error(4)["type"], "syntax")
        assert "missing" in page.error(5)["message"]
        assert "nothing" in page.error(6)["message"]
        equal(page.error(7), None)
        assert "apart" in page.html(7)


async def test_errors_are_hidden_from_strangers():
    with Files(n=notebook(*BROKEN)) as files:
        page = Page(serve(files), "/n/")
        await page.talk()
        seen = []
        for number in range(1, 7):
            error = page.error(number)
            equal(error["type"], "internal")
            assert "internal error" in error["message"]
            seen.append(error["message"])
        equal(len(set(seen)), 6, "names that are found again in the log")
        assert "Zero" not in json.dumps(page.frames)
        assert "apart" in page.html(7)


async def test_a_file_that_is_gone_or_no_notebook_any_more():
    with Files(n=notebook('"first"')) as files:
        app = serve(files)
        equal((await Page(app, "/n/").load()).status_code, 200)
        files.write("n.py", "print(1)\n")
        equal((await Page(app, "/n/").load()).status_code, 404)
        files.remove("n.py")
        equal((await Page(app, "/n/").load()).status_code, 404)
        page = Page(app, "/n/")
        page.session = "abc"
        await page.talk()
        equal([frame["op"] for frame in page.frames], ["error"])
        files.write("n.py", notebook('"second time"'))
        await page.talk()
        assert "second time" in page.html(1)


async def test_an_edited_notebook_is_read_again_once():
    with Files(n=notebook('"first"')) as files:
        builder = create_asgi_app().with_app(path="/n", root=files.path + "/n.py")
        app = builder.application()
        library = builder.notebooks.library
        one = library.load(files.path + "/n.py")
        await Page(app, "/n/").load()
        assert library.load(files.path + "/n.py") is one
        files.write("n.py", notebook('"another one"', options='app_title="New"'))
        answer = await Page(app, "/n/").load()
        assert "<title>New</title>" in answer.text
        page = Page(app, "/n/")
        await page.load()
        await page.talk()
        assert "another one" in page.html(1)
