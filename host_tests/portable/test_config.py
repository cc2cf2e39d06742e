"""firn.config: the values of a configuration, its defaults, and what a mistake leaves of it."""

import os
import sys

from fake_files import FakeFiles

from expect import equal, raises
from firn import config

PATH = "/config.json"
HASH = "pbkdf2$1000$" + "0a" * 8 + "$" + "1b" * 32


def load(data):
    """config.load() with ``data`` (None: no file) as /config.json."""
    FakeFiles({} if data is None else {PATH: data}).install(config)
    try:
        return config.load(PATH)
    finally:
        config.os = os
        config.open = open


def check_defaults(found):
    equal(found.network.hostname, "firn")
    equal(found.network.wifi, [])
    equal(found.network.ip, "dhcp")
    equal(found.network.access_point.when, "fallback")
    equal(found.network.ntp, "pool.ntp.org")
    equal(found.server.port, 80)
    equal(found.server.tls, None)
    equal(found.setup, True)
    equal(found.secret_key, None)
    equal(found.users, {})
    equal(found.cors, None)
    equal([(s.path, s.directory, s.index) for s in found.static], [("/", "www", "index.html")])
    equal(found.routes, [])
    equal([s.directory for s in found.dynamic_directories], ["notebooks"])
    equal(found.log.file, None)


def test_without_a_file_there_are_defaults_and_no_problem():
    found = load(None)
    check_defaults(found)
    equal(found.problems, [])


def test_an_empty_object_is_all_defaults():
    found = load(b"{}")
    check_defaults(found)
    equal(found.problems, [])


def test_what_is_no_json_is_all_defaults_and_one_problem():
    for data in (b"", b"{", b"[]", b"\xff", b"[[[[[[[[[[[[", b" " * (config.LIMIT + 1)):
        found = load(data)
        check_defaults(found)
        equal(len(found.problems), 1)
        equal(found.problems[0].key, "")


def test_a_file_that_cannot_be_read_is_a_problem():
    system = FakeFiles()
    system.install(config)

    def refuse(path):
        raise OSError(2 if path.endswith(".new") else 5)

    system.stat = refuse
    try:
        found = config.load(PATH)
    finally:
        config.os = os
        config.open = open
    check_defaults(found)
    message = "config.json: expected a file that can be read, got error 5"
    equal([str(problem) for problem in found.problems], [message])


def test_values_are_attributes():
    found = load(
        b'{"network": {"wifi": [{"ssid": "home"}, {"ssid": "shed", "password": "12345678"}],'
        b' "ip": {"address": "10.0.0.2"}, "ntp": false, "access_point": {"when": "never"}},'
        b' "server": {"port": 8080, "tls": {"cert": "/c.der", "key": "k.der"}},'
        b' "setup": false, "users": {"admin": "' + HASH.encode() + b'"},'
        b' "cors": {"allowed_origins": ["https://a.b"], "allowed_methods": ["GET"]},'
        b' "static": [{"path": "/files", "directory": "/data/", "login": true}],'
        b' "routes": [{"path": "/led", "handler": "led:toggle", "methods": ["GET", "POST"]},'
        b' {"path": "/", "redirect": "/a"}], "dynamic_directories": []}'
    )
    equal([str(problem) for problem in found.problems], [])
    wifi = found.network.wifi
    equal([(w.ssid, w.password) for w in wifi], [("home", ""), ("shed", "12345678")])
    ip = found.network.ip
    equal((ip.address, ip.netmask, ip.gateway), ("10.0.0.2", "255.255.255.0", "0.0.0.0"))
    equal(ip.dns, None)
    equal(found.network.ntp, False)
    equal(found.network.access_point.when, "never")
    equal(found.network.access_point.channel, 6)
    equal(found.server.port, 8080)
    equal((found.server.tls.cert, found.server.tls.key), ("c.der", "k.der"))
    equal(found.server.timeout, 10)
    equal(found.setup, False)
    equal(found.users, {"admin": HASH})
    equal(found.cors.allowed_origins, ["https://a.b"])
    equal((found.cors.allowed_methods, found.cors.allowed_headers), (["GET"], None))
    static = found.static[0]
    equal((static.path, static.directory, static.login), ("/files", "data", True))
    led, root = found.routes
    equal((led.handler, led.methods, led.template), ("led:toggle", ["GET", "POST"], None))
    equal((root.redirect, root.methods, root.login), ("/a", ["GET"], False))
    equal(found.dynamic_directories, [])


