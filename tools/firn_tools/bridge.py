"""``firn bridge``: a device's site on 127.0.0.1, by way of its serial line (docs/usb.md)."""

import asyncio
import contextlib
import errno
import html
import sys
import time
import webbrowser

from . import bridge_link, serial_ports
from .bridge_port import Port
from .errors import Failure
from .progress import say

_TICK = 0.25  # seconds
_REOPEN = 0.5  # seconds between attempts to open a port that has gone
_FIRST_ANSWER = 4.0  # seconds after which a silent device is told of
_PATIENCE = 10.0  # seconds that a client waits for a device that restarts, or for a channel
_HEAD_TIMEOUT = 2.0  # seconds for the request of a client that gets a page of ours
_RETRY = 0.2  # seconds until a device that was full is asked again
_SETTLED = 3.0  # seconds until it is clear what has become of a device
_KEPT = 16384  # bytes of a request that are kept to be sent again to a device that was full
_FLUSH_TIMEOUT = 10.0  # seconds for a client to take the end of an answer
_READ = 4096  # bytes

_FULL = "the device has no free connection"
_AWAY = "away"  # a state beside those of bridge_link: there is no port

_TOLD = {
    _AWAY: "the device is not connected",
    bridge_link.SILENT: "the device is restarting, or serves no site over USB",
    bridge_link.PROMPT: "the device is at its REPL; its reset button starts the site again",
}


