"""The words for what is wrong with a configuration; loaded only when something is."""

from . import json_position
from .config import Problem

_SHOWN = 40  # characters of a value in a message
_BASICS = {
    "boolean": "true or false",
    "text": "a string of 1 to 128 characters",
    "hostname": 'a host name of 1 to 32 letters, digits and inner "-"',
    "country": 'two capital letters, such as "DE"',
    "ssid": "a network name of 1 to 32 bytes",
    "wifi_password": "8 to 63 ASCII characters, 64 hexadecimal digits, or nothing",
    "ipv4": 'an IPv4 address, such as "192.168.1.20"',
    "netmask": 'a network mask, such as "255.255.255.0"',
    "host_or_false": "a host name or false",
    "file": 'a file path without "." and "..", such as "folder/name"',
    "directory": 'a directory below the root, such as "www"',
    "file_name": 'a file name, such as "index.html"',
    "notebook": 'a file path that ends in ".py" or ".md"',
    "log_file": 'a file path that ends in ".log" or ".txt"',
    "route": 'a URL path that starts with "/"',
    "prefix": 'a URL path that starts with "/", without ? # < >',
    "app_path": 'a URL path that starts with "/", without ? # < >, or ""',
    "subpath": 'a URL path below "/", without ? # < >',
    "reference": '"module:name", such as "led:toggle"',
    "redirect": 'a path that starts with one "/", or a URL with http:// or https://',
    "origin": 'an origin in small letters, such as "https://example.com"',
    "token": 'a header name, such as "X-Request-Id"',
    "user_name": "a user name of 1 to 64 characters, without colon",
    "password_hash": 'a password hash, as "pbkdf2$iterations$salt$hash"',
    "object": "an object",
    "objects": "a list of objects",
    "users": "an object of user names and password hashes",
    "origins": '"*" or a list of origins',
    "ip": '"dhcp" or an object with a static address',
}
# Values that may hold a secret, or be one that slipped to the wrong place: never repeated.
_SECRET = ("secret", "wifi_password", "password_hash", "object", "objects", "users", "ssid")


def describe(data, name, found, repeated):
    """Problems, in the order of the text ``data`` (bytes), for what check() or loads() found.

    ``found`` is a list of (path, kind, limits) or the (offset, expectation) of a JSONError;
    ``repeated`` tells whether there are repeated keys to look for; ``name`` is the file's.
    """
    if isinstance(found, tuple):
        return [_syntax_problem(data, name, found[0], found[1])]
    placed = []
    for path, kind, limits in found:
        key_at, value_at = json_position.find(data, path)
        at = key_at if kind in ("unknown", "user_name") else value_at
        message = _message(data, value_at, path, kind, limits)
        placed.append((at, len(placed), path, message))
    if repeated:
        for path, at in json_position.repeated(data):
            message = "expected a key once, got %s again (the last one counts)" % _quote(path[-1])
            placed.append((at, len(placed), path, message))
    placed.sort()  # what is at the same place stays in the order in which it was found
    problems = []
    for at, _, path, message in placed:
        line, column = json_position.line_column(data, at)
        problems.append(Problem(name, line, column, dotted(path), message))
    return problems


def located(data, name, place, message):
    """The Problem ``message`` at the key ``place`` (str), with its position in ``data`` if any."""
    from . import json_text

    found = None
    try:
        json_text.loads(data)
        found = json_position.find(data, split(place))
    except json_text.JSONError:
        pass
    line, column = json_position.line_column(data, found[1]) if found else (0, 0)
    return Problem(name, line, column, place, message)


