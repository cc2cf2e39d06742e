"""A site with logins, and a browser that keeps its cookies."""

from exchange import ask

from microdot import Microdot
from microdot.login import Login
from microdot.session import Session, with_session


class User:
    def __init__(self, id, name):
        self.id = id
        self.name = name


def build(login_url="/login", **options):
    """(application, login); the application's ``users`` are {id: User}."""
    app = Microdot()
    Session(app, **dict({"secret_key": "a key of thirty-two bytes, or so"}, **options))
    login = Login(login_url)
    app.users = {0: User(0, "ada"), "g": User("g", "grace")}

    @login.user_loader
    async def load(user_id):
        return app.users.get(user_id)

    @app.get("/")
    @login
    @with_session
    async def index(request, session):
        session["visits"] = session.get("visits", 0) + 1
        session.save()
        return "%s %d" % (request.g.current_user.name, session["visits"])

    @app.get("/fresh")
    @login.fresh
    async def fresh(request):
        return "fresh " + request.g.current_user.name

    @app.get("/who")
    async def who(request):
        user = await login.get_current_user(request)
        assert user is await login.get_current_user(request)
        assert user is request.g.current_user
        return user.name if user else "nobody"

    @app.get("/login/<name>")
    async def log_in(request, name):
        user = next(user for user in app.users.values() if user.name == name)
        days = request.args.get("remember", 0, type=int)
        remember = True if days == 1 else days
        to = request.args.get("to")
        if to:
            return await login.login_user(request, user, remember, redirect_url=to)
        return await login.login_user(request, user, remember=remember)

    @app.get("/logout")
    async def log_out(request):
        await login.logout_user(request)
        return "bye %r" % await login.get_current_user(request)

    @app.get("/set/<value>")
    @with_session
    async def set_value(request, session, value):
        session["value"] = value
        session.save()
        return value

    @app.get("/show")
    @with_session
    async def show(request, session):
        return str(session.get("value"))

    return app, login


class Browser:
    """Asks ``app`` and keeps the cookies (``cookies``: {name: value}) that come back."""

    def __init__(self, app):
        self.app = app
        self.cookies = {}

    async def get(self, target):
        """The Answer for ``target``."""
        pairs = ["%s=%s" % pair for pair in self.cookies.items()]
        answer = await ask(self.app, "GET", target, {"Cookie": "; ".join(pairs)} if pairs else {})
        self.keep(answer)
        return answer

    def keep(self, answer):
        """Do with the cookies what ``answer`` says."""
        for line in answer.lines:
            if line.startswith("Set-Cookie: "):
                name, _, value = line[12:].split(";")[0].partition("=")
                if "Max-Age=0" in line:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = value
