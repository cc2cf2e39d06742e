"""HMAC (RFC 2104) for images that lack the module, with the names and arguments of CPython's.

hashlib's objects cannot be copied there, and neither can an HMAC; what was digested takes no more
data.
"""

import hashlib
import os

_BLOCK = 64  # bytes, of MD5, SHA-1 and SHA-256 alike
_SALT = os.urandom(16)  # of this run


def _keyed(hash_of, key, byte):
    """A hash object that has taken the key's block, each byte of it XORed with ``byte``."""
    # Two numbers instead of 64 bytes: the loop is in C then.
    block = int.from_bytes(key + bytes(_BLOCK - len(key)), "big")
    return hash_of((block ^ int.from_bytes(byte * _BLOCK, "big")).to_bytes(_BLOCK, "big"))


class HMAC:
    """A message authentication code in the making; see new()."""

    block_size = _BLOCK
    _digest = None

    def __init__(self, key, msg=None, digestmod=None):
        if not digestmod:
            raise TypeError("expected a digestmod, got none")
        hash_of = digestmod
        if isinstance(digestmod, str):
            hash_of = getattr(hashlib, digestmod, None)
            if hash_of is None:
                raise ValueError("expected a hash that hashlib has, got %r" % digestmod)
        key = bytes(key)
        if len(key) > _BLOCK:
            key = hash_of(key).digest()
        self._inner = _keyed(hash_of, key, b"\x36")
        self._outer = _keyed(hash_of, key, b"\x5c")
        if msg is not None:
            self._inner.update(msg)

    def update(self, msg):
        """Add ``msg`` (bytes); ValueError once it was digested."""
        if self._digest is not None:
            raise ValueError("expected no more data after digest()")
        self._inner.update(msg)

    def digest(self):
        """The code (bytes)."""
        if self._digest is None:
            self._outer.update(self._inner.digest())
            self._digest = self._outer.digest()
        return self._digest

    def hexdigest(self):
        """The code as hexadecimal digits (str)."""
        return self.digest().hex()


def new(key, msg=None, digestmod=None):
    """An HMAC with ``key`` (bytes), which ``msg`` (bytes) begins.

    ``digestmod``: the name of a hash ("sha256") or what makes a hash object. TypeError without
    one; ValueError for a name that hashlib does not have.
    """
    return HMAC(key, msg, digestmod)


def digest(key, msg, digest):
    """The code (bytes) of ``msg`` (bytes) in one call; ``digest``: a digestmod as for new()."""
    return HMAC(key, msg, digest).digest()


def compare_digest(a, b):
    """Whether ``a`` and ``b``, both bytes or both str, are equal.

    How long it takes depends on their lengths alone. TypeError for other types.
    """
    if isinstance(a, str) and isinstance(b, str):
        a = a.encode()
        b = b.encode()
    elif isinstance(a, str) or isinstance(b, str):  # MicroPython adds str to bytes
        raise TypeError("expected both bytes or both str")
    # Their hashes are compared, not they themselves: == stops at the first difference, but where
    # that is, in a hash with a salt that nobody knows, says nothing of where a and b differ. This
    # is in C; a loop over the bytes would be most of the time that a signature takes.
    return hashlib.sha256(_SALT + a).digest() == hashlib.sha256(_SALT + b).digest()