def test_get_takes_a_dotted_key():
    found = config.check('{"server": {"tls": {"cert": "c", "key": "k"}}}')
    equal(found.get("server.tls.key"), "k")
    equal(found.get("server.port"), 80)
    equal(config.check("{}").get("server.tls.key"), None)
    raises(AttributeError, found.get, "server.prot")


def test_an_unknown_key_is_an_attribute_error():
    found = config.check('{"serverx": 1}')
    raises(AttributeError, lambda: found.serverx)
    raises(AttributeError, lambda: found.server.prot)


def test_places_name_the_entry_in_the_file():
    found = config.check('{"routes": [{}, {"path": "/a", "template": "t"}], "network": {}}')
    equal([route.place for route in found.routes], ["routes[1]"])
    equal(found.network.access_point.place, "network.access_point")
    equal(found.static[0].place, "static[0]")


def test_defaults_are_not_shared():
    found = config.check("{}")
    found.users["x"] = "y"
    found.dynamic_directories.append(1)
    check_defaults(found)


def test_what_is_right_counts_beside_what_is_wrong():
    found = config.check(
        '{"server": {"port": 0, "timeout": 20, "tls": {"cert": "c"}}, "setup": 1, "log": 5,'
        ' "users": {"a": "x", "b": "' + HASH + '"},'
        ' "static": [{"path": "x", "directory": "y"}, {"path": "/z", "directory": "z"}, 3],'
        ' "routes": [{"path": "/", "handler": "a:b", "methods": ["GET", "GTE"]},'
        ' {"path": "/m", "mount": "a:b", "methods": ["POST"]}, {"path": "/", "handler": "a"}]}'
    )
    equal((found.server.port, found.server.timeout, found.server.tls), (80, 20, None))
    equal((found.setup, found.log.level), (True, "info"))
    equal(found.users, {"b": HASH})
    equal([(s.place, s.path) for s in found.static], [("static[1]", "/z")])
    equal([(r.place, r.methods) for r in found.routes], [("routes[0]", ["GET"])] + [
        ("routes[1]", ["GET"])
    ])  # fmt: skip
    equal(len(found.problems), 10)


def test_a_mistake_never_opens_what_was_to_be_closed():
    for login in ('"login": "yes"', '"login": null', '"logn": true', '"Login": true'):
        text = '{"static": [{"path": "/", "directory": "www", %s}]}' % login
        equal([s.login for s in config.check(text).static], [True], login)
    text = '{"static": [{"path": "/", "directory": "www", "max_agee": 1, "index": 2}]}'
    equal([s.login for s in config.check(text).static], [False])
    for cors in (
        '{"allowed_origins": ["https://a"], "allowed_methods": ["GTE"]}',
        '{"allowed_origins": ["https://a"], "allowed_methods": "GET"}',
        '{"allowed_origins": ["https://a/"]}',
        '{"allowed_origins": "*", "allowed_method": ["GET"]}',
    ):
        equal(config.check('{"cors": %s}' % cors).cors, None, cors)


def test_integers_may_be_written_as_any_number():
    for text in ("8080", "8080.0", "8.08e3"):
        port = config.check('{"server": {"port": %s}}' % text).server.port
        equal((port, type(port)), (8080, int), text)


def test_the_largest_file_is_read():
    data = b"{}" + b" " * (config.LIMIT - 2)
    equal(load(data).problems, [])


def test_loading_forgets_what_only_loading_needs():
    load(b'{"prot": 1}')
    for name in ("config_check", "config_kinds", "config_problems", "json_text", "json_position"):
        assert "firn." + name not in sys.modules, name


def test_report_finds_the_place_in_the_file():
    text = b'{\n "static": [\n  {"path": "/", "directory": "ww"}\n]}'
    system = FakeFiles({PATH: text})
    system.install(config)
    try:
        found = config.load(PATH)
        problem = found.report(found.static[0].place + ".directory", "expected a directory")
        equal(str(problem), "config.json:3:30: static[0].directory: expected a directory")
        equal(found.problems, [problem])
        # A default stands nowhere in the file; nor does anything when the file is gone.
        problem = found.report("log.file", "no room")
        equal((str(problem), problem.line), ("config.json: log.file: no room", 0))
        system.files = {}
        equal(str(found.report("static", "gone")), "config.json: static: gone")
    finally:
        config.os = os
        config.open = open
