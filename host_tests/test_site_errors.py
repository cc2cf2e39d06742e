"""A configuration with mistakes: each named, the rest served, the file left as it is."""

import json
import os
import re

import pytest

pytestmark = pytest.mark.image


@pytest.fixture
def folder(tmp_path):
    site = tmp_path / "site"
    (site / "www").mkdir(parents=True)
    (site / "www" / "index.html").write_text("home")
    (site / "www" / "page.html").write_text("page")
    (site / "good.py").write_text("def answer(request):\n    return 'good'\n")
    return site


LOGIN = "/_firn/login?next="
ROUTES = '"routes": [{"path": "/good", "handler": "good:answer"}%s]'


def mistakes(answer):
    assert answer.status == 500
    assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    found = re.findall(r"<li>(.*?)</li>", answer.text, re.S)
    unescape = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
    for entity, character in unescape:
        found = [text.replace(entity, character) for text in found]
    return found


def boot_with(boot, target, folder, config):
    (folder / "config.json").write_text(config)
    return boot(target, folder)


CASES = [
    (
        "port",
        '{\n  "server": {"port": 70000},\n  %s\n}' % (ROUTES % ""),
        "config.json:2:22: server.port: expected an integer from 1 to 65535, got 70000",
    ),
    (
        "unknown key",
        '{\n  "sever": {},\n  %s\n}' % (ROUTES % ""),
        'config.json:2:3: sever: unknown key "sever", did you mean "server"?',
    ),
    (
        "wrong type",
        '{\n  "static": {},\n  %s\n}' % (ROUTES % ""),
        "config.json:2:13: static: expected a list of objects, got an object",
    ),
    (
        "handler that does not import",
        "{%s}" % (ROUTES % ',\n {"path": "/led", "handler": "led:toggle"}'),
        'config.json:2:30: routes[1].handler: expected a function "toggle" in module "led", '
        "got ImportError: no module named 'led'",
    ),
    (
        "handler that is not there",
        "{%s}" % (ROUTES % ',\n {"path": "/led", "handler": "good:toggle"}'),
        'config.json:2:30: routes[1].handler: expected a function "toggle" in module "good", '
        "got AttributeError: 'module' object has no attribute 'toggle'",
    ),
    (
        "directory that is not there",
        '{\n"static": [{"path": "/", "directory": "www"},'
        '\n{"path": "/more", "directory": "more"}], %s}' % (ROUTES % ""),
        'config.json:3:32: static[1].directory: expected a directory, got nothing at "more"',
    ),
    (
        "template that is not there",
        "{%s}" % (ROUTES % ',\n {"path": "/t", "template": "t.html"}'),
        'config.json:2:29: routes[1].template: expected a file in "templates", '
        'got nothing at "t.html"',
    ),
]


