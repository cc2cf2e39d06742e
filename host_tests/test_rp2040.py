"""The very UF2 file of RPI_PICO, booted in rp2040js."""

import json
import re
import signal
import subprocess
import sys
import time

import pytest
from littlefs import LittleFS
from pico_board import PicoBoard, make_flash
from pty_board import finish
from usb_bridge import Bridge

from firn_tools import boards, emulate, flash_image, rp2040, size
from firn_tools.errors import Failure

pytestmark = [pytest.mark.image("RPI_PICO"), pytest.mark.timeout(300)]

DATA = bytes((i * 7 + i // 251) & 255 for i in range(20000))
QUICK = "from firn import safety\nsafety.PAUSE = 0\n"
BREAK = (
    "from firn import site\nasync def serve(self):\n raise OSError(5)\nsite.Site.serve = serve\n"
)
FACTS = """
import firn, gc, json, marimo, microdot, os, sys, utemplate
from firn import safety, startup
print(json.dumps({
    "frozen": [p.__name__ for p in (firn, marimo, microdot, utemplate)],
    "machine": sys.implementation._machine, "hostname": startup.config.network.hostname,
    "cause": safety.values()["reset_cause"], "random": len(set(os.urandom(64))),
    "floats": [3.5 * 2.25, 7.0 // 2, 1e10, 2.0 ** 0.5, int(-2.5), float(1 << 40), 1.5 < 1.25]}))
"""
WRITE = """
import os
for number in range(1000):
    name = "/w%d" % (number % 8)
    with open(name + ".new", "w") as file:
        file.write("%08d" % number * 600)
    os.rename(name + ".new", name)
    print("kept", number)
"""


@pytest.fixture
def board():
    return boards.find("RPI_PICO")


def make_site(folder, boot_py=""):
    (folder / "www").mkdir(parents=True)
    (folder / "www" / "data.bin").write_bytes(DATA)
    (folder / "www" / "index.html").write_text("at first")
    (folder / "config.json").write_text('{"network": {"hostname": "a-pico"}}')
    (folder / "boot.py").write_text(QUICK + boot_py)
    return folder


@pytest.fixture(scope="module")
def pico(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pico")
    with PicoBoard(make_site(folder / "site"), folder / "flash.img") as running:
        yield running


@pytest.fixture(scope="module")
def facts(pico):
    return json.loads(pico.mpremote("exec", FACTS))


def test_the_frozen_packages_import(facts):
    assert facts["frozen"] == ["firn", "marimo", "microdot", "utemplate"]
    assert facts["machine"] == "Raspberry Pi Pico with RP2040"


def test_the_configuration_is_read_from_flash(facts):
    assert facts["hostname"] == "a-pico"


def test_pages_come_through_firn_bridge(pico):
    pico.serve_again(b"\x03\x04")
    with Bridge(pico.tty) as bridge:
        bridge.connected()
        assert bridge.get("/").text == "at first"
        assert bridge.get("/data.bin").body == DATA
        assert bridge.get("/absent").status == 404
        assert bridge.get("/_firn/status.json").status == 303  # to the login
        assert bridge.interrupt() == 0


def test_the_boot_roms_arithmetic_is_that_of_the_language(facts):
    expected = [7.875, 3.0, 1e10, 1.41421, -2, 1.09951e12, False]
    assert facts["floats"] == pytest.approx(expected, rel=1e-5)
    assert facts["random"] > 20  # of 64 bytes: they are no constant


def test_a_soft_reset_serves_again(pico):
    prompts = pico.console.count(">>> ")
    pico.type(b"\r\x03")
    pico.wait_for_count(">>> ", prompts + 1)
    pico.serve_again(b"\x04")


def test_a_reset_comes_back_on_the_same_terminal_and_is_no_crash(pico):
    pico.mpremote("resume", "exec", "--no-follow", "import machine; machine.reset()")
    pico.wait(lambda: "rp2040: reset" in pico.device.said, "the reset")
    found = json.loads(
        pico.mpremote(
            "exec", "import json; from firn import safety; print(json.dumps(safety.values()))"
        )
    )
    assert (found["reset_cause"], found["failed_boots"]) == ("reset", 0)


def test_the_watchdog_resets_a_board_that_hangs(pico):
    before = pico.device.said.count("rp2040: reset")
    code = "import machine; machine.WDT(timeout=100)\nwhile True: pass"
    pico.mpremote("resume", "exec", "--no-follow", code)
    pico.wait(lambda: pico.device.said.count("rp2040: reset") > before, "the reset")
    text = pico.mpremote(
        "exec", "import machine; print(machine.reset_cause() == machine.WDT_RESET)"
    )
    assert text.strip() == "True"


def test_firn_push_sends_what_has_changed(pico, tmp_path):
    (pico.folder / "www" / "index.html").write_text("and then")
    done = pico.firn("push", pico.folder)
    assert done.status == 0, done
    assert "1 file sent" in done.err and "firn bridge" in done.err
    text = pico.mpremote("fs", "cat", ":/www/index.html")
    assert text.endswith("and then")


def test_three_crashing_boots_lead_to_safe_mode_and_the_flash_is_kept(tmp_path):
    flash = tmp_path / "flash.img"
    with PicoBoard(make_site(tmp_path / "site", BREAK), flash, serving=False) as running:
        for count in range(3):
            running.wait_for_count("the site has crashed", count + 1)
        running.wait_for_console("serving on USB")
        assert running.console.count("the site has crashed") == 3
        code = "from firn import safety; print(safety.mode)"
        assert running.mpremote("resume", "exec", code).split()[-1] == "safe"
    # What the board has written is in the image; the next board finds it, and is powered on.
    assert b"OSError" in flash.read_bytes()


def test_a_board_that_is_killed_while_it_writes_has_whole_files(board, tmp_path):
    make_flash(make_site(tmp_path / "site"), tmp_path / "flash.img")
    said = []
    with rp2040.Rp2040(board, tmp_path / "flash.img", console=said.append) as device:
        device.wait_until_booted()
        command = [sys.executable, "-m", "mpremote", "connect", device.console_name]
        command += ["exec", WRITE]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as it:
            end = time.monotonic() + 100
            while b"kept 11\r" not in b"".join(said) and time.monotonic() < end:
                time.sleep(0.005)
            device.process.kill()
            device.process.wait()
            it.kill()
    last = int(re.findall(rb"kept (\d+)\r", b"".join(said))[-1])
    assert last >= 11
    found = files(tmp_path / "flash.img")
    for number in range(last - 6, last + 1):
        content = found["w%d" % (number % 8)]
        kept = int(content[:8])
        assert kept in (number, number + 8)
        assert content == b"%08d" % kept * 600


def files(flash):
    """{name: bytes} of the files at the top of a littlefs image."""
    content = bytearray(flash.read_bytes())
    count = len(content) // flash_image.BLOCK_SIZE
    filesystem = LittleFS(block_size=flash_image.BLOCK_SIZE, block_count=count, mount=False)
    filesystem.context.buffer = content
    filesystem.mount()
    names = [name for name in filesystem.listdir("/") if name.startswith("w") and name != "www"]
    return {name: filesystem.open(name, "rb").read() for name in names}


def test_the_heap_has_room_when_the_default_site_is_served(board):
    free, used = size.idle_heap(board)
    print("RPI_PICO: %d bytes of heap free when serving, %d used" % (free, used))
    assert free >= 150 * 1024


def test_firn_emulate_tells_where_the_console_is_and_ends_with_the_boards_reason(pico, tmp_path):
    flash = tmp_path / "flash.img"
    process = pico.start("emulate", "RPI_PICO", "--flash", flash, errors="replace")
    said = []
    for line in process.stderr:
        said.append(line)
        if "pages:" in line:
            break
    tty = re.search(r"console: mpremote connect (/dev/\S+)", "".join(said)).group(1)
    assert "firn bridge --device %s" % tty in said[-1]
    assert "new from" in said[0]
    command = [sys.executable, "-m", "mpremote", "connect", tty, "exec", "--no-follow"]
    subprocess.run([*command, "import machine; machine.bootloader()"], timeout=120)
    done = finish(process)
    assert done.status == rp2040.WAITS_FOR_UF2
    assert "the board has stopped: it has been told to start its boot loader" in done.err
    assert flash_image.read(flash, "config.json") is not None


def test_firn_emulate_ends_well_when_it_is_told_to(pico, tmp_path):
    process = pico.start("emulate", "RPI_PICO", pico.folder, "--flash", tmp_path / "flash.img")
    for line in process.stderr:
        if "pages:" in line:
            break
    assert finish(process, signal.SIGTERM).status == 0
    assert flash_image.read(tmp_path / "flash.img", "config.json").startswith(b"{")


def test_a_hard_fault_ends_the_board_and_tells_where(board):
    with rp2040.Rp2040(board) as device:
        device.wait_until_booted()
        command = [sys.executable, "-m", "mpremote", "connect", device.console_name]
        command += ["exec", "--no-follow", "import machine; machine.mem32[0xfffffff0]"]
        subprocess.run(command, timeout=120, capture_output=True)
        assert device.wait() == rp2040.LOCKED_UP
    assert re.search(r"a HardFault \(PC 0x1\w{7}, LR 0x1\w{7}\)", device.said[-1])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "expected a UF2 file of 512-byte blocks"),
        (bytes(512), "expected a UF2 block at 0"),
    ],
)
def test_what_is_no_uf2_file_does_not_boot(board, tmp_path, content, expected):
    image = tmp_path / "bad.uf2"
    image.write_bytes(content)
    with rp2040.Rp2040(board, image=image) as device:
        assert device.wait() == 1
    assert device.said == ["rp2040: " + expected]


def test_an_image_of_another_size_is_not_taken_for_the_boards_flash(board, tmp_path):
    flash = tmp_path / "flash.img"
    flash.write_bytes(bytes(4096))
    with pytest.raises(Failure, match="expected 1310720 bytes, got 4096; --fresh makes it anew"):
        emulate.prepare_rp2_flash(board, None, flash, False)
    emulate.prepare_rp2_flash(board, None, flash, True)
    assert flash_image.read(flash, "config.json") is not None


def test_a_board_has_the_heap_that_it_has(pico):
    done = pico.firn("emulate", "RPI_PICO", "--heap", "64k")
    assert done.status == 1
    assert "--heap is for UNIX and QEMU; RPI_PICO has what it has" in done.err


def test_a_board_without_an_emulator_is_named():
    with pytest.raises(Failure, match="RPI_PICO2: there is no emulator of its rp2350"):
        rp2040.require_emulated(boards.find("RPI_PICO2"))
