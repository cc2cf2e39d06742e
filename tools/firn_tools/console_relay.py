"""The console of an emulated board whose process talks through pipes: a terminal or a TCP port."""

import contextlib
import os
import pty
import select
import socket
import threading
import tty

_ROOM = 65536  # bytes that wait for the board before no more are read from the client
# A client that does not read must not stop the board: what is more than this is lost to it.
_UNREAD = 1 << 20
_ABSENT = 0.02  # seconds until a client is looked for again
_LOOK = 0.5  # seconds until a connected one is looked at again


class Terminal:
    """A pseudo-terminal called ``name``; its client is whoever has it open."""

    def __init__(self):
        self._master, slave = pty.openpty()
        tty.setraw(slave)  # and it stays so as long as the master is open
        self.name = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self._master, False)
        self._poll = select.poll()
        self._poll.register(self._master, select.POLLIN)

    def client(self):
        """The file descriptor to talk to the client through, or None."""
        for _, events in self._poll.poll(0):
            # One that has already left may have said something.
            if events & select.POLLHUP and not events & select.POLLIN:
                return None
        return self._master

    def leave(self):
        """The client is gone."""

    def close(self):
        os.close(self._master)


class Port:
    """A TCP port of 127.0.0.1; its clients come one after the other."""

    def __init__(self, number):
        self.name = "socket://127.0.0.1:%d" % number
        self._client = None
        self._listener = socket.create_server(("127.0.0.1", number))
        self._listener.setblocking(False)

    def client(self):
        """The file descriptor to talk to the client through, or None."""
        if self._client is None:
            try:
                self._client, _ = self._listener.accept()
            except BlockingIOError:
                return None
            self._client.setblocking(False)
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._client.fileno()

    def leave(self):
        """The client is gone."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def close(self):
        self.leave()
        self._listener.close()


class Relay:
    """Copies between ``process``'s pipes (Popen) and ``line`` (Terminal, Port) until it ends.

    ``printed(bytes)`` is called with all that the process prints, ``told(str)`` with every line of
    its standard error.
    """

    def __init__(self, process, line, printed, told):
        self._process = process
        self._line = line
        self._printed = printed
        self._told = told
        self._to_device = bytearray()
        self._to_client = bytearray()
        self._words = b""
        for pipe in (process.stdin, process.stdout, process.stderr):
            os.set_blocking(pipe.fileno(), False)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self, timeout):
        """Wait until all that the process has said is copied; close what it was copied through."""
        self._thread.join(timeout)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def _run(self):
        pipes = {self._process.stdout.fileno(), self._process.stderr.fileno()}
        try:
            while pipes:
                self._step(pipes)
        finally:
            self._line.close()
            if pipes:  # an error; nobody would take what the process says
                self._process.terminate()

    def _step(self, pipes):
        client = self._line.client()
        readers, writers = set(pipes), set()
        if client is None:
            self._to_client.clear()
        else:
            if len(self._to_device) < _ROOM:
                readers.add(client)
            if self._to_client:
                writers.add(client)
        if self._to_device:
            writers.add(self._process.stdin.fileno())
        wait = _ABSENT if client is None else _LOOK
        readable, writable, _ = select.select(readers, writers, (), wait)
        for pipe in pipes.intersection(readable):
            self._from_process(pipe, pipes)
        if client in readable:
            self._from_client(client)
        if client in writable:
            self._send(client, self._to_client)
        if self._process.stdin.fileno() in writable:
            self._send(self._process.stdin.fileno(), self._to_device)

    def _from_process(self, pipe, pipes):
        chunk = os.read(pipe, 65536)
        if not chunk:
            pipes.discard(pipe)
        elif pipe == self._process.stdout.fileno():
            self._printed(chunk)
            if len(self._to_client) < _UNREAD:
                self._to_client += chunk
        else:
            *lines, self._words = (self._words + chunk).split(b"\n")
            for line in lines:
                self._told(line.decode(errors="replace"))

    def _from_client(self, client):
        try:
            chunk = os.read(client, 4096)
        except BlockingIOError:
            return
        except OSError:  # a terminal that has just been closed, a connection that was reset
            chunk = b""
        if chunk:
            self._to_device += chunk
        else:
            self._line.leave()

    def _send(self, target, waiting):
        try:
            del waiting[: os.write(target, waiting)]
        except BlockingIOError:
            return
        except OSError:
            waiting.clear()
