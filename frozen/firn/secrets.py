"""secrets.json: what the device has made up itself and never gives away.

    session_key     signs sessions; 64 hexadecimal digits
    first_password  of the owner, until there is an own one; on the console and nowhere else
    owner           hash of the owner's password, as microdot.passwords makes them

No page, log or message contains a value from here but the first password, on the console. A file
that is damaged is put aside as secrets.json.bad, and new secrets are made: sessions end, and the
owner starts with a first password again.
"""

import json
import os

from . import log, replace

PATH = "/secrets.json"
LIMIT = 4096  # bytes
LEAST, MOST = 8, 128  # characters of a password
# 32 characters, 5 bits each: none that is taken for another, all on any keyboard.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS = 3
_GROUP = 4  # characters
_ENOENT = 2
_EIO = 5

_kept = None  # the contents of the file, once it was read
_unread = False  # whether there is a file that could not be read: it is left alone


def get(name):
    """The secret ``name`` (str); None where there is none."""
    return _load().get(name)


def put(name, value):
    """Keep ``value`` (what JSON knows) as the secret ``name``; None: forget it.

    Raises OSError, with everything as it was, where the file cannot be written.
    """
    _update({name: value})


def session_key():
    """The key that signs sessions (str, 32 random bytes as hexadecimal digits).

    Made at first use. Where it cannot be kept it holds until the device restarts.
    """
    return _made("session_key", _new_key)


def first_password():
    """The owner's password (str) until there is an own one; then None. Made at first use."""
    if owner_hash() is not None:
        return None
    return _made("first_password", _new_password)


def is_first_password(password):
    """Whether ``password`` (str) is the first password, if that counts still.

    Capital letters, and hyphens or spaces left out, are taken as meant. Takes a time that does
    not depend on where the two differ.
    """
    from microdot.passwords import same

    right = first_password()
    if right is None or not isinstance(password, str) or len(password) > MOST:
        return False
    return same(_plain(password), _plain(right))


def owner_hash():
    """The hash (str) of the owner's own password; None until there is one."""
    return _load().get("owner")


async def set_owner_password(password):
    """Make ``password`` (str, 8 to 128 characters) the owner's; the first one counts no more.

    Raises ValueError for another one, OSError where it cannot be kept; the old one counts then.
    """
    from microdot.passwords import hash_password_async

    if not isinstance(password, str) or not LEAST <= len(password) <= MOST:
        got = len(password) if isinstance(password, str) else type(password).__name__
        raise ValueError("expected a password of %d to %d characters, got %s" % (LEAST, MOST, got))
    _update({"owner": await hash_password_async(password), "first_password": None})


# Making


def _made(name, make):
    value = _load().get(name)
    if value is None:
        value = make()
        log.redact(value)
        try:
            put(name, value)
        except OSError as error:
            log.error("%s: expected a file that can be written, got %s" % (PATH, error))
            _kept[name] = value
    return value


def _new_key():
    return "".join(["%02x" % byte for byte in os.urandom(32)])


def _new_password():
    letters = [_ALPHABET[byte & 31] for byte in os.urandom(_GROUPS * _GROUP)]
    groups = [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]
    return "-".join(["".join(group) for group in groups])


def _plain(password):
    return password.lower().replace("-", "").replace(" ", "").encode()


# Keeping


def _load():
    """What is kept (a dict): read once, as it is asked for often."""
    global _kept, _unread
    if _kept is None:
        try:
            kept = _read()
        except OSError as error:
            log.error("%s: expected a file that can be read, got %s" % (PATH, error))
            kept = {}
            _unread = True
        except (ValueError, RuntimeError):  # no JSON; nested too deep
            _put_aside()
            kept = {}
        _kept = kept
        log.redact(kept.get("session_key"))
        log.redact(kept.get("first_password"))
    return _kept


def _read():
    try:
        replace.recover(PATH)
    except OSError:
        pass  # a filesystem that cannot be written: what there is can be read
    try:
        size = os.stat(PATH)[6]
    except OSError as error:
        if error.args[0] == _ENOENT:
            return {}
        raise
    if size > LIMIT:
        raise ValueError
    with open(PATH, "rb") as file:
        data = file.read(LIMIT)
    # Loaded and forgotten, as for the configuration: MicroPython's json takes half a file.
    from . import config, config_kinds, json_text

    try:
        secrets = json_text.loads(data)[0]
        if not isinstance(secrets, dict) or not _is_sound(secrets, config_kinds.password_hash):
            raise ValueError
    finally:
        config.forget("config_kinds")
        config.forget("json_text")
    return secrets


def _is_sound(secrets, is_hash):
    """Whether the secrets that this module makes are as it makes them."""
    key = secrets.get("session_key")
    if key is not None and not (_is_of(key, "0123456789abcdef") and len(key) == 64):
        return False
    password = secrets.get("first_password")
    if password is not None and not (_is_of(password, _ALPHABET + "-") and len(password) >= 10):
        return False
    owner = secrets.get("owner")
    return owner is None or is_hash(owner, None) is not None


def _is_of(value, characters):
    return isinstance(value, str) and all(c in characters for c in value)


def _put_aside():
    log.error("%s is damaged; it is kept as secrets.json.bad, and new secrets are made" % PATH)
    _remove(PATH + ".bad")
    try:
        os.rename(PATH, PATH + ".bad")
    except OSError:
        pass  # it is put aside, or replaced, another time


def _update(changes):
    """Keep ``changes`` (a dict; None: forget), all or none of them."""
    global _kept
    secrets = dict(_load())
    for name in changes:
        secrets.pop(name, None)
        if changes[name] is not None:
            secrets[name] = changes[name]
    if secrets == _kept:
        return
    if _unread:
        raise OSError(_EIO)
    data = json.dumps(secrets).encode()
    if len(data) > LIMIT:
        raise ValueError("expected at most %d bytes of secrets, got %d" % (LIMIT, len(data)))
    # Without a backup: a password that counts no more need not be read any more.
    with replace.Replacement(PATH, backup=False) as file:
        if hasattr(os, "chmod"):
            os.chmod(PATH + ".new", 0o600)  # before there is anything in it
        file.write(data)
    _kept = secrets


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass
