"""firn flash on rp2 boards: a folder plays the boot ROM's drive, and a script plays picotool."""

import errno
import json
import os
import re
import sys
import threading

import pytest
from fake_device import FakeDevice
from flash_images import FLASH, PICO_FILES, RP2350, mark, options, pico, uf2_image
from test_serial_ports import CP210X, PICO, usb

from firn_tools import flash, flash_drive, uf2
from firn_tools.device import DeviceError
from firn_tools.errors import Failure

INFO = "UF2 Bootloader v3.0\r\nModel: Raspberry Pi %s\r\nBoard-ID: %s\r\n"


class BootRom:
    """``with BootRom(folder)``: its drive; it goes when all blocks have come, into ``taken``.

    ``takes``: False for one that does not like what it gets.
    """

    def __init__(self, folder, name="RPI-RP2", takes=True):
        self.folder = folder
        self.takes = takes
        self.taken = None
        folder.mkdir(exist_ok=True)
        self.info = folder / "INFO_UF2.TXT"
        self.info.write_bytes((INFO % (name, name)).encode())

    def __enter__(self):
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while self.takes and not self._stop.wait(0.01):
            for file in self.folder.glob("*.uf2"):
                data = file.read_bytes()
                if data and len(data) == 512 * int.from_bytes(data[-488:-484], "little"):
                    self.taken = data
                    self.info.unlink()
                    return


@pytest.fixture
def board(tmp_path):
    return pico(tmp_path / "boards")


@pytest.fixture(autouse=True)
def computer(monkeypatch, tmp_path):
    """A computer without drives, boards and picotool; ``mounted`` and ``ports`` add some."""

    class Computer:
        mounted = []
        ports = []

    monkeypatch.delenv("FIRN_PORT", raising=False)
    monkeypatch.setattr(flash_drive, "_mounted", lambda: Computer.mounted)
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: Computer.ports)
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    Computer.mounted, Computer.ports = [], []
    return Computer


@pytest.fixture
def put(tmp_path, capsys):
    """``put(board, data, **options)``: flash the bytes; what was said, spaces folded."""

    def run(board, data, **given):
        image = tmp_path / "image.uf2"
        image.write_bytes(data)
        assert flash.run(board, options(image=str(image), **given)) == 0
        return " ".join(capsys.readouterr().err.split())

    return run


@pytest.fixture
def refusal(put):
    """``refusal(board, data, **options)``: what the image is refused with."""

    def run(board, data, **given):
        with pytest.raises(Failure) as failure:
            put(board, data, **given)
        return str(failure.value)

    return run


def test_the_only_drive_is_found_and_takes_the_image(put, board, computer, tmp_path):
    data = uf2_image(files=b"littlefs" * 999)
    (tmp_path / "stick").mkdir()
    with BootRom(tmp_path / "RPI-RP2") as rom:
        computer.mounted = [str(tmp_path / "stick"), str(rom.folder), str(tmp_path / "none")]
        text = put(board, data)
    assert rom.taken == data
    assert "PICO_TEST, Firn 0.1.0 of 20261121" in text
    assert "the board's files are replaced by those of the image" in text
    assert "the board has taken all blocks" in text


def test_the_files_are_left_out_where_they_are_to_be_kept(put, board, tmp_path):
    data = uf2_image(files=b"littlefs" * 999)
    with BootRom(tmp_path / "RPI-RP2") as rom:
        text = put(board, data, drive=str(rom.folder), keep_files=True)
    whole, written = uf2.parse(data), uf2.parse(rom.taken)
    assert "the board's files are kept" in text
    assert written.read(FLASH, PICO_FILES) == whole.read(FLASH, PICO_FILES)
    assert max(start + len(content) for start, content in written.segments) <= FLASH + PICO_FILES


