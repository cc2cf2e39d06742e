"""Asynchronous generators as bodies, and contexts of plain handlers: CPython's alone."""

import asyncio
import contextvars
import threading

from exchange import ask, request

from microdot import Microdot, Response


def test_an_asynchronous_generator_is_a_body():
    app = Microdot()
    ends = []

    @app.get("/")
    async def index(request):
        async def pieces():
            try:
                for piece in ("a", b"b", "\u00e9"):
                    await asyncio.sleep(0)
                    yield piece
            finally:
                ends.append("end")

        return pieces(), 201

    async def main():
        answer = await ask(app, "GET", "/")
        assert (answer.status, answer.text, ends) == (201, "ab\u00e9", ["end"])
        # A client that goes away, and one that asked for the head only.
        pieces = (await app.dispatch_request(await request(app, "GET", "/"))).body_iter()
        assert await pieces.__anext__() == b"a"
        await pieces.aclose()
        assert ends == ["end", "end"]
        assert (await ask(app, "HEAD", "/")).body == b""

    asyncio.run(main())


def test_plain_handlers_run_in_threads_with_the_context_of_the_request():
    app = Microdot()
    user = contextvars.ContextVar("user")
    threads = []

    @app.before_request
    async def set_user(request):
        user.set(request.args["user"])

    @app.get("/")
    def index(request):
        threads.append(threading.current_thread())
        return user.get()

    async def main():
        answers = await asyncio.gather(*[ask(app, "GET", "/?user=%d" % n) for n in range(5)])
        assert [answer.text for answer in answers] == ["0", "1", "2", "3", "4"]

    asyncio.run(main())
    assert threading.main_thread() not in threads


def test_objects_with_an_asynchronous_call_are_handlers():
    class Handler:
        async def __call__(self, request):
            return Response("called in %s" % threading.current_thread().name)

    app = Microdot()
    app.get("/")(Handler())
    answer = asyncio.run(ask(app, "GET", "/"))
    assert answer.text == "called in " + threading.main_thread().name
