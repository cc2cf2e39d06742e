"""What is said of what answers at a port: silence, other firmware, MicroPython without Firn; and
names, addresses and answers that come from a device."""

import http.server
import os
import pty
import re
import select
import socket
import threading
import tty

import pytest
from fake_device import FakeDevice

from firn_tools import cli, device, files_on_device, pull, site_start
from firn_tools.errors import Failure
from firn_tools.site_folder import Rules

RAW = b"raw REPL; CTRL-B to exit\r\n>"


class Player:
    """Plays a device at a pseudo-terminal: ``answer(bytes)`` gives what is said to what came."""

    def __init__(self, answer):
        self.answer = answer
        self.heard = b""

    def __enter__(self):
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        stopped, self.stop = os.pipe()
        self.thread = threading.Thread(target=self.play, args=(stopped,))
        self.thread.start()
        self.pipe = stopped
        return self

    def play(self, stopped):
        while True:
            ready, _, _ = select.select([self.master, stopped], [], [])
            if stopped in ready:
                return
            data = os.read(self.master, 4096)
            self.heard += data
            said = self.answer(data)
            if said:
                os.write(self.master, said)

    def __exit__(self, *exception):
        os.write(self.stop, b"x")
        self.thread.join(10)
        for number in (self.master, self.slave, self.stop, self.pipe):
            os.close(number)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(device, "_ANSWER_TIMEOUT", 0.2)
    monkeypatch.setattr(device, "_CALL_TIMEOUT", 2)


def test_silence(capsys):
    with Player(lambda data: b"") as player:
        assert cli.main(["ls", "--port", player.port]) == 1
    said = capsys.readouterr().err
    assert "nothing answers; is it the right port" in said and "no answer yet" in said


def test_other_firmware_is_quoted():
    with Player(lambda data: b"\x1b[0mok> unknown command\r\n") as player:
        with pytest.raises(Failure, match=r"(?s)no MicroPython answers.*ok> unknown command"):
            device.Device(player.port).__enter__()
        assert b"\x04" not in player.heard  # nothing is soft-reset that never was entered


def test_lost_ctrl_cs_are_pressed_again_and_plain_micropython_is_named(capsys):
    attempts = []

    def answer(data):
        attempts.append(data)
        if b"\x01" in data and b"".join(attempts).count(b"\x01") >= 3:
            return RAW
        if b"\x05A\x01" in data:
            return b"R\x00"  # no raw paste
        return b""

    state = {"code": b""}

    def plain(data):
        """The raw REPL as far as the commands use it."""
        said = answer(data)
        if said:
            return said
        state["code"] += data
        if state["code"].endswith(b"about()\n"):
            state["code"] = b""
            return (
                b'{"firn": null, "python": "3.4.0; MicroPython v1.25.0", "machine": "P"}\n\x04\x04'
            )
        if data.endswith(b"\x04") and b"serve()" in state["code"][-12:]:
            state["code"] = b""
            return b"OK"
        if data.endswith(b"\x04"):
            return b"OK\x04\x04>"
        return b""

    with Player(plain) as player:
        assert cli.main(["status", "--port", player.port]) == 1
        assert player.heard.endswith(b"\x04")  # started again
    said = capsys.readouterr().err
    assert "MicroPython without Firn (P, 3.4.0; MicroPython v1.25.0); flash a Firn image" in said


def test_a_port_that_is_not_there_is_no_traceback(capsys):
    assert cli.main(["ls", "--port", "/dev/ttyACM77"]) == 1
    assert "/dev/ttyACM77: no such port" in capsys.readouterr().err
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        name = "socket://127.0.0.1:%d" % closed.getsockname()[1]
        assert cli.main(["ls", "--port", name]) == 1
    assert "nothing listens there" in capsys.readouterr().err
    assert cli.main(["ls", "--port", "nonsense://x"]) == 1
    assert "nonsense://x" in capsys.readouterr().err


def test_the_helper_is_sent_without_comments():
    source = device.helper_source()
    compile(source, "helper", "exec")
    assert '"""' not in source and not re.search(r"(?m)^\s*#", source)
    assert "noqa" not in source and source.count("def ") > 10


# Names


@pytest.mark.parametrize("name", ["/a", "/www/index.html", "/ä/b c.txt", "/..a/b..", "/a..b"])
def test_plain_names(name):
    assert files_on_device.check_path(name) == name[1:]


@pytest.mark.parametrize(
    "name",
    [
        "/..",
        "/../x",
        "/a/../x",
        "/a/./b",
        "/a//b",
        "/a/",
        "/c:x",
        "/a\\..\\b",
        "/a\n",
        "/",
        "/a\0",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(ValueError, match="expected a plain file name"):
        files_on_device.check_path(name)


def test_pull_leaves_out_what_no_file_here_may_be_called(tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "link").symlink_to(tmp_path / "out")
    names = (
        "/ok.txt",
        "/../evil",
        "/a/../../evil",
        "/link/evil",
        "/www\\..\\evil",
        "/secrets.json",
    )
    folder = tmp_path / "site"
    found = pull.wanted(FakeDevice(dict.fromkeys(names, b"1")), Rules(folder), folder, True)
    assert found[0] == {"ok.txt": 1} and len(found[1]) == 4
    assert "leads out of it" in capsys.readouterr().err


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    pull.write(tmp_path / "a", b"new")
    pull.write(tmp_path / "b" / "c", b"")
    assert (tmp_path / "a").read_bytes() == b"new"
    (tmp_path / "d").mkdir()
    with pytest.raises(Failure, match="d: is a directory"):
        pull.write(tmp_path / "d", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "d"]


# The site's address and answer

JOINED = 'firn: network: joined "home" as 192.168.1.9'
OWN = 'firn: network: fallback access point "firn-1a2b" at 192.168.4.1'


@pytest.mark.parametrize(
    ("line", "address", "said", "url"),
    [
        ("http://0.0.0.0:80", "192.168.1.7", [], "http://192.168.1.7/"),
        ("http://0.0.0.0:8080", "192.168.1.7", [], "http://192.168.1.7:8080/"),
        ("https://0.0.0.0:443", "192.168.1.7", [], "https://192.168.1.7/"),
        ("http://0.0.0.0:80", None, [], None),
        ("http://0.0.0.0:80", "10.1.2.3", ["firn: reached by 1.2.3.4"], "http://10.1.2.3/"),
        ("http://0.0.0.0:80", "10.1.2.3", [JOINED, OWN], "http://192.168.1.9/"),
        ("http://0.0.0.0:80", "10.1.2.3", [OWN], "http://10.1.2.3/"),
        ("http://0.0.0.0:8000", None, [OWN], "http://192.168.4.1:8000/"),
        ("http://10.9.9.9:80", "10.1.2.3", [], "http://10.9.9.9/"),
        ("http://127.0.0.1:80", None, [], None),
    ],
)
def test_where_the_site_is(line, address, said, url):
    found = site_start._SERVING.search("firn: serving on " + line + "\n")
    assert site_start._own_url(found, address, said) == url


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.send_header("Location", "http://192.0.2.1/")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_any_status_is_an_answer():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = "http://127.0.0.1:%d/" % server.server_port
    try:
        for status in ("200", "302", "401", "404", "500"):
            assert site_start.responds(base + status, 5), status
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert not site_start.responds(base + "200", 1)
