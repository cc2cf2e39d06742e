"""Sessions of notebooks: whose they are, how long they live, what they take."""

import asyncio
import json

from notebook_files import Files, Page, notebook

from expect import equal
from marimo.builder import create_asgi_app
from microdot.test_client import TestClient

CELLS = ("s = mo.ui.slider(1, 10)\ns", "s.value * 2")
SESSION = "Marimo-Session-Id"


def serve(files, ttl=120):
    builder = create_asgi_app(show_tracebacks=True, session_ttl=ttl)
    builder.with_app(path="/n", root=files.path + "/n.py")
    return builder, builder.application()


async def loaded(app, client=None):
    """A page that has its session's id."""
    page = Page(app, "/n/", client)
    await page.load()
    return page


async def test_two_pages_are_two_kernels():
    with Files(n=notebook(*CELLS)) as files:
        builder, app = serve(files)
        client = TestClient(app)
        one, two = await loaded(app, client), await loaded(app, client)
        assert one.session != two.session
        await one.talk({"MJUe-0": 7})
        await two.talk()
        equal(one.html(2), "<pre class='mo-text'>14</pre>")
        equal(two.html(2), "<pre class='mo-text'>2</pre>")
        equal(len(builder.notebooks.sessions), 2)


async def test_a_page_that_comes_back_finds_everything_as_it_was():
    with Files(n=notebook(*CELLS)) as files:
        builder, app = serve(files)
        page = await loaded(app)
        await page.talk({"MJUe-0": 7})
        await page.talk()
        equal(page.frames[0]["resumed"], True)
        equal(page.frames[-1], {"op": "done"})
        assert "data-value='7'" in page.html(1), page.html(1)
        equal(page.html(2), "<pre class='mo-text'>14</pre>")
        runs = [state.runs for state in next(iter(builder.notebooks.sessions)).kernel.cells]
        equal(runs, [1, 1, 2], "nothing has run again")


async def test_somebody_else_s_session_is_out_of_reach():
    with Files(n=notebook(*CELLS)) as files:
        _, app = serve(files)
        mine = await loaded(app)
        await mine.talk({"MJUe-0": 7})
        for thief in (Page(app, "/n/"), await loaded(app)):  # without and with a cookie
            thief.session = mine.session
            await thief.talk({"MJUe-0": 3})
            equal([frame["op"] for frame in thief.frames], ["error"])
            body = {"values": {"MJUe-0": 3}}
            answer = await thief.client.post("/n/set", {SESSION: mine.session}, body)
            equal(answer.status_code, 403)
            events = (await thief.client.get("/n/events?session_id=" + mine.session)).events
            equal([event["data_json"]["op"] for event in events], ["error"])
        await mine.talk()
        equal(mine.html(2), "<pre class='mo-text'>14</pre>")


async def test_pages_of_other_sites_are_refused():
    with Files(n=notebook(*CELLS)) as files:
        _, app = serve(files)
        for origin, is_known in (
            ("http://example.com:1234", True),
            ("https://evil.example", False),
            ("http://example.com", False),
            ("null", False),
        ):
            page = await loaded(app)
            await page.talk(headers={"Origin": origin})
            equal(page.answer is None, is_known, origin)
            if not is_known:
                equal(page.answer.status_code, 403)
                url = "/n/events?session_id=x"
                equal((await page.client.get(url, {"Origin": origin})).status_code, 403)


async def test_a_connection_needs_an_id():
    with Files(n=notebook(*CELLS)) as files:
        _, app = serve(files)
        for id in ("", "x" * 65):
            page = Page(app, "/n/")
            page.session = id
            await page.talk()
            assert "session_id" in page.frames[0]["message"]
            equal(page.close_code, 1008)


async def test_when_there_is_no_room_who_has_left_goes_first():
    with Files(n=notebook("1")) as files:
        builder, app = serve(files)
        sessions = builder.notebooks.sessions
        sessions.limit = 2
        pages = []
        for _ in range(3):
            pages.append(await loaded(app))
        for page in pages:
            await page.talk()
            await asyncio.sleep(0.01)
        equal([session.id for session in sessions], [page.session for page in pages[1:]])
        for session in list(sessions):
            session.attach(session)
        await pages[0].talk()
        assert "at most 2" in pages[0].frames[0]["message"]
        equal(pages[0].close_code, 1013)
        equal(len(sessions), 2)


async def test_a_session_ends_a_while_after_its_page():
    with Files(n=notebook("1")) as files:
        builder, app = serve(files, ttl=0)
        page = await loaded(app)
        await page.talk()
        for _ in range(10):
            await asyncio.sleep(0.01)
        equal(len(builder.notebooks.sessions), 0)
        await page.talk()
        equal(page.frames[0]["resumed"], False)


async def test_another_connection_takes_a_session_over():
    with Files(n=notebook(*CELLS)) as files:
        builder, app = serve(files)
        page = await loaded(app)
        other = Page(app, "/n/", page.client)
        other.session = page.session
        page.frames = []

        def first():
            message = yield
            while message is not None:
                page.frames.append(json.loads(message))
                message = yield

        waiting = asyncio.create_task(
            page.client.websocket("/n/ws?session_id=" + page.session, first)
        )
        while {"op": "done"} not in page.frames:
            await asyncio.sleep(0)
        client = TestClient(app, page.client.cookies)
        other.client = client
        await other.talk({"MJUe-0": 2})
        await waiting
        equal(page.close_code, 4409)
        equal(other.frames[0]["resumed"], True)
        equal(other.html(2), "<pre class='mo-text'>4</pre>")
        equal(len(builder.notebooks.sessions), 1)


