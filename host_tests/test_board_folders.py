"""Board folders against MicroPython's own: what can be checked without a board's own tools."""

import ast
import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

from firn_tools import boards, partitions, programs, sources
from targets import ROOT

RP2_WIFI = ("RPI_PICO2_W", "RPI_PICO_W")
RP2 = ("RPI_PICO", "RPI_PICO2", *RP2_WIFI)
ESP32 = ("ESP32_GENERIC", "ESP32_GENERIC_C3", "ESP32_GENERIC_S3")
OURS = {"port", "flash_size", "id"}  # keys of board.json that MicroPython 1.25 has not
# Settings of ESP-IDF (5.2 and later) that none of MicroPython's own files mention.
IDF_SETTINGS = {
    "CONFIG_APP_REPRODUCIBLE_BUILD",
    "CONFIG_ESP_ERR_TO_NAME_LOOKUP",
    "CONFIG_ESP_WIFI_ENABLE_SAE_PK",
    "CONFIG_ESP_WIFI_ENABLE_WPA3_OWE_STA",
    "CONFIG_ESP_WIFI_ENTERPRISE_SUPPORT",
    "CONFIG_ESP_WIFI_SOFTAP_SAE_SUPPORT",
    "CONFIG_ETH_USE_OPENETH",
    "CONFIG_LWIP_IPV6",
}
# As ports/esp32/CMakeLists.txt takes a board in; the files' texts in their order.
ESP32_CMAKE = """
set(MICROPY_BOARD_DIR {board})
set(CMAKE_BINARY_DIR {build})
include(${{MICROPY_BOARD_DIR}}/mpconfigboard.cmake)
foreach(file ${{SDKCONFIG_DEFAULTS}})
    get_filename_component(path ${{file}} ABSOLUTE BASE_DIR ${{CMAKE_CURRENT_SOURCE_DIR}})
    file(READ ${{path}} text)
    file(APPEND {build}/combined "${{text}}\n")
endforeach()
file(WRITE {build}/found "${{IDF_TARGET}}")
"""
RP2_CMAKE = """
set(MICROPY_BOARD_DIR {board})
set(MICROPY_PORT_DIR {port})
include(${{MICROPY_BOARD_DIR}}/mpconfigboard.cmake)
foreach(name PICO_BOARD PICO_PLATFORM MICROPY_PY_LWIP MICROPY_PY_NETWORK_CYW43
        MICROPY_PY_BLUETOOTH MICROPY_BLUETOOTH_BTSTACK MICROPY_PY_BLUETOOTH_CYW43
        USER_C_MODULES GEN_PINS_BOARD_CSV)
    file(APPEND {build}/found "${{name}}=${{${{name}}}}\n")
endforeach()
"""


@pytest.fixture(scope="module")
def tree():
    return sources.tree()


def upstream(tree, name):
    """MicroPython's own folder of the board ``name``."""
    return tree / "ports" / boards.find(name).port / "boards" / name


def run_cmake(text, folder, where):
    programs.ensure("cmake")
    script = folder / "script.cmake"
    script.write_text(text)
    subprocess.run(["cmake", "-P", str(script)], cwd=where, check=True)


@pytest.fixture(scope="module")
def sdkconfig(tree, tmp_path_factory):
    """name -> ({setting: value}, IDF_TARGET) of each ESP32 board."""
    found = {}
    for name in ESP32:
        build = tmp_path_factory.mktemp(name)
        text = ESP32_CMAKE.format(board=boards.find(name).folder, build=build)
        run_cmake(text, build, tree / "ports" / "esp32")
        lines = re.findall(r"(?m)^(CONFIG_\w+)=(.*)$", (build / "combined").read_text())
        found[name] = (dict(lines), (build / "found").read_text())
    return found


@pytest.mark.parametrize("name", boards.names())
def test_board_json_has_micropythons_keys_and_words(tree, name):
    known = [json.loads(file.read_text()) for file in tree.glob("ports/*/boards/*/board.json")]
    words = sorted({word for board in known for word in board["features"]})
    text = {"type": "string"}
    schema = {
        "type": "object",
        "required": ["deploy", "docs", "features", "images", "mcu", "product", "url", "vendor"],
        "properties": {
            "deploy": {"type": "array", "items": text},
            "deploy_options": {"properties": {"flash_offset": {"pattern": "^(0|0x[0-9a-f]+)$"}}},
            "features": {"type": "array", "uniqueItems": True, "items": {"enum": words}},
            "flash_size": {"type": "integer", "multipleOf": 1 << 20},
            "images": {"type": "array", "items": text},
            "port": {"enum": ["esp32", "qemu", "rp2", "unix"]},
            **dict.fromkeys(("docs", "id", "mcu", "product", "thumbnail", "url", "vendor"), text),
        },
        "propertyNames": {"enum": sorted(OURS.union(*known))},
    }
    jsonschema.validate(boards.find(name).about, schema)


