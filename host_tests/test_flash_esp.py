"""firn flash on ESP32 boards: the real esptool, and a serial bootloader on a pty."""

import os
import pty
import subprocess
import sys

import pytest
from esp_bootloader import EspBootloader
from flash_images import TABLE, esp, esp_image, options

from firn_tools import esp_image as format_of
from firn_tools import flash, flash_esp, progress
from firn_tools.errors import Failure

CONSOLE = """\
MicroPython v1.25.0
firn: network: joined "home" as 10.0.2.15
firn: serving on http://0.0.0.0:80
"""


@pytest.fixture
def board(tmp_path):
    return esp(tmp_path)


@pytest.fixture
def put(tmp_path, capsys):
    """``put(board, port, data, **options)``: flash the bytes; what was said, spaces folded."""

    def run(board, port, data, **given):
        image = tmp_path / "image.bin"
        image.write_bytes(data)
        assert flash.run(board, options(image=str(image), port=port, **given)) == 0
        return said(capsys)

    return run


@pytest.fixture
def impatient(tmp_path, monkeypatch):
    """esptool tries once, where it would try for many seconds."""
    file = tmp_path / "esptool.cfg"
    file.write_text("[esptool]\nconnect_attempts = 1\nsync_timeout = 0.05\n")
    monkeypatch.setenv("ESPTOOL_CFGFILE", str(file))


def said(capsys):
    return " ".join(capsys.readouterr().err.split())


def refusal(board, port, data, tmp_path, **given):
    """What `firn flash` refuses the image with."""
    image = tmp_path / "image.bin"
    image.write_bytes(data)
    with pytest.raises(Failure) as failure:
        flash.run(board, options(image=str(image), port=port, **given))
    return str(failure.value)


@pytest.mark.parametrize(
    ("mcu", "offset"), [("esp32", 0x1000), ("esp32s3", 0), ("esp32c3", 0)], ids=lambda v: str(v)
)
def test_an_image_arrives_byte_for_byte_where_it_belongs(put, tmp_path, mcu, offset):
    board = esp(tmp_path, mcu=mcu, offset=offset)
    data = esp_image(mcu=mcu, offset=offset)
    with EspBootloader(mcu) as chip:
        text = put(board, chip.port, data)
    assert chip.flash[offset : offset + len(data)] == data
    assert chip.flash.count(0x5A) >= len(chip.flash) - len(data), "something else was written"
    assert chip.was_stub
    assert "ESP32_TEST, Firn 0.1.0 of 20261121, MicroPython 1.25.0" in text
    assert "with 4096 KB of flash" in text and "the board's files are kept" in text
    assert "written and verified" in text


def test_progress_is_shown_as_it_is_written(put, board, monkeypatch):
    seen = []

    class Recorded(progress.Step):
        def update(self, fraction=None, note=""):
            seen.append((self.label.split(" ")[0], fraction))

    monkeypatch.setattr(flash_esp, "Step", Recorded)
    with EspBootloader("esp32c3") as chip:
        put(board, chip.port, esp_image())
    fractions = [fraction for label, fraction in seen if label == "writing" and fraction]
    assert len(fractions) > 3 and fractions == sorted(fractions) and fractions[-1] == 1


def test_erasing_leaves_nothing_of_what_was_there(put, board):
    data = esp_image()
    with EspBootloader("esp32c3") as chip:
        text = put(board, chip.port, data, erase=True)
    assert chip.flash[: len(data)] == data
    assert set(chip.flash[len(data) :]) == {0xFF}
    assert "all of the flash is erased first, the board's files too" in text


def test_files_in_the_image_replace_the_boards_unless_they_are_kept(put, board):
    data = esp_image(size=0x203000)
    with EspBootloader("esp32c3") as chip:
        text = put(board, chip.port, data, keep_files=True)
        assert chip.flash[:0x200000] == data[:0x200000]
        assert set(chip.flash[0x200000:]) == {0x5A}
        assert "the board's files are kept" in text
        assert "files are replaced" in put(board, chip.port, data)
        assert chip.flash[: len(data)] == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (esp_image(mcu="esp32s3"), "expected an image for the ESP32-C3, got one for the ESP32-S3"),
        (esp_image("ESP32_OTHER"), "expected an image for ESP32_TEST, got one for ESP32_OTHER"),
        (esp_image(marked=False), "expected an image by `firn build`"),
        (b"UF2\n" + bytes(2000), "expected an image by `firn build`"),
    ],
    ids=["chip", "board", "no mark", "other file"],
)
def test_a_wrong_image_is_refused_before_the_port_is_touched(board, tmp_path, data, expected):
    text = refusal(board, str(tmp_path / "no-port"), data, tmp_path)
    assert expected in text and "nothing was written" in text


def test_a_foreign_image_is_written_by_force_but_never_one_for_another_chip(put, board, tmp_path):
    data = esp_image(marked=False)
    with EspBootloader("esp32c3") as chip:
        assert "without a board's name" in put(board, chip.port, data, force=True)
        assert chip.flash[: len(data)] == data
    wrong = esp_image(mcu="esp32s3", marked=False)
    assert "got one for the ESP32-S3" in refusal(board, "x", wrong, tmp_path, force=True)


