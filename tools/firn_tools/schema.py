"""What the host derives from the table of config.json: the JSON Schema and the reference page.

The table is ``frozen/firn/config_table.py``. The device checks values by the functions of
``config_kinds``; a schema needs patterns (ECMA-262) instead, and those are here. A property test
holds the two against each other.
"""

import json
from pathlib import Path

from . import environment
from .errors import Failure

SCHEMA_FILE = "docs/config.schema.json"
PAGE_FILE = "docs/config.md"
BEGIN = "<!-- begin of the generated part -->"
END = "<!-- end of the generated part -->"

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_PLAIN = r"\u0000-\u001f\u007f"  # what no text may have
_PART = rf"(?!\.{{1,2}}(?:/|$))[^/\\{_PLAIN}]+"
_PATH = f"{_PART}(?:/{_PART})*"
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_URL_PATH = f"/[^{_PLAIN}?#<>]*"


def _text(pattern, most=128, least=1):
    limits = {"minLength": least} if least else {}
    return {"type": "string", **limits, "maxLength": most, "pattern": f"^{pattern}$"}


def _mask(bits):
    value = (0xFFFFFFFF << (32 - bits)) & 0xFFFFFFFF
    return ".".join(str(byte) for byte in value.to_bytes(4, "big"))


_KINDS = {
    "boolean": {"type": "boolean"},
    "text": _text(f"[^{_PLAIN}]*"),
    "hostname": _text("[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", 32),
    "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
    # The device counts the bytes, which a schema cannot: it lets more pass.
    "ssid": {"type": "string", "minLength": 1, "maxLength": 32},
    "wifi_password": {"type": "string", "pattern": "^(?:[ -~]{8,63}|[0-9A-Fa-f]{64})?$"},
    "ipv4": {"type": "string", "pattern": rf"^{_OCTET}(?:\.{_OCTET}){{3}}$"},
    "netmask": {"type": "string", "enum": [_mask(bits) for bits in range(1, 33)]},
    "host_or_false": {"anyOf": [{"const": False}, _text(rf"{_LABEL}(?:\.{_LABEL})*", 253)]},
    "file": _text(f"/?{_PATH}"),
    "directory": _text(f"/?{_PATH}/?"),
    "file_name": _text(_PART),
    "notebook": _text(rf"(?=[^{_PLAIN}]*\.(?:py|md)$)/?{_PATH}"),
    "log_file": _text(rf"(?=[^{_PLAIN}]*\.(?:log|txt)$)/?{_PATH}"),
    "route": _text(f"/[^{_PLAIN}]*"),
    "prefix": _text(_URL_PATH),
    "app_path": _text(f"(?:{_URL_PATH})?", least=0),
    "subpath": _text(f"/[^/{_PLAIN}?#<>][^{_PLAIN}?#<>]*"),
    "reference": _text(rf"{_NAME}(?:\.{_NAME})*:{_NAME}"),
    "redirect": _text(r"(?:/(?![/\\])|https?://[!-.0-~])[!-~]*", 256),
    "origin": _text(r"[a-z][a-z0-9+.-]*://[a-z0-9._:\[\]-]+"),
    "token": _text("[A-Za-z0-9!#\\$%&'*+.^_`|~-]+"),
    "user_name": _text(f"[^:{_PLAIN}]*", 64),
    "password_hash": {
        "type": "string",
        "pattern": r"^pbkdf2\$[1-9][0-9]{2,6}\$(?:[0-9a-f]{2}){8,32}\$[0-9a-f]{64}$",
    },
}


def schema():
    """The JSON Schema (draft 2020-12) of config.json, as a dict."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.json of a Firn device",
        **_object(_table()),
    }


def schema_text():
    """The contents of SCHEMA_FILE."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema(file):
    """Write the schema for an editor to ``file``; Failure where that cannot be."""
    try:
        Path(file).write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        raise Failure("%s: %s" % (file, error.strerror.lower()))


def reference():
    """The key tables of the reference page, Markdown."""
    sections = []
    _add_section(sections, "config.json", "", _table(), "")
    return "\n\n".join(sections) + "\n"