@pytest.mark.parametrize("name", RP2 + ESP32)
def test_a_board_of_micropythons_is_the_same_one_here(tree, name):
    theirs = json.loads((upstream(tree, name) / "board.json").read_text())
    about = boards.find(name).about
    for key in ("mcu", "product", "url", "vendor", "deploy_options"):
        assert about.get(key) == theirs.get(key)
    assert set(theirs["features"]) - set(about["features"]) <= {"BLE"}
    assert set(about["features"]) <= set(theirs["features"])


@pytest.mark.parametrize("name", ESP32)
def test_partitions_fit_the_flash_and_leave_room_for_files(name):
    board = boards.find(name)
    table = board.partitions()
    partitions.check(table, board.about["flash_size"])
    assert max(entry.end for entry in table) == board.about["flash_size"]
    assert [slot.subtype for slot in partitions.apps(table)] == ["ota_0", "ota_1"]
    assert len({slot.size for slot in partitions.apps(table)}) == 1
    assert {"nvs", "otadata", "phy_init"} <= {entry.name for entry in table}
    assert board.filesystem()[1] >= 900 * 1024


@pytest.mark.parametrize("name", RP2_WIFI)
def test_a_pico_with_wifi_leaves_room_for_files(name):
    offset, size = boards.find(name).filesystem()
    assert size >= 600 * 1024
    assert offset % 4096 == 0
    assert offset >= 1200 * 1024  # what MicroPython leaves its own firmware


@pytest.mark.parametrize("name", ESP32)
def test_the_settings_of_esp_idf_are_micropythons_and_then_ours(tree, sdkconfig, name):
    settings, target = sdkconfig[name]
    board = boards.find(name)
    assert target in (board.about["mcu"], "")  # esp32 is what ESP-IDF takes unless told
    assert settings["CONFIG_COMPILER_OPTIMIZATION_SIZE"] == "y"
    assert settings["CONFIG_COMPILER_OPTIMIZATION_PERF"] == "n"
    assert settings["CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE"] == "y"
    assert "CONFIG_BT_ENABLED" not in settings
    chosen = [size for size in (4, 8, 16)
              if settings.get("CONFIG_ESPTOOLPY_FLASHSIZE_%dMB" % size) == "y"]  # fmt: skip
    assert [size << 20 for size in chosen] == [board.about["flash_size"]]
    table = settings["CONFIG_PARTITION_TABLE_CUSTOM_FILENAME"].strip('"')
    place = tree / "ports" / "esp32" / table
    assert settings["CONFIG_PARTITION_TABLE_CUSTOM"] == "y"
    assert place.resolve() == (board.folder / "partitions.csv").resolve()


def test_every_setting_of_esp_idf_is_a_known_one(tree):
    known = set(IDF_SETTINGS)
    for file in (tree / "ports" / "esp32" / "boards").rglob("sdkconfig.*"):
        known.update(re.findall(r"\b(CONFIG_\w+)=", file.read_text()))
    ours = [ROOT / "firmware" / "esp32" / "sdkconfig.web", *ROOT.glob("boards/*/sdkconfig.*")]
    assert len(ours) > len(ESP32)
    used = {name for file in ours for name in re.findall(r"(CONFIG_\w+)=", file.read_text())}
    assert used <= known
    assert used >= IDF_SETTINGS


def defines(file):
    return re.findall(r"(?m)^#define (\w+)", file.read_text())


@pytest.mark.parametrize("name", ESP32)
def test_what_an_esp32_board_leaves_out_the_port_lets_it_leave_out(tree, name):
    port = (tree / "ports" / "esp32" / "mpconfigport.h").read_text()
    header = boards.find(name).folder / "mpconfigboard.h"
    assert '"ports/esp32/boards/%s/mpconfigboard.h"' % name in header.read_text()
    theirs = set(defines(upstream(tree, name) / "mpconfigboard.h"))
    names = defines(header) + defines(ROOT / "firmware" / "esp32" / "web_device.h")[1:]
    assert names
    for one in names:
        assert "#ifndef " + one in port
        assert one not in theirs


