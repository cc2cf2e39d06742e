"""firn flash: which image is taken, and what comes after it is written."""

import pytest
from flash_images import esp, options, pico
from pty_board import PtyBoard
from test_serial_ports import CP210X, PICO

from firn_tools import boards, cli, flash, flash_console, paths
from firn_tools.device import Device
from firn_tools.errors import Failure
from targets import SAMPLE


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "dist").mkdir()
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    return tmp_path


def release(project, *names):
    for name in names:
        (project / "dist" / name).touch()


def test_the_newest_release_of_the_board_is_taken(project):
    release(
        project,
        "firn-PICO_TEST-20261121-v0.9.0.uf2",
        "firn-PICO_TEST-20261121-v0.10.0.uf2",
        "firn-PICO_TEST-20251231-v9.0.0.uf2",
        "firn-PICO_TEST-PPP-20270101-v0.9.0.uf2",
        "firn-PICO_TEST_W-20270101-v0.9.0.uf2",
        "firn-PICO_TEST-20270101-v0.9.0.bin",
        "firn-PICO_TEST-20270101-v0.9.0.uf2.part",
    )
    found = flash.choose_image(pico(project / "boards"))
    assert found.endswith("dist/firn-PICO_TEST-20261121-v0.10.0.uf2")


def test_what_was_built_is_taken_without_a_release(project, monkeypatch):
    monkeypatch.chdir(project)
    (project / "pyproject.toml").touch()
    board = esp(project / "boards")
    with pytest.raises(Failure, match="ESP32_TEST: no image; firn build ESP32_TEST makes it"):
        flash.choose_image(board)
    release(project, "firn-ESP32_TEST-20261121-v0.1.0.app-bin")
    board.image.parent.mkdir(parents=True)
    board.image.touch()
    assert flash.choose_image(board) == "build/ESP32_TEST/firmware.bin"


def test_a_named_image_that_is_not_there_is_told(project):
    with pytest.raises(Failure, match=r"x\.bin: no such file or directory"):
        flash.run(esp(project), options(image="x.bin"))


@pytest.mark.parametrize("name", ["QEMU", "UNIX"])
def test_what_is_no_board_is_not_flashed(name, capsys):
    assert cli.main(["flash", name]) == 1
    assert "firn emulate %s starts it" % name in capsys.readouterr().err


def test_erasing_files_and_keeping_them_is_a_contradiction(capsys):
    assert cli.main(["flash", "RPI_PICO", "--erase", "--keep-files"]) == 1
    assert "--erase and --keep-files" in capsys.readouterr().err


def test_every_flashable_board_says_what_flashing_needs_to_know():
    from firn_tools import build_rp2, esp_image, flash_esp

    for board in map(boards.find, boards.names()):
        if board.port == "esp32":
            assert board.about["mcu"] in esp_image.CHIPS
            assert flash_esp.offset(board) == (0x1000 if board.about["mcu"] == "esp32" else 0)
        elif board.port == "rp2":
            assert board.about["mcu"] in build_rp2.FAMILIES
            assert board.filesystem()[0] > 0


# The console


@pytest.mark.parametrize(
    ("found", "reason"),
    [([], "no serial port of a board"), ([PICO, CP210X], "--port /dev/ttyUSB0")],
    ids=["none", "several"],
)
def test_a_console_that_does_not_come_back_is_told(found, reason):
    with pytest.raises(Failure) as failure:
        flash_console.wait(None, lambda: found, timeout=0)
    text = str(failure.value)
    assert "the image is written, but the device's console does not appear: " in text
    assert reason in text


@pytest.mark.image
def test_a_console_that_has_said_all_before_is_asked(tmp_path, capsys):
    with PtyBoard(SAMPLE, tmp_path / "flash.img") as board:
        assert flash_console.wait(board.tty, list, url=board.url, quiet=0.5) == 0
        assert "the site answers: " + board.url in capsys.readouterr().err
        assert board.wait_until_served() == 200


@pytest.mark.image
def test_a_running_image_tells_the_board_it_is_for(tmp_path):
    with PtyBoard(SAMPLE, tmp_path / "flash.img") as board, Device(board.tty) as device:
        assert flash.running_board(device) == "QEMU"
