"""The messages about a wrong configuration, each with its place."""

from expect import equal
from firn import config, config_problems, config_table

# text, messages without the name of the file
SYNTAX = (
    ("", ["1:1: expected a value, got an empty file"]),
    (" \n ", ["2:2: expected a value, got an empty file"]),
    ("{", ["1:2: expected a key in double quotes or '}', got the end of the file"]),
    ("[]", ["1:1: expected an object, got a list"]),
    ('"hunter22"', ["1:1: expected an object, got a string of 8 characters"]),
    ("7", ["1:1: expected an object, got a number"]),
    ("null", ["1:1: expected an object, got null"]),
    (
        '{"setup": true\n "log": {}}',
        ["2:2: expected ',' or '}' after a value, got '\"'"],
    ),
    (
        '{\n  "setup": true,\n}',
        ["3:1: expected a key in double quotes, got '}' (JSON has no comma after the last entry)"],
    ),
    (
        '{"wifi": [1, ]}',
        ["1:14: expected a value, got ']' (JSON has no comma after the last entry)"],
    ),
    (
        "{'setup': true}",
        ["1:2: expected a key in double quotes or '}', got ' (JSON has double quotes only)"],
    ),
    ("{setup: true}", ["1:2: expected a key in double quotes or '}', got a letter"]),
    ('{"a": // b\n1}', ["1:7: expected a value, got // (JSON has no comments)"]),
    (
        '{"a": 1 /* b */}',
        ["1:9: expected ',' or '}' after a value, got /* (JSON has no comments)"],
    ),
    ('{"a": True}', ["1:7: expected a value, got True (JSON has true, in small letters)"]),
    ('{"a": None}', ["1:7: expected a value, got None (JSON has null)"]),
    ('{"a": NaN}', ["1:7: expected a value, got NaN"]),
    ('{"a": 010}', ["1:7: expected a number without a leading zero, got one"]),
    ('{"a": 1.}', ["1:9: expected a digit, got '}'"]),
    ('{"a": "b\n"}', ["1:9: expected '\"' at the end of a string, got the end of the line"]),
    ('{"a": "b\tc"}', ["1:9: expected no control character in a string, got byte 0x09"]),
    (
        '{"a": "\\x"}',
        ['1:9: expected one of " \\ / b f n r t u after a backslash, got another character'],
    ),
    ('{"a": hunter22}', ["1:7: expected a value, got a letter"]),
    ('{"a": "hun"ter22"}', ["1:12: expected ',' or '}' after a value, got a letter"]),
    ("{} {}", ["1:4: expected the end of the file, got '{'"]),
    (b'{"a": "\xff"}', ["1:8: expected UTF-8 text, got byte 0xff"]),
    ("[[[[[[[[[1]]]]]]]]]", ["1:9: expected at most 8 levels of objects and lists, got '['"]),
)

HASH = "pbkdf2$1000$" + "0a" * 8 + "$" + "1b" * 32
NOTHING = "exactly one of handler, template, redirect, mount"

