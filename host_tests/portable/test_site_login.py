"""Entries of config.json that need a login."""

import json
import sys

from template_files import Folder

from expect import equal
from firn import config, overrides
from firn.site import Site
from microdot import Microdot
from microdot.passwords import hash_password
from microdot.test_client import TestClient

KEY = "0123456789abcdef0123456789abcdef"


class Handlers:
    """What the configuration names as the module ``login_handlers``."""

    api = Microdot()

    @staticmethod
    def who(request):
        return request.g.current_user.id


@Handlers.api.get("/state")
async def state(request):
    return "of the mounted application"


WHO = {"path": "/who", "handler": "login_handlers:who", "login": True}
FILES = {"www/index.html": "the start page", "www/private/diary.txt": "a diary"}


class Visitor:
    """``with Visitor(routes=..., ...) as client``: a client of the site; ada may log in."""

    def __init__(self, **entries):
        users = {"ada": hash_password("correct horse", iterations=100)}
        self.config = config.check(json.dumps(dict(entries, secret_key=KEY, users=users)))
        self.folder = Folder(FILES)

    def __enter__(self):
        sys.modules["login_handlers"] = Handlers
        overrides["root"] = self.folder.__enter__().path
        site = Site(self.config)
        equal([str(problem) for problem in self.config.problems], [])
        return TestClient(site.app)

    def __exit__(self, *exception):
        del sys.modules["login_handlers"]
        del overrides["root"]
        self.folder.__exit__(*exception)


async def log_in(client, path):
    """Ask for ``path``, log in as ada where that leads, and ask again."""
    answer = await client.get(path)
    equal(answer.status_code, 303, answer.text)
    place = answer.headers["Location"]
    equal(place[:18], "/_firn/login?next=")
    form = await client.get(place)
    equal(form.status_code, 200)
    data = b"name=ada&password=correct+horse"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(place, headers=headers, body=data)
    equal((answer.status_code, answer.headers["Location"]), (303, path))
    return await client.get(path)


async def test_a_handler_is_for_users_only():
    with Visitor(routes=[WHO]) as client:
        equal((await log_in(client, "/who")).text, "ada")


async def test_a_directory_is_for_users_only_and_the_one_around_it_for_everybody():
    with Visitor(
        static=[
            {"path": "/", "directory": "www"},
            {"path": "/private", "directory": "www/private", "login": True},
        ]
    ) as client:
        equal((await client.get("/")).text, "the start page")
        equal((await client.get("/private/diary.txt?a=b")).status_code, 303)
        equal((await client.get("/private/none.txt")).status_code, 303)
        equal((await log_in(client, "/private/diary.txt")).text, "a diary")


async def test_a_mounted_application_is_for_users_only():
    entry = {"path": "/api", "mount": "login_handlers:api", "login": True}
    with Visitor(routes=[entry]) as client:
        equal((await log_in(client, "/api/state")).text, "of the mounted application")


async def test_who_may_use_the_site_is_not_the_owner():
    with Visitor(routes=[WHO]) as client:
        await log_in(client, "/who")
        equal((await client.get("/_firn/")).status_code, 403)


async def test_a_wrong_password_opens_nothing():
    with Visitor(routes=[WHO]) as client:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        for body in (
            b"name=ada&password=wrong",
            b"name=nobody&password=correct+horse",
            b"name=ada",
        ):
            answer = await client.post("/_firn/login?next=/who", headers=headers, body=body)
            assert answer.status_code in (400, 401, 403), answer.status_code
            equal((await client.get("/who")).status_code, 303)


async def test_without_the_setup_page_users_still_log_in():
    with Visitor(routes=[WHO], setup=False) as client:
        equal((await log_in(client, "/who")).text, "ada")
        equal((await client.get("/_firn/")).status_code, 404)


async def test_other_methods_are_refused_as_well():
    with Visitor(routes=[dict(WHO, methods=["GET", "POST"])]) as client:
        for method in ("POST", "HEAD", "OPTIONS"):
            answer = await client.request(method, "/who")
            assert "ada" not in (answer.text or "")
            assert answer.status_code == 303 or method == "OPTIONS"
