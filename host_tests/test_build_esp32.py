"""ESP32 images: what is missing is named with what to type; the files of a build fit together.

ESP-IDF and its compilers are in no package, so a stand-in of MicroPython's port makes the parts.
"""

import shutil
import sys

import pytest
from littlefs import LittleFS

from firn_tools import boards, build, build_esp32, partitions, paths
from firn_tools.errors import Failure

VERSION = "#define MICROPY_VERSION_MAJOR 1\n#define MICROPY_VERSION_MINOR 25\n"
VERSION += "#define MICROPY_VERSION_MICRO 0\n"
IDF = "set(IDF_VERSION_MAJOR %d)\nset(IDF_VERSION_MINOR %d)\nset(IDF_VERSION_PATCH %d)\n"
TREE = {
    "py/mpconfig.h": VERSION,
    "py/mkrules.mk": "",
    "lib/lwip/src/Filelists.mk": "",
    "lib/mbedtls/library/ssl_tls.c": "",
    "lib/berkeley-db-1.xx/btree/bt_open.c": "",
    "lib/micropython-lib/README.md": "",
    "lib/tinyusb/src/tusb.c": "",
    "ports/esp32/README.md": "$ git clone -b v5.2.2 --recursive somewhere\n",
    "ports/esp32/main/idf_component.yml": 'dependencies:\n  idf:\n    version: ">=5.2.0"\n',
    # Says what it was called with and makes what the port leaves, of the sizes it is told.
    "ports/esp32/Makefile": """
all:
	@echo IDF=$$IN_IDF MPYCROSS=$$MICROPY_MPYCROSS
	@echo $(BOARD_DIR) $(FROZEN_MANIFEST) $(BOARD_VARIANT)
	@$(if $(FAIL),echo "$(FAIL)"; exit 2)
	@mkdir -p $(BUILD)/partition_table
	@cp {table} $(BUILD)/partition_table/partition-table.bin
	@{python} -c "open('$(BUILD)/micropython.bin', 'wb').write(b'A' * $(SIZE))"
	@{python} -c "open('$(BUILD)/firmware.bin', 'wb').write(b'B' * $(HEAD) + b'A' * $(SIZE))"
	@echo elf > $(BUILD)/micropython.elf
""",
}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A stand-in of MicroPython's full checkout, and of ESP-IDF."""
    board = boards.find("ESP32_GENERIC")
    table = tmp_path / "table.bin"
    table.write_bytes(partitions.to_binary(board.partitions()))
    folder = tmp_path / "micropython"
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text = text.replace("{table}", str(table)).replace("{python}", sys.executable)
        (folder / name).write_text(text)
    idf = tmp_path / "idf"
    (idf / "tools" / "cmake").mkdir(parents=True)
    (idf / "tools" / "cmake" / "version.cmake").write_text(IDF % (5, 4, 1))
    (idf / "export.sh").write_text("export IN_IDF=yes\n")
    monkeypatch.setenv("MICROPYTHON_DIR", str(folder))
    monkeypatch.setenv("IDF_PATH", str(idf))
    monkeypatch.setattr(paths, "build", lambda name: tmp_path / "build" / name)
    return folder


def make(size=300000, head=0xF000, **settings):
    board = boards.find("ESP32_GENERIC")
    settings.update(SIZE=size, HEAD=head)
    build.build(board, settings=["%s=%s" % item for item in settings.items()])
    return paths.build(board.name)


def test_one_file_has_all_from_the_bootloader_to_the_default_filesystem(tree):
    folder = make()
    data = (folder / "firmware.bin").read_bytes()
    # It is written to 0x1000, so that the slot at 0x10000 is at 0xf000 in it.
    assert data[:0xF000] == b"B" * 0xF000
    assert data[0xF000 : 0xF000 + 300000] == b"A" * 300000
    files = data[0x310000 - 0x1000 :]
    assert set(data[0xF000 + 300000 : 0x310000 - 0x1000]) == {0xFF}
    assert len(files) == 0xF0000
    filesystem = LittleFS(block_size=4096, block_count=0xF0, mount=False)
    filesystem.context.buffer = bytearray(files)
    filesystem.mount()
    assert "config.json" in filesystem.listdir("/")
    assert (folder / "firmware.app-bin").read_bytes() == b"A" * 300000
    assert (folder / "firmware.elf").read_text() == "elf\n"


def test_the_port_is_built_in_the_idf_with_the_board_and_its_manifest(tree):
    log = (make(BOARD_VARIANT="X") / "build.log").read_text()
    board = boards.find("ESP32_GENERIC")
    assert "IDF=yes" in log and "mpy-cross" in log
    assert "%s %s X" % (board.folder, board.folder / "manifest.py") in log


