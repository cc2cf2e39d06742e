"""Server-sent events: a response that goes on for as long as client and handler like.

The format is section 9.2 of the HTML standard (https://html.spec.whatwg.org). The handler runs as
a task of its own and puts its events into a short queue; the response takes all that is there at
once, so that a burst of events is one write.
"""

import asyncio

from .compat import MICROPYTHON, print_exception

if MICROPYTHON:
    from asyncio import core

    def _wait(sse, seconds):
        """Wait until _wake(), or until the time is over."""
        sse._waiting = core.cur_task
        return asyncio.sleep_ms(seconds * 1000)

    def _wake(sse):
        task = sse._waiting
        if task is not None:  # asleep, so it is in the queue
            sse._waiting = None
            core._task_queue.remove(task)
            core._task_queue.push(task)

else:

    async def _wait(sse, seconds):
        """Wait until _wake(), or until the time is over."""
        sse._waiting = asyncio.get_running_loop().create_future()
        timer = asyncio.get_running_loop().call_later(seconds, _wake, sse)
        try:
            await sse._waiting
        finally:
            timer.cancel()

    def _wake(sse):
        if sse._waiting is not None and not sse._waiting.done():
            sse._waiting.set_result(None)
        sse._waiting = None


class SSE:
    """The events to one client; handlers get it as their second argument.

    Attributes: ``last_event_id`` (str, None at the first connection) is the ``event_id`` that the
    client has seen last, ``closed`` (bool) whether the stream has ended.

    Tunables, of the class or of one object: ``queue_size``, the number of events that wait for
    the client before send() waits, too; ``heartbeat``, the seconds without an event after which
    the client gets a comment, 0 for none.
    """

    queue_size = 16
    heartbeat = 15

    def __init__(self, request, run):
        self.last_event_id = request.headers.get("Last-Event-ID")
        self.closed = False
        self._request = request
        self._run = run
        self._queue = []
        self._room = None  # an Event, once the queue was full
        self._waiting = None  # what waits for an event
        self._tasks = None

    async def send(self, data, event=None, event_id=None, retry=None, comment=False):
        """Send an event; wait while ``queue_size`` others wait for the client.

        ``data``: str, bytes (UTF-8), dict or list (sent as JSON), other values as str() gives
        them; ``event``: its name; ``event_id``: what the client says as Last-Event-ID when it
        comes back; ``retry``: after how many seconds it does so; ``comment``: ``data`` is one,
        for no program to see. ValueError for names and ids of several lines; OSError when the
        stream has ended.
        """
        data = _encode(data, b": " if comment else b"data: ")
        if event is not None or event_id is not None or retry is not None:
            data = _fields(event, event_id, retry) + data
        while len(self._queue) >= self.queue_size and not self.closed:
            if self._room is None:
                self._room = asyncio.Event()
            self._room.clear()
            await self._room.wait()
        if self.closed:
            raise OSError(32, "the event stream has ended")  # EPIPE
        self._queue.append(data)
        if self._waiting is not None:
            _wake(self)

    # The body of the response

    async def __anext__(self):
        if self._tasks is None:
            self._tasks = (
                asyncio.create_task(self._handle()),
                asyncio.create_task(self._watch()),
            )
        queue = self._queue
        while not queue:
            if self.closed:
                await self.aclose()
                raise StopAsyncIteration
            heartbeat = self.heartbeat
            await _wait(self, heartbeat or 3600)
            if self._waiting is not None:
                self._waiting = None
                if heartbeat:
                    return b":\n\n"
        data = queue[0] if len(queue) == 1 else b"".join(queue)
        queue.clear()
        if self._room is not None:
            self._room.set()
        return data

    async def aclose(self):
        """End the handler."""
        self._end()
        if self._tasks:
            for task in self._tasks:
                task.cancel()
            self._tasks = ()
            await asyncio.sleep(0)  # for it to clean up, and for _watch() to let the socket go

    async def _handle(self):
        try:
            await self._run(self)
        except asyncio.CancelledError:
            pass
        except Exception as error:
            if not (self.closed and isinstance(error, OSError)):
                print_exception(error)
        self._end()

    async def _watch(self):
        await self._request.disconnected()
        self._queue.clear()
        self._tasks[0].cancel()
        self._end()

    def _end(self):
        self.closed = True
        _wake(self)
        if self._room is not None:
            self._room.set()


def _encode(data, field):
    """The lines of ``data``, each after ``field`` (bytes), and the empty one after an event."""
    if isinstance(data, (dict, list)):
        import json

        data = json.dumps(data)
    data = bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else str(data).encode()
    if b"\n" in data or b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        data = data.replace(b"\n", b"\n" + field)
    return field + data + b"\n\n"


def _fields(event, event_id, retry):
    """The lines before the data (bytes)."""
    lines = "" if retry is None else "retry: %d\n" % (retry * 1000)
    for name, value in (("event", event), ("id", event_id)):
        if value is not None:
            value = str(value)
            if "\n" in value or "\r" in value or "\0" in value:
                raise ValueError("expected one line as %s, got %r" % (name, value))
            lines += "%s: %s\n" % (name, value)
    return lines.encode()


def sse_response(request, event_function, *args, **kwargs):
    """The Response whose events ``event_function(request, sse, *args, **kwargs)`` sends.

    The function (``async``) starts after the head was sent, not at all for HEAD, and is cancelled
    when the client has gone.
    """
    from .response import Response

    sse = SSE(request, lambda sse: event_function(request, sse, *args, **kwargs))
    return Response(
        sse, headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    )


def with_sse(f):
    """Decorator: ``f(request, sse, ...)`` (``async``) sends the events of the route."""

    async def handler(request, *args, **kwargs):
        return sse_response(request, f, *args, **kwargs)

    return handler
