"""Who may use the setup page, and the entries of the site that need a login.

The owner is the user "admin": with the password hash of config.json, else with the one in
secrets.json. Until there is either, the owner logs in with the first password, which the console
shows, and only from the device's own access point or from the machine itself. The other users of
config.json may log in for entries of the site; the setup page is not for them.

Who is logged in stands in a cookie of its own, signed with a key of its own: whatever an
application on this device puts into its sessions, it makes nobody the owner.
"""

import hashlib

from microdot.compat import invoke
from microdot.csrf import CSRF
from microdot.login import Login
from microdot.session import Session

from . import secrets
from .platform import is_local

OWNER = "admin"
LOGIN = "/_firn/login"
COOKIE = "firn"
_PUBLIC = ("login", "logout", "assets")  # what everybody needs to log in
_KEPT = 16  # hexadecimal digits of a mark
# For names that there are not, so that these take as long as the others.
_NOBODY = "pbkdf2$5000$00000000000000000000000000000000$" + "0" * 64
_FAR = """\
This device has no password of its owner's yet, so it does not let anybody in from this network. \
Log in from the device's own access point or from the machine that it is connected to, with the \
first password, which its console shows."""


class User:
    """Who is logged in. Attributes: ``id`` (the user's name) and ``is_owner``."""

    def __init__(self, name):
        self.id = name
        self.is_owner = name == OWNER


class _Sessions(Session):
    name = COOKIE


class _Holder:
    """What microdot.session takes for the application: these sessions are not the site's."""

    def __init__(self):
        self.after_error_request_handlers = [None]

    def after_error_request(self, f):
        """Nothing to do: no answer that changes a session is made by abort()."""


class _Visit:
    """A request as microdot.login sees it, with our sessions in place of the application's."""

    def __init__(self, request, app):
        self._request = request
        self.app = app

    def __getattr__(self, name):
        if name[0] == "_":  # the session's own marks on a request
            raise AttributeError(name)
        return getattr(self._request, name)

    def after_request(self, f):
        """Have ``f`` see this object in place of the request."""

        async def handler(request, response):
            return await f(self, response)

        return self._request.after_request(handler)


