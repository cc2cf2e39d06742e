"""`firn bridge` as a process, with what it says and an HTTP client."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time

from firn_tools import ports
from targets import ROOT, Answer

TIMEOUT = 60  # seconds; a busy machine hands an emulator each byte late


class Bridge:
    """The bridge as a process; ``out`` and ``err`` are what it has said (str)."""

    def __init__(self, device, listen=None):
        self.device = device
        self.port = listen or ports.free_port()
        self._said = {1: [], 2: []}

    def __enter__(self):
        environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"), COLUMNS="300")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "firn_tools", "bridge", "--device", self.device, "--listen",
             str(self.port)],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        self._threads = [
            threading.Thread(target=self._read, args=(number, pipe), daemon=True)
            for number, pipe in ((1, self.process.stdout), (2, self.process.stderr))
        ]
        for thread in self._threads:
            thread.start()
        return self

    def _read(self, number, pipe):
        for data in iter(lambda: pipe.read1(65536), b""):
            self._said[number].append(data)

    @property
    def out(self):
        return b"".join(self._said[1]).decode("utf-8", "strict")

    @property
    def err(self):
        return b"".join(self._said[2]).decode()

    def wait(self, text, count=1, where="err"):
        end = time.monotonic() + TIMEOUT
        while getattr(self, where).count(text) < count:
            assert time.monotonic() < end, "expected %r; it says:\n%s%s" % (
                text, self.err, self.out,
            )  # fmt: skip
            assert self.process.poll() is None, self.err
            time.sleep(0.02)
        return self

    def connected(self, count=1):
        return self.wait("connected to", count)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(TIMEOUT)

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(TIMEOUT)
        for thread in self._threads:
            thread.join(TIMEOUT)
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()

    # HTTP through it

    def request(self, method, path, body=None):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            client.request(method, path, body)
            return Answer(client.getresponse())
        finally:
            client.close()

    def get(self, path):
        return self.request("GET", path)
