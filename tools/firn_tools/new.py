"""``firn new``: a project to start from, made of the files in project/."""

import json
import re
import subprocess
from importlib import metadata
from pathlib import Path

from . import paths, schema
from .errors import Failure
from .progress import say

_FILES = Path(__file__).resolve().parent / "project"
_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_MOST = 32  # characters of a device's host name
_HIDDEN = "dot-"  # stands for the dot of a hidden file, which packages tend to leave out
_UNKNOWN = "firn @ git+https://PUT-HERE-WHERE-YOU-HAVE-FIRN-FROM"
_SCHEMA = "config.schema.json"


def run(name):
    """Make the project ``name``, a path whose last part is its name, and say what to do next."""
    folder = make(Path(name))
    say("%s: %d files" % (folder, sum(path.is_file() for path in folder.rglob("*"))))
    print("Next:")
    print("  cd %s" % folder)
    print("  firn emulate UNIX .    try it: http://127.0.0.1:8080")
    print("  pytest                 run its tests, in a device's image too")
    print("  firn push              send it to the board at the USB port")
    if source() == _UNKNOWN:
        print("In .github/workflows/test.yml, put where Firn is to be installed from.")


def make(folder):
    """Make the project ``folder`` (Path); returns it. Failure where it cannot or may not be."""
    name = folder.resolve().name
    if not _NAME.fullmatch(name) or len(name) > _MOST:
        raise Failure(
            'expected a name of 1 to %d letters, digits, "-" and "_" that starts with a letter '
            "and ends with a letter or digit, got %r" % (_MOST, name)
        )
    if folder.exists() and not folder.is_dir():
        raise Failure("%s: expected a new or empty folder, got a file" % folder)
    if folder.is_dir() and any(folder.iterdir()):
        raise Failure("%s: expected a new or empty folder, got one with files in it" % folder)
    words = {"NAME": name, "HOSTNAME": name.replace("_", "-").lower(), "SOURCE": source()}
    try:
        for template in sorted(_FILES.rglob("*")):
            if template.is_file() and "__pycache__" not in template.parts:
                _write(folder / _target(template), template.read_bytes(), words)
        _write(folder / _SCHEMA, schema.schema_text().encode(), {})
    except OSError as error:
        raise Failure("%s: %s" % (error.filename or folder, error.strerror.lower()))
    return folder


def _target(template):
    parts = template.relative_to(_FILES).parts
    return Path(*("." + p[len(_HIDDEN) :] if p.startswith(_HIDDEN) else p for p in parts))


def _write(path, content, words):
    for word, text in words.items():
        content = content.replace(b"@%s@" % word.encode(), text.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def source():
    """What pip is to install in the project's CI: where this Firn itself comes from.

    Never a bare "firn": that could be anybody's package.
    """
    try:
        origin = json.loads(metadata.distribution("firn").read_text("direct_url.json"))
        revision = origin["vcs_info"]["commit_id"]
        return "firn @ %s+%s@%s" % (origin["vcs_info"]["vcs"], origin["url"], revision)
    except (metadata.PackageNotFoundError, TypeError, ValueError, KeyError):
        pass
    command = ["git", "-C", str(paths.root()), "config", "--get", "remote.origin.url"]
    try:
        url = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return _UNKNOWN
    return "firn @ git+" + url if re.fullmatch(r"https://[\w.~/-]+", url) else _UNKNOWN
