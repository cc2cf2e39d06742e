"""User logins: who is logged in stands in the session, and may be remembered beyond it.

The application needs a microdot.session.Session. Users are objects with an attribute ``id``, of a
type that JSON has.
"""

from .compat import invoke
from .response import redirect

_REMEMBER = "_remember"  # the cookie's name, and what its token is for
_DAYS = 30
_DAY = 24 * 60 * 60  # seconds


class Login:
    """Decorator for routes that need a user: who is not logged in is sent to ``login_url``.

    The user is in ``request.g.current_user`` then. The page at ``login_url`` gets what was asked
    for as the argument ``next``, which login_user() obeys.
    """

    _load_user = None

    def __init__(self, login_url="/login"):
        self.login_url = login_url

    def user_loader(self, f):
        """Decorator: ``f(user_id)``, plain or ``async``, gives the user with this ``id``, or None."""
        self._load_user = f
        return f

    def __call__(self, f):
        return self._protect(f, False)

    def fresh(self, f):
        """Decorator for routes that need a user who has logged in during this session."""
        return self._protect(f, True)

    def _protect(self, f, fresh):
        async def decorated(request, *args, **kwargs):
            user = await self.get_current_user(request)
            if user is None or (fresh and not _session(request).get("_fresh")):
                from .urlencoding import urlencode

                mark = "&" if "?" in self.login_url else "?"
                return redirect(self.login_url + mark + "next=" + urlencode(request.url))
            return await invoke(f, request, *args, **kwargs)

        return decorated

    async def login_user(self, request, user, remember=False, redirect_url="/"):
        """Log ``user`` in; the response that leads on: to ``next``, else to ``redirect_url``.

        ``remember``: for how many days (int) beyond the session; True: 30. What an unknown
        visitor, or another user, had in the session is gone; so set what is to be kept after this.
        """
        _renew(request, user.id, True)
        request.g.current_user = user
        if remember:
            _remember(request, user.id, _DAYS if remember is True else remember)
        else:
            _forget(request)
        return redirect(_local(request.args.get("next")) or redirect_url)

    async def logout_user(self, request):
        """Log the user out: the session is deleted, and the user no longer remembered."""
        _session(request).delete()
        _forget(request)
        request.g.current_user = None

    async def get_current_user(self, request):
        """The user who is logged in, None where nobody is; ``request.g.current_user`` as well."""
        g = request.g
        if not hasattr(g, "current_user"):
            user_id = _session(request).get("_user_id")
            remembered = user_id is None
            if remembered:
                user_id = _remembered(request)
            user = None
            if user_id is not None:
                if self._load_user is None:
                    raise ValueError("expected a function decorated with user_loader, got none")
                user = await invoke(self._load_user, user_id)
                if remembered and user is not None:
                    _renew(request, user_id, False)
            g.current_user = user
        return g.current_user


def _session(request):
    return request.app._session.get(request)


def _renew(request, user_id, fresh):
    """Make the session one of this user; nothing somebody else has put into it is taken over."""
    session = _session(request)
    if session.get("_user_id") != user_id:
        session.clear()
    session["_user_id"] = user_id
    session["_fresh"] = fresh
    session.save()


def _cookie_options(request):
    options = dict(request.app._session.cookie_options)
    options.pop("expires", None)
    return options


def _remember(request, user_id, days):
    sessions = request.app._session
    seconds = days * _DAY
    payload = {"_purpose": _REMEMBER, "user_id": user_id, "exp": sessions.expiry(seconds)}
    options = dict(sessions.cookie_options, max_age=seconds)
    options.pop("expires", None)
    sessions._send(request, _REMEMBER, sessions.encode(payload), options)


def _forget(request):
    if _REMEMBER in request.cookies:
        sessions = request.app._session
        sessions._send(request, _REMEMBER, None, sessions.cookie_options)


def _remembered(request):
    """The id of the user whom a ``_remember`` cookie names; None without one to be trusted."""
    payload = request.app._session.decode(request.cookies.get(_REMEMBER, ""))
    if payload.get("_purpose") != _REMEMBER or "exp" not in payload:
        return None
    return payload.get("user_id")


def _local(url):
    """``url`` if it leads to a page of this site and nowhere else, else None.

    Browsers take a backslash for a slash, leave out tabs and line ends, and read what begins
    with two slashes as the name of a host (the URL standard, section 4.4); and what decodes an
    encoded slash on the way would make two of one.
    """
    if not url or url[0] != "/":
        return None
    for c in url:
        if not "!" <= c <= "~" or c == "\\":
            return None
    path = url.split("?", 1)[0].split("#", 1)[0].lower()
    for trick in ("//", "%2f", "%5c", "%25"):
        if trick in path:
            return None
    return url
