"""Fuzz target: a connection of the server. ``python host_tests/fuzz.py connection``

Whatever a client sends and however it is split: the server answers the same, in answers that h11
can read, one for each request; a refusal is the last of them; the application sees no error of
the framework's.
"""

import asyncio
import sys

import h11
from fuzz_http import WORDS as _WORDS
from fuzz_http import cut
from test_splits import Wire

from microdot import Microdot, Request, Response
from microdot.server import Server

MAX_LENGTH = 600  # bytes of an input
WORDS = (
    *_WORDS, b"/show/", b"/number/12", b"/tree/a/b", b"/form", b"/json", b"/echo", b"/stream",
    b"/cookies", b"/file", b"Range: bytes=0-2", b"If-None-Match: *", b"Cookie: a=b; c",
    b"Content-Type: application/json", b"Content-Type: application/x-www-form-urlencoded",
    b"%C3%A9", b"%zz", b"a=1&b=%41+c", b'{"a": [1, null]}', b"HEAD ", b"PUT ", b"?a=1&a=2",
)  # fmt: skip
REQUEST_LIMITS = {"max_content_length": MAX_LENGTH, "max_body_length": 0, "max_readline": 150}
REFUSED = ("refused",)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def seeds():
    """The requests of the corpus, as inputs."""
    from corpus import CASES

    return [b"\x10\x07" + b"".join(case.send)[:MAX_LENGTH] for case in CASES]


class Limited(Server):
    """Low limits, which inputs reach; no clock."""

    max_head = 300
    max_headers = 8

    def date(self):
        return None


def application(methods):
    """The application; it notes the method of every request it is given in ``methods``."""
    app = Microdot()

    @app.route("/", methods=["GET", "POST"])
    async def index(request):
        return "hello"

    @app.route("/show/<name>", methods=["GET", "PUT"])
    async def show(request, name):
        return {"name": name, "args": request.args, "form": request.headers.get("X")}

    @app.get("/number/<int:number>")
    async def number(request, number):
        return str(number + 1)

    @app.get("/tree/<path:rest>")
    async def tree(request, rest):
        return rest

    @app.get("/cookies")
    async def cookies(request):
        return request.cookies

    @app.post("/form")
    async def form(request):
        return {"got": request.form}

    @app.post("/json")
    async def json(request):
        return {"got": request.json}

    @app.route("/echo", methods=["POST", "PUT", "QUERY"])
    async def echo(request):
        return request.body

    @app.post("/stream")
    async def stream(request):
        return await request.stream.read()

    @app.post("/ignore")
    async def ignore(request):
        return "ignored"

    @app.get("/pieces")
    async def pieces(request):
        return iter(("one", b"", b"two"))

    @app.get("/file")
    async def file(request):
        return Response.send_file(__file__)

    noted = []

    def note(dispatch):
        def run(request):
            if request is not None and request not in noted:  # one of the two may call the other
                noted.append(request)
                methods.append(request.method)
            return dispatch(request)

        return run

    app.dispatch = note(app.dispatch)
    app.dispatch_request = note(app.dispatch_request)
    return app


_loop = asyncio.new_event_loop()


def one_input(data):
    """For the fuzzer: two bytes say where to cut the rest, and whether bodies are loaded."""
    if len(data) > 2:
        data, places = data[2:], data[:2]
        loaded = MAX_LENGTH if places[0] & 1 else 20
        check(data, (places[0], places[1], 2 * places[0], len(data) - places[1]), loaded)


def check(data, places, loaded=MAX_LENGTH):
    """The invariants, for ``data`` whole, byte by byte and cut at ``places``.

    ``loaded``: the longest body (bytes) that is loaded before its handler is called.
    """
    kept = {name: getattr(Request, name) for name in REQUEST_LIMITS}
    try:
        for name, value in dict(REQUEST_LIMITS, max_body_length=loaded).items():
            setattr(Request, name, value)
        with Errors():
            whole = served([data])
            for pieces in (cut(data, places), cut(data, range(len(data)))):
                got = served(pieces)
                same = same_start if loaded < MAX_LENGTH else list.__eq__
                assert same(got, whole), "expected %r, got %r from %r" % (whole, got, pieces)
    finally:
        for name, value in kept.items():
            setattr(Request, name, value)


def same_start(one, other):
    """Whether two lists of answers are the same up to where one of them ends in a refusal.

    A handler that does not read its body answers before what is wrong in the rest has come, or
    after.
    """
    for a, b in zip(one, other):
        if a != b:
            return REFUSED in (a, b)
    return len(one) == len(other)


class Errors:
    """Makes every traceback that the framework would print an error of the target."""

    def __enter__(self):
        self._modules = [
            module for name, module in list(sys.modules.items())
            if name.startswith("microdot") and hasattr(module, "print_exception")
        ]  # fmt: skip
        self._printed = None
        self._kept = [module.print_exception for module in self._modules]
        for module in self._modules:
            module.print_exception = self._keep

    def _keep(self, error, *more):
        self._printed = error

    def __exit__(self, *exception):
        for module, function in zip(self._modules, self._kept):
            module.print_exception = function
        if self._printed is not None:
            raise self._printed


def served(pieces):
    """What a client that sends ``pieces`` is answered: a list of (status, body)."""
    methods = []
    server = Limited(application(methods), "", 0)
    wire = Wire([piece for piece in pieces if piece])
    connection = server.admit((wire, wire), None)
    connection.receive = wire.receive
    _loop.run_until_complete(connection.run())
    assert wire.closed and server.connections == []
    return list(answers(wire.written, methods))


def answers(written, methods):
    """(status, body) of each answer in ``written``; the statuses of refusals are not told apart.

    Which limit a head breaks first depends on how it comes.
    """
    written = written.replace(_CONTINUE, b"")  # left out for who has sent the body already
    for method in [*methods, None]:
        if not written:
            return
        client = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 20)
        client.send(h11.Request(method=method or "GET", target="/", headers=[("Host", "a")]))
        client.receive_data(written)
        client.receive_data(b"")  # the end of the connection, which may end a body
        response = client.next_event()
        assert isinstance(response, h11.Response), (response, written)
        assert response.status_code != 500, written
        body = b""
        while True:
            event = client.next_event()
            if isinstance(event, h11.EndOfMessage):
                break
            assert isinstance(event, h11.Data), (event, written)
            body += bytes(event.data)
        written = client.trailing_data[0]
        headers = dict(response.headers)
        closes = headers.get(b"connection") == b"close"
        assert not closes or not written, "after Connection: close: %r" % written
        if method is None:
            assert closes and 400 <= response.status_code < 600, response
            yield REFUSED
        else:
            yield response.status_code, body
    assert not written, "more answers than requests: %r" % written
