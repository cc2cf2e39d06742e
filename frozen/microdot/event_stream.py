"""The body of an event stream, which microdot.sse loads when the first client comes.

The format is section 9.2 of the HTML standard (https://html.spec.whatwg.org). The handler runs as
a task of its own and puts its events into a short queue; the response takes all that is there at
once. The first event after a pause is sent at once, those that follow it closely together: a write
costs more than an event.
"""

import asyncio
import json

from .compat import MICROPYTHON, const, print_exception, ticks_add, ticks_diff, ticks_ms

_NO_HEARTBEAT_MS = const(3600000)

if MICROPYTHON:
    from asyncio import core

    def _sleep(sse, milliseconds):
        sse._waiting = core.cur_task
        return core.sleep_ms(milliseconds)

    def _wake(sse):
        task = sse._waiting
        if task is not None:  # it is asleep, so it is in the queue
            sse._waiting = None
            core._task_queue.remove(task)
            core._task_queue.push(task)

else:

    async def _sleep(sse, milliseconds):
        loop = asyncio.get_running_loop()
        sse._waiting = waiting = loop.create_future()
        timer = loop.call_later(milliseconds / 1000, _resolve, waiting)
        try:
            await waiting
        finally:
            timer.cancel()

    def _resolve(waiting):
        if not waiting.done():
            waiting.set_result(None)

    def _wake(sse):
        if sse._waiting is not None:
            _resolve(sse._waiting)
            sse._waiting = None


class SSE:
    """The events to one client; handlers get it as their second argument.

    Attributes: ``last_event_id`` (str, None at the first connection) is the ``event_id`` that the
    client has seen last, ``closed`` (bool) whether the stream has ended.

    Tunables, of the class or of one object: ``queue_size`` and ``queue_bytes``, how many events
    and bytes wait for the client before send() waits, too; ``heartbeat``, the seconds without an
    event after which the client gets a comment, 0 for none; ``gather_ms``, the milliseconds
    between two writes as long as the queue is not full.
    """

    queue_size = 16
    queue_bytes = 2048
    heartbeat = 15
    gather_ms = 2

    def __init__(self, request, run):
        self.last_event_id = request.headers.get("Last-Event-ID")
        self.closed = False
        self._request = request
        self._run = run
        self._queue = []
        self._bytes = 0  # in the queue
        self._full = False
        self._room = None  # an Event, once the queue was full
        self._waiting = None  # what waits for an event
        self._patient = False  # whether it waits for more than one
        self._next_write = ticks_ms()
        self._tasks = None

    async def send(self, data, event=None, event_id=None, retry=None, comment=False):
        """Send an event; wait while too many others wait for the client.

        ``data``: str, bytes (UTF-8), dict or list (sent as JSON), other values as str() gives
        them; ``event``: its name; ``event_id``: what the client says as Last-Event-ID when it
        comes back; ``retry``: after how many seconds it does so; ``comment``: ``data`` is one,
        for no program to see. ValueError for names and ids of several lines and for negative
        times; OSError when the stream has ended.
        """
        data = _encode(data, b": " if comment else b"data: ")
        if event is not None or event_id is not None or retry is not None:
            data = _fields(event, event_id, retry) + data
        while self._full and not self.closed:
            if self._room is None:
                self._room = asyncio.Event()
            self._room.clear()
            await self._room.wait()
        if self.closed:
            raise OSError(32, "the event stream has ended")  # EPIPE
        self._queue.append(data)
        self._bytes += len(data)
        if len(self._queue) >= self.queue_size or self._bytes >= self.queue_bytes:
            self._full = True
        if self._full or not self._patient:
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
            if not await self._wait(int(heartbeat * 1000) or _NO_HEARTBEAT_MS) and heartbeat:
                return b":\n\n"
        left = ticks_diff(self._next_write, ticks_ms())
        if left > 0 and not self._full and not self.closed:
            self._patient = True
            await self._wait(left)
            self._patient = False
        self._next_write = ticks_add(ticks_ms(), self.gather_ms)
        data = queue[0] if len(queue) == 1 else b"".join(queue)
        queue.clear()
        self._bytes = 0
        self._full = False
        if self._room is not None:
            self._room.set()
        return data

    async def _wait(self, milliseconds):
        """Wait until _wake(), or until the time is over; whether it was _wake()."""
        try:
            await _sleep(self, milliseconds)
        except asyncio.CancelledError:
            self._waiting = None
            raise
        woken = self._waiting is None
        self._waiting = None
        return woken

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
        try:
            await self._request.disconnected()
        except OSError:
            pass
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
    if isinstance(data, str):
        data = data.encode()
    elif isinstance(data, (bytes, bytearray, memoryview)):
        data = bytes(data)
    else:
        data = (json.dumps(data) if isinstance(data, (dict, list)) else str(data)).encode()
    if b"\n" in data or b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        data = data.replace(b"\n", b"\n" + field)
    return field + data + b"\n\n"


def _fields(event, event_id, retry):
    """The lines before the data (bytes)."""
    lines = ""
    if retry is not None:
        if retry < 0:
            raise ValueError("expected 0 or more seconds as retry, got %r" % retry)
        lines = "retry: %d\n" % (retry * 1000)
    for name, value in (("event", event), ("id", event_id)):
        if value is not None:
            value = str(value)
            if "\n" in value or "\r" in value or "\0" in value:
                raise ValueError("expected one line as %s, got %r" % (name, value))
            lines += "%s: %s\n" % (name, value)
    return lines.encode()
