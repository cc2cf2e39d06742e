"""Values of config.json that are right, and the schema as an editor applies it."""

import re

import jsonschema

from firn_tools import schema

HASH = "pbkdf2$1000$" + "0a" * 8 + "$" + "1b" * 32
# Values that are right, to be used whole and to be spoilt by one character.
EXAMPLES = {
    "boolean": [True, False],
    "text": ["./config.schema.json", "x" * 128],
    "hostname": ["firn", "a", "garden-2", "x" * 32],
    "country": ["DE", "XX"],
    "ssid": ["home", "x" * 32, "Café"],
    "wifi_password": ["", "12345678", "x" * 63, "0aF9" * 16],
    "ipv4": ["192.168.1.20", "0.0.0.0", "255.255.255.255"],
    "netmask": ["255.255.255.0", "128.0.0.0", "255.255.255.255", "255.255.254.0"],
    "host_or_false": [False, "pool.ntp.org", "10.0.0.1", "a" * 63 + ".b"],
    "file": ["cert.der", "/a/b.c", "..a/.b", "x" * 128],
    "directory": ["www", "/a/b/", ".hidden"],
    "file_name": ["index.html", ".x"],
    "notebook": ["pages/dashboard.py", "/n.md", ".py"],
    "log_file": ["firn.log", "/logs/a.txt"],
    "route": ["/", "/led/<int:number>", "/a?b"],
    "prefix": ["/", "/files", "//x"],
    "app_path": ["", "/", "/dashboard"],
    "subpath": ["/notebooks", "/a/b/"],
    "reference": ["led:toggle", "a.b_1._c:x", "A:b"],
    "redirect": ["/new", "/", "https://example.com/a?b#c", "http://x"],
    "origin": ["https://example.com", "http://192.168.1.2:8000", "app+x://[::1]"],
    "token": ["X-Request-Id", "a", "!#$%&'*+.^_`|~-"],
    "user_name": ["admin", "x" * 64, "ä b"],
    "password_hash": [HASH],
}
# Letters with a meaning in one of the patterns, the ends of ranges, and some beyond ASCII.
LETTERS = "aAzZfFgG019_-./\\:?#<>$%~! \n\x00\x1f\x7f\u00e4\u20ac\U0001f600{}[]@+*"


class Problems:
    """A jsonschema validator whose patterns mean what they mean in ECMA-262: ``$`` is the end."""

    def __init__(self, definition):
        def pattern(validator, value, instance, _):
            if isinstance(instance, str) and not re.search(ecma(value), instance):
                yield jsonschema.ValidationError("pattern")

        base = jsonschema.Draft202012Validator
        base.check_schema(definition)
        self.validator = jsonschema.validators.extend(base, {"pattern": pattern})(definition)

    def __call__(self, value):
        return [error.message for error in self.validator.iter_errors(value)]


def ecma(pattern):
    """The pattern of a schema as Python's re has it."""
    return re.sub(r"(?<!\\)\$", r"\\Z", pattern)


WHOLE = Problems(schema.schema())
BY_KIND = {kind: Problems(definition) for kind, definition in schema._KINDS.items()}
