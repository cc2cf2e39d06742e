"""User sessions, kept by the browser in a signed cookie: a JSON Web Token (RFC 7519, HS256).

Who has the cookie can read it, and cannot change it without the secret key.
"""

import time

import jwt

from .compat import invoke
from .response import Response

_MAX_COOKIE = 4096  # bytes that browsers keep (RFC 6265 section 6.1); a longer token is refused
_KEY_SIZE = 32  # bytes that a key should have at least (RFC 7518 section 3.2)

# The claims that are looked at are looked at here, the same on every Python.
_OPTIONS = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class SessionDict(dict):
    """The session of one request: a dict of what JSON knows, and the request (``request``)."""

    def __init__(self, request, session_dict):
        super().__init__(session_dict)
        self.request = request

    def save(self):
        """Send the session, as it is now, with the response.

        ValueError for one that is too long for a cookie.
        """
        self.request.app._session.update(self.request, self)

    def delete(self):
        """Empty the session and have the browser forget it."""
        self.request.app._session.delete(self.request)


class Session:
    """The sessions of an application.

    ``secret_key``: str or bytes, or a list of them, of which the first signs and all verify.
    ``cookie_options``: arguments for Response.set_cookie(); left out, they are ``path="/"``,
    ``http_only=True``, ``same_site="Lax"`` and, when the request came over TLS, ``secure=True``.
    ``max_age``: seconds after its last save for which a session is good; None: no limit.
    The class attribute ``name`` is the cookie's name.
    """

    name = "session"
    _warned = False

    def __init__(self, app=None, secret_key=None, cookie_options=None, max_age=None):
        self.secret_key = secret_key
        self.cookie_options = cookie_options or {}
        self.max_age = max_age
        if app is not None:
            self.initialize(app)

    def initialize(self, app, secret_key=None, cookie_options=None, max_age=None):
        """Give ``app`` (the topmost, where applications are mounted) sessions.

        What is left out stays as the constructor got it.
        """
        if secret_key is not None:
            self.secret_key = secret_key
        if max_age is not None:
            self.max_age = max_age
        options = {"path": "/", "http_only": True, "same_site": "Lax"}
        options.update(self.cookie_options if cookie_options is None else cookie_options)
        self.cookie_options = options
        app._session = self
        if self.secret_key:
            self._keys()  # says what is wrong with it now
        # An error answer carries the cookies as well.
        if _write_cookies not in app.after_error_request_handlers:
            app.after_error_request(_write_cookies)

    def get(self, request):
        """The SessionDict of ``request``, empty where there is none or none to be trusted.

        The same object for the whole request. ValueError without a secret key.
        """
        session = getattr(request, "_session", None)
        if session is None:
            payload = self.decode(request.cookies.get(self.name, ""))
            if "_purpose" in payload:  # a token that was signed for something else
                payload = {}
            if self.max_age is not None and payload.pop("exp", None) is None:
                payload = {}
            session = request._session = SessionDict(request, payload)
            request._session_cookies = {}
            request.after_request(_write_cookies)
        return session

    def update(self, request, session):
        """Have ``session`` (a dict) sent with the response; see SessionDict.save()."""
        if "_purpose" in session:
            raise ValueError("expected no key _purpose in a session")
        payload = dict(session.items())
        if self.max_age is not None:
            payload["exp"] = self.expiry(self.max_age)
        options = self.cookie_options
        if self.max_age is not None and "max_age" not in options:
            options = dict(options, max_age=self.max_age)
        self._send(request, self.name, self.encode(payload), options)

    def delete(self, request):
        """Empty the session and have the browser forget it."""
        self.get(request).clear()
        self._send(request, self.name, None, self.cookie_options)

    def encode(self, payload, secret_key=None):
        """The token (str) for ``payload`` (dict), signed with ``secret_key`` or the first key."""
        return jwt.encode(payload, self._keys(secret_key)[0], algorithm="HS256")

    def decode(self, session, secret_key=None):
        """The payload (dict) of the token ``session`` (str); empty where it cannot be trusted.

        That is: longer than a cookie can be, not a token, not signed with HS256 and one of the
        keys, expired (``exp``), not yet valid (``nbf``); or either of these while the clock is
        not set.
        """
        keys = self._keys(secret_key)
        if session and len(session) <= _MAX_COOKIE:
            for key in keys:
                try:
                    payload = jwt.decode(session, key, algorithms=["HS256"], options=_OPTIONS)
                except (jwt.PyJWTError, ValueError, RuntimeError):  # RuntimeError: nested deeply
                    continue
                return payload if _is_timely(payload) else {}
        return {}

    @staticmethod
    def expiry(seconds):
        """The moment ``seconds`` from now as an ``exp`` claim: seconds since 1970."""
        # On some ports of MicroPython the epoch is 2000.
        return int(time.time()) + (946684800 if time.gmtime(0)[0] == 2000 else 0) + seconds

    def _keys(self, secret_key=None):
        """The keys as a list of bytes, none shorter than HS256 wants them."""
        keys = secret_key or self.secret_key
        if not isinstance(keys, (list, tuple)):
            keys = [keys]
        if not all(keys) or not keys:
            raise ValueError("expected a secret_key for the sessions, got none")
        return [self._key(key) for key in keys]

    def _key(self, key):
        if isinstance(key, str):
            key = key.encode()
        missing = _KEY_SIZE - len(key)
        if missing <= 0:
            return key
        if not Session._warned:
            Session._warned = True
            print(
                "session: expected a secret_key of %d bytes or more, got %d; a short one can be "
                "guessed" % (_KEY_SIZE, len(key))
            )
        # HMAC fills keys up in this way anyhow (RFC 2104 section 2), so it is the same key; but
        # PyJWT warns, with each token, of keys that come in short.
        return key + bytes(missing)

    def _send(self, request, name, value, options):
        """Have a cookie set (or deleted: ``value`` None) by the response."""
        self.get(request)
        options = dict(options)
        if "secure" not in options:
            options["secure"] = request.scheme == "https"
        header = Response()
        if value is None:
            header.delete_cookie(name, **options)
        else:
            header.set_cookie(name, value, **options)
        text = header.headers["Set-Cookie"][0]
        _check_size("the cookie " + name, len(text), _MAX_COOKIE)
        # It would come back in a line that the server refuses, with each request.
        line = len("Cookie: =\r\n") + len(name) + len(value or "")
        what = "the header line of the cookie %s (see Request.max_readline)" % name
        _check_size(what, line, request.max_readline)
        request._session_cookies[name] = text


