"""Applications under ASGI and WSGI servers, each a process group of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time

from firn_tools import ports
from targets import ROOT, Answer

TIMEOUT = 30  # seconds


def port_options(server, port):
    """The options that make a server (uvicorn, hypercorn, gunicorn) listen on a port."""
    if server == "uvicorn":
        return ["--port", str(port)]
    return ["-b", "127.0.0.1:%d" % port]


class Hosted:
    """A server serving an application on 127.0.0.1:``port`` while the ``with`` block runs.

    ``command``: the server and its arguments but for the port; ``folder``: where what it writes
    goes; ``cwd``: where it runs. The application's ``NOTES`` are lines in ``notes``.
    """

    def __init__(self, command, folder, cwd=ROOT / "host_tests"):
        self.server = command[0]
        self.port = ports.free_port()
        self.command = [*command, *port_options(self.server, self.port)]
        self.notes_file = folder / "notes"
        self.log = folder / "log"
        self.cwd = cwd

    def __enter__(self):
        environment = dict(os.environ, NOTES=str(self.notes_file))
        environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "frozen"), str(self.cwd)))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command], env=environment, cwd=self.cwd,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            self.wait(self.answers, "an answer")
        except BaseException:
            self.__exit__()
            raise
        return self

    def answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.request("GET", "/")
        except OSError:
            return None

    def wait(self, condition, what):
        """Poll ``condition`` until it is true; fails with the log when it never is."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError("expected %s; the log says:\n%s" % (what, self.log.read_text()))

    @property
    def notes(self):
        return self.notes_file.read_text().split("\n")[:-1] if self.notes_file.exists() else []

    def request(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT)

    def __exit__(self, *exception):
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(TIMEOUT)