# what is in the top object, messages
VALUES = (
    ('"server": {"port": 70000}', [
        "1:21: server.port: expected an integer from 1 to 65535, got 70000"]),
    ('"server": {"port": true}', [
        "1:21: server.port: expected an integer from 1 to 65535, got true"]),
    ('"server": {"port": "80"}', [
        '1:21: server.port: expected an integer from 1 to 65535, got "80"']),
    ('"server": {"port": 80.5}', [
        "1:21: server.port: expected an integer from 1 to 65535, got 80.5"]),
    ('"server": {"port": null}', [
        "1:21: server.port: expected an integer from 1 to 65535, got null"]),
    ('"server": {"port": 1e400}', [
        "1:21: server.port: expected an integer from 1 to 65535, got 1e400"]),
    ('"server": {"port": %s}' % ("9" * 400), [
        "1:21: server.port: expected an integer from 1 to 65535, got %s… (400 characters)"
        % ("9" * 40)]),
    ('"server": {"prot": 1}', [
        '1:13: server.prot: unknown key "prot", did you mean "port"?']),
    ('"server": {"Port": 1}', [
        '1:13: server.Port: unknown key "Port", did you mean "port"?']),
    ('"port": 80', ['1:2: port: unknown key "port", did you mean "server.port"?']),
    ('"server": {"colour": 1}', [
        '1:13: server.colour: unknown key "colour", expected one of port, max_connections, '
        "timeout, max_content_length, tls"]),
    ('"a\\nb": 1', [
        '1:2: a?b: unknown key "a?b", expected one of '
        + ", ".join([row[0] for row in config_table.KEYS])]),
    ('"server": 80', ["1:12: server: expected an object, got a number"]),
    ('"server": {"tls": {"cert": "c"}}', [
        '1:20: server.tls: expected the key "key", got none']),
    ('"server": {"tls": {}}', [
        '1:20: server.tls: expected the key "cert", got none',
        '1:20: server.tls: expected the key "key", got none']),
    ('"setup": 1', ["1:11: setup: expected true or false, got 1"]),
    ('"log": {"level": "loud"}', [
        '1:19: log.level: expected one of "debug", "info", "warning", "error", "critical", '
        'got "loud"']),
    ('"log": {"file": "config.json"}', [
        '1:18: log.file: expected a file path that ends in ".log" or ".txt", '
        'got "config.json"']),
    ('"network": {"hostname": "-x"}', [
        '1:26: network.hostname: expected a host name of 1 to 32 letters, digits and '
        'inner "-", got "-x"']),
    ('"network": {"country": "de"}', [
        '1:25: network.country: expected two capital letters, such as "DE", got "de"']),
    ('"network": {"ip": "static"}', [
        '1:20: network.ip: expected "dhcp" or an object with a static address, got "static"']),
    ('"network": {"ip": {"address": "10.0.0.256", "netmask": "255.0.255.0"}}', [
        '1:32: network.ip.address: expected an IPv4 address, such as "192.168.1.20", '
        'got "10.0.0.256"',
        '1:57: network.ip.netmask: expected a network mask, such as "255.255.255.0", '
        'got "255.0.255.0"']),
    ('"network": {"wifi": {"ssid": "a"}}', [
        "1:22: network.wifi: expected a list of objects, got an object"]),
    ('"network": {"ntp": true}', [
        "1:21: network.ntp: expected a host name or false, got true"]),
    ('"users": {"a:b": "%s"}' % HASH, [
        '1:12: users.a:b: expected a user name of 1 to 64 characters, without colon, '
        'got "a:b"']),
    ('"cors": {"allowed_origins": ["https://a.b/"]}', [
        '1:31: cors.allowed_origins[0]: expected an origin in small letters, such as '
        '"https://example.com", got "https://a.b/"']),
    ('"static": [{"path": "/", "directory": "/"}]', [
        '1:40: static[0].directory: expected a directory below the root, such as "www", '
        'got "/"']),
    ('"static": [{"path": "/", "directory": "../x"}, 5]', [
        '1:40: static[0].directory: expected a directory below the root, such as "www", '
        'got "../x"',
        "1:49: static[1]: expected an object, got a number"]),
    ('"routes": [{"path": "led", "handler": "led"}]', [
        '1:22: routes[0].path: expected a URL path that starts with "/", got "led"',
        '1:40: routes[0].handler: expected "module:name", such as "led:toggle", got "led"']),
    ('"routes": [{"path": "/"}]', ["1:13: routes[0]: expected %s, got none" % NOTHING]),
    ('"routes": [{"path": "/", "handler": "a:b", "mount": "c:d"}]', [
        '1:13: routes[0]: expected %s, got "handler" and "mount"' % NOTHING]),
    ('"routes": [{"path": "/", "handler": "a:b", "methods": ["get"]}]', [
        '1:57: routes[0].methods[0]: expected one of "GET", "POST", "PUT", "PATCH", "DELETE", '
        '"HEAD", "OPTIONS", got "get"']),
    ('"routes": [{"path": "/", "handler": "a:b", "methods": []}]', [
        "1:56: routes[0].methods: expected a list of at least one string, got a list"]),
    ('"routes": [{"path": "/", "handler": "a:b", "methods": "GET"}]', [
        '1:56: routes[0].methods: expected a list of at least one string, got "GET"']),
    ('"routes": [{"path": "/", "mount": "a:b", "methods": ["GET"]}]', [
        '1:54: routes[0].methods: expected no "methods" beside "mount"']),
    ('"routes": [{"path": "/", "redirect": "//evil"}]', [
        '1:39: routes[0].redirect: expected a path that starts with one "/", or a URL with '
        'http:// or https://, got "//evil"']),
    ('"apps": [{"path": "/a", "root": "a.txt"}]', [
        '1:34: apps[0].root: expected a file path that ends in ".py" or ".md", got "a.txt"']),
    ('"dynamic_directories": [{"path": "/", "directory": "n"}]', [
        '1:35: dynamic_directories[0].path: expected a URL path below "/", without ? # < >, '
        'got "/"']),
    ('"setup": true, "setup": 2, "setup": 3', [
        '1:17: setup: expected a key once, got "setup" again (the last one counts)',
        '1:29: setup: expected a key once, got "setup" again (the last one counts)',
        "1:38: setup: expected true or false, got 3"]),
)  # fmt: skip

