"""The kinds of single values in config.json: functions named as config_table names them.

Each takes (value, limits) and returns the value to use, or None where the value is wrong.
"""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"
_WORD = _LETTERS + _DIGITS
# RFC 9110 section 5.6.2
_TOKEN = _WORD + "!#$%&'*+-.^_`|~"


def integer(value, limits):
    """JSON has one kind of number: 8080.0 is the integer 8080 (as in JSON Schema)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not limits[0] <= value <= limits[1] or value != int(value):
        return None
    return int(value)


def boolean(value, limits):
    return value if isinstance(value, bool) else None


def choice(value, limits):
    return value if isinstance(value, str) and value in limits else None


def secret(value, limits):
    return value if _string(value, limits[0], limits[1]) else None


def text(value, limits):
    return value if _text(value, "") else None


def hostname(value, limits):
    """One label of a host name (RFC 1123 section 2.1), as long as MicroPython takes."""
    return value if _string(value, 1, 32) and _label(value) else None


def country(value, limits):
    """ISO 3166-1 alpha-2; MicroPython takes no small letters."""
    return value if _string(value, 2, 2) and _only(value, _LETTERS[:26]) else None


def ssid(value, limits):
    return value if isinstance(value, str) and 1 <= len(value.encode()) <= 32 else None


def wifi_password(value, limits):
    """8 to 63 printable ASCII characters, or the 256-bit key itself (IEEE 802.11 annex J)."""
    if value == "":
        return value
    if not _string(value, 8, 64) or not _printable(value):
        return None
    return value if len(value) < 64 or _only(value, _HEX) else None


def ipv4(value, limits):
    return value if _address(value) is not None else None


def netmask(value, limits):
    """Ones, then zeros: /1 to /32."""
    bits = _address(value)
    if not bits:
        return None
    rest = bits ^ 0xFFFFFFFF
    return value if rest & (rest + 1) == 0 else None


def host_or_false(value, limits):
    """A host name (RFC 1123 section 2.1), an IPv4 address, or false."""
    if value is False:
        return value
    if not _string(value, 1, 253):
        return None
    for label in value.split("."):
        if len(label) > 63 or not _label(label):
            return None
    return value


def file(value, limits):
    """A path below the root of the filesystem, given out without a "/" before it."""
    if not _text(value, "\\"):
        return None
    if value.startswith("/"):
        value = value[1:]
    for part in value.split("/"):
        if part in ("", ".", ".."):
            return None
    return value


def directory(value, limits):
    """A directory below the root, never the root itself: that holds the secrets."""
    if _string(value, 1, 128) and value.endswith("/"):
        value = value[:-1]
    return file(value, limits)


def file_name(value, limits):
    return file(value, limits) if isinstance(value, str) and "/" not in value else None


def notebook(value, limits):
    return file(value, limits) if _ends(value, ".py", ".md") else None


def log_file(value, limits):
    """No name under which a log could take the place of a program or of the configuration."""
    return file(value, limits) if _ends(value, ".log", ".txt") else None


def route(value, limits):
    return value if _text(value, "") and value.startswith("/") else None


def prefix(value, limits):
    return value if _text(value, "?#<>") and value.startswith("/") else None


def app_path(value, limits):
    return value if value == "" else prefix(value, limits)


def subpath(value, limits):
    """Not "/": a dynamic directory needs a path of its own."""
    return None if value == "/" or _starts(value, "//") else prefix(value, limits)


def reference(value, limits):
    """``package.module:name``"""
    if not _text(value, ""):
        return None
    module, _, name = value.partition(":")
    for part in module.split(".") + [name]:
        if not part or part[0] in _DIGITS or not _only(part, _WORD + "_"):
            return None
    return value


def redirect(value, limits):
    """A path on this site or a URL elsewhere, as it goes into the Location header."""
    if not _string(value, 1, 256) or not _printable(value) or " " in value:
        return None
    if _starts(value, "/"):
        return None if _starts(value, "//") or _starts(value, "/\\") else value
    for scheme in ("http://", "https://"):
        if value.startswith(scheme) and len(value) > len(scheme) and value[len(scheme)] != "/":
            return value
    return None


def origin(value, limits):
    """``scheme://host[:port]`` as browsers send it: small letters, no path (RFC 6454)."""
    if not _string(value, 1, 128):
        return None
    scheme, _, host = value.partition("://")
    small = _LETTERS[26:]
    if not scheme or scheme[0] not in small or not _only(scheme, small + _DIGITS + "+-."):
        return None
    return value if host and _only(host, small + _DIGITS + "-._:[]") else None


def token(value, limits):
    return value if _string(value, 1, 128) and _only(value, _TOKEN) else None


def user_name(value, limits):
    """No colon: Basic authentication ends the name there (RFC 7617 section 2)."""
    return value if _text(value, ":") and len(value) <= 64 else None


def password_hash(value, limits):
    """``pbkdf2$iterations$salt$hash``: PBKDF2 with HMAC-SHA256, salt and hash as small hex."""
    parts = value.split("$") if isinstance(value, str) else ()
    if len(parts) != 4 or parts[0] != "pbkdf2":
        return None
    iterations, salt, digest = parts[1:]
    if not 3 <= len(iterations) <= 7 or not _only(iterations, _DIGITS) or iterations[0] == "0":
        return None
    if not 16 <= len(salt) <= 64 or len(salt) % 2 or len(digest) != 64:
        return None
    return value if _only(salt + digest, _HEX[:16]) else None


def _string(value, least, most):
    return isinstance(value, str) and least <= len(value) <= most


def _only(text, characters):
    return all(character in characters for character in text)


def _printable(text):
    return all(" " <= character <= "~" for character in text)


def _text(value, refused):
    """Whether ``value`` is a string of 1 to 128 characters, no control or ``refused`` ones."""
    if not _string(value, 1, 128):
        return False
    return all(c >= " " and c != "\x7f" and c not in refused for c in value)


def _starts(value, start):
    return isinstance(value, str) and value.startswith(start)


def _ends(value, *ends):
    if isinstance(value, str):
        for end in ends:
            if value.endswith(end):
                return True
    return False


def _label(text):
    """Whether ``text`` is letters, digits and "-", with no "-" at either end."""
    return bool(text) and text[0] != "-" and text[-1] != "-" and _only(text, _WORD + "-")


def _address(value):
    """The IPv4 address ``value`` ("a.b.c.d") as an int, None if it is none."""
    parts = value.split(".") if isinstance(value, str) else ()
    if len(parts) != 4:
        return None
    bits = 0
    for part in parts:
        # No leading zeros: some programs read them as octal.
        if not 1 <= len(part) <= 3 or not _only(part, _DIGITS) or int(part) > 255:
            return None
        if part[0] == "0" and len(part) > 1:
            return None
        bits = bits << 8 | int(part)
    return bits
