"""docs/bundle.md: its commands are run, and print what stands there."""

import re
import shlex
import shutil

import pytest
from bundle_bases import rp2

from firn_tools import cli
from targets import ROOT, SAMPLE

PAGE = (ROOT / "docs" / "bundle.md").read_text("utf-8")
BLOCKS = re.findall(r"(?ms)^```console\n(.*?)^```", PAGE)
BASES = {
    "RPI_PICO_W-20250415-v1.25.0.uf2": rp2(),
    "RPI_PICO_W-20241129-v1.24.1.uf2": rp2(version="1.24.1"),
    "RPI_PICO-20250415-v1.25.0.uf2": rp2("Raspberry Pi Pico"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder in which the page's commands are typed."""
    monkeypatch.chdir(tmp_path)
    for name, data in BASES.items():
        (tmp_path / name).write_bytes(data)
    for name in ("my-site", "large-site"):
        shutil.copytree(SAMPLE, tmp_path / name)
    (tmp_path / "large-site" / "film.bin").write_bytes(bytes(541 * 1024))
    return tmp_path


def same(text):
    """``text`` without what differs from day to day: dates, times, sizes."""
    text = re.sub(r"(BUNDLE-)\d{8}", r"\1DATE", text)
    text = re.sub(r"\d+\.\d s\b", "0.0 s", text)
    text = re.sub(r"\d+( of \d+)? KB", "1 KB", text)
    return re.sub(r"(?m)^(\w+) +\d+ +\d+", r"\1 1 1", text)


def test_the_commands_print_what_the_page_says(folder, capsys):
    for block in BLOCKS:
        for command, expected in re.findall(r"(?ms)^\$ firn (.*?)\n(.*?)(?=^\$ |\Z)", block):
            made = list(folder.glob("firn-*"))
            words = [made[0].name if "BUNDLE" in word else word for word in shlex.split(command)]
            cli.main(words)
            printed = capsys.readouterr()
            assert same(printed.err + printed.out) == same(expected), command


def test_the_page_names_every_option():
    for option in ("--base", "--output", "--littlefs", "--notebooks"):
        assert option in PAGE
    options = cli.parser().parse_args(["bundle", "QEMU", "--base", "x"])
    assert set(vars(options)) == {
        "command", "run", "board", "base", "folder", "output", "littlefs", "notebooks"
    }  # fmt: skip
