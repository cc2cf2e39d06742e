"""A small HTTP client for the emulated board, where wrk would wait for the emulator anyway."""

import re
import threading
import time

from firn_tools.errors import Failure

from .device import TIMEOUT, connect

SMALL_HEAD = b"GET / HTTP/1.1\r\nHost: firn.local\r\n\r\n"
# What a browser sends: 8 lines, 410 bytes.
BROWSER_HEAD = (
    b"GET / HTTP/1.1\r\n"
    b"Host: firn.local\r\n"
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;"
    b"q=0.8\r\n"
    b"Accept-Language: en-US,en;q=0.5\r\n"
    b"Accept-Encoding: gzip, deflate, br, zstd\r\n"
    b"Referer: http://firn.local/dashboard/settings?tab=network&page=2\r\n"
    b"Upgrade-Insecure-Requests: 1\r\n"
    b"Cookie: theme=dark\r\n\r\n"
)
_LOST = 5  # seconds; no board takes as long, QEMU's network waits 6 before it sends again
CLOSE_HEAD = b"GET / HTTP/1.1\r\nHost: firn.local\r\nConnection: close\r\n\r\n"
BODY = b"Hello, world!"


class Wrong(OSError):
    """The answer is not the greeting."""


class Client:
    """One client that keeps its connection as long as the server does."""

    def __init__(self, port, timeout=TIMEOUT):
        self.port = port
        self.timeout = timeout
        self.socket = None

    def request(self, head=SMALL_HEAD, keep=True):
        """Send ``head`` and check that the greeting comes back.

        A server that says it ends the connection gets the time to; ``keep=False``: end it in
        any case. Raises Wrong or OSError.
        """
        if self.socket is None:
            self.socket = connect(self.port, self.timeout)
        try:
            self.socket.sendall(head)
            data = self._receive()
            if closes(data):
                while self.socket.recv(4096):
                    pass
            if closes(data) or not keep:
                self.close()
        except BaseException:
            self.close()
            raise

    def _receive(self):
        data = b""
        while not data.endswith(b"\r\n\r\n" + BODY):
            piece = self.socket.recv(4096)
            if not piece:
                raise Wrong("expected the greeting, got %r" % data)
            data += piece
            if len(data) > 4096:
                raise Wrong("expected the greeting, got %r" % data)
        if not data.startswith((b"HTTP/1.0 200 ", b"HTTP/1.1 200 ")):
            raise Wrong("expected status 200, got %r" % data)
        return data

    def close(self):
        """End the connection, if there is one."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def closes(answer):
    """Whether the server ends the connection after ``answer`` (bytes), by RFC 9112 section 9.3."""
    head = answer.partition(b"\r\n\r\n")[0]
    found = re.search(rb"(?i)\r\nconnection:[ \t]*([^\r]*)", head)
    options = found.group(1).lower() if found else b""
    if b"close" in options:
        return True
    return head.startswith(b"HTTP/1.0") and b"keep-alive" not in options


def comes_up(device, timeout=30):
    """Whether ``device`` answers a request within ``timeout`` seconds; False once it cannot."""
    end = time.monotonic() + timeout
    while time.monotonic() < end and device.process.poll() is None:
        # A program that has ended leaves its traceback and the prompt.
        if "Traceback" in device.printed and ">>>" in device.printed:
            return False
        try:
            # Before there is a network, a SYN is lost and comes again after 6 s.
            Client(device.port, 7).request(CLOSE_HEAD, keep=False)
            return True
        except OSError:
            time.sleep(0.1)
    return False


def wait_for(device):
    """Wait until ``device`` answers requests; Failure with its console when it never does."""
    if not comes_up(device, TIMEOUT):
        raise Failure("%s does not answer: %r" % (device.name, device.printed))


def requests(port, seconds, clients=1, head=SMALL_HEAD, keep=True):
    """Requests per second of ``clients`` at once, in about ``seconds``.

    Every client sends one request after the other, on one connection as long as the server keeps
    it (and ``keep``). QEMU's network now and then loses a SYN and sends it again after 6 s; a
    request that took longer than _LOST is left out with its time.
    """
    rates = []
    end = time.monotonic() + seconds

    def work():
        client = Client(port)
        count, lost = 0, 0.0
        began = now = time.monotonic()
        try:
            while now < end:
                client.request(head, keep)
                before, now = now, time.monotonic()
                if now - before > _LOST:
                    lost += now - before
                else:
                    count += 1
        finally:
            client.close()
        rates.append(count / (now - began - lost) if count else 0.0)

    run_threads(work, clients)
    return sum(rates)


def failure(port, serial=60, rounds=10, parallel=4):
    """Why the device does not answer ``serial`` requests and ``rounds`` of ``parallel`` at once.

    A short text, or None when all were answered.
    """
    try:
        for _ in range(serial):
            Client(port).request(CLOSE_HEAD, keep=False)
        for _ in range(rounds):
            run_threads(lambda: Client(port).request(CLOSE_HEAD, keep=False), parallel)
    except OSError as error:
        return "%s: %s" % (type(error).__name__, error)
    return None


def run_threads(work, count):
    """Run ``work`` in ``count`` threads at once and raise the first OSError of any."""
    failures = []

    def guarded():
        try:
            work()
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():  # so that Ctrl-C is not held up by a request
            thread.join(0.2)
    if failures:
        raise failures[0]
