"""The bytes of a connection: the socket itself on MicroPython, asyncio's streams on CPython.

MicroPython's streams would cost every connection an object and every wait two coroutines.
"""

from .compat import MICROPYTHON, const

if MICROPYTHON:
    import asyncio
    import gc
    import sys
    from asyncio import core

    _LOOK_MS = const(200)
    _IPPROTO_TCP = const(6)
    _TCP_NODELAY = const(1)  # of Linux

    # Lent to whoever has just been woken. About one TCP segment on a microcontroller.
    _buffer = bytearray(max(256, min(8192, gc.mem_free() // 100)))
    _view = memoryview(_buffer)

    class Transport:
        """A non-blocking socket whose waits are asyncio's."""

        def __init__(self, socket):
            self.socket = socket

        @property
        def sock(self):
            """(reader, writer) for applications that ask for them."""
            stream = asyncio.StreamReader(self.socket)
            return stream, stream

        def receive(self):
            """The next bytes, b"" at the end, OSError when the client is gone; to be awaited."""
            socket = self.socket
            while True:
                core._io_queue.queue_read(socket)
                yield
                count = socket.readinto(_buffer)
                if count is not None:  # else woken without data: TLS, or another's signal
                    return bytes(_view[:count])

        async def receive_idly(self):
            """As receive(), for who waits beside something that goes on: looks now and then.

            Each step of asyncio asks for all the sockets that somebody waits for; many that say
            nothing for long make all others slower.
            """
            while True:
                count = self.socket.readinto(_buffer)
                if count is not None:
                    return bytes(_view[:count])
                await asyncio.sleep_ms(_LOOK_MS)

        def put(self, data):
            """Send ``data`` (bytes) without waiting; what the client did not take, or None."""
            count = self.socket.write(data)
            return None if count == len(data) else memoryview(data)[count or 0 :]

        def drain(self, rest):
            """Send what put() has returned, waiting for the client; to be awaited."""
            while rest:
                core._io_queue.queue_write(self.socket)
                yield
                rest = rest[self.socket.write(rest) or 0 :]

        def close(self):
            """Close the connection; what is to be awaited then, or None."""
            self.socket.close()

        drop = close  # at once, whatever the client has not taken yet

        def end_of_answers(self):
            """Tell the client that nothing follows, where that goes with reading on."""

        def no_delay(self):
            """Do not hold back short messages while earlier ones are on their way (Nagle).

            Not on microcontrollers, where segments of their own would use up lwIP's memory.
            """
            if sys.platform == "linux":
                try:
                    self.socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
                except (OSError, AttributeError):
                    pass  # has gone; TLS

else:

    class Transport:
        """A pair of asyncio's streams."""

        def __init__(self, stream):
            self.reader, self.writer = stream

        @property
        def sock(self):
            """(reader, writer) for applications that ask for them."""
            self.writer.awrite = self.write  # which MicroPython's streams have
            return self.reader, self.writer

        async def receive(self):
            """The next bytes, b"" at the end, OSError when the client is gone."""
            return await self.reader.read(16384)

        receive_idly = receive

        def put(self, data):
            """Send ``data`` (bytes) without waiting; something true if drain() has to follow."""
            # A buffer is used again before the transport has sent it.
            self.writer.write(data if isinstance(data, bytes) else bytes(data))
            # A transport whose client has gone takes everything and sends nothing; drain() tells.
            transport = self.writer.transport
            return transport.get_write_buffer_size() > 0 or transport.is_closing()

        async def drain(self, rest):
            """Wait for the client to take what put() was given."""
            await self.writer.drain()

        def close(self):
            """Close the connection; what is to be awaited then: the client to take the rest."""
            return self._close()

        async def _close(self):
            try:
                self.writer.close()
                await self.writer.wait_closed()
            except (OSError, EOFError):
                pass

        def drop(self):
            """Close the connection at once."""
            self.writer.transport.abort()

        def end_of_answers(self):
            """Tell the client that nothing follows, where that goes with reading on."""
            if self.writer.can_write_eof():
                self.writer.write_eof()

        def no_delay(self):
            """Do not hold back short messages: asyncio never does."""
