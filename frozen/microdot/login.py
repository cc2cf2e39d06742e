"""User logins: who is logged in stands in the session, and may be remembered beyond it.

The application needs a microdot.session.Session. Users are objects with an attribute ``id``, of a
type that JSON has.
"""

from .compat import invoke
from .response import redirect

_REMEMBER = "_remember"  # the cookie's name, and what its token is for


class Login:
    """Decorator for routes that need a user: who is not logged in is sent to ``login_url``.

    The user is in ``request.g.current_user`` then. The page at ``login_url`` gets what was asked
    for as the argument ``next``, which login_user() obeys.
    """

    _load_user = None

    def __init__(self, login_url="/login"):
        self.login_url = login_url

    def user_loader(self, f):
        """Decorator: ``f(user_id)``, plain or ``async``, gives the user, or None."""
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
            if user is None or (fresh and not request.app._session.get(request).get("_fresh")):
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
        request._user = request.g.current_user = user
        if remember or _REMEMBER in request.cookies:
            _remember(request, user.id, 30 if remember is True else remember)
        from .local_url import is_local

        wanted = request.args.get("next")
        return redirect(wanted if is_local(wanted) else redirect_url)

    async def logout_user(self, request):
        """Log the user out: the session is deleted, and the user no longer remembered."""
        request.app._session.get(request).delete()
        _remember(request, None, 0)
        request._user = request.g.current_user = None

    async def get_current_user(self, request):
        """The user who is logged in, None where nobody is; ``request.g.current_user`` as well."""
        if not hasattr(request, "_user"):
            user_id = request.app._session.get(request).get("_user_id")
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
            request._user = request.g.current_user = user
        return request._user


def _renew(request, user_id, fresh):
    """Make the session one of this user; nothing somebody else has put into it is taken over."""
    session = request.app._session.get(request)
    if session.get("_user_id") != user_id:
        session.clear()
    session["_user_id"] = user_id
    session["_fresh"] = fresh
    session.save()


def _remember(request, user_id, days):
    """Have the browser remember the user, for 0 days: forget whomever it does."""
    sessions = request.app._session
    token = None
    options = sessions.cookie_options
    if days:
        seconds = days * 86400
        options = dict(options, max_age=seconds)
        options.pop("expires", None)
        exp = sessions.expiry(seconds)
        token = sessions.encode({"_purpose": _REMEMBER, "user_id": user_id, "exp": exp})
    sessions._send(request, _REMEMBER, token, options)


def _remembered(request):
    """The id of the user whom a ``_remember`` cookie names; None without one to be trusted."""
    payload = request.app._session.decode(request.cookies.get(_REMEMBER, ""))
    if payload.get("_purpose") != _REMEMBER or "exp" not in payload:
        return None
    return payload.get("user_id")
