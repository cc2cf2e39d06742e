"""The log's page: its lines, and those that come while somebody looks."""

import asyncio
import sys

from exchange import ask
from listener import Listener

import firn
from expect import equal
from firn import log, setup_log
from microdot import Microdot


class Setup:
    """What a part of the setup page is added to."""

    def __init__(self):
        self.app = Microdot()
        setup_log.add(self)


class Page:
    """A client of the event stream at ``target``; ``events``: the texts it got."""

    def __init__(self, app, target="/_firn/log/events", headers=None):
        self.events = []
        self.status = None
        self._arguments = app, "GET", headers, target
        self._listener = Listener()
        self._task = asyncio.create_task(self._run())

    async def _run(self):
        self.status = (await self._listener.ask(*self._arguments)).status_code
        piece = await self._listener.piece()
        while piece is not None:
            self.events += [part for part in piece.decode().split("\n\n") if part]
            piece = await self._listener.piece()

    async def until(self, count):
        """Wait for ``count`` events; those."""
        for _ in range(1000):
            if len(self.events) >= count:
                break
            assert not self._task.done(), "the stream has ended"
            await asyncio.sleep(0.01)
        return self.events[:count]

    async def leave(self):
        """Go, as a client does that closes its page."""
        self._listener.leave()
        await self._task


def text_of(event):
    """The text of the line that an event carries."""
    data = [line[6:] for line in event.split("\n") if line[:6] == "data: "]
    return data[0].split(" ", 2)[2]


async def test_the_page_shows_the_lines_as_text():
    log.warning("<b>one & two")
    answer = await ask(Setup().app, "GET", "/_firn/log")
    equal(answer.status, 200)
    assert " warning &lt;b&gt;one &amp; two\n</span>" in answer.text
    assert '<span class="warning">' in answer.text
    assert 'data-follow="/_firn/log/events?after=%d"' % log.last() in answer.text


async def test_the_page_shows_the_last_crash():
    class Safety:
        mode = "normal"

        def values(self):
            return {"last_crash": "Traceback <x>\n  ValueError"}

    known = sys.modules.get("firn.safety")
    sys.modules["firn.safety"] = Safety()
    try:
        answer = await ask(Setup().app, "GET", "/_firn/log")
    finally:
        del sys.modules["firn.safety"]
        if known is not None:
            sys.modules["firn.safety"] = known
    assert "<h2>Last crash</h2>\n<pre>Traceback &lt;x&gt;\n  ValueError</pre>" in answer.text
    assert firn


async def test_lines_come_as_events_when_they_are_noted():
    log.info("before")
    page = Page(Setup().app, "/_firn/log/events?after=%d" % log.last())
    try:
        await asyncio.sleep(0)
        log.info("first")
        log.error("second")
        events = await page.until(2)
        equal([text_of(event) for event in events], ["first", "second"])
        assert "event: line" in events[0].split("\n")
        assert "id: %d" % log.last() in events[1].split("\n")
    finally:
        await page.leave()


async def test_who_comes_back_gets_what_was_missed():
    log.info("seen")
    seen = log.last()
    log.info("missed")
    page = Page(Setup().app, "/_firn/log/events?after=1", {"Last-Event-ID": str(seen)})
    try:
        equal(text_of((await page.until(1))[0]), "missed")
    finally:
        await page.leave()


async def test_after_a_restart_all_lines_come():
    log.info("only")
    page = Page(Setup().app, "/_firn/log/events?after=%d" % (log.last() + 100))
    try:
        events = await page.until(len(log.lines()))
        equal(text_of(events[-1]), "only")
    finally:
        await page.leave()


async def test_few_listen_at_a_time_and_who_leaves_makes_room():
    app = Setup().app
    pages = [Page(app) for _ in range(setup_log._FOLLOWERS)]
    log.info("for all")
    for page in pages:
        await page.until(1)
    refused = await ask(app, "GET", "/_firn/log/events")
    equal(refused.status, 503)
    for page in pages:
        await page.leave()
    equal(setup_log._following, 0)
    page = Page(app)
    await page.until(1)
    equal(page.status, 200)
    await page.leave()


async def test_what_is_no_number_of_a_line_is_refused():
    app = Setup().app
    for after in ("x", "-1", "1.5", "%D9%A3", "9" * 16):
        answer = await ask(app, "GET", "/_firn/log/events?after=" + after)
        equal(answer.status, 400, after)