class Bridge:
    """The relay between TCP clients and one device.

    ``name``: the serial port; ``listen``: the TCP port, 0 for a free one; ``text``: takes what the
    device prints (bytes).
    """

    def __init__(self, name, listen, text):
        self.name = name
        self.listen = listen
        self.text = text
        self.url = None
        self.link = None
        self._port = None
        self._state = None
        self._told = None
        self._clients = set()

    async def run(self, opened=None):
        """Relay until cancelled; ``opened(url)`` is called once clients may come."""
        loop = asyncio.get_running_loop()
        self._lost = asyncio.Event()
        self.link = bridge_link.Link(self._write, self.text, self._noticed)
        self._port = Port(self.name, loop, self.link.feed, self._gone)
        try:
            server = await self._serve()
            try:
                self.url = "http://127.0.0.1:%d/" % server.sockets[0].getsockname()[1]
                say("%s: %s" % (self.name, self.url))
                if opened:
                    opened(self.url)
                await self._keep()
            finally:
                server.close()
                for task in list(self._clients):
                    task.cancel()
                await asyncio.gather(*self._clients, return_exceptions=True)
        finally:
            if self._port:
                self._port.close()

    async def _serve(self):
        try:
            return await asyncio.start_server(self._client, "127.0.0.1", self.listen)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise Failure(
                "port %d of 127.0.0.1 is taken; choose another by --listen" % self.listen
            ) from None

    # The port

    def _write(self, data):
        if self._port:
            self._port.write(data)

    def _gone(self, error):
        self._lost.set()

    async def _keep(self):
        """Keep the link alive, and open the port again whenever it has gone."""
        silent_since = time.monotonic()
        while True:
            self.link.tick()
            if self.link.state != bridge_link.SILENT:
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > _FIRST_ANSWER:
                self._tell(bridge_link.SILENT)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._lost.wait(), _TICK)
            if self._lost.is_set():
                await self._reopen()
                silent_since = time.monotonic()

    async def _reopen(self):
        loop = asyncio.get_running_loop()
        self._port.close()
        self._port = None
        self._state = _AWAY
        self.link.fail("gone")
        self._tell(_AWAY)
        while True:
            await asyncio.sleep(_REOPEN)
            self._lost.clear()
            # What an old port still has to say belongs to nobody.
            self.link = bridge_link.Link(self._write, self.text, self._noticed)
            try:
                self._port = Port(self.name, loop, self.link.feed, self._gone)
            except Failure:
                continue
            self._state = bridge_link.SILENT
            return

    def _noticed(self, state):
        self._state = state
        if state != bridge_link.SILENT:
            self._tell(state)

    def _tell(self, state):
        """Say what has become of the device, once."""
        if state == self._told:
            return
        self._told = state
        if state == bridge_link.UP:
            say("connected to %s" % (self.link.board or "the device"))
        else:
            say(_TOLD[state])

    # Clients

    async def _client(self, reader, writer):
        task = asyncio.current_task()
        self._clients.add(task)
        try:
            await self._relay(reader, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._clients.discard(task)
            writer.close()

    async def _relay(self, reader, writer):
        """Give the client a channel, or a page that says why there is none."""
        client = _Client(reader, writer)
        end = time.monotonic() + _PATIENCE
        while True:
            channel = await self._channel(end)
            if channel is None:
                full = self.link.state == bridge_link.UP
                await _answer(reader, writer, 503, _FULL if full else self._explanation())
                return
            try:
                reason = await client.run(channel)
            finally:
                channel.link.reset(channel, "gone")
            if reason != "full" or not client.may_repeat() or time.monotonic() > end:
                break
            await asyncio.sleep(_RETRY)
        if reason is None:
            return
        if client.answered:
            writer.transport.abort()  # the client must not take a part for the whole
        elif reason == "full":
            await _answer(reader, writer, 503, _FULL, client.asked)
        elif reason == "lost":
            text = "the serial line has lost a part of the request or of the answer"
            await _answer(reader, writer, 502, text, client.asked)
        else:
            await self._settled()
            await _answer(reader, writer, 502, self._explanation(), client.asked)

    async def _channel(self, end):
        """A Channel; None where the device has no more of them, or serves nothing, until ``end``
        (of the monotonic clock)."""
        while self._state != bridge_link.PROMPT and time.monotonic() < end:
            channel = await self.link.open(end - time.monotonic())
            if channel:
                return channel
            await asyncio.sleep(0.05)
        return None

    async def _settled(self):
        """Wait until it shows why the device has ended a connection without an answer."""
        end = time.monotonic() + _SETTLED
        while self._state == bridge_link.UP and time.monotonic() < end:
            await asyncio.sleep(0.05)

    def _explanation(self):
        return _TOLD.get(self._state, _TOLD[bridge_link.SILENT])


class _Client:
    """One TCP connection."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.channel = None
        self.asked = False  # whether a request has been read
        self.answered = False  # whether a byte of an answer was passed on
        self._sent = b""  # what was read before anything was answered

    def may_repeat(self):
        """Whether all that was read can be sent once more."""
        return not self.answered and len(self._sent) <= _KEPT

    async def run(self, channel):
        """Relay both ways until the device closes; None, or the reason why that went wrong."""
        self.channel = channel
        upload = asyncio.create_task(self._upload())
        try:
            await self._download()
        except bridge_link.ChannelClosed as closed:
            return closed.reason
        except OSError:
            pass  # the client has gone
        finally:
            upload.cancel()
            await asyncio.gather(upload, return_exceptions=True)
        return None

    async def _upload(self):
        try:
            if self._sent:
                await self.channel.send(self._sent)
            while True:
                data = await self.reader.read(_READ)
                if not data:
                    break
                self.asked = True
                if self.may_repeat():
                    self._sent += data
                await self.channel.send(data)
        except (OSError, bridge_link.ChannelClosed):
            pass
        self.channel.end()

    async def _download(self):
        while True:
            data = await self.channel.receive()
            if not data:
                break
            self.answered = True
            self.writer.write(data)
            await self.writer.drain()
            self.channel.took(len(data))
        self.writer.close()
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            await asyncio.wait_for(self.writer.wait_closed(), _FLUSH_TIMEOUT)


async def _answer(reader, writer, status, text, asked=False):
    """Answer the client's request with a page of ours."""
    if not asked:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_TIMEOUT)
        except (asyncio.TimeoutError, asyncio.LimitOverrunError, asyncio.IncompleteReadError):
            head = None
        if not head:
            return
    name = {502: "Bad Gateway", 503: "Service Unavailable"}[status]
    body = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>%s</title>"
        '<meta name=viewport content="width=device-width">'
        "<body style='font:16px sans-serif;max-width:36em;margin:3em auto;padding:0 1em'>"
        "<h1>No answer from the device</h1><p>firn bridge: %s.</p></html>\n"
        % (name, html.escape(text))
    ).encode()
    writer.write(
        b"HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n"
        b"Cache-Control: no-store\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s"
        % (status, name.encode(), len(body), body)
    )
    await writer.drain()
    writer.write_eof()
    # A socket that is closed with unread data takes back what it has sent.
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        await asyncio.wait_for(_skip(reader), _HEAD_TIMEOUT)


async def _skip(reader):
    while await reader.read(_READ):
        pass


class _Output:
    """Puts what the device prints on stdout, with this computer's ends of lines."""

    def __init__(self):
        self._held = b""

    def __call__(self, text):
        text = self._held + text
        # What comes next may be the other half of an end of line.
        self._held = b"\r" if text.endswith(b"\r") else b""
        text = text[: len(text) - len(self._held)]
        try:
            sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
            sys.stdout.buffer.flush()
        except (OSError, ValueError):
            pass  # whoever was to read it has gone


def run(device, listen, open_browser):
    """Relay between 127.0.0.1:``listen`` and the device at the port ``device`` until Ctrl-C; 0."""
    bridge = Bridge(serial_ports.choose(device), listen, _Output())
    try:
        asyncio.run(bridge.run(webbrowser.open if open_browser else None))
    except KeyboardInterrupt:
        say("bridge closed; the device goes on as it is")
    return 0