@pytest.mark.parametrize("target", ["unix", "qemu"])
@pytest.mark.parametrize(("config", "message"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_mistake_is_named_and_the_rest_is_served(boot, target, folder, config, message):
    with boot_with(boot, target, folder, config) as site:
        assert mistakes(site.get("/")) == [message]
        assert site.get("/good").text == "good"
        if "static" not in message or "more" in message:
            assert site.get("/page.html").text == "page"
        assert mistakes(site.get("/led")) == [message]
        site.wait_for_console("firn: " + message)
        assert "Traceback" not in site.console
    assert (folder / "config.json").read_text() == config


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_several_mistakes_are_all_named(boot, target, folder):
    config = '{"server": {"port": 0, "timeout": "x"},\n"log": {"level": "loud"}}'
    with boot_with(boot, target, folder, config) as site:
        found = mistakes(site.get("/"))
        assert [text.split(": ")[1] for text in found] == [
            "server.port", "server.timeout", "log.level",
        ]  # fmt: skip
        assert site.get("/page.html").text == "page"


@pytest.mark.parametrize("target", ["unix", "qemu"])
@pytest.mark.parametrize("config", ['{"static": [\n}', "", "[]", '{"a": 1'])
def test_a_file_that_is_no_configuration_serves_its_mistake_alone(boot, target, folder, config):
    with boot_with(boot, target, folder, config) as site:
        (message,) = mistakes(site.get("/"))
        assert message.startswith("config.json:")
        # Nobody knows what was to be protected, so nothing is served.
        assert mistakes(site.get("/page.html")) == [message]


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_an_entry_that_was_left_out_is_not_served_by_a_wider_one(boot, target, folder):
    (folder / "www" / "private").mkdir()
    (folder / "www" / "private" / "diary.txt").write_text("secret")
    config = json.dumps(
        {
            "static": [
                {"path": "/private", "directory": "www/private", "login": "yes"},
                {"path": "/", "directory": "www"},
            ]
        }
    )
    with boot_with(boot, target, folder, config) as site:
        for path in ("/private", "/private/", "/private/diary.txt"):
            # It was meant to be for users only.
            answer = site.get(path)
            assert (answer.status, answer.headers["Location"]) == (303, LOGIN + path)
            assert "secret" not in answer.text
        assert site.get("/page.html").text == "page"


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_what_asks_for_a_login_is_never_served_without(boot, target, folder):
    config = json.dumps({"static": [{"path": "/", "directory": "www", "login": True}]})
    with boot_with(boot, target, folder, config) as site:
        answer = site.get("/page.html")
        assert (answer.status, answer.headers["Location"]) == (303, LOGIN + "/page.html")


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_the_users_boot_py_runs_and_its_error_is_shown(boot, target, folder):
    (folder / "boot.py").write_text("print('booting')\nraise ValueError('<mine>')\n")
    with boot(target, folder) as site:
        answer = site.get("/")
        assert answer.status == 500
        assert "ValueError: &lt;mine&gt;" in answer.text
        assert site.get("/page.html").text == "page"
        site.wait_for_console("booting")


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_the_users_main_py_takes_over_and_may_serve(boot, target, folder):
    (folder / "main.py").write_text("print('mine')\nimport firn\nfirn.serve()\n")
    with boot(target, folder) as site:
        assert site.get("/page.html").text == "page"
        site.wait_for_console("mine")


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_a_folder_without_configuration_serves_www(boot, target, folder):
    with boot(target, folder) as site:
        assert site.get("/").text == "home"


def test_a_default_directory_that_is_not_there_is_no_mistake(boot, tmp_path):
    with boot("unix", tmp_path) as site:
        assert site.get("/").status == 404
        assert "expected" not in site.console


@pytest.mark.parametrize("link", ["file", "directory"])
def test_links_do_not_lead_out_of_a_directory(boot, folder, tmp_path, link):
    (folder / "config.json").write_text("{}")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "passwords.txt").write_text("secret")
    if link == "file":
        os.symlink(tmp_path / "outside" / "passwords.txt", folder / "www" / "passwords.txt")
        path = "/passwords.txt"
    else:
        os.symlink(tmp_path / "outside", folder / "www" / "out")
        path = "/out/passwords.txt"
    with boot("unix", folder) as site:
        answer = site.get(path)
        assert answer.status == 404
        assert b"secret" not in answer.body


CORS = '"cors": {"allowed_origins": ["https://a.b"], "allow_credentials": true, "max_age": 60}'


@pytest.mark.parametrize("target", ["unix", "qemu"])
@pytest.mark.parametrize("more", ["", ', "log": {"level": "loud"}'], ids=["good", "mistake"])
def test_other_sites_may_use_this_one_as_the_configuration_says(boot, target, folder, more):
    config = "{%s, %s%s}" % (CORS, ROUTES % "", more)
    with boot_with(boot, target, folder, config) as site:
        for path, status in (("/good", 200), ("/page.html", 200), ("/none", 500 if more else 404)):
            answer = site.get(path, Origin="https://a.b")
            assert answer.status == status
            assert answer.headers["Access-Control-Allow-Origin"] == "https://a.b"
            assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        other = site.get("/good", Origin="https://c.d")
        assert other.headers["Access-Control-Allow-Origin"] is None
        asked = {"Origin": "https://a.b", "Access-Control-Request-Method": "GET"}
        preflight = site.request("OPTIONS", "/good", asked)
        assert preflight.headers["Access-Control-Max-Age"] == "60"
        assert preflight.headers["Access-Control-Allow-Methods"] == "GET"
