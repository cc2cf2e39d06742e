"""The Set-Cookie header (RFC 6265 section 4.1)."""

from .http import is_token
from .http_date import http_date

_SAME_SITE = ("Strict", "Lax", "None")


def set_cookie_header(name, value, path, domain, expires, max_age, secure, http_only, partitioned,
                      same_site):  # fmt: skip
    """The value of the header; what Response.set_cookie() documents."""
    if not is_token(name.encode()):
        raise ValueError("expected a token as the cookie's name, got %r" % name)
    text = name + "=" + _checked(str(value))
    if path:
        text += "; Path=" + _checked(path)
    if domain:
        text += "; Domain=" + _checked(domain)
    if expires:
        text += "; Expires=" + (_checked(expires) if isinstance(expires, str) else _date(expires))
    if max_age is not None:
        text += "; Max-Age=%d" % max_age
    if secure:
        text += "; Secure"
    if http_only:
        text += "; HttpOnly"
    if same_site:
        if same_site not in _SAME_SITE:
            raise ValueError("expected Strict, Lax or None as same_site, got %r" % same_site)
        text += "; SameSite=" + same_site
    if partitioned:
        text += "; Partitioned"
    return text


def _checked(text):
    for c in text:
        if c == ";" or ord(c) < 32 or ord(c) == 127:
            raise ValueError("expected no semicolon or control character, got %r" % text)
    return text


def _date(moment):
    """A datetime as the date of RFC 9110: UTC, which one without a zone is taken to be in."""
    utc = getattr(moment, "utctimetuple", moment.timetuple)
    return http_date(utc())
