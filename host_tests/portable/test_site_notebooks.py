"""Notebooks of config.json: where they are served, what wins, what is reported."""

import sys

from notebook_files import Files, Page, notebook

from expect import equal
from firn import config, notebook_mount, overrides
from firn.site import Site
from marimo import application
from microdot.test_client import TestClient


class Device(Files):
    """A site of ``text`` (a config.json) whose root the folder is."""

    def site(self, text):
        overrides["root"] = self.path
        self.write("config.json", text)
        return Site(config.load(self.path + "/config.json"))

    def __exit__(self, *exception):
        overrides.pop("root")
        super().__exit__(*exception)


APPS = '{"apps": [{"path": "/a", "root": "n.py"}, {"path": "/", "root": "n.py"}], "static": []}'


def test_the_routes_are_those_of_a_notebook():
    served = ("",) + application.ROUTES + (application.ASSETS + "<_rest>",)
    equal(notebook_mount.APP_ROUTES, served)


async def test_apps_are_served_at_their_paths():
    with Device(n=notebook('"shown"')) as files:
        site = files.site(APPS)
        equal(site.config.problems, [])
        for path in ("/a/", "/"):
            page = Page(site.app, path)
            equal((await page.load()).status_code, 200)
            await page.talk()
            assert "shown" in page.html(1)
        equal((await TestClient(site.app).get("/a?x=1")).headers["Location"], "./a/?x=1")
        equal((await TestClient(site.app).get("/none")).status_code, 404)


async def test_the_server_of_notebooks_is_loaded_by_the_first_visit():
    with Device(n=notebook()) as files:
        site = files.site(APPS)
        kinds = site.notebooks._kinds
        equal([kind.app for kind in kinds.values()], [None])
        await TestClient(site.app).get("/a/")
        assert kinds["apps"].app is not None
        assert "marimo.builder" in sys.modules


async def test_the_directory_of_notebooks_needs_no_word_in_the_configuration():
    with Device() as files:
        files.write("notebooks/n.py", notebook('"shown"'))
        site = files.site('{"static": []}')
        page = Page(site.app, "/notebooks/n/")
        await page.load()
        await page.talk()
        assert "shown" in page.html(1)
        assert "./n/" in (await TestClient(site.app).get("/notebooks/")).text
    with Device() as files:
        site = files.site('{"static": []}')
        equal(site.config.problems, [])
        equal((await TestClient(site.app).get("/notebooks/n/")).status_code, 404)


async def test_what_is_missing_is_reported_and_the_rest_served():
    with Device(n=notebook('"shown"')) as files:
        site = files.site(
            '{"apps": [{"path": "/a", "root": "none.py"}, {"path": "/b", "root": "n.py"}],'
            ' "dynamic_directories": [{"path": "/d", "directory": "none"}], "static": []}'
        )
        equal(
            [str(problem).partition(": ")[2] for problem in site.config.problems],
            [
                'apps[0].root: expected a notebook, got nothing at "none.py"',
                'dynamic_directories[0].directory: expected a directory, got nothing at "none"',
            ],
        )
        client = TestClient(site.app)
        equal((await client.get("/a/")).status_code, 500)
        equal((await client.get("/b/")).status_code, 200)


async def test_apps_win_over_directories_and_routes_over_apps():
    with Device(n=notebook('"the app"')) as files:
        files.write("d/x.py", notebook('"of the directory"'))
        files.write("d/y.py", notebook('"of the directory"'))
        site = files.site(
            '{"routes": [{"path": "/d/z/", "redirect": "/elsewhere"}],'
            ' "apps": [{"path": "/d/x", "root": "n.py"}, {"path": "/d/z", "root": "n.py"}],'
            ' "dynamic_directories": [{"path": "/d", "directory": "d"}], "static": []}'
        )
        for path, expected in (("/d/x/", "the app"), ("/d/y/", "of the directory")):
            page = Page(site.app, path)
            await page.load()
            await page.talk()
            assert expected in page.html(1), path
        equal((await TestClient(site.app).get("/d/z/")).headers["Location"], "/elsewhere")
        kinds = site.notebooks._kinds
        one = kinds["apps"].builder.notebooks.sessions
        assert kinds["directories"].builder.notebooks.sessions is one
        equal(len(one), 2)


async def test_mistakes_in_a_cell_are_shown_to_the_owner():
    with Device(n=notebook("1 / 0")) as files:
        page = Page(files.site(APPS).app, "/a/")
        await page.talk()
        assert "ZeroDivisionError" in page.error(1)["message"]