def dotted(path):
    """A path as text: ("routes", 2, "path") is "routes[2].path"."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += "[%d]" % step
        else:
            text += "." + _short(step) if text else _short(step)
    return text


def split(text):
    """The path that dotted() made ``text`` of."""
    path = []
    for part in text.split("."):
        name, bracket, rest = part.partition("[")
        path.append(name)
        while bracket:
            index, _, rest = rest.partition("]")
            path.append(int(index))
            _, bracket, rest = rest.partition("[")
    return path


def _message(data, value_at, path, kind, limits):
    if kind == "unknown":
        text = "unknown key %s" % _quote(path[-1])
        near = nearest(path[-1], limits)
        if near:
            return text + ", did you mean %s?" % _quote(near)
        return text + ", expected one of %s" % ", ".join([row[0] for row in limits])
    if kind == "missing":
        return "expected the key %s, got none" % _quote(limits)
    if kind == "one_of":
        given = [name for name in limits if json_position.find(data, path + (name,))]
        names = " and ".join([_quote(given_name) for given_name in given]) or "none"
        return "expected exactly one of %s, got %s" % (", ".join(limits), names)
    if kind == "beside":
        return "expected no %s beside %s" % (_quote(path[-1]), _quote(limits))
    if kind == "user_name":
        return "expected %s, got %s" % (_BASICS[kind], _quote(path[-1]))
    return "expected %s, got %s" % (
        expectation(kind, limits),
        _shown(data, value_at, kind in _SECRET),
    )


def expectation(kind, limits):
    """What a value of ``kind`` with ``limits`` (as in config_table) is, in words."""
    if kind == "integer":
        return "an integer from %d to %d" % limits
    if kind == "secret":
        return "a string of %d to %d characters" % limits
    if kind == "choice":
        return "one of " + ", ".join([_quote(value) for value in limits])
    if kind == "list":
        return "a list of at least one string" if limits[0] else "a list of strings"
    return _BASICS[kind]


def nearest(name, rows):
    """The key of ``rows`` that ``name`` was probably meant to be, or None.

    A key of an object within is given with the object's: "server.port" for "port".
    """
    best = None
    least = 2 + len(name) // 5  # mistakes that no longer are a typing error
    for row in rows:
        distance = _distance(name.lower(), row[0], least)
        if distance < least:
            best = row[0]
            least = distance
    if best is None or least > 1:
        for row in rows:
            if row[1] == "object":
                for inner in row[3]:
                    if inner[0] == name:
                        return row[0] + "." + name
    return best


def _distance(a, b, limit):
    """Insertions, deletions, changes and swaps of neighbours that make ``b`` of ``a``."""
    if abs(len(a) - len(b)) >= limit:
        return limit
    before = row = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        earlier = before
        before = row
        row = [i]
        for j in range(1, len(b) + 1):
            cost = before[j - 1] + (a[i - 1] != b[j - 1])
            cost = min(cost, before[j] + 1, row[j - 1] + 1)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _syntax_problem(data, name, at, expected):
    if at < 0:  # the file as a whole
        return Problem(name, 0, 0, "", "expected %s, got a larger one" % expected)
    line, column = json_position.line_column(data, at)
    got = _syntax_got(data, at, expected)
    return Problem(name, line, column, "", "expected %s, got %s" % (expected, got))


# What people write who take JSON for Python, JavaScript or something with comments.
_HINTS = (
    (b"'", "' (JSON has double quotes only)"),
    (b"//", "// (JSON has no comments)"),
    (b"/*", "/* (JSON has no comments)"),
    (b"#", "# (JSON has no comments)"),
    (b"True", "True (JSON has true, in small letters)"),
    (b"False", "False (JSON has false, in small letters)"),
    (b"None", "None (JSON has null)"),
    (b"NaN", "NaN"),
    (b"Infinity", "Infinity"),
)


def _syntax_got(data, at, expected):
    """What is at offset ``at`` of a text that is no JSON; no letter or digit of what may be a
    password without its quotes."""
    rest = data[at : at + 10]
    if not rest:
        return "the end of the file" if data.strip() else "an empty file"
    if "leading zero" in expected:
        return "one"
    if rest[0] in b"\r\n":
        return "the end of the line"
    for word, text in _HINTS:
        if rest.startswith(word):
            return text
    character = chr(rest[0])
    if not " " <= character <= "~":
        return "byte 0x%02x" % rest[0]
    if "\\" in expected:  # inside a string
        return "another character"
    if "0" <= character <= "9":
        return "a digit"
    if "a" <= character.lower() <= "z":
        return "a letter"
    if character in "]}" and data[:at].rstrip().endswith(b","):
        return "'%s' (JSON has no comma after the last entry)" % character
    return "'%s'" % character


def _shown(data, at, hidden):
    """The value at offset ``at`` of a text, as it is written there unless it is to be hidden."""
    first = chr(data[at])
    if first == "{":
        return "an object"
    if first == "[":
        return "a list"
    token = str(data[at : json_position.token_end(data, at)], "utf-8")
    if token in ("true", "false", "null"):
        return token
    if not hidden:
        return _short(token)
    if first == '"':
        from . import json_text

        return "a string of %d characters" % len(json_text.Reader(data, at).string())
    return "a number"


def _quote(text):
    return '"%s"' % _short(text)


def _short(text):
    """``text`` on one line and not longer than _SHOWN."""
    length = len(text)
    text = "".join(["?" if c < " " or "\x7f" <= c < "\xa0" else c for c in text[:_SHOWN]])
    return text if length <= _SHOWN else "%s… (%d characters)" % (text, length)