class Access:
    """Decorator for handlers of the site that need a login; the rules of the setup page.

    ``config``: a firn.config.Config; ``for_site``: whether entries of the site need logins, so
    that others than the owner have to reach the login page. In a handler, the user (see User) is
    in ``request.g.current_user``.
    """

    def __init__(self, config, for_site=False):
        self.config = config
        self.for_site = for_site
        self._users = config.users
        self._throttle = None
        key = config.secret_key or secrets.session_key()
        key = key.encode() if isinstance(key, str) else bytes(key)
        self._key = hashlib.sha256(b"firn logins" + key).digest()
        self._holder = _Holder()
        options = {"path": "/", "http_only": True, "same_site": "Strict"}
        _Sessions(self._holder, self._key, options)
        self.login = Login(LOGIN)
        self.login.user_loader(self._find_user)
        self._same_origin = CSRF(protect_all=False).protect(_nothing)

    # Who there is

    def owner_hash(self):
        """The hash of the owner's own password (str); None while there is only the first."""
        return self._users.get(OWNER) or secrets.owner_hash()

    def forget(self):
        """Look the passwords of the configuration up again: they have been changed."""
        self._users = self.config.users

    async def _find_user(self, name):
        known = name == OWNER or name in self._users
        return User(name) if known else None

    def _mark(self, name):
        """What a session of ``name`` has to carry: it changes with the password (str)."""
        hash = self.owner_hash() if name == OWNER else self._users.get(name)
        if hash is None and name == OWNER:
            hash = secrets.first_password()
        digest = hashlib.sha256(self._key + (hash or "").encode()).digest()
        return "".join(["%02x" % byte for byte in digest])[:_KEPT]

    # Who is there

    def _visit(self, request):
        visit = getattr(request, "_firn_visit", None)
        if visit is None:
            visit = request._firn_visit = _Visit(request, self._holder)
        return visit

    def _session(self, request):
        return self._holder._session.get(self._visit(request))

    async def user(self, request):
        """The User who is logged in; None where nobody is."""
        user = await self.login.get_current_user(self._visit(request))
        if user is not None and self._session(request).get("mark") != self._mark(user.id):
            user = request.g.current_user = None
        return user

    def __call__(self, f):
        """Have ``f(request, ...)`` called for users only; others are sent to log in."""

        async def protected(request, *args, **kwargs):
            if await self.user(request) is None:
                return self.ask(request)
            return await invoke(f, request, *args, **kwargs)

        return protected

    def ask(self, request):
        """The answer that leads to the login page and from there back to ``request``."""
        from microdot.urlencoding import urlencode

        from .setup_page import see_other

        if request.method != "GET":  # what was sent is gone then
            return see_other(LOGIN)
        return see_other(LOGIN + "?next=" + urlencode(request.url))

    # What the setup page lets through

    def is_near(self, request):
        """Whether the client is on this machine or on the device's own access point."""
        from .setup_page import loaded

        address = request.client_addr[0]
        network = loaded("network")
        return is_local(address) or bool(network and network.via_access_point(address))

    async def check(self, request, name):
        """The answer to a request that must not get to the part ``name``; None: it may.

        Everything that is not on the list of what is public needs the owner.
        """
        from .setup_page import page, see_other

        refused = await self._foreign(request)
        if refused is not None:
            return refused
        is_public = name in _PUBLIC
        if is_public and self.for_site:
            return None
        if not self.config.setup:
            return "Not found", 404
        if self.owner_hash() is None and not self.is_near(request):
            return page(request, "Not from here", (), 403, None, _FAR, None, True)
        if is_public:
            return None
        user = await self.user(request)
        if user is None:
            return self.ask(request)
        if not user.is_owner:
            text = "The setup page is for the owner of the device, who logs in as %s." % OWNER
            return page(request, "Not for you", _log_out(), 403, None, text, None, True)
        request._firn_owner = True
        if self.owner_hash() is None and name != "password":
            return see_other("/_firn/password")
        return None

    async def _foreign(self, request):
        """The answer to what another site's page has sent, None for anything else.

        Such a page may not read either, even where ``cors`` allows it the rest of the site: the
        browser of the owner adds the owner's cookie. A link is no request of a page: it has no
        Origin.
        """
        from microdot import HTTPException

        origin = request.headers.get("Origin")
        host = request.headers.get("Host", "").lower()
        if origin is None or origin.partition("://")[2].lower() == host:
            try:
                return await self._same_origin(request)
            except HTTPException:
                pass
        return "Forbidden: another site has sent this request.", 403

    # Logging in

    def delay(self, request):
        """The seconds (int) that the client has to wait before the next attempt, or 0."""
        return self._throttle.delay(request.client_addr[0]) if self._throttle else 0

    async def try_password(self, request, name, password):
        """Whether ``password`` (str) is that of the user ``name`` (str); counts the failures.

        Only to be called when delay() is 0.
        """
        from microdot.passwords import check_password_async
        from microdot.throttle import Throttle

        if self._throttle is None:
            self._throttle = Throttle(5, 60)
        address = request.client_addr[0]
        # Before the password is looked at, as others can be tried meanwhile.
        self._throttle.failed(address)
        if name == OWNER and self.owner_hash() is None:
            right = secrets.is_first_password(password) and self.is_near(request)
        else:
            hash = self.owner_hash() if name == OWNER else self._users.get(name)
            right = await check_password_async(password, hash or _NOBODY) and bool(hash)
        if right:
            self._throttle.succeeded(address)
        else:
            from . import log

            log.warning("a login from %s was refused" % address)
        return right

    async def log_in(self, request, name, home):
        """The answer that logs ``name`` in and leads to what was asked for, or to ``home``."""
        visit = self._visit(request)
        response = await self.login.login_user(visit, User(name), redirect_url=home)
        session = self._session(request)
        session["mark"] = self._mark(name)
        session.save()
        response.status_code = 303
        return response

    async def log_out(self, request):
        """Log whoever is logged in out."""
        self._session(request).delete()
        request.g.current_user = None


def login_required(app, config):
    """The Access that protects entries of the site ``app`` (a Microdot application): a decorator
    for their handlers, to be given to setup_mount.add() as well, which serves the login page."""
    return Access(config, for_site=True)


def is_owner(request):
    """Whether ``request`` is known to be the owner's."""
    return getattr(request, "_firn_owner", False)


async def _nothing(request):
    return None


def _log_out():
    yield '<form method="post" action="/_firn/logout"><button>Log out</button></form>\n'
