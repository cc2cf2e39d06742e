"""What boards freeze: it resolves, is generated and compiles for each board's processor, and fits.

Boards whose own tools are not at hand are not built here. Their frozen code is: by MicroPython's
own makemanifest.py and mpy-tool.py, compiled by the compilers that Debian has for their
processors. Windowed Xtensa (ESP32, ESP32-S3) is not among these; its relative of the ESP8266,
whose data are laid out alike, compiles the same file.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest

from firn_tools import boards, mpy_cross, notebooks, programs, sources
from targets import ROOT, SAMPLE

ESP32 = ("ESP32_GENERIC", "ESP32_GENERIC_C3", "ESP32_GENERIC_S3")
# Bytes of an image without what is frozen: measured for the Picos, estimated for the others from
# the figures in docs/boards.md.
BASE = {
    "ESP32_GENERIC": 1060000,
    "ESP32_GENERIC_C3": 1125000,
    "ESP32_GENERIC_S3": 1250000,
    "RPI_PICO": 312000,
    "RPI_PICO2": 303000,
    "RPI_PICO_W": 740000,
    "RPI_PICO2_W": 740000,
}
NEWLIB = "-isystem/usr/include/newlib"  # headers, which come with the compiler for ARM
COMPILERS = {
    "cortex-m0plus": ("arm-none-eabi-gcc", "-mcpu=cortex-m0plus", "-mthumb"),
    "cortex-m33": ("arm-none-eabi-gcc", "-mcpu=cortex-m33", "-mthumb"),
    "esp32c3": ("riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32", NEWLIB),
    "xtensa": ("xtensa-lx106-elf-gcc", NEWLIB),
}
# What frozen code is generated for: all ports alike (ports/*/mpconfigport.h).
CONFIG = """
#include <stdint.h>
#include <alloca.h>
#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)
#define MICROPY_ENABLE_GC (1)
#define MICROPY_LONGINT_IMPL (MICROPY_LONGINT_IMPL_MPZ)
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_FLOAT)
#define MICROPY_MODULE_FROZEN_MPY (1)
#define MICROPY_QSTR_EXTRA_POOL mp_qstr_frozen_const_pool
#define MICROPY_PERSISTENT_CODE_LOAD (1)
#define MP_SSIZE_MAX (0x7fffffff)
typedef int32_t mp_int_t;
typedef uint32_t mp_uint_t;
typedef long mp_off_t;
"""


@pytest.fixture(scope="module")
def tree():
    return sources.tree()


@pytest.fixture(scope="module")
def headers(tree, tmp_path_factory):
    """A folder with the headers that a port's build would generate."""
    programs.ensure("arm-none-eabi-gcc")
    folder = tmp_path_factory.mktemp("headers")
    (folder / "genhdr").mkdir()
    (folder / "mpconfigport.h").write_text(CONFIG)
    for name in ("mphalport.h", "genhdr/moduledefs.h", "genhdr/root_pointers.h"):
        (folder / name).write_text("")
    # As py/mkrules.mk does: the preprocessor must not touch the names themselves.
    text = (tree / "py" / "qstrdefs.h").read_text()
    quoted = "".join(
        '"%s"\n' % line if line.startswith("Q(") else line + "\n" for line in text.splitlines()
    )
    command = ["arm-none-eabi-gcc", "-I%s" % folder, "-I%s" % tree, "-E", "-"]
    done = subprocess.run(command, input=quoted, capture_output=True, text=True, check=True)
    lines = [line.strip('"') if line[:3] == '"Q(' else line for line in done.stdout.splitlines()]
    defined = folder / "genhdr" / "qstrdefs.preprocessed.h"
    defined.write_text("\n".join(lines) + "\n")
    command = [sys.executable, str(tree / "py" / "makeqstrdata.py"), str(defined)]
    with open(folder / "genhdr" / "qstrdefs.generated.h", "w") as output:
        subprocess.run(command, stdout=output, check=True)
    return folder


def variables(tree, board):
    """What the port's build passes to a manifest; there is no library to require() from."""
    return {
        "MPY_DIR": tree,
        "MPY_LIB_DIR": tree / "lib" / "nothing",
        "PORT_DIR": tree / "ports" / board.port,
        "BOARD_DIR": board.folder,
    }