@pytest.mark.parametrize("name", RP2)
def test_an_rp2_board_has_micropythons_settings_and_pins(tree, tmp_path, name):
    port = tree / "ports" / "rp2"
    folder = boards.find(name).folder
    run_cmake(RP2_CMAKE.format(board=folder, port=port, build=tmp_path), tmp_path, port)
    found = dict(line.split("=", 1) for line in (tmp_path / "found").read_text().splitlines())
    headers = tree / "lib" / "pico-sdk" / "src" / "boards" / "include" / "boards"
    assert (headers / (found["PICO_BOARD"] + ".h")).is_file()
    assert found["PICO_PLATFORM"] in (boards.find(name).about["mcu"], "")
    assert found["GEN_PINS_BOARD_CSV"] == str(upstream(tree, name) / "pins.csv")
    if name in RP2_WIFI:
        assert found["MICROPY_PY_LWIP"] == found["MICROPY_PY_NETWORK_CYW43"] == "ON"
        assert found["MICROPY_PY_BLUETOOTH"] == found["MICROPY_BLUETOOTH_BTSTACK"] == "OFF"
        assert found["MICROPY_PY_BLUETOOTH_CYW43"] == "OFF"
        modules = [Path(one).resolve() for one in found["USER_C_MODULES"].split(";")]
        assert modules == [
            (ROOT / "firmware" / "modules" / module / "micropython.cmake").resolve()
            for module in ("tcp_accept", "tcp_input")
        ]
    else:
        assert found["MICROPY_PY_LWIP"] == found["USER_C_MODULES"] == ""


# lwIP's own checks of its options are errors in init.c; these are what the boards rely on.
LWIP_CHECK = """
#include "lwip/opt.h"
#include "lwip/tcp.h"
_Static_assert(MEMP_NUM_TCP_PCB >= 12, "a browser's six, the others', and closed ones");
_Static_assert(TCP_MSS == 800, "of the block that MicroPython's options leave out");
_Static_assert(MEM_SIZE >= 8 * (TCP_SND_BUF / TCP_MSS) * (TCP_MSS + 96), "eight full ones");
_Static_assert(MEMP_NUM_TCP_SEG >= 8 * TCP_SND_QUEUELEN, "eight queues of small segments");
_Static_assert(LWIP_MDNS_RESPONDER == 1, "MicroPython's other options stay");
#include "%s/src/core/init.c"
"""


@pytest.mark.parametrize("name", RP2_WIFI)
def test_lwip_takes_the_memory_of_a_pico_with_wifi(tree, tmp_path, name):
    programs.ensure("arm-none-eabi-gcc")
    board = boards.find(name).folder
    # Without the SDK, of which MicroPython's header of the port takes much.
    (tmp_path / "mpconfigport.h").write_text(
        '#include <stdint.h>\n#include "mpconfigboard.h"\ntypedef long mp_off_t;\n'
        "typedef int32_t mp_int_t;\ntypedef uint32_t mp_uint_t;\n"
    )
    lwip = tree / "lib" / "lwip"
    (tmp_path / "check.c").write_text(LWIP_CHECK % lwip)
    includes = [
        tmp_path,
        board,
        tree / "ports" / "rp2" / "lwip_inc",
        lwip / "src" / "include",
        tree,
    ]
    command = ["arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb", "-std=gnu11", "-Wall"]
    command += ["-Werror", "-c", "-o", str(tmp_path / "check.o"), str(tmp_path / "check.c")]
    command += ["-I%s" % folder for folder in includes]
    subprocess.run(command, check=True)


def imports(tree, is_lazy):
    """Names that a module's ``import`` statements name: in its functions, or outside of them."""
    found = set()
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and (node in inside) == is_lazy:
            found.update((getattr(node, "module", None) or "").split("."))
            found.update(part for alias in node.names for part in alias.name.split("."))
    return found


def test_only_the_network_imports_what_a_board_without_one_leaves_out():
    text = (ROOT / "manifest.py").read_text()
    left_out = {
        name[:-3]
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "NETWORK_ONLY"
        for name in ast.literal_eval(node.value)
    }
    assert len(left_out) > 5
    files = {file.stem: file for file in (ROOT / "frozen" / "firn").glob("*.py")}
    assert left_out <= set(files)
    for name, file in files.items():
        if name not in left_out:
            tree = ast.parse(file.read_text())
            assert not imports(tree, is_lazy=False) & left_out, name
            assert name == "network" or not imports(tree, is_lazy=True) & left_out, name
