"""The console of an emulated board that talks through pipes: its clients come and go."""

import os
import socket
import subprocess
import sys
import time

import pytest

from firn_tools import ports
from firn_tools.console_relay import Port, Relay, Terminal

_TIMEOUT = 60  # seconds
ECHO = "import os\nwhile True:\n data = os.read(0, 4096)\n os.write(1, data.upper())\n"
FLOOD = "import os\nos.read(0, 1)\nfor i in range(64): os.write(1, bytes(65536))\n"
WORDS = "import sys\nsys.stderr.write('one\\ntwo\\n')\n"


class Running:
    """A program whose console is ``line``; ``printed`` and ``told`` have what it says."""

    def __init__(self, program, line):
        pipe = subprocess.PIPE
        self.line = line
        self.printed, self.told = [], []
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0
        )
        self.relay = Relay(self.process, line, self.printed.append, self.told.append)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self.relay.join(_TIMEOUT)


def read(file, count):
    """``count`` bytes of a file descriptor."""
    data = b""
    while len(data) < count:
        data += os.read(file, count - len(data))
    return data


def connected(number):
    return socket.create_connection(("127.0.0.1", number))


@pytest.mark.timeout(_TIMEOUT)
def test_a_port_has_one_client_after_the_other():
    number = ports.free_port()
    with Running(ECHO, Port(number)) as running:
        for text in (b"first", b"second"):
            with connected(number) as client:
                client.sendall(text)
                assert read(client.fileno(), len(text)) == text.upper()
        assert b"".join(running.printed) == b"FIRSTSECOND"


@pytest.mark.timeout(_TIMEOUT)
def test_a_terminal_passes_every_byte_as_it_is_and_outlives_its_clients():
    every = bytes(range(256))
    with Running(ECHO, Terminal()) as running:
        for _ in range(2):
            client = os.open(running.line.name, os.O_RDWR | os.O_NOCTTY)
            try:
                os.write(client, every)
                assert read(client, 256) == every.upper()
            finally:
                os.close(client)


@pytest.mark.timeout(_TIMEOUT)
def test_what_a_terminals_client_says_before_it_leaves_arrives():
    with Running(ECHO, Terminal()) as running:
        for _ in range(5):
            client = os.open(running.line.name, os.O_RDWR | os.O_NOCTTY)
            os.write(client, b"bye")
            os.close(client)
        while len(b"".join(running.printed)) < 15:
            time.sleep(0.01)
        assert b"".join(running.printed) == b"BYE" * 5


@pytest.mark.timeout(_TIMEOUT)
def test_a_client_that_reads_nothing_does_not_stop_the_board():
    number = ports.free_port()
    with Running(FLOOD, Port(number)) as running, connected(number) as client:
        client.sendall(b"x")
        assert running.process.wait(_TIMEOUT) == 0
        running.relay.join(_TIMEOUT)
        assert sum(map(len, running.printed)) == 64 * 65536


@pytest.mark.timeout(_TIMEOUT)
def test_nobody_has_to_listen():
    with Running(WORDS, Terminal()) as running:
        assert running.process.wait(_TIMEOUT) == 0
        while len(running.told) < 2:
            time.sleep(0.01)
        assert running.told == ["one", "two"]
