"""Builds: fingerprints, failures in one line, programs that are missing."""

import os
import subprocess
import sys

import pytest

from firn_tools import boards, build, paths, programs
from firn_tools.errors import Failure

OVERFLOW = (
    "arm-none-eabi/bin/ld: firmware.elf section `.text' will not fit in region `FLASH'\n"
    "arm-none-eabi/bin/ld: region `FLASH' overflowed by 12345 bytes\n"
)


def test_an_image_larger_than_its_flash_says_by_how_much(tmp_path):
    board = boards.find("QEMU")
    log = tmp_path / "build.log"
    command = [sys.executable, "-c", "print(%r); raise SystemExit(2)" % OVERFLOW]
    with pytest.raises(
        Failure, match="QEMU: the image is 12345 bytes larger than the board's flash"
    ):
        build._run(board, command, log, dict(os.environ), "building")


def test_a_failed_build_shows_its_whole_output(tmp_path, capsys):
    log = tmp_path / "build.log"
    command = [
        sys.executable,
        "-c",
        "print('CC one.c'); print('one.c: error'); raise SystemExit(2)",
    ]
    with pytest.raises(Failure, match="the build failed"):
        build._run(boards.find("UNIX"), command, log, dict(os.environ), "building")
    assert capsys.readouterr().out == "CC one.c\none.c: error\n" == log.read_text()


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name in ("frozen/firn/a.py", "frozen/firn/assets/setup.css", "firmware/boot.py",
                 "firmware/filesystem/config.json", "boards/UNIX/manifest.py",
                 "boards/QEMU/manifest.py", "manifest.py"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    (tmp_path / "boards" / "UNIX" / "board.json").write_text('{"port": "unix"}')
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("frozen/firn/a.py", True),
        ("frozen/firn/assets/setup.css", True),
        ("firmware/boot.py", True),
        ("manifest.py", True),
        ("boards/UNIX/manifest.py", True),
        ("boards/QEMU/manifest.py", False),
        ("firmware/filesystem/config.json", False),
        ("README.md", False),
    ],
)
def test_an_image_is_out_of_date_when_what_it_is_made_of_changes(project, name, changes):
    board = boards.find("UNIX")
    before = build.fingerprint(board, "tree")
    (project / name).write_text("changed")
    assert (build.fingerprint(board, "tree") != before) == changes


def test_another_tree_or_heap_makes_an_image_out_of_date():
    board = boards.find("QEMU")
    prints = {build.fingerprint(board, t, h) for t in ("a", "b") for h in (None, 65536)}
    assert len(prints) == 4


def test_what_generators_write_does_not_change_from_run_to_run(tmp_path):
    environment = build._environment(tmp_path, (1, 25, 0))
    command = [sys.executable, "-c", "print(list({'GPIO25', 'LED', 'GPIO0', 'GPIO1', 'A', 'B'}))"]
    run = {subprocess.check_output(command, env=environment) for _ in range(6)}
    assert len(run) == 1


def test_the_unix_image_has_no_heap_to_build_in():
    with pytest.raises(Failure, match="firn emulate UNIX --heap"):
        build.build(boards.find("UNIX"), heap=65536)


def test_missing_programs_are_named_with_the_command_to_type(tmp_path, monkeypatch):
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\nexit 1\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "_privilege", lambda: None)
    with pytest.raises(Failure) as error:
        programs.ensure("qemu-system-arm", "arm-none-eabi-gcc")
    assert str(error.value) == (
        "qemu-system-arm, arm-none-eabi-gcc: not found; type: sudo sh -c 'apt-get update && "
        "apt-get install -y --no-install-recommends qemu-system-arm gcc-arm-none-eabi "
        "libnewlib-arm-none-eabi'"
    )


def test_compiler_without_its_library_is_not_enough(tmp_path, monkeypatch):
    compiler = tmp_path / "arm-none-eabi-g++"
    # A compiler that does not have a library says its bare name.
    for answer, missing in (("libstdc++.a", True), ("/usr/lib/libstdc++.a", False)):
        compiler.write_text("#!/bin/sh\necho %s\n" % answer)
        compiler.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert bool(programs._missing(["arm-none-eabi-libstdc++"])) == missing


def test_missing_programs_are_installed_where_we_may(tmp_path, monkeypatch):
    apt = tmp_path / "apt-get"
    apt.write_text(
        "#!/bin/sh\nif [ $1 = install ]; then printf '#!/bin/sh' > %s/cmake; "
        "/bin/chmod +x %s/cmake; fi\n" % (tmp_path, tmp_path)
    )
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "_privilege", lambda: [])
    programs.ensure("cmake")


def test_a_failed_installation_shows_what_apt_said(tmp_path, monkeypatch):
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\necho 'E: no network'\nexit 100\n")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "_privilege", lambda: [])
    with pytest.raises(Failure, match="E: no network"):
        programs.ensure("cmake")
