"""HTTP authentication (RFC 9110 section 11): Basic (RFC 7617) and Bearer tokens (RFC 6750).

A client that gives wrong credentials again and again gets 429 for a while; see
microdot.throttle.
"""

from .compat import invoke
from .response import Response, make_response


class BaseAuth:
    """What both kinds have in common.

    An object is a decorator for routes: only clients whose credentials the function registered
    with ``authenticate`` accepts get there, and ``request.g.current_user`` is what it returned.

    Tunables, of a class or of one object: ``max_failures`` (0: no limit) in
    ``failure_window`` seconds.
    """

    max_failures = 10
    failure_window = 60

    def __init__(self, error_status):
        self.error_status = error_status
        self._verify = None
        self._error = None
        self._throttle = None
        self._text = ""  # of the answer

    def authenticate(self, f):
        """Decorator: ``f(request, ...)`` returns the user for credentials, None for wrong ones."""
        self._verify = f
        return f

    def errorhandler(self, f):
        """Decorator: ``f(request)`` makes the answer to clients that are not let in."""
        self._error = f
        return f

    def optional(self, f):
        """Decorator: let everyone in; ``request.g.current_user`` is None for who is nobody."""
        return self(f, True)

    def __call__(self, f, optional=False):
        from .helpers import wraps

        @wraps(f)
        async def handler(request, *args, **kwargs):
            user, seconds = await self._find_user(request)
            if user or optional:
                request.g.current_user = user or None
                return await invoke(f, request, *args, **kwargs)
            if seconds:
                return "Too many attempts", 429, {"Retry-After": str(seconds)}
            return await self._refuse(request)

        return handler

    def client(self, request):
        """Whose failures are counted together: here, those from one address."""
        return request.client_addr and request.client_addr[0]

    async def _find_user(self, request):
        """(user, 0); (None, the seconds to wait) for a client that has failed too often."""
        credentials = self._credentials(request)
        if credentials is None:
            return None, 0
        client = self.client(request)
        seconds = self._throttle.delay(client) if self._throttle else 0
        if seconds:
            return None, seconds
        user = await invoke(self._verify, request, *credentials)
        if not user and self.max_failures:
            if self._throttle is None:
                from .throttle import Throttle

                self._throttle = Throttle()
            self._throttle.max_failures = self.max_failures
            self._throttle.window = self.failure_window
            self._throttle.failed(client)
        elif self._throttle:
            self._throttle.succeeded(client)
        return user, 0

    def _app_error(self, request):
        return None

    async def _refuse(self, request):
        """The answer to a client that is not let in."""
        error = self._error or self._app_error(request)
        if error is None:
            response = Response(self._text, self.error_status)
        else:
            response = make_response(await invoke(error, request))
        if self._challenge and response.status_code == self.error_status:
            # RFC 9110 section 15.5.2
            response.headers.setdefault("WWW-Authenticate", self._challenge)
        return response

    def _authorization(self, request):
        """What comes after the scheme in the Authorization header, None for another scheme."""
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        return rest.strip(" \t") if scheme.lower() == self.scheme.lower() else None


class BasicAuth(BaseAuth):
    """User names and passwords; browsers ask for them.

    ``realm``: what for, as browsers show it; ``charset``: that of the credentials, UTF-8 or None
    to say nothing of it; ``scheme``: another name, which browsers do not know and therefore do
    not ask for; ``error_status``: of the answer to others. ValueError for a realm of several
    lines. An application instead of the realm is taken for none given.
    """

    def __init__(self, realm="Please login", charset="UTF-8", scheme="Basic", error_status=401):
        super().__init__(error_status)
        self.scheme = scheme
        self.realm = realm = realm if isinstance(realm, str) else "Please login"
        self.charset = charset
        if "\r" in realm or "\n" in realm or "\0" in realm:
            raise ValueError("expected one line as realm, got %r" % realm)
        # RFC 9110 section 5.6.4: a backslash before what would end the string.
        realm = realm.replace("\\", "\\\\").replace('"', '\\"')
        self._challenge = '%s realm="%s"' % (scheme, realm)
        if charset:
            self._challenge += ', charset="%s"' % charset

    def _credentials(self, request):
        """(user name, password); None for what is no such pair."""
        import binascii

        text = self._authorization(request)
        if not text:
            return None
        try:
            data = binascii.a2b_base64(text.encode())
            # The decoders pass over what does not belong there.
            if binascii.b2a_base64(data)[:-1] != text.encode():
                return None
            name, colon, password = data.decode().partition(":")
        except ValueError:  # no base64, no UTF-8
            return None
        return (name, password) if colon else None


class TokenAuth(BaseAuth):
    """Tokens such as programs send them.

    ``header``: the header with the token; in another one than Authorization the token is all of
    the value; ``scheme``: what is before the token; ``error_status``: of the answer to others.
    """

    def __init__(self, header="Authorization", scheme="Bearer", error_status=401):
        super().__init__(error_status)
        self.header = header if isinstance(header, str) else "Authorization"
        self.scheme = scheme
        self._text = "%d error" % error_status
        self._challenge = scheme if self.header.lower() == "authorization" else None

    def _credentials(self, request):
        """(token,); None where there is none."""
        if self._challenge:
            token = self._authorization(request)
        else:
            token = request.headers.get(self.header)
        return (token,) if token else None

    def _app_error(self, request):
        """The application's error handler for the status."""
        handler = None
        if request.subapp:
            handler = request.subapp.error_handlers.get(self.error_status)
        return handler or request.app.error_handlers.get(self.error_status)
