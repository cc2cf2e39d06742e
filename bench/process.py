"""The programs under test as processes, each on the cores it is given."""

import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

from firn_tools import ports
from firn_tools.errors import Failure

START_TIMEOUT = 60  # seconds until a server answers
_STOP_TIMEOUT = 5  # seconds that a process gets to end before it is killed
_started = []  # processes, and not stopped


def cores():
    """(cores for servers, cores for clients), sets of numbers; None where there is but one."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        return None, None
    return {usable[0]}, set(usable[1:])


@contextmanager
def pinned(on):
    """Have what is started meanwhile run on the cores ``on`` (set of numbers, None: any)."""
    if on is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, on)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(command, on=None, **options):
    """A process of ``command`` on the cores ``on`` (set of numbers, None: any)."""
    with pinned(on), _interrupts_held():
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
        _started.append(process)
        return process


def stop_all():
    """End what was started and still runs.

    A signal may come when a process runs and whoever started it hasn't got hold of it yet.
    """
    while _started:
        stop(_started.pop())


@contextmanager
def _interrupts_held():
    """Hold SIGINT and SIGTERM back: one inside Popen would leave a process that nobody knows.

    They are kept rather than blocked, as the process would inherit what is blocked.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held = []
    before = {
        number: signal.signal(number, lambda *came: held.append(came))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number, _ in held[:1]:
            signal.raise_signal(number)


def stop(process):
    """End ``process``, politely first."""
    if process in _started:
        _started.remove(process)
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Program:
    """A program of servers/ as a process: ``with Program(name, command, ...) as running``.

    ``name``: how it is called in the table; ``command``: interpreter and options, before the
    script; ``words``: the script's arguments; ``environment``: variables added to ours;
    ``folder``: where it runs, None: where we do. ``port`` is chosen free. What the program prints
    is shown when it does not answer.
    """

    def __init__(self, name, command, words, environment=None, folder=None):
        self.name = name
        self.port = ports.free_port()
        self.command = [*map(str, command), *words, "port=%d" % self.port]
        self.environment = dict(os.environ, **(environment or {}))
        self.folder = folder
        self.process = None

    @property
    def url(self):
        return "http://127.0.0.1:%d/" % self.port

    def __enter__(self):
        self.process = start(
            self.command, cores()[0], env=self.environment, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            self._wait_until_served()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_until_served(self):
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            if self.process.poll() is not None:
                printed = self.process.stdout.read().decode(errors="replace")
                raise Failure("%s ended: %s\n%s" % (self.name, " ".join(self.command), printed))
            try:
                answer = greeting(self.port)
            except OSError:
                time.sleep(0.05)
                continue
            if answer.endswith(b"Hello, world!") and b" 200 " in answer[:16]:
                return
            raise Failure("%s: expected a greeting, got %r" % (self.name, answer))
        raise Failure("%s does not answer within %d s" % (self.name, START_TIMEOUT))

    def __exit__(self, *exception):
        stop(self.process)
        self.process.stdout.close()


def greeting(port):
    """What the server on ``port`` answers to a request that closes."""
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
        received = b""
        while b"\r\n\r\nHello, world!" not in received:
            piece = client.recv(4096)
            if not piece:
                break
            received += piece
        return received
