"""Which files the file manager may touch: paths that lead nowhere else, and what is kept back."""

import os

from microdot.files import has_link

root = ""  # what stands before every path; tests set another

_LONGEST_NAME = 100  # bytes; the suffixes of a replacement have room in littlefs's 255
_LONGEST_PATH = 250
_DIRECTORY = 0x4000
_FILE = 0x8000

_SECRETS = "secrets.json"
_CONFIGS = ("config.json", "config.good.json", "config.tried.json")
_SUFFIXES = (".new", ".bak")


class Refused(Exception):
    """``status`` (int) and ``message`` (str) of an answer that says why not."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


def not_there(path):
    """The Refused for a path that names nothing, or nothing to be seen."""
    return Refused(404, "There is nothing at /%s." % path)


def checked(path):
    """``path`` (str, decoded, below the root, without a first slash) if it can only lead below it.

    Raises Refused for dot segments and empty ones, control characters, and names too long or of
    a kind that a filesystem would take for another one.
    """
    if path:
        for name in path.split("/"):
            check_name(name)
        if len(path.encode()) > _LONGEST_PATH:
            raise Refused(400, "Expected a path of at most %d bytes." % _LONGEST_PATH)
    return path


def check_name(name):
    """Raise Refused unless ``name`` (str) can be the name of a file or directory."""
    if name in ("", ".", ".."):
        raise Refused(400, 'Expected a name, got "%s".' % name)
    for c in name:
        if c < " " or "\x7f" <= c < "\xa0" or c in "/\\":
            raise Refused(400, "Expected a name without slashes and control characters.")
    # FAT leaves them out, so that it would be the name of another file.
    if name[-1] in ". ":
        raise Refused(400, "Expected a name that does not end with a dot or a space.")
    try:
        length = len(name.encode())
    except UnicodeError:
        raise Refused(400, "Expected a name that is text.")
    if length > _LONGEST_NAME:
        raise Refused(400, "Expected a name of at most %d bytes." % _LONGEST_NAME)


def check_new_name(name):
    """Raise Refused unless ``name`` (str) can be given to a new file."""
    check_name(name)
    if name[-4:] == ".new":
        raise Refused(400, 'Expected a name without ".new" at its end: such files are under way.')


def full(path):
    """The name that the filesystem knows ``path`` by."""
    return root + "/" + path


def kind(path):
    """ "file", "directory", or None where nothing is that clients may know of.

    A name must stand in its directory as it is written: on FAT one file has several. Symbolic
    links, which hosts have, are nothing.
    """
    checked(path)
    if not path:
        return "directory"
    if is_secret(path):
        return None
    parent, name = split(path)
    try:
        if name not in os.listdir(full(parent)) or has_link(root or "/", path):
            return None
        mode = os.stat(full(path))[0] & 0xF000
    except OSError:
        return None
    if mode == _DIRECTORY:
        return "directory"
    return "file" if mode == _FILE else None


def is_free(path):
    """Whether nothing has the name ``path``, nor another one that the filesystem takes for it."""
    if is_secret(path) or is_config(path):
        return False
    try:
        os.stat(full(path))
    except OSError:
        return True
    return False


def split(path):
    """(directory, name) of ``path``."""
    at = path.rfind("/")
    return (path[:at], path[at + 1 :]) if at >= 0 else ("", path)


def is_secret(path):
    """Whether ``path`` is the file of the device's secrets or a version of it."""
    return _original(path) == _SECRETS


def is_config(path):
    """Whether ``path`` is a configuration: it holds passwords and has a page of its own."""
    return _original(path) in _CONFIGS


def _original(path):
    """``path`` in lower case, as FAT compares, without what versions of a file end with."""
    path = path.lower()
    while path[-4:] in _SUFFIXES:
        path = path[:-4]
    return path


def is_key(path):
    """Whether ``path`` is, or holds, the private key that a configuration names."""
    path = _original(path)
    for key in _keys():
        key = key.lower()
        if key == path or key[: len(path) + 1] == path + "/":
            return True
    return False


def _keys():
    """The paths of TLS keys: of the site that runs, and of what it may be built of next."""
    from . import status

    found = []
    config = status.site.config if status.site else None
    if config is not None and config.server.tls is not None:
        found.append(config.server.tls.key)
    for name in _CONFIGS:
        try:
            import json

            with open(full(name), "rb") as file:
                found.append(json.load(file)["server"]["tls"]["key"])
        except (OSError, ValueError, KeyError, TypeError, IndexError, RuntimeError):
            pass  # none, or not a configuration (RuntimeError: nested too deeply)
    return [key.strip("/") for key in found if isinstance(key, str) and key]


def free_room():
    """Bytes that a file may have, one block of the filesystem left for its name; None: unknown."""
    try:
        state = os.statvfs(root or "/")
    except (AttributeError, OSError):
        return None
    return max(0, (state[4] - 2) * state[1])
