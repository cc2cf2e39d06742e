"""docs/flash.md: its commands are run on boards played here, and print what stands there."""

import argparse
import re
import shlex
from contextlib import ExitStack

import pytest
from esp_bootloader import EspBootloader
from flash_images import esp, esp_image, pico, uf2_image
from test_flash_drive import BootRom
from test_serial_ports import usb

from firn_tools import cli, flash_drive, paths, site_start
from targets import ROOT

PAGE = (ROOT / "docs" / "flash.md").read_text("utf-8")
BLOCKS = re.findall(r"(?ms)^```console\n\$ firn (.*?)\n(.*?)^```", PAGE)
CONSOLE = """\
firn: network: joined "home" as 192.168.1.20
firn: serving on http://0.0.0.0:80
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the boards and the releases that the page names."""
    esp(tmp_path / "boards", "ESP32_GENERIC_C3")
    pico(tmp_path / "boards", "RPI_PICO")
    (tmp_path / "dist").mkdir()
    release = "firn-%s-20261121-v0.1.0.%s"
    c3 = tmp_path / "dist" / (release % ("ESP32_GENERIC_C3", "bin"))
    c3.write_bytes(esp_image("ESP32_GENERIC_C3"))
    image = uf2_image("RPI_PICO", files=b"littlefs" * 999)
    (tmp_path / "dist" / (release % ("RPI_PICO", "uf2"))).write_bytes(image)
    (tmp_path / "dist" / (release % ("RPI_PICO_W", "uf2"))).write_bytes(uf2_image("RPI_PICO_W"))
    (tmp_path / (release % ("RPI_PICO_W", "uf2"))).write_bytes(uf2_image("RPI_PICO_W"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    monkeypatch.delenv("FIRN_PORT", raising=False)
    return tmp_path


def same(text):
    """``text`` without what differs each time."""
    return re.sub(r"done in \d+\.\d s", "done in 0.0 s", text)


@pytest.mark.parametrize(("command", "expected"), BLOCKS, ids=[b[0] for b in BLOCKS])
def test_the_commands_print_what_the_page_says(project, monkeypatch, capsys, command, expected):
    # The address is of the page: nothing is asked there.
    monkeypatch.setattr(site_start, "responds", lambda url, timeout: True)
    with ExitStack() as stack:
        chip = stack.enter_context(EspBootloader("esp32c3", console=CONSOLE))
        rom = stack.enter_context(BootRom(project / "RPI-RP2"))
        monkeypatch.setattr(
            "serial.tools.list_ports.comports", lambda: [usb(chip.port, 0x303A, 1)]
        )
        monkeypatch.setattr(flash_drive, "_mounted", lambda: [str(rom.folder)])
        cli.main(shlex.split(command))
    said = capsys.readouterr().err.replace(chip.port, "/dev/ttyUSB0")
    assert same(said.replace(str(rom.folder), "/media/you/RPI-RP2")) == same(expected)


def test_the_page_names_every_option():
    top = cli.parser()
    commands = next(
        one for one in top._actions if isinstance(one, argparse._SubParsersAction)
    ).choices
    for action in commands["flash"]._actions:
        for option in action.option_strings[-1:]:
            assert option == "--help" or option in PAGE, option


def test_the_messages_of_the_page_are_those_of_the_command():
    sources = "".join(
        file.read_text("utf-8")
        for pattern in ("flash*.py", "serial_ports.py")
        for file in (ROOT / "tools" / "firn_tools").glob(pattern)
    )
    sources = re.sub(r'"\s*\n\s*"', "", sources)
    for message in re.findall(r"(?m)^\| `(?!-)(.*?)` \|", PAGE):
        for part in message.split("`, `"):
            words = re.sub(r"NAME \(process N\)|\d+|dialout", "%", part)
            pattern = "%[sd]".join(re.escape(word) for word in words.split("%"))
            assert re.search(pattern, sources), part
