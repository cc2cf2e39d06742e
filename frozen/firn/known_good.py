"""The last good configuration: the one that served a while, and that a client has reached.

/config.good.json is a copy of the /config.json of then, written only when it differs. Loaded when
it is needed and forgotten again.
"""

from . import config as configuration
from . import platform

CONFIG = "/config.json"
GOOD = "/config.good.json"
_KEPT = ("network", "users")  # what of a configuration counts in safe mode


def load():
    """The last good Config; None where there is none, or none without mistakes."""
    if not (platform.is_file(GOOD) or platform.is_file(GOOD + ".new")):
        return None
    config = configuration.load(GOOD)
    return None if config.problems else config


def differs():
    """Whether /config.json is not the same, byte for byte, as the last good one."""
    return not _same(CONFIG, GOOD)


def network_changed(config):
    """Whether the network of ``config`` (a Config) is another than the last good one's.

    Without a last good one: than the default.
    """
    if platform.is_file(GOOD) and not differs():
        return False
    good = load()
    return section(config) != (section(good) if good else {})


def section(config):
    """What ``config`` (a Config) says of the network: a dict, without the defaults."""
    return config._values.get("network") or {}


def keep():
    """Keep /config.json as the last good one; False if it was that already. Raises OSError."""
    if not platform.is_file(CONFIG) or not differs():
        return False
    copy(CONFIG, GOOD)
    return True


def copy(source, target, backup=False):
    """Replace the file ``target`` by a copy of ``source``, in constant memory.

    ``backup``: whether the one before is kept as ``target.bak``. Raises OSError.
    """
    from .replace import Replacement

    with open(source, "rb") as file, Replacement(target, backup) as copied:
        while True:
            data = file.read(256)
            if not data:
                break
            copied.write(data)


def reduced():
    """The Config of safe mode: of /config.json the network, the users and the port alone."""
    config = configuration.load(CONFIG)
    values = {"static": (), "dynamic_directories": ()}
    for name in _KEPT:
        if name in config._values:
            values[name] = config._values[name]
    port = (config._values.get("server") or {}).get("port")
    if port is not None:
        values["server"] = {"port": port}
    reduced = configuration.Config(values, CONFIG)
    reduced.problems = config.problems
    return reduced


def _same(one, other):
    try:
        with open(one, "rb") as first, open(other, "rb") as second:
            while True:
                data = first.read(256)
                if data != second.read(256):
                    return False
                if not data:
                    return True
    except OSError:
        return False
