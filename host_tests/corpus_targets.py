"""The application of corpus_site/ served by CPython and by the images."""

import contextlib
import os
import subprocess
import sys

from corpus_client import Client

from targets import ROOT, Site

SITE = ROOT / "host_tests" / "corpus_site"
TARGETS = ("cpython", "unix", "qemu")


class CPythonSite(Site):
    """The application in a process of its own, under the CPython that runs the tests."""

    target = "cpython"

    def command(self):
        return [sys.executable, str(self.folder / "main.py"), str(self.port)]

    def __enter__(self):
        environment = dict(os.environ, PYTHONPATH=str(ROOT / "frozen"), PYTHONUNBUFFERED="1")
        self.process = subprocess.Popen(
            self.command(), env=environment, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.read_console(self.process.stdout)
        self.wait_until_served()
        return self

    def ended(self):
        return self.process.poll() is not None

    def __exit__(self, *exception):
        if not self.ended():
            self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


def start(target, boot, folder, **options):
    """The site in ``folder`` on ``target``, a context manager; ``boot`` is the fixture."""
    return CPythonSite(folder) if target == "cpython" else boot(target, folder, **options)


@contextlib.contextmanager
def serve(target, boot, **options):
    """The site on ``target``; at the end, its console must be free of tracebacks."""
    with start(target, boot, SITE, **options) as site:
        yield site
        assert "Traceback" not in site.console, site.console
        assert "exception" not in site.console.lower(), site.console


def answer(site, path):
    """(status, headers, body) that ``path`` is answered with, over a connection of its own."""
    with Client(site.port) as client:
        client.send(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)
        return client.answer()


def ask(site, path):
    """The body that ``path`` is answered with, over a connection of its own."""
    with Client(site.port) as client:
        client.send(b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path)
        status, _, body = client.answer()
        assert status == 200, (path, status, body)
        return body
