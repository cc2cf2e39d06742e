"""microdot.test_client: what a test gets of an answer."""

import asyncio

from pieces import Pieces
from quiet import Quiet

from expect import equal, raises, raises_async
from microdot import Microdot, Response
from microdot.test_client import TestClient


def client_of(handler, *methods):
    app = Microdot()
    app.route("/", methods or ("GET",))(handler)
    return TestClient(app)


async def answer_of(value):
    async def index(request):
        return value

    return await client_of(index).get("/")


async def test_bodies():
    equal((await answer_of("ä")).body, b"\xc3\xa4")
    response = await answer_of(b"\xff")
    equal((response.body, response.text, response.json), (b"\xff", None, None))
    response = await answer_of(None)
    equal((response.status_code, response.reason, response.body), (204, "No Content", b""))
    equal((await answer_of((b"a", 404))).reason, "Not Found")
    equal((await answer_of(Response("a", 200, reason="Fine"))).reason, "Fine")
    equal((await answer_of(("gone", 304))).body, b"")


async def test_json():
    response = await answer_of({"a": 1})
    equal(response.json, {"a": 1})
    equal(response.text, '{"a": 1}')
    headers = {"Content-Type": "Application/Problem+JSON; a=b"}
    equal((await answer_of(("[1]", headers))).json, [1])
    equal((await answer_of("[1]")).json, None)
    response = await answer_of(("{", {"Content-Type": "application/json"}))
    raises(ValueError, lambda: response.json)


async def test_headers_are_those_a_client_gets():
    response = await answer_of(("a", {"X-A": [1, "b"], "content-length": "50"}))
    equal(response.headers["x-a"], "1, b")
    equal(response.headers["Content-Length"], "1")
    equal(response.headers["content-type"], "text/plain; charset=UTF-8")


async def test_head_has_no_body():
    response = await client_of(lambda request: "abc").head("/")
    equal(response.status_code, 200)
    equal(response.headers["Content-Length"], "3")
    equal((response.body, response.text, response.json), (None, None, None))
    pieces = Pieces("a")
    response = await client_of(lambda request: pieces).head("/")
    equal((response.body, pieces.closed, pieces.pieces), (None, 1, ["a"]))


async def test_streams_are_collected_and_closed():
    pieces = Pieces("a", b"b", bytearray(b"c"))
    response = await answer_of(pieces)
    equal((response.body, pieces.closed), (b"abc", 1))
    equal(response.headers["Transfer-Encoding"], "chunked")

    class Numbers:
        def __iter__(self):
            return iter(("1", "2"))

    equal((await answer_of(iter(("1", "2")))).text, "12")


async def test_a_stream_of_declared_length():
    response = await answer_of((Pieces("ab", "cd", "ef"), {"Content-Length": "3"}))
    equal(response.body, b"abc")
    pieces = Pieces("ab")
    error = await raises_async(ValueError, answer_of((pieces, {"Content-Length": "3"})))
    equal(str(error), "expected 3 bytes of body, got 2")
    equal(pieces.closed, 1)


async def test_what_a_body_raises_the_test_gets():
    pieces = Pieces("a", fail=KeyError("b"))
    await raises_async(KeyError, answer_of(pieces))
    equal(pieces.closed, 1)


async def test_what_a_handler_raises_is_a_500():
    async def index(request):
        return 1 / 0

    with Quiet() as errors:
        response = await client_of(index).get("/")
    equal(response.status_code, 500)
    equal(len(errors), 1)


# Heads that no client can get: (headers, status of the handler).
UNSENDABLE = (
    ({"A": "b\r\nC: d"}, 200),
    ({"A\n": "b"}, 200),
    ({"A B": "b"}, 200),
    ({"Content-Length": "x"}, 200),
    (None, 99),
    (None, 1000),
)


async def test_a_head_that_cannot_be_sent_is_a_500():
    import microdot.compat as compat

    printed = []
    print_exception = compat.print_exception
    compat.print_exception = printed.append
    try:
        for headers, status in UNSENDABLE:
            pieces = Pieces("a")
            response = await answer_of(Response(pieces, status, headers))
            equal(response.status_code, 500, headers)
            equal(response.text, "Internal server error")
            equal(pieces.closed, 1)
    finally:
        compat.print_exception = print_exception
    equal(len(printed), len(UNSENDABLE))


async def test_a_response_that_is_returned_again_and_again():
    response = Response("a")

    async def index(request):
        return response

    client = client_of(index)
    equal((await client.get("/")).text, "a")
    response.body = b"abc"
    equal((await client.head("/")).headers["Content-Length"], "3")
    equal((await client.get("/")).text, "abc")


def event(data=None, data_json=None, event=None, event_id=None, retry=None):
    return {
        "data": data, "data_json": data_json, "event": event, "event_id": event_id,
        "retry": retry,
    }  # fmt: skip


EVENTS = (
    (b"data: foo\n\n", [event(b"foo")]),
    (b"data:foo\r\n\r\ndata:  bar\r\n\r\n", [event(b"foo"), event(b" bar")]),
    (b"data: a\rdata: b\r\r", [event(b"a\nb")]),
    (b'\xef\xbb\xbfdata: {"a": 1}\n\n', [event(b'{"a": 1}', {"a": 1})]),
    (b"event: x\nid: 7\nretry: 1500\ndata: []\n\n", [event(b"[]", [], "x", "7", 1.5)]),
    (b"retry: 1500\n\nretry: soon\n\n", [event(retry=1.5)]),
    (b": nothing\n\n: more\ndata: a\n\n", [event(b"a")]),
    (b"data\n\ndata: \n\n", [event(b""), event(b"")]),
    (b"data: whole\n\ndata: cut", [event(b"whole")]),
    (b"\n\n\n", []),
    (b"", []),
    (b"data: \xff\n\n", [event(b"\xff")]),
)


async def test_events():
    for text, expected in EVENTS:
        response = await answer_of((text, {"Content-Type": "text/event-stream"}))
        equal(response.events, expected, text)
    equal((await answer_of("data: foo\n\n")).events, [])


async def test_a_client_of_an_event_stream_stays_until_its_end():
    async def index(request):
        leaving = asyncio.create_task(request.disconnected())
        await asyncio.sleep(0.01)
        leaving.cancel()
        return str(leaving.done())

    equal((await client_of(index).get("/")).text, "False")