def page_text(page):
    """The text ``page`` of PAGE_FILE with its generated part brought up to date.

    Raises ValueError where the page has no such part.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"expected {BEGIN} and {END} in {PAGE_FILE}")
    return before + begin + "\n\n" + reference() + "\n" + end + after


def write(root):
    """Bring both files below ``root`` (Path of the checkout) up to date; the changed ones."""
    page = root / PAGE_FILE
    wanted = {root / SCHEMA_FILE: schema_text()}
    wanted[page] = page_text(page.read_text(encoding="utf-8"))
    changed = []
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _table():
    with environment.firn():
        from firn import config_table

        return config_table.KEYS


def _object(rows, one_of=(), excluding=()):
    properties = {}
    for name, kind, default, limits, meaning in rows:
        properties[name] = {**_value(kind, limits), "description": meaning}
        if default not in (..., None):
            properties[name]["default"] = _default(kind, default)
    described = {"type": "object", "additionalProperties": False, "properties": properties}
    required = [row[0] for row in rows if row[2] is ...]
    if required:
        described["required"] = required
    if one_of:
        described["oneOf"] = [{"required": [name]} for name in one_of]
    for pair in excluding:
        described["not"] = {"required": list(pair)}
    return described


def _value(kind, limits):
    if kind == "integer":
        return {"type": "integer", "minimum": limits[0], "maximum": limits[1]}
    if kind == "secret":
        return {"type": "string", "minLength": limits[0], "maxLength": limits[1]}
    if kind == "choice":
        return {"type": "string", "enum": list(limits)}
    if kind == "object":
        return _object(limits)
    if kind == "objects":
        return {"type": "array", "items": _object(*limits)}
    if kind == "list":
        least = {"minItems": limits[0]} if limits[0] else {}
        return {"type": "array", **least, "items": _value(*limits[1:])}
    if kind == "origins":
        return {"anyOf": [{"const": "*"}, _value("list", limits)]}
    if kind == "ip":
        return {"anyOf": [{"const": "dhcp"}, _object(limits)]}
    if kind == "users":
        hashes = _KINDS["password_hash"]
        return {
            "type": "object",
            "propertyNames": _KINDS["user_name"],
            "additionalProperties": hashes,
        }
    return dict(_KINDS[kind])


def _default(kind, default):
    """A default of the table as JSON has it."""
    if kind == "objects":
        return [dict(item) for item in default]
    if kind in ("object", "users"):
        return {}
    return list(default) if isinstance(default, tuple) else default


def _add_section(sections, title, meaning, rows, prefix):
    """Append the table of ``rows`` to ``sections``, then those of the objects within."""
    lines = [f"### {title}" + (f"\n\n{meaning}." if meaning else "")]
    lines += ["", "| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    for name, kind, default, limits, row_meaning in rows:
        cells = (f"`{name}`", _words(kind, limits), _shown(kind, default), row_meaning)
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    sections.append("\n".join(lines))
    for name, kind, _, limits, row_meaning in rows:
        place = prefix + name
        if kind in ("object", "ip"):
            _add_section(sections, f"`{place}`", row_meaning, limits, place + ".")
        elif kind == "objects":
            notes = _notes(*limits[1:])
            _add_section(
                sections, f"`{place}[]`", row_meaning + notes, limits[0], place + "[]."
            )  # fmt: skip


def _notes(one_of, excluding):
    text = ""
    if one_of:
        text += ". An entry has exactly one of " + ", ".join(f"`{name}`" for name in one_of)
    for first, second in excluding:
        text += f", and no `{second}` beside `{first}`"
    return text


def _words(kind, limits):
    if kind in ("list", "origins"):
        words = _expectation(limits[1], limits[2])
        return ('"*" or a list; each ' if kind == "origins" else "a list; each ") + words
    return _expectation(kind, limits)


def _expectation(kind, limits):
    with environment.firn():
        from firn import config_problems

        return config_problems.expectation(kind, limits)


def _shown(kind, default):
    if default is ...:
        return "required"
    if default is None:
        return "-"
    return f"`{json.dumps(_default(kind, default))}`"
