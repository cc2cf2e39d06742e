"""HTTP over the serial line of the console: the site on a board's USB cable. See docs/usb.md.

Until a bridge says its first word nothing of it is loaded but this.
"""

import sys

from microdot.compat import MICROPYTHON, const

_BEGIN = b"\xf8"  # of a frame; no text has it

if MICROPYTHON:
    import select
    from asyncio import core

    _MOST = const(128)  # bytes that are read in one go, so that others have their turns

    class Console:
        """The console's serial line, read without blocking; see usb_line.Line."""

        # A little less than what the driver keeps: what is beyond that is lost, or hides a Ctrl-C.
        window = 240 if sys.platform == "esp32" else 480

        def __init__(self):
            self._input = sys.stdin.buffer
            self._output = sys.stdout.buffer
            self._poll = select.poll()
            self._poll.register(sys.stdin, select.POLLIN)
            self._byte = bytearray(1)
            self._buffer = bytearray(_MOST)

        def wait(self):
            """Wait until there is something to read; to be awaited."""
            yield core._io_queue.queue_read(sys.stdin)

        def read(self):
            """What there is, b"" for nothing. Byte by byte: reading more waits for all of it."""
            buffer, byte, readinto, poll = (
                self._buffer,
                self._byte,
                self._input.readinto,
                self._poll,
            )
            count = 0
            while count < _MOST:
                for _ in poll.ipoll(0):
                    readinto(byte)
                    buffer[count] = byte[0]
                    count += 1
                    break
                else:
                    break
            return bytes(memoryview(buffer)[:count])

        def write(self, data):
            """Write ``data``, waiting for room in the driver's buffer."""
            self._output.write(data)


async def run(server, console=None):
    """Serve what comes over the line with ``server`` (a microdot.server.Server); a task.

    ``console``: another line than the console, for tests.
    """
    console = console or Console()
    data = b""
    while _BEGIN not in data:
        await console.wait()
        data = console.read()
    from . import usb_line

    await usb_line.Line(console, server).run(data)


class Listener:
    """In place of a listening socket (see microdot.listener), where there are no sockets."""

    def __init__(self, server):
        import asyncio

        self.server = server
        self._closed = asyncio.Event()

    async def bind(self):
        """Nothing to open."""

    async def serve_forever(self):
        """Wait for close(), then for the requests in flight."""
        import asyncio

        watcher = asyncio.create_task(self.server.watch())
        try:
            await self._closed.wait()
            await self.server.finish()
        finally:
            watcher.cancel()

    def close(self):
        """Let serve_forever() end."""
        self._closed.set()

    abort = close
