"""The wheel has all that the installed command and plugin need."""

import subprocess
import sys
import zipfile

import pytest

from targets import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names and a reader of the wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    command += ["--no-index", "--disable-pip-version-check", "-w", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(folder.glob("firn-*.whl"))) as archive:
        yield archive


def files(*folders):
    """Every file of these folders of the checkout that is kept in version control."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "-c", "-o", "--exclude-standard", *folders],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in done.stdout.split("\0") if name]


def test_the_tools_and_the_template_project_are_in_it(wheel):
    names = set(wheel.namelist())
    wanted = [name[len("tools/") :] for name in files("tools/firn_tools")]
    assert "firn_tools/pytest_plugin.py" in wanted
    assert "firn_tools/project/dot-gitignore" in wanted
    assert [name for name in wanted if name not in names] == []


def test_what_images_are_made_of_is_in_it(wheel):
    names = set(wheel.namelist())
    wanted = ["firn_tools/data/" + name for name in files("frozen", "firmware", "boards")]
    assert "firn_tools/data/frozen/microdot/__init__.py" in wanted
    wanted.append("firn_tools/data/manifest.py")
    assert [name for name in wanted if name not in names] == []


def test_nothing_is_importable_but_the_tools(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"firn_tools"}


def test_the_command_and_the_plugin_are_entry_points(wheel):
    name = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    lines = wheel.read(name).decode().splitlines()
    assert lines[lines.index("[console_scripts]") + 1] == "firn = firn_tools.cli:main"
    assert lines[lines.index("[pytest11]") + 1] == "firn = firn_tools.pytest_plugin"


def test_an_installed_firn_finds_its_parts(wheel, tmp_path):
    """Unpacked, as pip installs it, and run from elsewhere."""
    wheel.extractall(tmp_path / "installed")
    code = (
        "import sys; sys.path.insert(0, %r)\n"
        "from pathlib import Path\n"
        "from firn_tools import check, new, paths\n"
        "assert Path(%r) in paths.frozen().parents, paths.frozen()\n"
        "assert check.check_folder(new.make(Path('hall'))) == []\n"
    ) % (str(tmp_path / "installed"), str(tmp_path / "installed"))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
