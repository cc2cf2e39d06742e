"""Where things are: the project's files, the caches and the builds."""

import hashlib
import os
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def root():
    """The folder with frozen/, firmware/, boards/, manifest.py: a checkout or the wheel's data."""
    checkout = _HERE.parent.parent
    if (checkout / "manifest.py").is_file() and (checkout / "frozen").is_dir():
        return checkout
    return _HERE / "data"


def frozen():
    """The folder to put first on ``sys.path`` for ``import microdot`` on a host."""
    return root() / "frozen"


def default_site():
    """The folder with the site that a board has at first."""
    return root() / "firmware" / "filesystem"


def cache():
    """Downloads and unpacked sources, shared by all checkouts (``FIRN_CACHE`` overrides)."""
    named = os.environ.get("FIRN_CACHE")
    if named:
        return Path(named).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().absolute() / "firn"


def build(board):
    """The folder that everything built for ``board`` goes to: the checkout's, or in the cache."""
    return (root() if _is_checkout() else cache()) / "build" / board


def flash(board, folder):
    """The flash image that ``firn emulate`` keeps for ``board``; out of a checkout, for each site
    ``folder`` (Path) its own."""
    if _is_checkout():
        return build(board) / "flash.img"
    mark = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return build(board) / ("flash-%s.img" % mark)


def _is_checkout():
    return (root() / "pyproject.toml").is_file()
