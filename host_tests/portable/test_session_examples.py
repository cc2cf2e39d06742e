"""The documented examples of sessions and logins, word for word.

Names that an example leaves open are given to it; where it has "# ..." for the application's own
code, that code is put there.
"""

import asyncio

from exchange import ask
from login_site import Browser, User

from expect import equal
from microdot import Microdot, redirect
from microdot.login import Login
from microdot.session import Session

SESSION = """\
from microdot import Microdot, redirect
from microdot.session import Session, with_session

app = Microdot()
Session(app, secret_key='top-secret')

@app.route('/', methods=['GET', 'POST'])
@with_session
async def index(req, session):
    username = session.get('username')
    if req.method == 'POST':
        username = req.form.get('username')
        session['username'] = username
        session.save()
        return redirect('/')
    if username is None:
        return 'Not logged in'
    else:
        return 'Logged in as ' + username

@app.post('/logout')
@with_session
async def logout(req, session):
    session.delete()
    return redirect('/')
"""

CREATE = """\
Session(app, secret_key='top-secret!')
login = Login()
"""

LOADER = """\
@login.user_loader
async def get_user(user_id):
    return database.get_user(user_id)
"""

FORM = """\
@app.route('/login', methods=['GET', 'POST'])
async def login(request):
    # ...
    if user.check_password(password):
        return await login.login_user(request, user, remember=remember_me)
    return redirect('/login')
"""

PROTECTED = """\
@app.route('/')
@login
async def index(request):
    # ...
"""

FRESH = """\
@app.get('/fresh')
@login.fresh
async def fresh(request):
    # ...
"""

LOGOUT = """\
@app.post('/logout')
@login
async def logout(request):
    await login.logout_user(request)
    return redirect('/')
"""

FORM_TYPE = "application/x-www-form-urlencoded"


def run(example, names, own="pass"):
    """Run an example; the names that it defines are added to ``names``."""
    exec(example.replace("# ...", own), names)


async def test_sessions():
    names = {}
    run(SESSION, names)
    app = names["app"]
    equal((await ask(app, "GET", "/")).text, "Not logged in")
    headers = {"Content-Type": FORM_TYPE}
    answer = await ask(app, "POST", "/", headers, b"username=ada")
    equal((answer.status, answer.headers["location"]), (302, "/"))
    headers["Cookie"] = answer.headers["set-cookie"].split(";")[0]
    equal((await ask(app, "GET", "/", headers)).text, "Logged in as ada")
    answer = await ask(app, "POST", "/logout", headers)
    equal((answer.status, answer.headers["location"]), (302, "/"))
    assert answer.headers["set-cookie"].startswith("session=; ")


class Database:
    def get_user(self, user_id):
        return USER if user_id == USER.id else None


class Person(User):
    def check_password(self, password):
        return password == "right"


USER = Person("u1", "ada")


def logins():
    """The application that the examples of logins make, one after the other."""
    names = {"app": Microdot(), "Session": Session, "Login": Login, "redirect": redirect}
    names.update({"database": Database(), "user": USER, "remember_me": False})
    run(CREATE, names)
    login = names["login"]
    run(LOADER, names)
    # In the examples the function of the login page has the name of the Login instance; so each
    # one is run as if it were alone.
    run(PROTECTED, names, "return 'index'")
    run(FRESH, names, "return 'fresh'")
    run(LOGOUT, names)
    run(FORM, names, "password = request.args.get('password')")
    names["login"] = login
    return names


async def test_logins():
    names = logins()
    browser = Browser(names["app"])
    for target in ("/", "/fresh"):
        answer = await browser.get(target)
        equal((answer.status, answer.headers["location"]), (302, "/login?next=" + target))
    answer = await browser.get("/login?next=/fresh&password=wrong")
    equal((answer.status, answer.headers["location"]), (302, "/login"))
    answer = await browser.get("/login?next=/fresh&password=right")
    equal((answer.status, answer.headers["location"]), (302, "/fresh"))
    equal((await browser.get("/")).text, "index")
    equal((await browser.get("/fresh")).text, "fresh")
    cookies = {"Cookie": "session=" + browser.cookies["session"]}
    answer = await ask(names["app"], "POST", "/logout", cookies)
    equal((answer.status, answer.headers["location"]), (302, "/"))
    assert "Set-Cookie: session=; " in "\n".join(answer.lines)


async def test_a_remembered_login():
    names = logins()
    names["remember_me"] = True
    browser = Browser(names["app"])
    await browser.get("/login?password=right")
    del browser.cookies["session"]
    equal((await browser.get("/")).text, "index")
    equal((await browser.get("/fresh")).headers["location"], "/login?next=/fresh")


async def test_visitors_at_the_same_time():
    names = logins()

    async def visit(inside):
        browser = Browser(names["app"])
        if inside:
            await browser.get("/login?password=right")
        return (await browser.get("/")).status

    statuses = await asyncio.gather(*[visit(n % 2) for n in range(6)])
    equal(list(statuses), [302, 200] * 3)
