"""JSON Web Tokens (RFC 7519) signed with HS256, for images: what servers use of PyJWT.

The tokens are those of PyJWT with the same arguments, and the exceptions have its names. Nothing
of a token is decoded before its signature is found to be right.
"""

import hmac
import json
import sys
import time
from binascii import a2b_base64, b2a_base64

_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"  # {"alg":"HS256","typ":"JWT"}


class PyJWTError(Exception):
    """What all others are."""


class InvalidTokenError(PyJWTError):
    """The token is not to be trusted."""


class DecodeError(InvalidTokenError):
    """The token is none."""


class InvalidSignatureError(DecodeError):
    """The token was not signed with this key."""


class InvalidAlgorithmError(InvalidTokenError):
    """The token is signed in another way than HS256."""


class ExpiredSignatureError(InvalidTokenError):
    """``exp`` is over, or it cannot be known whether it is: the clock is not set."""


class ImmatureSignatureError(InvalidTokenError):
    """``nbf`` is still to come, or it cannot be known: the clock is not set."""


exceptions = sys.modules[__name__]  # where PyJWT has them


def encode(payload, key, algorithm="HS256"):
    """The token (str) that carries ``payload`` (dict), signed with ``key`` (bytes or str).

    TypeError for a payload that is no dict, or has in it what JSON cannot hold.
    """
    if algorithm != "HS256":
        raise NotImplementedError("expected HS256, got %r" % (algorithm,))
    if not isinstance(payload, dict):
        raise TypeError("expected a dict as payload, got %r" % type(payload))
    text = json.dumps(payload, separators=(",", ":"))
    try:
        json.loads(text)  # MicroPython's dumps() writes down anything, such as <function>
    except ValueError:
        raise TypeError("expected a payload that JSON can hold, got %s" % text)
    signed = _HEADER + "." + _base64url(text.encode())
    return signed + "." + _signature(signed, key)


def decode(jwt, key, algorithms=None, options=None):
    """The payload (dict) of the token ``jwt`` (str or bytes), signed with ``key``.

    ``algorithms``: a list with "HS256" in it; ``options``: a dict in which False for
    "verify_exp" or "verify_nbf" leaves that claim to the caller. Raises an InvalidTokenError.
    """
    if not algorithms:
        raise DecodeError("expected a list of algorithms, got none")
    if "HS256" not in algorithms:
        raise InvalidAlgorithmError("expected HS256 among the algorithms")
    if not isinstance(jwt, str):
        jwt = _text(jwt)
    parts = jwt.split(".", 3)
    if len(parts) != 3:
        raise DecodeError("expected 3 parts, got %d" % len(parts))
    header, payload, signature = parts
    # Compared as text: of the ways to write 32 bytes as base64url only the shortest counts.
    if not hmac.compare_digest(signature, _signature(header + "." + payload, key)):
        raise InvalidSignatureError("the signature is of another key or text")
    if header != _HEADER:
        _check_header(_object(header))
    claims = _object(payload)
    _check_times(claims, options or {})
    return claims


def _signature(signed, key):
    if isinstance(key, str):
        key = key.encode()
    return _base64url(hmac.new(key, signed.encode(), "sha256").digest())


def _base64url(data):
    text = b2a_base64(data, newline=False).decode()
    return text.rstrip("=").replace("+", "-").replace("/", "_")


def _text(data):
    try:
        return data.decode()
    except UnicodeError:
        raise DecodeError("expected ASCII")


def _object(part):
    """The JSON object in a part of the token."""
    try:
        text = part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4)
        text = a2b_base64(text).decode()
        value = json.loads(_joined(text) if "\\u" in text else text)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deeply
        raise DecodeError("expected base64url of JSON")
    if not isinstance(value, dict):
        raise DecodeError("expected an object of JSON")
    return value


def _joined(text):
    """JSON with its surrogate pairs as characters: MicroPython's json would leave two halves."""
    pieces = []
    done = 0
    at = text.find("\\")
    while at >= 0:
        end = at + 2
        if text[at + 1 : end] == "u":
            high = int(text[at + 2 : at + 6], 16) - 0xD800
            end = at + 6
            if 0 <= high < 0x400 and text[end : end + 2] == "\\u":
                low = int(text[end + 2 : end + 6], 16) - 0xDC00
                if 0 <= low < 0x400:
                    end += 6
                    pieces.append(text[done:at])
                    pieces.append(chr(0x10000 + (high << 10) + low))
                    done = end
        at = text.find("\\", end)
    return "".join(pieces) + text[done:]


def _check_header(header):
    if header.get("alg") != "HS256":
        raise InvalidAlgorithmError("expected HS256, got %r" % header.get("alg"))
    if "crit" in header:  # RFC 7515 section 4.1.11: refuse what one does not understand
        raise DecodeError("expected no critical extension, got %r" % (header["crit"],))


def _check_times(claims, options):
    """RFC 7519 sections 4.1.4 and 4.1.5."""
    now = _now()
    if "exp" in claims and options.get("verify_exp", True) and not now < _number(claims["exp"]):
        raise ExpiredSignatureError("expected a token that has not expired")
    if "nbf" in claims and options.get("verify_nbf", True) and not now >= _number(claims["nbf"]):
        raise ImmatureSignatureError("expected a token that is valid already")


def _now():
    """Seconds since 1970; not a number, which nothing compares with, while the clock is unset."""
    if time.gmtime()[0] < 2024:
        return float("nan")
    # On some ports the epoch is 2000.
    return int(time.time()) + (946684800 if time.gmtime(0)[0] == 2000 else 0)


def _number(value):
    if not isinstance(value, (int, float)):
        raise DecodeError("expected a number of seconds, got %r" % (value,))
    return value