def freeze(tree, headers, folder, board, architecture):
    """Make ``folder``/frozen_content.c of what ``board`` freezes, as its port's build does."""
    shutil.copytree(headers / "genhdr", folder / "genhdr")
    notebooks.freeze(SAMPLE / "notebooks", folder / "notebooks" / "frozen_notebooks")
    environment = dict(
        os.environ,
        BUILD=str(folder),
        FIRN_NOTEBOOKS=str(folder / "notebooks"),
        MICROPY_MPYCROSS=str(mpy_cross.mpy_cross(sources.version(tree))),
    )
    command = [sys.executable, str(tree / "tools" / "makemanifest.py"), "-b", str(folder)]
    command += ["-o", str(folder / "frozen_content.c"), "-f=-march=" + architecture]
    for item in variables(tree, board).items():
        command += ["-v", "%s=%s" % item]
    command.append(str(board.folder / "manifest.py"))
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def resolve(tree, board, build, monkeypatch):
    """Names of all files that ``board`` freezes, by MicroPython's own manifestfile.py."""
    monkeypatch.syspath_prepend(str(tree / "tools"))
    monkeypatch.setenv("BUILD", str(build))
    import manifestfile

    names = {key: str(value) for key, value in variables(tree, board).items()}
    manifest = manifestfile.ManifestFile(manifestfile.MODE_FREEZE, names)
    manifest.execute(str(board.folder / "manifest.py"))
    return {file.target_path for file in manifest.files()}


@pytest.mark.parametrize("name", boards.names())
def test_a_manifest_resolves_without_packages_that_the_sources_lack(
    tree, name, tmp_path, monkeypatch
):
    board = boards.find(name)
    found = resolve(tree, board, tmp_path, monkeypatch)
    assert {"boot.py", "main.py", "asyncio/core.py", "microdot/http.py"} <= found
    assert "marimo/app.py" in found and "firn/startup.py" in found
    assert "microdot/asgi.py" not in found
    if board.port in ("esp32", "rp2"):
        assert "_boot.py" in found
        assert ("firn/radio.py" in found) == board.has_radio


def test_the_esp32_boards_freeze_the_same(tree, tmp_path, monkeypatch):
    first, *others = [resolve(tree, boards.find(name), tmp_path, monkeypatch) for name in ESP32]
    assert all(other == first for other in others)


def size_of(tree, headers, folder, processor):
    """Bytes of flash that the frozen code in ``folder`` takes on boards with ``processor``."""
    compiler, *flags = COMPILERS[processor]
    programs.ensure("arm-none-eabi-gcc", compiler)
    linked = str(folder / (processor + ".o"))
    command = [compiler, *flags, "-std=gnu99", "-Os", "-Wall", "-Werror", "-c", "-o", linked]
    command += ["-I%s" % tree, "-I%s" % headers, "-I%s" % folder]
    subprocess.run([*command, str(folder / "frozen_content.c")], check=True)
    size = compiler.replace("gcc", "size")
    done = subprocess.run([size, linked], capture_output=True, text=True, check=True)
    text, data, bss = map(int, done.stdout.splitlines()[1].split()[:3])
    assert bss == 0 and data == 0  # RAM is not for this
    return text


def told(kind):
    """The size of what is frozen for a ``kind`` of processor as the guide tells it."""
    guide = (ROOT / "docs" / "boards.md").read_text()
    found = re.search(r"(?m)^\| %s.*\| ([\d ]+) \|$" % kind, guide)
    return int(found.group(1).replace(" ", ""))


# Two tests, so that tests run side by side do not freeze more often than that.
@pytest.mark.parametrize(
    ("name", "architecture", "processors"),
    [
        (
            "RPI_PICO_W",
            "armv6m",
            {
                "cortex-m0plus": ("Cortex-M0", "RPI_PICO", "RPI_PICO_W"),
                "cortex-m33": ("Cortex-M0", "RPI_PICO2", "RPI_PICO2_W"),
            },
        ),
        (
            "ESP32_GENERIC_C3",
            "rv32imc",
            {
                "esp32c3": ("RISC-V", "ESP32_GENERIC_C3"),
                "xtensa": ("Xtensa", "ESP32_GENERIC", "ESP32_GENERIC_S3"),
            },
        ),
    ],
)
def test_frozen_code_compiles_for_the_processors_and_fits_the_boards(
    tree, headers, tmp_path, name, architecture, processors
):
    freeze(tree, headers, tmp_path, boards.find(name), architecture)
    for processor, (kind, *names) in processors.items():
        size = size_of(tree, headers, tmp_path, processor)
        assert abs(size - told(kind)) < told(kind) / 10
        for one in names:
            board = boards.find(one)
            if board.port == "esp32":
                room = min(slot.size for slot in board.partitions() if slot.type == "app")
            else:
                room = board.filesystem()[0]
            print("%s: %d + %d frozen of %d bytes" % (one, BASE[one], size, room))
            assert BASE[one] + size <= room


def test_the_estimates_are_those_of_the_guide():
    guide = (ROOT / "docs" / "boards.md").read_text()
    for name, size in BASE.items():
        assert "| %s | %s |" % (name, format(size, ",").replace(",", " ")) in guide