async def test_a_page_that_is_loaded_for_something_new_begins_anew():
    with Files(n=notebook('mo.query_params().get("a")')) as files:
        _, app = serve(files)
        page = await loaded(app)
        await page.talk(query="&a=1")
        await page.talk(query="&a=1")
        equal(page.frames[0]["resumed"], True)
        await page.talk(query="&a=2")
        equal(page.frames[0]["resumed"], False)
        assert "2" in page.html(1)
        files.write("n.py", notebook('"edited"'))
        await page.talk(query="&a=2")
        equal(page.frames[0]["resumed"], False)
        assert "edited" in page.html(1)
        files.remove("n.py")
        await page.talk(query="&a=2")
        equal(page.frames[0]["resumed"], True, "what goes on needs no file")


# What a page says


async def test_messages_that_make_no_sense_are_answered():
    with Files(n=notebook(*CELLS)) as files:
        _, app = serve(files)
        page = await loaded(app)
        for text in (
            "", "x", "[1]", "null", '{"op":"set"}', '{"op":"set","values":[1]}', '{"op":"run"}',
            '{"op":"set","values":{"%s":1}}' % ("x" * 101), "[" * 1000,
            '{"op":"set","values":{%s}}' % ",".join(['"a%d":1' % n for n in range(201)]),
        ):  # fmt: skip
            await page.talk(raw=(text, '{"op":"ping"}'))
            assert {"op": "pong"} in page.frames, text[:40]
            errors = [frame["message"] for frame in page.frames if frame["op"] == "error"]
            equal(len(errors), 1, text[:40])
            assert errors[0].startswith("expected"), errors


async def test_who_makes_no_sense_for_long_is_hung_up_on():
    with Files(n=notebook(*CELLS)) as files:
        _, app = serve(files)
        page = await loaded(app)
        await page.talk(raw=["x"] * 12)
        equal(page.close_code, 1008)
        await page.talk()
        equal(page.html(2), "<pre class='mo-text'>2</pre>")


async def test_a_flood_becomes_few_runs():
    with Files(n=notebook(*CELLS)) as files:
        builder, app = serve(files)
        page = await loaded(app)
        await page.talk()
        session = next(iter(builder.notebooks.sessions))
        for number in range(500):
            session.set_values({"MJUe-0": number % 10 + 1})
        for _ in range(20):
            await asyncio.sleep(0)
        equal(session.kernel.cells[2].runs, 2)
        equal(session.kernel.cells[2].output, 20)
        try:
            session.set_values({"e%d" % number: 1 for number in range(300)})
        except ValueError as error:
            assert "at most" in str(error)
        else:
            raise AssertionError("expected a limit")


async def test_frames_do_not_pile_up_for_a_slow_page():
    with Files(n=notebook(*CELLS)) as files:
        builder, app = serve(files)
        page = await loaded(app)
        await page.talk()
        session = next(iter(builder.notebooks.sessions))
        for number in range(50):
            session.set_values({"MJUe-0": number % 10 + 1})
            for _ in range(6):
                await asyncio.sleep(0)
        frames = []
        frame = session.frames.take(session.kernel, None)
        while frame is not None:
            frames.append(json.loads(frame)["op"])
            frame = session.frames.take(session.kernel, None)
        equal(frames, ["cell", "done"])


# Without a WebSocket


async def test_events_and_post_do_the_same():
    with Files(n=notebook(*CELLS)) as files:
        builder, app = serve(files)
        page = await loaded(app)
        url = "/n/events?session_id=" + page.session
        waiting = asyncio.create_task(page.client.get(url))
        sessions = builder.notebooks.sessions
        while not len(sessions) or next(iter(sessions)).kernel.cells[2].runs < 1:
            await asyncio.sleep(0)
        session = next(iter(sessions))
        other = TestClient(app, page.client.cookies)
        answer = await other.post("/n/set", {SESSION: page.session}, {"values": {"MJUe-0": 3}})
        equal((answer.status_code, answer.json), (200, {"success": True}))
        while session.kernel.cells[2].runs < 2:
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0.001)
        session.attach(None)  # as another connection would
        frames = [event["data_json"] for event in (await waiting).events]
        equal(frames[0]["op"], "cells")
        equal(frames[-1]["op"], "done")
        page.frames = frames
        equal(page.html(2), "<pre class='mo-text'>6</pre>")


async def test_posts_that_are_refused():
    with Files(n=notebook(*CELLS)) as files:
        _, app = serve(files)
        page = await loaded(app)
        await page.talk()
        client = page.client
        ours = {SESSION: page.session}
        for headers, body, status in (
            ({}, {"values": {}}, 400),
            ({SESSION: "unknown"}, {"values": {}}, 404),
            (ours, "x", 400),
            (ours, {"values": 1}, 400),
            (ours, {"values": {"unknown-1": 1}}, 200),
        ):
            answer = await client.post("/n/set", headers, body)
            equal(answer.status_code, status, (headers, body))
        long = dict(ours)
        long["Content-Length"] = "20000"
        equal((await client.post("/n/set", long, "x")).status_code, 413)
        equal((await client.get("/n/set", ours)).status_code, 405)
