"""Logging in and out, and the owner's password."""

from . import secrets
from .setup_access import OWNER
from .setup_form import read
from .setup_page import HOME, escape, page, see_other

_MOST = 512  # bytes of a password
_FIELD = """\
<p><label>%s<br>
<input type="password" name="%s" autocomplete="%s" required maxlength="128"></label></p>
"""


def add(setup):
    """Register the routes in ``setup.app``."""
    access = setup.access
    app = setup.app

    @app.get("/_firn/login")
    async def show_login(request):
        user = await access.user(request)
        if user is not None and (user.is_owner or access.for_site):
            return await _lead_on(request, user)
        return _login_page(request, access)

    @app.post("/_firn/login")
    async def log_in(request):
        delay = access.delay(request)
        if delay:
            return _later(request, delay, _login_form(access))
        form = await read(request, {"name": 64, "password": _MOST})
        name = form.get("name") or OWNER
        if not await access.try_password(request, name, form.get("password")):
            delay = access.delay(request)
            if delay:
                return _later(request, delay, _login_form(access))
            return _login_page(request, access, 403, "This name and password do not go together.")
        return await access.log_in(request, name, HOME if name == OWNER else "/")

    @app.post("/_firn/logout")
    async def log_out(request):
        await access.log_out(request)
        return see_other("/_firn/login")

    if setup.config.setup:

        @app.get("/_firn/password")
        async def show_password(request):
            notice = "The new password holds from now on." if request.args.get("done") else None
            return _password_page(request, access, notice=notice)

        @app.post("/_firn/password")
        async def change_password(request):
            return await _change(request, setup)


async def _lead_on(request, user):
    from microdot.local_url import is_local

    wanted = request.args.get("next")
    return see_other(wanted if is_local(wanted) else HOME if user.is_owner else "/")


def _login_page(request, access, status=200, problem=None):
    return page(request, "Log in", _login_form(access), status, problem=problem, plain=True)


def _later(request, delay, content):
    """The answer to who has to wait for ``delay`` seconds."""
    text = "Too many wrong passwords; try again in %d seconds." % delay
    headers = {"Retry-After": str(delay)}
    return page(request, "Log in", content, 429, None, text, headers, True)


def _login_form(access):
    # Without action: the address, with its ?next=, is where the form goes.
    yield '<form method="post" class="narrow">\n'
    yield (
        '<p><label>Name<br><input name="name" value="%s" autocomplete="username" required '
        'maxlength="64" autocapitalize="none" spellcheck="false"></label></p>\n' % OWNER
    )
    yield _FIELD % ("Password", "password", "current-password")
    if access.owner_hash() is None:
        yield (
            "<p>For the first login as %s, the password is the one that the console of the "
            "device shows.</p>\n" % OWNER
        )
    yield "<p><button>Log in</button></p>\n</form>\n"


# The owner's password


def _password_page(request, access, status=200, problem=None, notice=None, headers=None):
    is_first = access.owner_hash() is None
    title = "Choose a password" if is_first else "Change the password"
    return page(request, title, _password_form(is_first), status, notice, problem, headers)


def _password_form(is_first):
    if is_first:
        yield (
            "<p>The first password was for this login only. With one of your own, the setup page "
            "opens from everywhere on the network.</p>\n"
        )
    yield '<form method="post" class="narrow">\n'
    yield '<input type="hidden" name="name" value="%s" autocomplete="username">\n' % escape(OWNER)
    if not is_first:
        yield _FIELD % ("Present password", "present", "current-password")
    yield _FIELD % ("New password (%d characters or more)" % secrets.LEAST, "new", "new-password")
    yield _FIELD % ("The same again", "again", "new-password")
    yield "<p><button>Set the password</button></p>\n</form>\n"


async def _change(request, setup):
    access = setup.access
    form = await read(request, {"present": _MOST, "new": _MOST, "again": _MOST})
    if access.owner_hash() is not None:
        delay = access.delay(request)
        if delay:
            text = "Too many wrong passwords; try again in %d seconds." % delay
            headers = {"Retry-After": str(delay)}
            return _password_page(request, access, 429, text, headers=headers)
        if not await access.try_password(request, OWNER, form.get("present")):
            return _password_page(request, access, 403, "This is not the present password.")
    new = form.get("new")
    problem = None
    if not secrets.LEAST <= len(new) <= secrets.MOST:
        problem = "expected a password of %d to %d characters, got %d" % (
            secrets.LEAST, secrets.MOST, len(new),
        )  # fmt: skip
    elif new != form.get("again"):
        problem = "expected the same password twice, got two different ones"
    elif access.owner_hash() is None and secrets.is_first_password(new):
        problem = "expected a password of your own, got the first one"
    if problem:
        return _password_page(request, access, 400, problem)
    try:
        await _set(setup, new)
    except ValueError:
        problem = "The password stands in config.json, which has a mistake to be corrected first."
        return _password_page(request, access, 422, problem)
    except OSError as error:
        problem = "The password could not be kept (error %s); the old one holds." % error.args[0]
        return _password_page(request, access, 507, problem)
    # The mark in the session has changed: who is logged in elsewhere is so no more.
    home = HOME if request.args.get("next") else "/_firn/password?done=1"
    return await access.log_in(request, OWNER, home)


async def _set(setup, new):
    """Make ``new`` the owner's password, in the file where that of now is."""
    config = setup.config
    if OWNER not in config.users:
        await secrets.set_owner_password(new)
        return
    from microdot.passwords import hash_password_async

    from . import replace, setup_text

    hash = await hash_password_async(new)
    data = setup_text.load(setup.path)
    if not data.strip():
        data = b"{}"
    setup_text.check_json(data)
    data = setup_text.set_value(data, ("users", OWNER), '"%s"' % hash)
    replace.write(setup.path, data)
    config.set_user(OWNER, hash)
    setup.access.forget()
