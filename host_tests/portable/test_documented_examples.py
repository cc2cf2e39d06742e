"""Examples that applications are written after, as they are documented; what they leave open
(the application, a database) is given beside them."""

import asyncio

from exchange import ask
from listener import Listener
from test_auth import basic, bearer

from expect import equal
from microdot.app import Microdot

EVENTS = """
from microdot.sse import with_sse

@app.route('/events')
@with_sse
async def events(request, sse):
    for i in range(10):
        await asyncio.sleep(1)
        await sse.send({'counter': i})  # unnamed event
    await sse.send('end', event='comment')  # named event
"""

BASIC = """
from microdot.auth import BasicAuth

auth = BasicAuth(app)

@auth.authenticate
async def verify_user(request, username, password):
    user = await load_user_from_database(username)
    if user and user.verify_password(password):
        return user

@app.route('/')
@auth
async def index(request):
    return f'Hello, {request.g.current_user}!'
"""

OPTIONAL = """
@app.route('/')
@auth.optional
async def index(request):
    if g.current_user:
        return f'Hello, {request.g.current_user}!'
    else:
        return 'Hello, anonymous user!'
"""

TOKENS = """
from microdot.auth import TokenAuth

auth = TokenAuth()

@auth.authenticate
async def verify_token(request, token):
    return load_user_from_token(token)

@app.route('/')
@auth
async def index(request):
    return f'Hello, {request.g.current_user}!'
"""

CORS = """
from microdot import Microdot
from microdot.cors import CORS

app = Microdot()
cors = CORS(app, allowed_origins=['https://example.com'],
            allow_credentials=True)
"""


class User:
    def __str__(self):
        return "ann"

    def verify_password(self, password):
        return password == "pw"


async def load_user_from_database(name):
    return User() if name == "ann" else None


def load_user_from_token(token):
    return User() if token == "abc" else None


def run(*examples):
    """The namespace after the examples."""
    names = {
        "app": Microdot(),
        "asyncio": Hurried,
        "load_user_from_database": load_user_from_database,
        "load_user_from_token": load_user_from_token,
    }
    for example in examples:
        exec(example, names)
    return names


class Hurried:
    """asyncio for an example that takes its time."""

    @staticmethod
    async def sleep(seconds):
        await asyncio.sleep(seconds / 1000)


async def test_events():
    listener = Listener()
    await listener.ask(run(EVENTS)["app"], target="/events")
    expected = b"".join([b'data: {"counter": %d}\n\n' % i for i in range(10)])
    equal(await listener.rest(), expected + b"event: comment\ndata: end\n\n")


async def test_basic_authentication():
    app = run(BASIC)["app"]
    answer = await ask(app, "GET", "/", basic("ann:pw"))
    equal((answer.status, answer.text), (200, "Hello, ann!"))
    for headers in ({}, basic("ann:no"), basic("bob:pw")):
        answer = await ask(app, "GET", "/", headers)
        equal(answer.status, 401)
        equal(answer.headers["www-authenticate"], 'Basic realm="Please login", charset="UTF-8"')


async def test_token_authentication():
    app = run(TOKENS)["app"]
    equal((await ask(app, "GET", "/", bearer("abc"))).text, "Hello, ann!")
    for headers in ({}, bearer("no")):
        equal((await ask(app, "GET", "/", headers)).status, 401)


async def test_optional_authentication():
    for example, right in ((BASIC, basic("ann:pw")), (TOKENS, bearer("abc"))):
        names = run(example)
        app = names["app"] = Microdot()
        exec(OPTIONAL, names)

        @app.before_request
        async def give_g(request, names=names):
            names["g"] = request.g

        equal((await ask(app, "GET", "/", right)).text, "Hello, ann!")
        equal((await ask(app, "GET", "/")).text, "Hello, anonymous user!")


async def test_cross_origin_resource_sharing():
    app = run(CORS)["app"]
    app.get("/")(lambda request: "hello")
    answer = await ask(app, "GET", "/", {"Origin": "https://example.com"})
    equal(answer.headers["access-control-allow-origin"], "https://example.com")
    equal(answer.headers["access-control-allow-credentials"], "true")
    equal(answer.headers["vary"], "Origin")
    answer = await ask(app, "GET", "/", {"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in answer.headers
