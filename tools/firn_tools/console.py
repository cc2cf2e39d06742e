"""``firn console``: the terminal on a device's serial line; the device goes on as it is."""

import sys

from .device import open_port
from .progress import say

_LEAVE = b"\x1d"  # Ctrl-]


class _Line:
    """What mpremote's console waits for: the serial line, also one that is a socket."""

    def __init__(self, transport):
        self.transport = transport
        self.fd = transport.line.fileno() if hasattr(transport.line, "fileno") else None

    def inWaiting(self):
        return self.transport.inWaiting()


def run(port):
    """Talk to the device at ``port`` (str) until Ctrl-]; 0."""
    transport = open_port(port)
    try:
        if sys.stdin.isatty():
            say("%s; Ctrl-] leaves, Ctrl-C stops the site, then Ctrl-D starts it again" % port)
            _talk(transport)
            say("left; the device goes on as it is")
        else:
            _listen(transport, sys.stdout.buffer)
    finally:
        transport.close()
    return 0


def _listen(transport, output):
    """Copy what the device prints to ``output`` until Ctrl-C."""
    while True:
        data = transport.receive()
        if data:
            output.write(data)
            output.flush()


def _talk(transport):
    from mpremote.console import Console

    terminal, line = Console(), _Line(transport)
    terminal.enter()
    try:
        while True:
            terminal.waitchar(line)
            key = terminal.readchar()
            if key == _LEAVE or key == b"":
                return
            if key:
                transport.write(key)
            # Also where nothing seems to wait: only reading tells that a line has ended.
            data = transport.receive() if not key or transport.inWaiting() else b""
            if data:
                terminal.write(data)
    finally:
        terminal.exit()
        print()