def test_a_second_build_gives_the_same_file(tree):
    first = (make() / "firmware.bin").read_bytes()
    assert (make() / "firmware.bin").read_bytes() == first


def test_an_application_larger_than_its_slot_is_refused(tree):
    message = r"image of 1572865 bytes is 1 bytes larger than its slot .* in boards/ESP32_GENERIC/"
    with pytest.raises(Failure, match=message):
        make(size=0x180001)


def test_another_partition_table_than_the_boards_is_refused(tree, tmp_path):
    other = partitions.parse_csv("nvs,data,nvs,,0x6000\nfactory,app,factory,,1M\n")
    (tmp_path / "table.bin").write_bytes(partitions.to_binary(other))
    with pytest.raises(Failure, match="not that of boards/ESP32_GENERIC/partitions"):
        make()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            "Error: All app partitions are too small for binary micropython.bin size 0x1a2180:"
            " - Part 'ota_0' 0/16 @ 0x10000 size 0x180000 (overflow 0x22180)",
            "the image of 1712512 bytes is 139648 bytes larger than its slot in the flash",
        ),
        ("ERROR: run /idf/install.sh and then export.sh", "type: .*/idf/install.sh esp32$"),
        ("Executing action: all; main.c: error", "the build failed; its whole output is above"),
    ],
)
def test_a_failed_build_says_why_where_it_is_known(tree, output, message, capsys):
    with pytest.raises(Failure, match=message):
        make(FAIL=output.replace("(", "\\(").replace(")", "\\)").replace("'", "\\'"))


@pytest.mark.parametrize(
    ("missing", "board"),
    [("lib/berkeley-db-1.xx", "ESP32_GENERIC"), ("lib/tinyusb", "ESP32_GENERIC_S3")],
)
def test_a_checkout_without_a_submodule_is_told_how_to_get_it(tree, missing, board):
    shutil.rmtree(tree / missing)
    advice = "type: git -C %s submodule update --init %s$" % (tree, missing)
    with pytest.raises(Failure, match=advice):
        build_esp32.commands(boards.find(board), tree, tree, ())


def test_sources_that_never_have_it_all_are_told_where_a_checkout_comes_from(tree, monkeypatch):
    shutil.rmtree(tree / "lib" / "berkeley-db-1.xx")
    monkeypatch.delenv("MICROPYTHON_DIR")
    with pytest.raises(Failure, match=r"needs a full checkout .* git clone .* MICROPYTHON_DIR="):
        build_esp32.commands(boards.find("ESP32_GENERIC_C3"), tree, tree, ())


def test_a_chip_without_usb_needs_no_usb_library(tree):
    shutil.rmtree(tree / "lib" / "tinyusb")
    assert build_esp32.commands(boards.find("ESP32_GENERIC_C3"), tree, tree, ())


@pytest.mark.parametrize("found", [None, "nowhere", "empty", (5, 1, 9)])
def test_an_idf_that_is_missing_or_too_old_is_told_with_the_one_to_take(
    tree, tmp_path, monkeypatch, found
):
    if found is None:
        monkeypatch.delenv("IDF_PATH")
        message = "got nothing"
    elif found == "nowhere":
        monkeypatch.setenv("IDF_PATH", str(tmp_path / "nowhere"))
        message = "got .*nowhere"
    elif found == "empty":
        (tmp_path / "idf" / "export.sh").unlink()
        message = "expected the folder of ESP-IDF, got .*idf"
    else:
        (tmp_path / "idf" / "tools" / "cmake" / "version.cmake").write_text(IDF % found)
        message = "expected ESP-IDF 5.2.0 or later, got 5.1.9"
    with pytest.raises(Failure, match=message + r"; type: git clone -b v5\.2\.2 ") as caught:
        make()
    assert "install.sh" in str(caught.value)


def test_the_oldest_idf_is_the_one_that_the_tree_names(tmp_path):
    file = tmp_path / "ports" / "esp32" / "main" / "idf_component.yml"
    assert build_esp32.oldest_idf(tmp_path) == (5, 2, 0)
    file.parent.mkdir(parents=True)
    file.write_text('  idf:\n    version: ">=5.3.0"\n')
    assert build_esp32.oldest_idf(tmp_path) == (5, 3, 0)
    file.write_text('  idf:\n    version: ">=5.5"\n')
    assert build_esp32.oldest_idf(tmp_path) == (5, 5, 0)