def _check_size(what, size, limit):
    if size > limit:
        raise ValueError("expected %s to have %d bytes at most, got %d" % (what, limit, size))


def with_session(f):
    """Decorator: call ``f(request, session, ...)`` with the request's SessionDict."""

    async def decorated(request, *args, **kwargs):
        session = request.app._session.get(request)
        return await invoke(f, request, session, *args, **kwargs)

    return decorated


def _is_timely(payload):
    """Whether now is between ``nbf`` and ``exp`` (RFC 7519 sections 4.1.4 and 4.1.5)."""
    if "exp" not in payload and "nbf" not in payload:
        return True
    now = Session.expiry(0)
    exp = payload.get("exp", now + 1)
    nbf = payload.get("nbf", 0)
    if not isinstance(exp, (int, float)) or not isinstance(nbf, (int, float)):
        return False
    # A clock that was never set would make what has expired good again.
    return time.gmtime()[0] >= 2024 and nbf <= now < exp


async def _write_cookies(request, response):
    """After a request: the cookies that are to be sent, and that the answer depends on them.

    ``async`` although it waits for nothing: a plain function is given a thread on CPython.
    """
    cookies = getattr(request, "_session_cookies", None)
    if cookies is None or response is Response.already_handled:
        return None
    if cookies:
        response = _copy(response)
        present = response.headers.get("Set-Cookie", [])
        if not isinstance(present, list):
            present = [present]
        response.headers["Set-Cookie"] = present + list(cookies.values())
    _vary(response.headers)
    return response


def _copy(response):
    """A response like this one: a handler may give the same object to the next client, too."""
    copy = object.__new__(type(response))
    for name, value in response.__dict__.items():
        setattr(copy, name, value)
    copy.headers = dict(response.headers.items())
    return copy


def _vary(headers):
    """Caches must not give one visitor what another's cookie has led to."""
    vary = headers.get("Vary") or ""
    if isinstance(vary, list):
        vary = ", ".join(vary)
    names = [name.strip().lower() for name in vary.split(",")]
    if "*" not in names and "cookie" not in names:
        headers["Vary"] = vary + ", Cookie" if vary else "Cookie"
