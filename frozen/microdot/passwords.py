"""Passwords as hashes: ``pbkdf2$iterations$salt$hash``, salt and hash in small hexadecimal.

The hash is PBKDF2 (RFC 8018 section 5.2) with HMAC-SHA256, one block. Every wrong password costs
``iterations`` rounds; a right one is remembered until the program ends, so that it is dear only
once: Basic authentication sends it with every request.
"""

import hashlib
import os

from .compat import MICROPYTHON, const

# A second on a microcontroller that makes 5000 rounds a second, as those of 133 MHz about do.
ITERATIONS = 5000
MIN_ITERATIONS = 100
# What a hash may ask for: some seconds, never longer than a watchdog waits.
MAX_ITERATIONS = 100000 if MICROPYTHON else 9999999

_SALT_BYTES = const(16)
_REMEMBERED = const(8)  # passwords
_ROUNDS = const(50)  # without giving others a turn

_key = None  # random, for what is remembered: nobody can prepare a table of hashes
_remembered = []  # of (hash, digest of the right password), the oldest first


def hash_password(password, iterations=None, salt=None):
    """The hash (str) of ``password`` (str or bytes).

    ``iterations``: ITERATIONS if left out; ``salt``: 8 to 32 bytes, random if left out, as it
    should be. ValueError for others, and for more iterations than MAX_ITERATIONS.
    """
    iterations, salt = _settings(iterations, salt)
    return _format(iterations, salt, _pbkdf2(_as_bytes(password), salt, iterations))


async def hash_password_async(password, iterations=None, salt=None):
    """hash_password() that lets other tasks run."""
    if not MICROPYTHON:
        import asyncio

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, hash_password, password, iterations, salt)
    iterations, salt = _settings(iterations, salt)
    return _format(iterations, salt, await _pbkdf2_async(_as_bytes(password), salt, iterations))


def _settings(iterations, salt):
    if iterations is None:
        iterations = ITERATIONS
    if not MIN_ITERATIONS <= iterations <= MAX_ITERATIONS:
        raise ValueError(
            "expected %d to %d iterations, got %d" % (MIN_ITERATIONS, MAX_ITERATIONS, iterations)
        )
    if salt is None:
        salt = os.urandom(_SALT_BYTES)
    if not 8 <= len(salt) <= 32:
        raise ValueError("expected 8 to 32 bytes of salt, got %d" % len(salt))
    return iterations, salt


def _format(iterations, salt, digest):
    return "pbkdf2$%d$%s$%s" % (iterations, _hex(salt), _hex(digest))


def check_password(password, hash):
    """Whether ``hash`` (str) is the hash of ``password`` (str or bytes).

    False, too, for what is no hash in this format or asks for more than MAX_ITERATIONS. Nothing
    else runs meanwhile; see check_password_async().
    """
    parts = _parse(hash)
    if parts is None:
        return False
    password = _as_bytes(password)
    mark = _mark(password, hash)
    if _is_remembered(hash, mark):
        return True
    iterations, salt, digest = parts
    return _decide(hash, mark, _pbkdf2(password, salt, iterations), digest)


async def check_password_async(password, hash):
    """check_password() that lets other tasks run."""
    if not MICROPYTHON:
        import asyncio

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, check_password, password, hash)
    parts = _parse(hash)
    if parts is None:
        return False
    password = _as_bytes(password)
    mark = _mark(password, hash)
    if _is_remembered(hash, mark):
        return True
    iterations, salt, digest = parts
    return _decide(hash, mark, await _pbkdf2_async(password, salt, iterations), digest)


def same(a, b):
    """Whether two strings of bytes are the same, in a time that depends on their length alone."""
    if not MICROPYTHON:
        import hmac

        return hmac.compare_digest(a, b)
    difference = len(a) ^ len(b)
    for x, y in zip(a, b):
        difference |= x ^ y
    return difference == 0


def _as_bytes(password):
    return password.encode() if isinstance(password, str) else bytes(password)


def _hex(data):
    return "".join(["%02x" % byte for byte in data])


def _parse(hash):
    """(iterations, salt, digest) of a hash, None for what is none."""
    parts = hash.split("$") if isinstance(hash, str) else ()
    if len(parts) != 4 or parts[0] != "pbkdf2":
        return None
    _, iterations, salt, digest = parts
    if not 16 <= len(salt) <= 64 or len(salt) % 2 or len(digest) != 64:
        return None
    if not 3 <= len(iterations) <= 7 or iterations[0] == "0":
        return None
    if any(c not in "0123456789" for c in iterations):
        return None
    if any(c not in "0123456789abcdef" for c in salt + digest):
        return None
    iterations = int(iterations)
    if iterations > MAX_ITERATIONS:
        return None
    return iterations, _unhex(salt), _unhex(digest)


def _unhex(text):
    return bytes([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])


# What was right before


def _mark(password, hash):
    """What is remembered of a right password: useless without this process's random key."""
    global _key
    if _key is None:
        _key = os.urandom(32)
    return hashlib.sha256(_key + hash.encode() + password).digest()


def _is_remembered(hash, mark):
    return any(entry[0] == hash and same(entry[1], mark) for entry in _remembered)


def _decide(hash, mark, found, digest):
    if not same(found, digest):
        return False
    if len(_remembered) >= _REMEMBERED:
        _remembered.pop(0)
    _remembered.append((hash, mark))
    return True


if MICROPYTHON:

    def _pads(password):
        """The first blocks of HMAC's two hashes (RFC 2104 section 2)."""
        if len(password) > 64:
            password = hashlib.sha256(password).digest()
        password += bytes(64 - len(password))
        return bytes([byte ^ 0x36 for byte in password]), bytes([byte ^ 0x5C for byte in password])

    def _rounds(inner, outer, last, total, count):
        """``count`` rounds more: (last HMAC, exclusive or of all as an int)."""
        sha256 = hashlib.sha256
        for _ in range(count):
            hash = sha256(inner)
            hash.update(last)
            last = hash.digest()
            hash = sha256(outer)
            hash.update(last)
            last = hash.digest()
            total ^= int.from_bytes(last, "big")
        return last, total

    def _pbkdf2(password, salt, iterations):
        inner, outer = _pads(password)
        total = _rounds(inner, outer, salt + b"\0\0\0\1", 0, iterations)[1]
        return total.to_bytes(32, "big")

    async def _pbkdf2_async(password, salt, iterations):
        import asyncio

        inner, outer = _pads(password)
        last = salt + b"\0\0\0\1"
        total = 0
        while iterations > 0:
            last, total = _rounds(inner, outer, last, total, min(iterations, _ROUNDS))
            iterations -= _ROUNDS
            await asyncio.sleep(0)
        return total.to_bytes(32, "big")

else:

    def _pbkdf2(password, salt, iterations):
        return hashlib.pbkdf2_hmac("sha256", password, salt, iterations)