def test_a_program_alone_is_refused(board, tmp_path):
    data = bytearray(esp_image())
    data[32:36] = b"\x32\x54\xcd\xab"
    assert format_of.is_app(bytes(data)) and not format_of.is_app(esp_image())
    assert "(.app-bin)" in refusal(board, "x", bytes(data), tmp_path)


def test_a_damaged_partition_table_is_refused(board, tmp_path):
    data = bytearray(esp_image())
    data[0x8010] ^= 1
    assert "MD5 is wrong" in refusal(board, "x", bytes(data), tmp_path)


@pytest.mark.parametrize("chip", ["esp32s3", "esp32"])
def test_an_image_for_another_chip_than_the_connected_one_is_refused(board, tmp_path, chip):
    with EspBootloader(chip) as other:
        text = refusal(board, other.port, esp_image(), tmp_path)
    name = {"esp32s3": "ESP32-S3", "esp32": "ESP32"}[chip]
    assert "expected an ESP32-C3, got an %s;" % name in text and "nothing was written" in text
    assert set(other.flash) == {0x5A}


def test_flash_that_is_too_small_for_the_partitions_is_refused(board, tmp_path):
    with EspBootloader("esp32c3", size=2 << 20) as chip:
        text = refusal(board, chip.port, esp_image(), tmp_path)
    assert "expected 4096 KB of flash, got 2048 KB" in text and "nothing was written" in text
    assert set(chip.flash) == {0x5A}


@pytest.mark.usefixtures("impatient")
def test_a_cut_line_says_what_state_the_board_is_in(board, tmp_path):
    with EspBootloader("esp32c3", cut_after=40000) as chip:
        text = refusal(board, chip.port, esp_image(), tmp_path)
    assert "the connection was lost while writing" in text
    assert "half an image" in text and "its files are as they were" in text
    assert "run the same command again" in text and "BOOT" in text


def test_flash_that_does_not_keep_what_is_written_is_told(board, tmp_path):
    data = bytearray(esp_image())
    data[0x5000] = 0xFF
    with EspBootloader("esp32c3", damage=0x5000) as chip:
        text = refusal(board, chip.port, bytes(data), tmp_path)
    assert "what is in the flash is not what was written" in text and "MD5" in text


@pytest.mark.usefixtures("impatient")
def test_a_board_out_of_download_mode_is_explained(board, tmp_path):
    with EspBootloader("esp32c3", silent=True) as chip:
        text = refusal(board, chip.port, esp_image(), tmp_path)
    assert "no ESP32-C3 answers in download mode" in text
    assert "hold its BOOT button" in text and "othing was written" in text


def test_a_port_that_is_not_there_or_in_use_is_explained(board, tmp_path):
    assert "no such port" in refusal(board, str(tmp_path / "tty"), esp_image(), tmp_path)
    hold = "import serial, sys; s = serial.Serial(sys.argv[1], exclusive=True); print(); input()"
    master, slave = pty.openpty()
    port = os.ttyname(slave)
    with subprocess.Popen([sys.executable, "-c", hold, port], stdin=-1, stdout=-1) as holder:
        try:
            assert holder.stdout.readline()
            text = refusal(board, port, esp_image(), tmp_path)
        finally:
            holder.stdin.close()
            os.close(master)
            os.close(slave)
    assert "in use by" in text and "(process %d); end that first" % holder.pid in text


def test_no_port_and_several_are_told(board, tmp_path, monkeypatch):
    from test_serial_ports import CP210X, PICO

    monkeypatch.delenv("FIRN_PORT", raising=False)
    found = [PICO]
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: found)
    assert "no device found" in refusal(board, None, esp_image(), tmp_path), "a Pico is no ESP32"
    other = type(CP210X)(**{**vars(CP210X), "device": "/dev/ttyUSB7"})
    found += [CP210X, other]
    text = refusal(board, None, esp_image(), tmp_path)
    assert "several devices" in text and "--port /dev/ttyUSB7" in text and PICO.device not in text


def test_the_site_is_waited_for_and_its_address_told(put, board):
    with EspBootloader("esp32c3", console=CONSOLE) as chip:
        text = put(board, chip.port, esp_image(), wait=True)
    assert "waiting for the site: done" in text
    assert "the site serves in the emulator" in text  # of an address as the emulator's
    assert "firn bridge --port " + chip.port in text


def test_a_board_without_a_network_is_reached_through_its_cable(put, board):
    with EspBootloader("esp32c3", console="firn: serving on USB\n") as chip:
        text = put(board, chip.port, esp_image(), wait=True)
    assert "the device has no network" in text and "firn bridge --port " + chip.port in text


def test_an_image_that_does_not_start_is_shown(board, tmp_path):
    with EspBootloader("esp32c3", console="ImportError: no module\n>>> ") as chip:
        text = refusal(board, chip.port, esp_image(), tmp_path, wait=True)
    assert "the site does not start" in text and "ImportError: no module" in text


def test_the_table_of_the_tests_is_one_that_chips_take():
    from firn_tools import partitions

    partitions.check(TABLE, 4 << 20)
