"""Which files of a site's folder belong on a device, and which of a device's files are its own."""

import hashlib
import json
from fnmatch import fnmatchcase
from pathlib import Path

from . import flash_image, paths
from .errors import Failure

IGNORE_FILE = ".firnignore"
SECRETS = "secrets.json"
# What the runtime makes for itself: neither sent nor deleted. At the top of the filesystem:
_OWN = (
    SECRETS + "*", "config.good.json", "config.tried.json", "crash.txt", "boot_record*",
    "firn.log*",
)  # fmt: skip
# Anywhere: a replacement under way, and what it replaced.
_LEFTOVERS = ("*.new", "*.bak")
# What editors and Python leave beside a site's files.
_IGNORED = ("*.pyc", "*.pyo", "*~", "*.swp", ".gitignore", ".gitattributes", ".gitkeep", "README*")

# What `firn bundle` puts on a device whose image has it not frozen; see docs/bundle.md.
BUNDLED = "lib/firn/__init__.mpy"
_PACKAGES = ("firn", "frozen_notebooks", "marimo", "microdot", "utemplate")
_MODULES = ("boot.py", "main.py", "lib/hmac.mpy", "lib/jwt.mpy", "lib/ssl.mpy")
_ROM = "rom/"
# There boot.py and main.py are ours, which run a site's own by other names.
RENAMED = {"boot.py": "user_boot.py", "main.py": "user_main.py"}


def named(folder):
    """The Path of the site ``folder`` that somebody named, or of the default one for None."""
    found = Path(folder or paths.default_site())
    if not found.is_dir():
        raise Failure("%s: expected a folder with a site" % found)
    return found


class Rules:
    """What counts: of ``folder`` (Path) its ``.firnignore`` and the log that its config names.

    ``.firnignore`` has a pattern per line in the manner of fnmatch, for a path from the top of
    the folder or for any name in it; "#" starts a comment.
    """

    def __init__(self, folder):
        self.folder = folder
        try:
            lines = (folder / IGNORE_FILE).read_text("utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        lines = [line.strip() for line in lines]
        self.patterns = [line.strip("/") for line in lines if line and line[0] != "#"]
        self.own = _OWN + _log_files(folder)

    def is_own(self, path):
        """Whether ``path`` (relative, with slashes) is the runtime's own on a device."""
        name = path.rpartition("/")[2]
        compiled = flash_image.is_compiled(self.folder / path)
        return compiled or _any(path, self.own) or _any(name, _LEFTOVERS)

    @staticmethod
    def is_secret(path):
        """Whether ``path`` holds secrets, or is a copy of what does."""
        return path.strip("/").startswith(SECRETS)

    def is_ignored(self, path):
        """Whether ``.firnignore`` names ``path`` or a folder that it is in."""
        parts = path.split("/")
        if _any_of(parts, self.patterns):
            return True
        tops = ("/".join(parts[:n]) for n in range(1, len(parts) + 1))
        return _any_of(tops, self.patterns)

    def files(self):
        """{relative path with slashes: Path} of what belongs on a device, in order of sending.

        config.json comes last, so that there never is one that names files still to come.
        """
        found = {}
        for path in flash_image.site_files(self.folder):
            name = path.relative_to(self.folder).as_posix()
            junk = _any_of(name.split("/"), _IGNORED)
            if not (junk or self.is_own(name) or self.is_ignored(name)):
                found[name] = path
        if "config.json" in found:
            found["config.json"] = found.pop("config.json")
        return found


def is_bundle(there):
    """Whether a device with the files ``there`` (relative paths) was made by `firn bundle`."""
    return BUNDLED in there or _ROM + BUNDLED in there


def without_packages(there):
    """``there`` ({relative path: size} of a bundle's files) without what is not the site's."""
    ours = tuple("lib/%s/" % name for name in _PACKAGES) + (_ROM,)
    return {
        name: size
        for name, size in there.items()
        if not (name in _MODULES or name.startswith(ours))
    }


def on_bundle(files):
    """``files`` ({relative path: anything} of a site) by the names that they have on a bundle."""
    for name, target in RENAMED.items():
        if name in files and target in files:
            raise Failure("expected %s or %s in a site's folder, got both" % (name, target))
    return {RENAMED.get(name, name): value for name, value in files.items()}


def _any(name, patterns):
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _any_of(names, patterns):
    return any(_any(name, patterns) for name in names)


def _log_files(folder):
    """The patterns of the log file that the folder's configuration names."""
    try:
        name = json.loads((folder / "config.json").read_bytes())["log"]["file"].strip("/")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ()
    escaped = name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
    return (escaped, escaped + ".*") if name else ()


def digest(path):
    """The SHA-256 of the file ``path`` (Path): hex."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(65536), b""):
            total.update(block)
    return total.hexdigest()