def test_progress_is_shown_piece_by_piece(put, board, tmp_path, monkeypatch):
    seen = []

    class Recorded(flash_drive.Step):
        def update(self, fraction=None, note=""):
            if fraction is not None:
                seen.append(fraction)

    monkeypatch.setattr(flash_drive, "Step", Recorded)
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_size), real(fd)))
    data = uf2_image()
    with BootRom(tmp_path / "RPI-RP2") as rom:
        put(board, data, drive=str(rom.folder))
    assert len(seen) > 5 and seen == sorted(seen) and seen[-1] == 1
    assert [round(part * len(data)) for part in seen] == synced


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (uf2_image(family=RP2350), "expected an image for the RP2040, got one for the RP2350"),
        (uf2_image("PICO_OTHER"), "expected an image for PICO_TEST, got one for PICO_OTHER"),
        (uf2_image(marked=False), "expected an image by `firn build`"),
        (uf2_image(family=0xADA52840), "got one for another chip (family 0xada52840)"),
        (uf2_image(size=3 << 20), "got one that ends 1048.6 KB after them"),
    ],
    ids=["chip", "board", "no mark", "family", "size"],
)
def test_a_wrong_image_is_refused_before_the_drive_is_touched(
    refusal, board, tmp_path, data, expected
):
    rom = BootRom(tmp_path / "RPI-RP2")
    text = refusal(board, data, drive=str(rom.folder))
    assert expected in text and "nothing was written" in text
    assert os.listdir(rom.folder) == ["INFO_UF2.TXT"]


def test_a_damaged_image_is_refused(refusal, board, tmp_path):
    rom = BootRom(tmp_path / "RPI-RP2")
    for data in (uf2_image()[:-100], uf2_image()[:-512], uf2_image()[512:] + bytes(512)):
        text = refusal(board, data, drive=str(rom.folder), force=True)
        assert "expected" in text and "got" in text
    assert os.listdir(rom.folder) == ["INFO_UF2.TXT"]


def test_a_foreign_image_is_written_by_force(put, board, tmp_path):
    data = uf2_image(marked=False)
    with BootRom(tmp_path / "RPI-RP2") as rom:
        assert "without a board's name" in put(board, data, drive=str(rom.folder), force=True)
    assert rom.taken == data


@pytest.mark.parametrize("named", [True, False])
def test_the_drive_of_another_chip_is_refused(refusal, board, computer, tmp_path, named):
    rom = BootRom(tmp_path / "RP2350", "RP2350")
    computer.mounted = [rom.folder]
    text = refusal(board, uf2_image(), drive=str(rom.folder) if named else None)
    assert "expected the drive of an RP2040, got that of RP2350" in text
    assert os.listdir(rom.folder) == ["INFO_UF2.TXT"]


def test_several_drives_are_listed_and_one_is_to_be_named(refusal, put, board, computer, tmp_path):
    with BootRom(tmp_path / "one") as one, BootRom(tmp_path / "two") as two:
        computer.mounted = [str(two.folder), str(one.folder)]
        text = refusal(board, uf2_image())
        assert "--drive %s (RPI-RP2)\n  --drive %s" % (one.folder, two.folder) in text
        put(board, uf2_image(), drive=str(two.folder))
    assert two.taken and not one.taken


def test_a_folder_that_is_no_drive_is_told(refusal, board, tmp_path):
    assert "got another folder; hold the board's" in refusal(
        board, uf2_image(), drive=str(tmp_path)
    )
    assert "got no such folder" in refusal(board, uf2_image(), drive=str(tmp_path / "x"))


def test_no_drive_says_how_to_get_one(refusal, board, computer):
    computer.ports = [CP210X]
    text = refusal(board, uf2_image())
    assert "no drive of an RP2040's boot ROM found" in text and "BOOTSEL" in text


def test_a_drive_that_is_not_mounted_is_told(refusal, board, tmp_path, monkeypatch):
    labels = tmp_path / "by-label"
    labels.mkdir()
    (labels / "RPI-RP2").touch()
    real = flash_drive.unmounted
    monkeypatch.setattr(flash_drive, "unmounted", lambda mcu: real(mcu, labels))
    assert "udisksctl mount -b %s" % (labels / "RPI-RP2") in refusal(board, uf2_image())