SECRETS = (
    ('"secret_key": "hunter22"',
        "1:16: secret_key: expected a string of 16 to 128 characters, "
        "got a string of 8 characters"),
    ('"secret_key": 73946582',
        "1:16: secret_key: expected a string of 16 to 128 characters, got a number"),
    ('"network": {"wifi": [{"ssid": "a", "password": "hun\\u0074er"}]}',
        "1:49: network.wifi[0].password: expected 8 to 63 ASCII characters, 64 hexadecimal "
        "digits, or nothing, got a string of 6 characters"),
    ('"network": {"wifi": "hunter22"}',
        "1:22: network.wifi: expected a list of objects, got a string of 8 characters"),
    ('"network": {"wifi": ["hunter22"]}',
        "1:23: network.wifi[0]: expected an object, got a string of 8 characters"),
    ('"users": {"admin": "hunter22"}',
        '1:21: users.admin: expected a password hash, as "pbkdf2$iterations$salt$hash", '
        "got a string of 8 characters"),
    ('"users": "hunter22"',
        "1:11: users: expected an object of user names and password hashes, "
        "got a string of 8 characters"),
    ('"users": {"admin": ["hunter22"]}',
        '1:21: users.admin: expected a password hash, as "pbkdf2$iterations$salt$hash", '
        "got a list"),
)  # fmt: skip


def messages(text):
    return [str(problem) for problem in config.check(text).problems]


def test_a_syntax_error_is_one_message_with_its_place():
    for text, expected in SYNTAX:
        equal(messages(text), ["config.json:" + line for line in expected], text)


def test_every_wrong_value_is_one_message_with_its_place():
    for text, expected in VALUES:
        equal(messages("{" + text + "}"), ["config.json:" + line for line in expected], text)


def test_secrets_are_not_repeated():
    for text, expected in SECRETS:
        equal(messages("{" + text + "}"), ["config.json:" + expected], text)


def test_messages_come_in_the_order_of_the_text():
    text = '{\n"log": 1,\n"apps": 2,\n"cors": {\n"max_age": -1},\n"setup": 3,\n"users": 4}'
    lines = [problem.line for problem in config.check(text).problems]
    equal(lines, [2, 3, 5, 6, 7])


def test_a_file_too_large_has_no_place():
    text = "{}" + " " * (config.LIMIT - 1)
    message = "config.json: expected a file of at most 16384 bytes, got a larger one"
    equal(messages(text), [message])


def test_a_problem_has_its_parts():
    problem = config.check('{\n "setup": 1}', "/site/other.json").problems[0]
    parts = (problem.file, problem.line, problem.column, problem.key, problem.message)
    equal(parts, ("other.json", 2, 11, "setup", "expected true or false, got 1"))


def test_paths_are_written_and_read():
    for path, text in (
        (("routes", 2, "path"), "routes[2].path"),
        (("a", 0, 1, "b"), "a[0][1].b"),
        (("setup",), "setup"),
    ):
        equal(config_problems.dotted(path), text)
        equal(tuple(config_problems.split(text)), path)
