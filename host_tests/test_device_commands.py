"""firn ls, rm, pull, status and console against the emulated board, over its pseudo-terminal."""

import json
import os
import pty
import select
import shutil

import pytest
import serial
from pty_board import PtyBoard, finish, interrupt

from firn_tools import device, files_on_device, flash_image
from targets import SAMPLE

pytestmark = pytest.mark.image


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    shutil.copytree(SAMPLE, folder)
    flash = tmp_path_factory.mktemp("flash") / "flash.img"
    own = {"secrets.json": b"{}", "secrets.json.bak": b"{}", "crash.txt": b"x", "firn.log": b"y"}
    for name, content in own.items():
        (folder / name).write_bytes(content)
    (folder / "data.bin").write_bytes(bytes(range(256)) * 20)
    flash_image.create(folder, flash, 1408 * 1024, sorted(p for p in folder.rglob("*.*")))
    with PtyBoard(folder, flash) as board:
        yield board


def test_ls_lists_a_directory(board):
    done = board.firn("ls")
    assert done.status == 0, done
    lines = [line.split() for line in done.out.splitlines()]
    assert ["5120", "/data.bin"] in lines and ["-", "/www/"] in lines
    assert not any(line[1].startswith("/www/i") for line in lines)
    assert "KB free" in done.err
    assert board.firn("ls", "www").out == board.firn("ls", "/www/").out
    assert "/www/index.html" in board.firn("ls", "-r").out
    assert board.firn("ls", "data.bin").out.split() == ["5120", "/data.bin"]


def test_ls_of_nothing_fails(board):
    done = board.firn("ls", "/nowhere")
    assert done.status == 1 and "/nowhere: no such file or directory" in done.err
    done = board.firn("ls", "../x")
    assert done.status == 1 and "without .." in done.err


