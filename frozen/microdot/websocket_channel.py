"""A WebSocket's connection after its handshake (RFC 6455 sections 5 to 7).

Whoever waits in receive() reads the connection and answers pings and the client's Close. While
nobody does, a task of the channel does it instead, so that a client that leaves is noticed, and
goes no further than the first message that nobody has asked for: a client cannot send more than
the handler takes. A second task looks at the clock once a second: it pings a silent client, and
ends what lasts too long.
"""

import asyncio
from asyncio import current_task

from . import websocket_frames as frames
from .compat import const, print_exception, ticks_add, ticks_diff, ticks_ms
from .websocket import WebSocketError

_TICK = const(1)  # seconds


class Channel:
    """What sends and receives for ``ws`` (a WebSocket) on ``connection``, which was taken over.

    ``received``: bytes that have come already. Made in the handler's task, which is cancelled when
    the client leaves while no WebSocketError can tell it.
    """

    _end = None  # (code, reason) once nothing is received any more
    _message = None  # received, not asked for
    _reader = None  # the task that receives
    _writer = None  # the task that sends
    _change = None  # the Event of those who wait for one of these two
    _pump = None  # the task that receives while nobody else does
    _close_sent = False  # section 5.5.1: nothing may follow it
    _broken = False  # nothing can be sent: a frame was cut off, or the connection is gone
    _lingers = False  # whether the client may be sending still
    _given_up = False  # whether tasks were cancelled here, and not by somebody else
    _pinged = None  # ticks of the ping that was not answered
    _deadline = None  # ticks at which the closing handshake has lasted too long

    def __init__(self, ws, connection, received=b""):
        limit = ws.max_message_length
        self.ws = ws
        self._connection = connection
        self._decoder = frames.MessageDecoder(ws.request.max_body_length if limit < 0 else limit)
        self._decoder.feed(received)
        self._task = current_task()
        self._attendant = None
        self._heard = ticks_ms()

    async def begin(self, answer):
        """Send the handshake's ``answer`` (bytes)."""
        await self._write(answer)
        self._attendant = asyncio.create_task(self._attend())

    async def run(self, f, args, kwargs):
        """Await the handler ``f(*args, **kwargs)``, then end the WebSocket."""
        code = frames.NORMAL
        try:
            await f(*args, **kwargs)
        except WebSocketError:
            pass
        except asyncio.CancelledError:
            if not self._given_up:  # by the server
                await self._leave()
                self.stop()
                raise
            _uncancel()
        except Exception as error:
            print_exception(error)
            code = frames.INTERNAL_ERROR
        try:
            await self.close(code)
        finally:
            self.stop()

    async def _leave(self):
        """Tell the client in passing that the server stops."""
        if not self.ws.closed and self._writer is None:
            self.ws.closed = True
            try:
                await self._write(frames.encode_close(frames.GOING_AWAY), True)
            except WebSocketError:
                pass

    def stop(self):
        """Leave nothing behind that waits."""
        self.drop()
        for task in (self._attendant, self._pump):
            if task is not None and task is not current_task():
                task.cancel()

    # Receiving

    async def receive(self, wanted=True):
        """The next message; see WebSocket.receive().

        Not ``wanted``: return when there is a message, which is kept, or an end.
        """
        decoder = self._decoder
        begun = False
        try:
            while self._reader is not None and self._message is None:
                await self._wait()
            begun = self._message is None and not (wanted and self.ws.closed)
            if begun:
                self._reader = current_task()
            while self._message is None and begun and self._end is None:
                found = decoder.next()
                if found is None:
                    data = await self._connection.receive()
                    if not data:
                        self._lose("the client has ended the connection without a Close")
                        break
                    self._heard = ticks_ms()
                    self._pinged = None
                    decoder.feed(data)
                elif found[0] <= frames.BINARY:
                    if not self.ws.closed:
                        self._message = found[1]
                else:
                    await self._control(*found)
        except frames.FrameError as error:
            await self._fail(error)
        except OSError as error:
            self._lose("the connection is lost: %s" % error)
        except MemoryError:
            self._decoder = decoder = None
            await self._fail(frames.FrameError(frames.TOO_BIG, "not enough memory"))
        except asyncio.CancelledError:
            if not wanted or not self._given_up:
                raise
            _uncancel()
        finally:
            if begun:
                self._reader = None
                if self._change is not None:
                    self._wake()
        if wanted:
            message = self._message
            if message is None:
                raise self._error()
            self._message = None
            return message

    async def _control(self, opcode, payload):
        if opcode == frames.CLOSE:
            await self._agree(*frames.parse_close(payload))
        elif opcode == frames.PING and not self.ws.closed:  # section 5.5.2
            await self._reply(frames.encode_frame(frames.PONG, payload))

    async def _agree(self, code, reason):
        """Section 5.5.1: answer the client's Close with one of the same code."""
        self.ws.closed = True
        await self._reply(frames.encode_close(code), True)
        self._finish(code, reason)

    async def _fail(self, error):
        """Section 7.1.7: tell the client its mistake, and listen to it no longer."""
        self.ws.closed = True
        self._lingers = True
        await self._reply(frames.encode_close(error.code, error.reason), True)
        self._finish(error.code, error.reason)

    async def _reply(self, frame, last=False):
        try:
            await self._write(frame, last)
        except WebSocketError:
            pass  # where nothing can be sent any more, nothing is expected

    # Sending

    async def send(self, data, opcode, frame=None, last=False):
        """Send a message; see WebSocket.send().

        Or a ``frame`` (bytes) as it is; ``last``: nothing is to follow it.
        """
        if frame is None:
            frame = _message_frame(data, opcode)
        begun = False
        try:
            while self._writer is not None:
                await self._wait()
            if self._broken or self._close_sent or (self.ws.closed and not last):
                raise self._error()
            self._close_sent = last
            self._writer = current_task()
            begun = True
            await self._connection.write(frame)
        except OSError as error:
            self._cut_off("the connection is lost: %s" % error)
            raise self._error()
        except MemoryError:
            self._cut_off("not enough memory to send")
            raise self._error()
        except asyncio.CancelledError:
            if self._given_up:
                _uncancel()
                raise self._error()
            if begun:  # what came next would be taken for the rest of this frame
                self._cut_off("a message was not sent to its end")
            raise
        finally:
            if begun:
                self._writer = None
                if self._change is not None:
                    self._wake()

    def _write(self, frame, last=False):
        return self.send(None, None, frame, last)

    def _cut_off(self, reason):
        """Nothing can be sent any more; tell the others."""
        self._lose(reason)
        self.drop()

    async def _wait(self):
        if self._change is None:
            self._change = asyncio.Event()
        await self._change.wait()

    def _wake(self):
        self._change.set()
        self._change = None

    # Ending

    async def close(self, code, reason=""):
        """End the WebSocket; see WebSocket.close()."""
        if not frames.is_close_code(code):
            raise ValueError("expected a close code that may be sent, got %d" % code)
        if self._deadline is None:
            self._deadline = ticks_add(ticks_ms(), int(self.ws.close_timeout * 1000))
        try:
            if not self.ws.closed:
                self.ws.closed = True
                await self._reply(frames.encode_close(code, reason), True)
            while self._end is None:
                self._message = None
                await self.receive(False)
            if self._lingers:
                self._lingers = False
                await self._linger()
        except asyncio.CancelledError:
            if not self._given_up:
                raise
            _uncancel()

    async def _linger(self):
        """Read what is on its way: a connection closed with data unread takes back the Close.

        Until the client closes the connection or, by the look of it, answers the Close.
        """
        data = b""
        self._reader = current_task()
        try:
            while not (self._broken or _ends_with_close(data)):
                data = await self._connection.receive()
                if not data:
                    break
        except OSError:
            pass
        finally:
            self._reader = None

    def drop(self):
        """End the WebSocket at once; see WebSocket.drop()."""
        self._lose("the client was given up")
        self._broken = self._given_up = True
        tasks = [self._reader, self._writer]
        if self._reader is None or self._reader is self._pump:
            tasks.append(self._task)
        current = current_task()
        for index, task in enumerate(tasks):
            if task is not None and task is not current and task not in tasks[:index]:
                task.cancel()

    def _lose(self, reason):
        """The connection is gone."""
        self.ws.closed = True
        if self._end is None:
            self._finish(frames.ABNORMAL, reason)

    def _finish(self, code, reason):
        self._end = (code, reason)
        for group in self.ws.groups:
            group.remove(self.ws)

    def _error(self):
        return WebSocketError(*self._end or (frames.NORMAL, "closed"))

    # Looking after it

    async def _attend(self):
        try:
            while not self._task.done():
                await asyncio.sleep(_TICK)
                now = ticks_ms()
                if self._deadline is not None:
                    if ticks_diff(now, self._deadline) >= 0:
                        self.drop()
                        return
                elif not self.ws.closed:
                    await self._look_after(now)
            self.stop()  # the handler has accepted it, and left it without closing it
        except WebSocketError:
            pass

    async def _look_after(self, now):
        if self._reader is None:
            if self._message is None:
                self._pump = asyncio.create_task(self._read_on())
            return  # a pong may be there, behind a message
        interval = int(self.ws.ping_interval * 1000)
        if self._pinged is not None:
            if ticks_diff(now, self._pinged) >= int(self.ws.ping_timeout * 1000):
                self.drop()
        elif interval and self._writer is None and ticks_diff(now, self._heard) >= interval:
            self._pinged = now
            await self._write(frames.encode_frame(frames.PING, b""))

    async def _read_on(self):
        """Receive until there is a message or an end; of that, tell the handler."""
        if self._reader is None:
            await self.receive(False)
            if self._end is not None and not self._given_up:
                self._given_up = True
                self._task.cancel()


