"""Accepting connections: asyncio's server on CPython, an accept loop of our own on MicroPython.

MicroPython's ``asyncio.start_server`` ends for good when there is no memory for a connection's
task, has no way to hold back, and cannot be told to close at once.
"""

import asyncio

from .compat import MICROPYTHON
from .server import refuse

if MICROPYTHON:
    import gc
    import socket
    from asyncio import core

    _RETRY_MS = 50  # after a failure to accept

    def _readable(stream):
        """Wait until ``stream`` can be read; to be awaited."""
        yield core._io_queue.queue_read(stream)

    def host_and_port(address):
        """(host, port) of what accept() gave: on the unix port a struct sockaddr_in."""
        if isinstance(address, (bytes, bytearray)):
            host = ".".join([str(part) for part in address[4:8]])
            address = (host, address[2] << 8 | address[3])
        return address

    class Listener:
        """The listening socket of a Server (see microdot.server)."""

        def __init__(self, server):
            self.server = server
            self.socket = None
            self._task = None

        async def bind(self):
            """Open the socket; OSError where the address is taken."""
            server = self.server
            address = socket.getaddrinfo(server.host, server.port)[0][-1]
            self.socket = socket.socket()
            try:
                self.socket.setblocking(False)
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                self.socket.bind(address)
                self.socket.listen(server.backlog)
            except OSError:
                self.socket.close()
                raise

        async def serve_forever(self):
            """Accept until close(), then wait for the requests in flight."""
            self._task = core.cur_task
            watcher = asyncio.create_task(self.server.watch())
            try:
                while not self.server.closing:
                    try:
                        await _readable(self.socket)
                        self._accept()
                    except (OSError, MemoryError):
                        # This client is lost; the next one may have more luck, in a while: a
                        # queue that cannot be emptied must not keep the others from running.
                        gc.collect()
                        await asyncio.sleep_ms(_RETRY_MS)  # allocates nothing
            except asyncio.CancelledError:
                if not self.server.closing:
                    raise
            finally:
                self.socket.close()
                if self.server.closing:
                    await self.server.finish()
                watcher.cancel()

        def _accept(self):
            server = self.server
            client = connection = None
            try:
                client, address = self.socket.accept()
                if server.ssl:
                    client = server.ssl.wrap_socket(
                        client, server_side=True, do_handshake_on_connect=False
                    )
                client.setblocking(False)
                connection = server.admit(client, address)
                if connection:
                    connection.task = asyncio.create_task(connection.run())
                else:
                    asyncio.create_task(refuse(client))  # noqa: RUF006
            except (OSError, MemoryError):
                if client:
                    client.close()
                if connection:
                    server.forget(connection)
                raise

        def close(self):
            """Stop accepting."""
            if self._task and self._task is not core.cur_task:
                self._task.cancel()

        def abort(self):
            """Close the socket at once, from outside the loop."""
            if self.socket:
                self.socket.close()

else:

    def host_and_port(address):
        """(host, port) of what accept() gave."""
        return address

    class Listener:
        """The listening sockets of a Server (see microdot.server)."""

        def __init__(self, server):
            self.server = server
            self._server = None
            self._closed = None
            self._loop = None

        async def bind(self):
            """Open the sockets; OSError where the address is taken."""
            self._closed = asyncio.Event()
            self._loop = asyncio.get_running_loop()
            self._server = await asyncio.start_server(
                self._serve, self.server.host, self.server.port, ssl=self.server.ssl,
                backlog=self.server.backlog, start_serving=False,
            )  # fmt: skip

        @property
        def sockets(self):
            """The listening sockets."""
            return self._server.sockets

        async def _serve(self, reader, writer):
            streams = (reader, writer)
            connection = self.server.admit(streams, writer.get_extra_info("peername"))
            if connection:
                connection.task = asyncio.current_task()
                await connection.run()
            else:
                await refuse(streams)

        async def serve_forever(self):
            """Accept until close(), then wait for the requests in flight."""
            watcher = asyncio.create_task(self.server.watch())
            await self._server.start_serving()
            try:
                await self._closed.wait()
                await self.server.finish()
            finally:
                self._server.close()
                watcher.cancel()

        def close(self):
            """Stop accepting. Plain handlers call this from a thread of their own."""
            self._loop.call_soon_threadsafe(self._stop)

        def _stop(self):
            self._server.close()
            self._closed.set()

        def abort(self):
            """Close the sockets at once."""
            self._server.close()