def test_rm_deletes_files_and_with_r_directories(board, tmp_path):
    site = shutil.copytree(SAMPLE, tmp_path / "site")
    for name in ("junk/a/b.txt", "junk/c.txt", "one.txt"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    assert board.push(site).status == 0
    done = board.firn("rm", "one.txt", "junk")
    assert done.status == 1 and "/junk: it is a directory; -r" in done.err
    assert "one.txt" in board.firn("ls").out
    done = board.firn("rm", "-r", "one.txt", "junk/c.txt", "/junk")
    assert done.status == 0, done
    assert "deleted /junk/a/b.txt" in done.out
    listing = board.firn("ls", "-r").out
    assert "junk" not in listing and "one.txt" not in listing


def test_rm_refuses_secrets_and_everything_and_what_is_not_there(board):
    done = board.firn("rm", "secrets.json")
    assert done.status == 1 and "--force" in done.err
    assert board.firn("rm", "-r", "/").status == 1
    done = board.firn("rm", "data.bin", "nothing.txt")
    assert done.status == 1 and "nothing was deleted" in done.err
    assert board.firn("rm", "--force", "nothing.txt").status == 0
    listing = board.firn("ls").out
    assert "/secrets.json" in listing and "/data.bin" in listing


def test_pull_copies_everything_but_secrets_and_what_is_the_runtimes(board, tmp_path):
    to = tmp_path / "new" / "folder"
    done = board.firn("pull", to)
    assert done.status == 0, done
    assert (to / "data.bin").read_bytes() == bytes(range(256)) * 20
    assert (to / "www" / "index.html").read_bytes() == (SAMPLE / "www" / "index.html").read_bytes()
    names = {path.name for path in to.rglob("*")}
    assert not names & {"secrets.json", "secrets.json.bak", "crash.txt", "firn.log"}

    done = board.firn("pull", to, "--all")
    assert done.status == 0, done
    names = {path.name for path in to.rglob("*")}
    assert {"crash.txt", "firn.log"} <= names
    assert not names & {"secrets.json", "secrets.json.bak"}


def test_pull_replaces_no_changed_file_unless_told(board, tmp_path):
    (tmp_path / "device.py").write_text("mine")
    (tmp_path / "config.json").write_bytes((SAMPLE / "config.json").read_bytes())
    done = board.firn("pull", tmp_path)
    assert done.status == 1 and "device.py" in done.err and "--force" in done.err
    assert "config.json" not in done.err
    assert (tmp_path / "device.py").read_text() == "mine"
    assert not (tmp_path / "www").exists()
    done = board.firn("pull", tmp_path, "--force")
    assert done.status == 0, done
    assert (tmp_path / "device.py").read_bytes() == (SAMPLE / "device.py").read_bytes()


def test_status_in_words_and_for_programs(board):
    done = board.firn("status")
    assert done.status == 0, done
    assert done.out.startswith("status\n") and "  heap free " in done.out and "QEMU" in done.out
    values = json.loads(board.firn("status", "--json").out)
    assert values["status"]["micropython"] == "1.25.0" and values["status"]["heap_free"] > 0
    assert "secret" not in done.out and "password" not in done.out


def test_the_site_serves_after_a_command(board):
    starts = board.console.count("firn: serving on")
    assert board.firn("ls").status == 0
    board.wait_for_count("firn: serving on", starts + 1)
    board.wait_until_served()
    assert board.get("/").status == 200


def test_console_without_a_terminal_prints_until_ctrl_c(board):
    process = board.start("console")

    def printed():
        # Typed again until it comes out: the command may not have opened the port yet.
        typed.write(b"\r")
        ready, _, _ = select.select([process.stdout], [], [], 0.2)
        return ready and b">>>" in os.read(process.stdout.fileno(), 4096)

    with serial.Serial(board.tty, exclusive=None) as typed:
        typed.write(b"\x03")
        board.wait(printed, "the prompt")
        done = interrupt(process)
    assert done.status == 130, done
    assert board.firn("status").status == 0
    assert board.wait_until_served() == 200


def test_console_on_a_terminal_is_the_devices_and_ctrl_bracket_leaves(board):
    master, slave = pty.openpty()
    process = board.start("console", stdin=slave)
    try:
        board.wait(lambda: b"leaves" in peek(process), "the console's first line")
        os.write(master, b"\x03")
        board.wait_for_console(">>> ")
        os.write(master, b"print(6 * 7)\r")
        board.wait_for_console("42\r\n")
        os.write(master, b"\x1d")
        done = finish(process)
    finally:
        process.kill()
        os.close(master)
        os.close(slave)
    assert done.status == 0, done
    # Left as it was: at its prompt. The next command starts the site.
    assert board.firn("status").status == 0
    assert board.wait_until_served() == 200


_heard = {}


def peek(process):
    """What ``process`` has said on its error stream so far, without waiting."""
    ready, _, _ = select.select([process.stderr], [], [], 0)
    if ready:
        said = os.read(process.stderr.fileno(), 4096)
        _heard[process.pid] = _heard.get(process.pid, b"") + said
    return _heard.get(process.pid, b"")


def test_a_busy_port_is_told_with_the_process(board):
    with serial.Serial(board.tty, exclusive=True):
        done = board.firn("ls")
    assert done.status == 1
    assert "%s: in use by " % board.tty in done.err and "(process %d)" % os.getpid() in done.err


def test_a_device_that_nobody_talks_to_any_more_starts_its_site(board):
    starts = board.console.count("firn: serving on")
    with device.Device(board.tty) as link:
        link.call("globals().update(_IDLE=300)")
        board.wait_for_count("firn: serving on", starts + 1)
    assert board.wait_until_served() == 200


def test_no_room_in_the_middle_of_a_file_leaves_the_old_one(board):
    with device.Device(board.tty, fresh=True) as link:
        before = files_on_device.get(link, "/www/index.html")
        with pytest.raises(device.DeviceError, match="no room left"):
            files_on_device.put(link, "/www/index.html", bytes(2000000))
        assert files_on_device.get(link, "/www/index.html") == before
        assert "/www/index.html.new" not in files_on_device.tree(link)[0]
        with pytest.raises(device.DeviceError):
            files_on_device.put(link, "/config.json/x", b"x" * 5000)
        files_on_device.put(link, "/new/x.bin", b"\x04\x03\r\n" * 500)
        assert files_on_device.get(link, "/new/x.bin") == b"\x04\x03\r\n" * 500


def test_wrong_usage_is_2(board):
    assert board.firn("push", "a", "b").status == 2
    assert board.firn("push", "--url", "nonsense").status == 2
    assert board.firn("rm").status == 2
    for command in ("push", "pull", "console", "ls", "rm", "status"):
        done = board.firn(command, "--help")
        assert done.status == 0 and "--port" in done.out