def _message_frame(data, opcode):
    if isinstance(data, str):
        payload = data.encode()
        usual = frames.TEXT
    elif isinstance(data, (bytes, bytearray, memoryview)):
        payload = data if isinstance(data, bytes) else bytes(data)
        usual = frames.BINARY
    else:
        raise TypeError("expected str or bytes, got %s" % type(data).__name__)
    if opcode is None:
        opcode = usual
    else:
        _check_payload(opcode, payload)
    return frames.encode_frame(opcode, payload)


def _check_payload(opcode, payload):
    """ValueError for what must not be sent (sections 5.5 and 5.6)."""
    if opcode == frames.TEXT:
        try:
            frames.decode_text(payload)
        except frames.FrameError:
            raise ValueError("expected UTF-8 as text")
    elif opcode in (frames.PING, frames.PONG):
        if len(payload) > 125:
            raise ValueError("expected at most 125 bytes, got %d" % len(payload))
    elif opcode != frames.BINARY:
        raise ValueError("expected TEXT, BINARY, PING or PONG, got %r" % (opcode,))


def _ends_with_close(data):
    """Whether a client's Close stands at the end of ``data``, whatever is before it."""
    for size in range(min(126, len(data) - 5)):
        at = len(data) - 6 - size
        if data[at] == 0x88 and data[at + 1] == 0x80 | size:
            return True
    return False


def _uncancel():
    """The cancellation of this task has done its work; newer Pythons count them."""
    task = current_task()
    if hasattr(task, "uncancel"):
        task.uncancel()
