"""firn push to the emulated board, over its pseudo-terminal."""

import json
import os
import shutil

import pytest
from pty_board import PtyBoard, finish, interrupt

from firn_tools import flash_image
from targets import SAMPLE

pytestmark = pytest.mark.image
LARGE = os.urandom(80000)  # takes seconds


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    flash = tmp_path_factory.mktemp("flash") / "flash.img"
    with PtyBoard(SAMPLE, flash) as board:
        yield board


@pytest.fixture
def folder(tmp_path):
    """A copy of the sample site to change."""
    return shutil.copytree(SAMPLE, tmp_path / "site")


def on_device(board, path):
    """The contents of a file as the flash has it, or None."""
    return flash_image.read(board.flash, path)


def test_a_changed_site_is_sent_and_answers(board, folder):
    (folder / "www" / "index.html").write_text("<h1>Ä new page</h1>", "utf-8")
    (folder / "www" / "pictures" / "deep").mkdir(parents=True)
    (folder / "www" / "pictures" / "deep" / "ünï.bin").write_bytes(bytes(range(256)) * 9)
    done = board.push(folder)
    assert done.status == 0, done
    assert "2 files sent" in done.err and "8 files unchanged" in done.err
    assert "the site answers: " + board.url in done.err
    assert board.get("/").text == "<h1>Ä new page</h1>"
    assert on_device(board, "www/pictures/deep/ünï.bin") == bytes(range(256)) * 9
    assert on_device(board, "www/index.html.bak") is None

    done = board.push(folder)
    assert done.status == 0, done
    assert "10 files unchanged" in done.err and " sent" not in done.err


def test_every_length_arrives_as_it_is(board, folder):
    for size in (0, 1, 2, 3, 95, 96, 97, 191, 192, 193, 511, 512, 513, 4095, 4096, 4097):
        (folder / "www" / ("%d.bin" % size)).write_bytes(os.urandom(size))
    done = board.push(folder)
    assert done.status == 0, done
    for path in (folder / "www").glob("*.bin"):
        assert on_device(board, "www/" + path.name) == path.read_bytes(), path.name


def test_a_broken_configuration_is_not_sent(board, folder):
    board.wait_until_served()
    before = on_device(board, "config.json")
    (folder / "www" / "index.html").write_text("never sent")
    (folder / "config.json").write_text('{\n  "server": {"port": "eighty"}\n}\n')
    done = board.push(folder)
    assert done.status == 1
    assert "config.json:2:" in done.err and "server.port" in done.err and "expected" in done.err
    assert "1 mistake in" in done.err and "nothing was sent" in done.err
    assert on_device(board, "config.json") == before
    assert b"never sent" not in on_device(board, "www/index.html")
    assert board.get("/").status == 200


def test_what_only_the_device_can_find_wrong_is_reported(board, folder):
    (folder / "device.py").write_text((folder / "device.py").read_text() + "\n1 / 0\n")
    done = board.push(folder)
    assert done.status == 1, done
    assert (
        "ZeroDivisionError" in done.err and "the device serves, and reports 1 mistake" in done.err
    )
    assert board.push(SAMPLE).status == 0


def test_deleting_spares_what_is_not_the_sites(board, folder):
    (folder / "www" / "old.html").write_text("old")
    (folder / "www" / "gone").mkdir()
    (folder / "www" / "gone" / "x.html").write_text("old")
    assert board.push(folder).status == 0
    os.remove(folder / "www" / "old.html")
    shutil.rmtree(folder / "www" / "gone")

    done = board.push(folder)
    assert done.status == 0 and on_device(board, "www/old.html") == b"old"
    done = board.push(folder, "--delete", "--dry-run")
    assert done.status == 0
    assert "delete www/old.html" in " ".join(done.out.split())
    assert "nothing was sent" in done.err and on_device(board, "www/old.html") == b"old"
    (folder / ".firnignore").write_text("*.bin\n")
    done = board.push(folder, "--delete")
    assert done.status == 0, done
    assert on_device(board, "www/old.html") is None
    assert on_device(board, "www/97.bin") is not None
    assert "/www/gone/" not in board.firn("ls", "/www").out


def test_what_does_not_fit_is_said_before_anything_is_sent(board, folder):
    board.wait_until_served()
    before = board.get("/").text
    (folder / "www" / "index.html").write_text("never sent")
    (folder / "www" / "video.bin").write_bytes(bytes(2000000))
    done = board.push(folder)
    assert done.status == 1
    assert "www/video.bin needs 2000.0 KB" in done.err and "nothing was sent" in done.err
    board.wait_until_served()
    assert board.get("/").text == before


def test_a_site_that_does_not_start_is_shown(board, folder):
    (folder / "main.py").write_text("raise ValueError('no site today')\n")
    done = board.push(folder)
    assert done.status == 1
    assert "the site does not start" in done.err and "no site today" in done.err
    assert board.firn("rm", "/main.py").status == 0
    assert board.push(SAMPLE).status == 0


def send_large(board, folder):
    """A push under way, some of the large file sent."""
    (folder / "www" / "index.html").write_bytes(LARGE)
    pluses = board.console.count("++++")
    process = board.start("push", folder, "--url", board.url)
    board.wait(lambda: board.console.count("++++") > pluses + 50, "a transfer")
    return process


def test_ctrl_c_leaves_the_old_file_and_a_running_site(board, folder):
    board.wait_until_served()
    before = board.get("/").text
    (folder / "www" / "a.html").write_text("first")
    done = interrupt(send_large(board, folder))
    assert done.status == 130, done
    assert "1 of 2 files were sent (www/a.html), each whole" in done.err
    assert board.wait_until_served() == 200
    assert board.get("/").text == before
    assert board.get("/a.html").text == "first"
    assert on_device(board, "www/index.html.new") is None


def test_a_pulled_cable_is_told_and_leaves_whole_files(folder, tmp_path):
    flash = tmp_path / "flash.img"
    with PtyBoard(SAMPLE, flash) as board:
        process = send_large(board, folder)
    done = finish(process)
    assert done.status == 1, done
    assert "the connection to the device has ended" in done.err
    assert "0 of 1 files were sent" in done.err
    with PtyBoard(SAMPLE, flash) as board:
        assert board.get("/").text == (SAMPLE / "www" / "index.html").read_text()
        assert board.push(folder).status == 0
        assert board.get("/").body == LARGE


def test_a_configuration_with_another_name_for_the_log_keeps_the_log(board, folder):
    config = json.loads((folder / "config.json").read_text())
    config["log"] = {"file": "notes.txt"}
    (folder / "config.json").write_text(json.dumps(config))
    assert board.push(folder).status == 0
    (folder / "notes.txt").write_text("of the folder")
    done = board.push(folder, "--delete")
    assert done.status == 0, done
    assert on_device(board, "notes.txt") != b"of the folder"
    assert json.loads(on_device(board, "config.json.bak")) == json.loads(
        (SAMPLE / "config.json").read_text()
    )
