"""microdot.sse: responses, their handlers, and the end of both."""

import asyncio

from listener import Listener, app_of, listen, turns
from quiet import Quiet

from expect import equal, raises, raises_async
from microdot import Response, event_stream, sse
from microdot.app import Microdot


async def test_the_head_of_the_answer():
    async def handler(request, sse):
        await sse.send("a")

    listener = await listen(handler)
    response = listener.response
    equal(response.status_code, 200)
    equal(response.headers["Content-Type"], "text/event-stream")
    equal(response.headers["Cache-Control"], "no-cache")
    head = response.render_head()
    assert b"\r\nTransfer-Encoding: chunked\r\n" in head, head
    equal(await listener.rest(), b"data: a\n\n")


async def test_arguments_of_the_path_and_of_sse_response():
    app = Microdot()

    @app.get("/<int:n>")
    @sse.with_sse
    async def count(request, sse, n):
        await sse.send(request.path, event_id=n)

    async def events(request, sse, word, times=1):
        await sse.send(word * times)

    @app.get("/other")
    async def other(request):
        return sse.sse_response(request, events, "ab", times=2)

    listener = Listener()
    await listener.ask(app, target="/5")
    equal(await listener.rest(), b"id: 5\ndata: /5\n\n")
    await listener.ask(app, target="/other")
    equal(await listener.rest(), b"data: abab\n\n")


async def test_hooks_see_the_response():
    app = app_of(None)

    @app.after_request
    async def mark(request, response):
        response.headers["X-Mark"] = "1"

    response = await Listener().ask(app)
    equal(response.headers["X-Mark"], "1")


async def test_last_event_id():
    got = []

    async def handler(request, sse):
        got.append(sse.last_event_id)

    await (await listen(handler)).rest()
    await (await listen(handler, {"Last-Event-ID": "a7"})).rest()
    equal(got, [None, "a7"])


async def test_head_does_not_start_the_handler():
    started = []

    async def handler(request, sse):
        started.append(request)

    listener = Listener()
    response = await listener.ask(app_of(handler), "HEAD")
    assert response.is_head and response.headers["Content-Type"] == "text/event-stream"
    await listener.pieces.aclose()  # as the server does
    await turns()
    equal(started, [])


async def test_the_handler_is_cancelled_when_the_client_has_gone():
    log = []

    async def handler(request, sse):
        try:
            await sse.send("here")
            log.append(sse.closed)
            await asyncio.sleep(60)
        finally:
            log.append(sse.closed)

    listener = await listen(handler)
    equal(await listener.piece(), b"data: here\n\n")
    listener.leave()
    equal(await listener.rest(), b"")
    equal(log, [False, True])


async def test_the_handler_is_cancelled_when_the_answer_is_given_up():
    log = []

    async def handler(request, sse):
        try:
            await sse.send("here")
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    listener = await listen(handler)
    await listener.piece()
    await listener.pieces.aclose()
    equal(log, ["cancelled"])
    await listener.pieces.aclose()  # nothing is left to be done
    equal(await listener.piece(), None)


async def test_the_answer_s_task_can_be_cancelled_while_it_waits():
    log = []

    async def handler(request, sse):
        try:
            await asyncio.sleep(60)
        finally:
            log.append("ended")

    listener = await listen(handler)

    async def answer():
        try:
            await listener.piece()
        finally:
            await listener.pieces.aclose()

    task = asyncio.create_task(answer())
    await turns()
    task.cancel()
    await raises_async(asyncio.CancelledError, task)
    equal(log, ["ended"])
    await turns()


async def test_a_handler_s_exception_is_printed_and_ends_the_stream():
    async def handler(request, sse):
        await sse.send("before")
        raise KeyError("mistake")

    with Quiet(event_stream) as errors:
        equal(await (await listen(handler)).rest(), b"data: before\n\n")
    assert len(errors) == 1 and isinstance(errors[0], KeyError), errors


async def test_sending_after_the_end_fails():
    kept = []

    async def handler(request, sse):
        kept.append(sse)
        await sse.send("last")

    await (await listen(handler)).rest()
    assert kept[0].closed
    error = await raises_async(OSError, kept[0].send("more"))
    equal(error.args[0], 32)


async def test_a_handler_that_goes_on_after_its_client_says_nothing():
    async def handler(request, sse):
        try:
            await asyncio.sleep(60)
        finally:
            await sse.send("bye")

    with Quiet(event_stream) as errors:
        listener = await listen(handler)
        waiting = asyncio.create_task(listener.rest())
        await turns()
        listener.leave()
        equal(await waiting, b"")
        await turns()
    equal(errors, [])


async def test_a_connection_that_breaks_is_a_client_that_has_gone():
    class Broken(Listener):
        async def disconnected(self):
            raise OSError(104)

    async def handler(request, sse):
        await asyncio.sleep(60)

    listener = Broken()
    await listener.ask(app_of(handler))
    equal(await listener.rest(), b"")


def test_the_class_has_its_documented_place():
    assert sse.SSE is event_stream.SSE
    raises(AttributeError, lambda: sse.nothing)
    assert isinstance(sse.sse_response(_Request, None), Response)


class _Request:
    headers = {}
