"""The log's page of the setup page: the last lines, and further ones as they come."""

from . import log, setup_page

_FOLLOWERS = 3  # at a time: each holds one of the server's few connections
_following = 0


def add(setup):
    """Register the routes of the log."""
    setup.app.get("/_firn/log")(show)
    setup.app.get("/_firn/log/events")(follow)


async def show(request):
    """The page with the lines that are in RAM."""
    return setup_page.page(request, "Log", _content())


async def follow(request):
    """Every further line as an event "line", whose id is the line's number.

    ``?after=N``, or what a client that comes back says it has seen last: lines after that one;
    without either, all. 503 where enough others listen already.
    """
    if _following >= _FOLLOWERS:
        return "Expected at most %d pages that follow the log, got one more." % _FOLLOWERS, 503
    after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    if after and not (len(after) < 16 and all("0" <= c <= "9" for c in after)):
        return "Expected the number of a line, got something else.", 400
    from microdot.sse import sse_response

    return sse_response(request, _send, int(after) if after else None)


async def _send(request, sse, after):
    global _following
    _following += 1
    try:
        async for number, line in log.follow(after):
            await sse.send(line, event="line", event_id=str(number))
    finally:
        _following -= 1


def _content():
    crash = _last_crash()
    if crash:
        yield "<section>\n<h2>Last crash</h2>\n<pre>%s</pre>\n</section>\n" % (
            setup_page.escape(crash[-4000:])
        )
    yield (
        '<p class="hint" id="log-state" role="status">Reload the page to see further lines.</p>\n'
        '<pre class="log" data-follow="/_firn/log/events?after=%d" tabindex="0" role="log" '
        'aria-label="Log">' % log.last()
    )
    for _, line in log.since():
        yield '<span class="%s">%s\n</span>' % (_level(line), setup_page.escape(line))
    yield "</pre>\n"


def _level(line):
    """The level's name of a line "TIME LEVEL TEXT", or ""."""
    parts = line.split(" ", 2)
    return parts[1] if len(parts) == 3 and parts[1] in log.LEVELS else ""


def _last_crash():
    """The traceback (str) of the last crash, or None."""
    safety = setup_page.loaded("safety")
    return safety.values()["last_crash"] if safety else None
