"""The mark that names an image's board and release, found in every kind of image."""

import os
import subprocess

import pytest
from flash_images import esp_image, mark, uf2_image

from firn_tools import boards, cli, image_mark

VALUES = {
    "board": "RPI_PICO",
    "version": "0.1.0",
    "date": "20261121",
    "micropython": "1.25.0",
}


def test_a_mark_is_found_wherever_it_is():
    text = mark("RPI_PICO")
    assert text == (b"FIRN-IMAGE\0board=RPI_PICO;version=0.1.0;date=20261121;micropython=1.25.0\0")
    for data in (text, bytes(999) + text, b"FIRN-IMAGE\0" + text + b"\xff" * 99, text + text):
        assert image_mark.read(data) == VALUES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(1000),
        b"FIRN-IMAGE\0",
        b"FIRN-IMAGE\0\0",
        mark("RPI_PICO")[:-1],
        mark("RPI_PICO").replace(b"board", b"bored"),
        mark("RPI_PICO").replace(b"RPI_PICO", b"RPI\nPICO"),
        mark("RPI_PICO").replace(b"version=0.1.0", b"version="),
        mark("RPI_PICO").replace(b";date", b";board=X;date"),
    ],
    ids=range(9),
)
def test_what_only_looks_like_a_mark_is_none(data):
    assert image_mark.read(data) is None


def test_a_mark_may_have_more_than_is_known_today():
    text = mark("RPI_PICO").replace(b";date", b";variant=PPP;date")
    assert image_mark.read(text) == dict(VALUES, variant="PPP")


def test_a_mark_across_the_blocks_of_a_uf2_file_is_found():
    data = uf2_image("RPI_PICO")
    assert mark("RPI_PICO") not in data, "it lies in two blocks"
    assert image_mark.read(data) == VALUES
    assert image_mark.read(data[:-512]) is None, "not of a file that is damaged"


def test_a_mark_in_an_esp32_image_is_found():
    assert image_mark.read(esp_image("RPI_PICO")) == VALUES


@pytest.mark.parametrize("name", ["A;B", "A=B", "", "Ä", "A\0"])
def test_names_that_could_not_be_read_back_are_refused(name):
    with pytest.raises(ValueError, match="expected words of ASCII"):
        mark(name)


def test_the_module_is_the_same_bytes_for_the_same_commit(tmp_path):
    image_mark.write(tmp_path, "RPI_PICO", 1795219200, "1.25.0")
    file = tmp_path / "firn" / "image_info.py"
    text, changed = file.read_bytes(), file.stat().st_mtime_ns
    image_mark.write(tmp_path, "RPI_PICO", "1795219200", "1.25.0")
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (text, changed)
    names = {}
    exec(text, names)
    assert image_mark.read(names["MARK"])["date"] == "20261121"


@pytest.mark.image
@pytest.mark.parametrize("name", ["UNIX", "QEMU"])
def test_built_images_carry_their_mark(name):
    found = image_mark.read(boards.find(name).image.read_bytes())
    assert found["board"] == name
    assert found["version"] == cli.__version__


@pytest.mark.image
def test_a_running_image_names_itself():
    code = "from firn import status; print(status.values()['image'])"
    image = str(boards.find("UNIX").image)
    environment = dict(os.environ, MICROPYPATH=".frozen")
    said = subprocess.check_output([image, "-c", code], env=environment, text=True)
    assert "'board': 'UNIX'" in said and "'version': '%s'" % cli.__version__ in said


def test_a_host_is_no_image():
    from firn import status

    assert status.image() is None