def failing(monkeypatch, number, after, also=lambda: None):
    """Have the drive fail with ``number`` once ``after`` bytes are on it."""

    def sync(fd):
        if os.fstat(fd).st_size > after:
            also()
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", sync)


def test_a_full_drive_is_told(refusal, board, tmp_path, monkeypatch):
    rom = BootRom(tmp_path / "RPI-RP2")
    failing(monkeypatch, errno.ENOSPC, 100000)
    text = refusal(board, uf2_image(), drive=str(rom.folder))
    assert "no room on the drive after 65.5 KB of" in text and "no whole firmware" in text


def test_a_drive_for_reading_only_is_told(refusal, board, tmp_path, monkeypatch):
    rom = BootRom(tmp_path / "RPI-RP2")

    def refuse(*arguments, **options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(flash_drive, "open", refuse, raising=False)
    text = refusal(board, uf2_image(), drive=str(rom.folder))
    assert "cannot be written (read-only file system)" in text and "nothing was written" in text


def test_a_drive_that_goes_with_the_last_block_is_a_success(put, board, tmp_path, monkeypatch):
    rom = BootRom(tmp_path / "RPI-RP2")
    data = uf2_image()
    failing(monkeypatch, errno.EIO, len(data) - 1, rom.info.unlink)
    assert "the board has taken all blocks" in put(board, data, drive=str(rom.folder))


def test_a_drive_is_gone_with_its_device_though_it_stays_mounted(tmp_path, monkeypatch):
    rom = BootRom(tmp_path / "RPI-RP2")
    device = tmp_path / "sdb1"
    device.touch()
    monkeypatch.setattr(flash_drive, "_device_of", lambda folder: str(device))
    drive = flash_drive.Drive(rom.folder)
    assert drive.is_there()
    device.unlink()
    assert not drive.is_there()


def test_a_drive_that_goes_in_the_middle_is_a_failure(refusal, board, tmp_path, monkeypatch):
    rom = BootRom(tmp_path / "RPI-RP2")
    failing(monkeypatch, errno.EIO, 100000, rom.info.unlink)
    text = refusal(board, uf2_image(), drive=str(rom.folder))
    assert "the drive has gone after 65.5 KB of" in text and "BOOTSEL" in text


def test_a_board_that_does_not_take_the_image_is_told(tmp_path):
    with BootRom(tmp_path / "RPI-RP2", takes=False) as rom, pytest.raises(Failure) as failure:
        flash_drive.write(flash_drive.Drive(rom.folder), uf2_image(), "x.uf2", timeout=0.2)
    assert "x.uf2 was copied, but the board does not start" in str(failure.value)


def test_a_drive_cannot_erase_a_board(refusal, board, tmp_path):
    rom = BootRom(tmp_path / "RPI-RP2")
    text = refusal(board, uf2_image(), drive=str(rom.folder), erase=True)
    assert "a drive cannot erase" in text and "nothing was written" in text


def test_mounted_drives_are_those_with_fat():
    text = (
        "/dev/sda2 / ext4 rw 0 0\nproc /proc proc rw 0 0\n"
        "/dev/sdb1 /media/me/RPI-RP2 vfat rw,nosuid 0 0\n/dev/sdc1 /media/me/a\\040b vfat rw 0 0\n"
    )
    assert flash_drive.mounted_on_linux(text) == {
        "/media/me/RPI-RP2": "/dev/sdb1",
        "/media/me/a b": "/dev/sdc1",
    }


# A board that runs


class Running(FakeDevice):
    """A board that runs; ``rom``: the BootRom whose drive shows up; ``name``: of its image."""

    rom = name = None

    def __init__(self, port):
        super().__init__()
        self.port = port

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def call(self, code):
        if self.name is None:
            raise DeviceError("ImportError: no module named 'firn.image_info'")
        return json.dumps(mark(self.name).decode()) + "\n"

    def send(self, code):
        assert code == "import machine;machine.bootloader()"
        self.rom.show()


@pytest.mark.parametrize("name", ["PICO_TEST", None])
def test_a_running_board_is_told_to_start_its_boot_rom(
    put, board, computer, tmp_path, monkeypatch, name
):
    with BootRom(tmp_path / "RPI-RP2") as rom:
        rom.info.rename(tmp_path / "INFO")
        rom.show = lambda: (tmp_path / "INFO").rename(rom.info)
        computer.mounted, computer.ports = [str(rom.folder)], [PICO, CP210X]
        monkeypatch.setattr(Running, "rom", rom)
        monkeypatch.setattr(Running, "name", name)
        monkeypatch.setattr(flash, "Device", Running)
        text = put(board, uf2_image())
    assert "starting the boot ROM of the board at %s: done" % PICO.device in text
    assert rom.taken == uf2_image()


def test_a_running_board_of_another_name_is_refused(refusal, board, computer, monkeypatch):
    computer.ports = [PICO]
    monkeypatch.setattr(Running, "name", "RPI_PICO_W")
    monkeypatch.setattr(flash, "Device", Running)
    text = refusal(board, uf2_image())
    assert "expected the board PICO_TEST, got RPI_PICO_W; nothing was written" in text


def test_several_running_boards_are_listed(refusal, board, computer):
    computer.ports = [PICO, usb("/dev/ttyACM5", PICO.vid, PICO.pid)]
    text = refusal(board, uf2_image())
    assert "several devices" in text and "--port /dev/ttyACM5" in text


# picotool

PICOTOOL = """#!%s
import shutil, sys
say = lambda text, end: print(text, end=end, flush=True)
print(*sys.argv[1:], file=open(%r, "a"))
mode = %r
if mode == "absent":
    sys.exit("No accessible RP-series devices in BOOTSEL mode were found.")
for percent in range(0, 101 if mode == "good" else 41, 20):
    say("Loading into Flash:   [====    ]  %%d%%%%" %% percent, "\\r")
if mode == "broken":
    sys.exit("\\nERROR: The device was disconnected")
if "load" in sys.argv:
    shutil.copy(sys.argv[-1], %r)
    say("\\nVerifying Flash:      [========]  100%%\\n  OK", "\\n")
"""


@pytest.fixture
def picotool(tmp_path):
    """``picotool(mode)``: a program of that name; ``taken`` and ``calls``: what it got."""
    folder = tmp_path / "programs"
    folder.mkdir()
    taken, calls = tmp_path / "taken.uf2", tmp_path / "calls"

    def make(mode="good"):
        program = folder / "picotool"
        program.write_text(PICOTOOL % (sys.executable, str(calls), mode, str(taken)))
        program.chmod(0o755)

    make.taken, make.calls = taken, calls
    return make


def test_picotool_writes_and_verifies_where_there_is_no_drive(put, board, picotool):
    picotool()
    text = put(board, uf2_image())
    assert picotool.taken.read_bytes() == uf2_image()
    assert re.fullmatch(r"load -v -x \S+\.uf2\n", picotool.calls.read_text())
    assert "by picotool: done" in text and "picotool has read it back" in text


def test_picotool_erases_first_if_it_is_to(put, board, picotool):
    picotool()
    assert "all of the flash is erased first" in put(board, uf2_image(), erase=True)
    assert picotool.calls.read_text().startswith("erase -a\nload -v -x ")


def test_picotool_without_a_board_says_how_to_get_one(refusal, board, picotool):
    picotool("absent")
    text = refusal(board, uf2_image())
    assert "picotool finds no board" in text and "BOOTSEL" in text


def test_a_board_lost_by_picotool_is_told(refusal, board, picotool):
    picotool("broken")
    text = refusal(board, uf2_image())
    assert "may have half an image" in text and "The device was disconnected" in text
