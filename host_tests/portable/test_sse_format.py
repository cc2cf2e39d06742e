"""microdot.sse: what events look like."""

from listener import listen, sent

from expect import equal, raises_async

# What send() is called with, and the bytes.
EVENTS = (
    (("text",), {}, b"data: text\n\n"),
    (("",), {}, b"data: \n\n"),
    (("gr\xfc\xdf \u2028",), {}, "data: gr\xfc\xdf \u2028\n\n".encode()),
    ((b"bytes \xc3\xbc",), {}, b"data: bytes \xc3\xbc\n\n"),
    ((bytearray(b"array"),), {}, b"data: array\n\n"),
    ((memoryview(b"view"),), {}, b"data: view\n\n"),
    (({"a": 1},), {}, b'data: {"a": 1}\n\n'),
    (([1, "b\n"],), {}, b'data: [1, "b\\n"]\n\n'),
    ((5,), {}, b"data: 5\n\n"),
    ((None,), {}, b"data: None\n\n"),
    (("a\nb",), {}, b"data: a\ndata: b\n\n"),
    (("a\rb",), {}, b"data: a\ndata: b\n\n"),
    (("a\r\nb",), {}, b"data: a\ndata: b\n\n"),
    (("a\n\rb",), {}, b"data: a\ndata: \ndata: b\n\n"),
    (("a\r\r\n\nb\n",), {}, b"data: a\ndata: \ndata: \ndata: b\ndata: \n\n"),
    ((b"a\r\nb\rc\n",), {}, b"data: a\ndata: b\ndata: c\ndata: \n\n"),
    (("a\nevent: b\n\nid: 5",), {}, b"data: a\ndata: event: b\ndata: \ndata: id: 5\n\n"),
    (("a\x0bb\x0cc\x85",), {}, "data: a\x0bb\x0cc\x85\n\n".encode()),
    (("a", "tick"), {}, b"event: tick\ndata: a\n\n"),
    (("a",), {"event_id": "x7"}, b"id: x7\ndata: a\n\n"),
    (("a",), {"event_id": 7}, b"id: 7\ndata: a\n\n"),
    (("a",), {"event_id": 0}, b"id: 0\ndata: a\n\n"),
    (("a",), {"event_id": ""}, b"id: \ndata: a\n\n"),
    (("a",), {"retry": 3}, b"retry: 3000\ndata: a\n\n"),
    (("a",), {"retry": 0.25}, b"retry: 250\ndata: a\n\n"),
    (("a",), {"retry": 0}, b"retry: 0\ndata: a\n\n"),
    (("a", "e", "i", 1), {}, b"retry: 1000\nevent: e\nid: i\ndata: a\n\n"),
    (("a",), {"comment": True}, b": a\n\n"),
    (("a\nb",), {"comment": True}, b": a\n: b\n\n"),
    (("a",), {"comment": True, "retry": 1}, b"retry: 1000\n: a\n\n"),
)

# What send() refuses.
REFUSED = (
    {"event": "a\nb"},
    {"event": "a\rb"},
    {"event": "a\r\ndata: b"},
    {"event": "\n"},
    {"event": "a\0"},
    {"event_id": "1\n"},
    {"event_id": "1\r"},
    {"event_id": "1\n\ndata: b"},
    {"event_id": "1\0"},
    {"retry": -1},
)


async def test_every_kind_of_event():
    for args, kwargs, expected in EVENTS:
        equal(await sent(*args, **kwargs), expected, (args, kwargs))


async def test_what_would_begin_another_line_is_refused():
    for kwargs in REFUSED:

        async def handler(request, sse, kwargs=kwargs):
            error = await raises_async(ValueError, sse.send("data", **kwargs))
            assert "expected" in str(error), error
            await sse.send("unharmed")

        equal(await (await listen(handler)).rest(), b"data: unharmed\n\n", kwargs)


async def test_a_burst_of_events_is_one_write():
    async def handler(request, sse):
        for i in range(3):
            await sse.send(i, event="n")

    listener = await listen(handler)
    one = b"event: n\ndata: %d\n\n"
    equal(await listener.piece(), one % 0 + one % 1 + one % 2)
    equal(await listener.piece(), None)
