"""`firn new`: the project that it makes is whole, right and tested."""

import json
import os
import re
import subprocess
import sys

import pytest
from test_pytest_plugin import run_pytest

from firn_tools import check, cli, new
from firn_tools.errors import Failure
from targets import ROOT

FILES = [
    ".github/workflows/test.yml",
    ".gitignore",
    "README.md",
    "config.json",
    "config.schema.json",
    "light.py",
    "templates/light.html",
    "test_site.py",
    "www/icon.svg",
    "www/index.html",
    "www/live.js",
    "www/style.css",
]


@pytest.fixture
def project(tmp_path):
    """A new project, as the command makes it."""
    folder = tmp_path / "My_Garden-2"
    assert cli.main(["new", str(folder)]) == 0
    return folder


def test_the_project_has_its_files(project, capsys):
    found = [path for path in project.rglob("*") if path.is_file()]
    assert sorted(path.relative_to(project).as_posix() for path in found) == FILES
    for path in found:
        assert not re.search(rb"@[A-Z]+@", path.read_bytes()), path
    assert (
        json.loads((project / "config.json").read_text())["network"]["hostname"] == "my-garden-2"
    )
    schema = (project / "config.schema.json").read_bytes()
    assert schema == (ROOT / "docs" / "config.schema.json").read_bytes()


def test_the_command_says_what_is_next(tmp_path, capsys):
    assert cli.main(["new", str(tmp_path / "hall")]) == 0
    said = capsys.readouterr().out
    for words in ("cd %s" % (tmp_path / "hall"), "firn emulate UNIX .", "pytest", "firn push"):
        assert words in said


def test_the_project_passes_firn_check(project):
    assert check.check_folder(project) == []


@pytest.mark.image
def test_the_project_passes_the_check_that_runs_it(project):
    assert check.check_folder(project, run=True) == []


@pytest.mark.image
@pytest.mark.parametrize("board", ["UNIX", "QEMU"])
def test_the_project_passes_its_own_tests(project, board):
    done = run_pytest(project, "--firn-board", board)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    made = [path for path in project.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sorted(path.relative_to(project).as_posix() for path in made) == FILES


@pytest.mark.image
def test_a_broken_project_fails_its_own_tests(project):
    light = project / "light.py"
    light.write_text(light.read_text().replace("switch(request.form", "print(request.form"))
    done = run_pytest(project)
    assert done.returncode == 1 and "2 failed, 1 passed" in done.stdout, done.stdout


@pytest.mark.image
def test_a_broken_configuration_is_reported_as_the_device_does(project, boot):
    config = project / "config.json"
    text = config.read_text().replace('"light:page"', '"light:pages"')
    config.write_text(text.replace('"directory": "www"', '"directory": "web"'))
    with boot("unix", project) as site:
        site.wait_for_console("serving on")
        printed = [line for line in site.console.splitlines() if "config.json" in line]
    command = [sys.executable, "-m", "firn_tools", "check"]
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"))
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert ["firn: " + line for line in done.stdout.splitlines()] == printed
    assert len(printed) == 2


def test_pages_name_no_outside_resource(project):
    for path in (*project.glob("www/*"), *project.glob("templates/*")):
        links = re.findall(r"(?:src|href|url)\W{1,3}(?:https?:)?//", path.read_text())
        assert not links, path


def test_the_workflow_has_three_steps_and_no_bare_package(project):
    text = (project / ".github" / "workflows" / "test.yml").read_text()
    assert re.findall(r"(?m)^      - (\w+):", text) == ["uses", "run", "run"]
    # Somebody else may have the name on a package index.
    assert re.search(r'pip install pytest "firn @ git\+https://\S+"\n', text), text


@pytest.mark.parametrize(
    "name", ["1st", "a b", "-x", "x-", "_x", "x_", "a.b", "ä", "x" * 33, "con:"]
)
def test_names_that_are_none_are_refused(tmp_path, name):
    with pytest.raises(Failure, match="expected a"):
        new.make(tmp_path / "there" / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "x" * 32, "Garden", "a-b_c", "lamp2"])
def test_names_become_right_host_names(tmp_path, name):
    assert check.check_folder(new.make(tmp_path / name)) == []


def test_a_folder_with_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall" / "mine.txt").write_text("mine")
    assert cli.main(["new", str(tmp_path / "hall")]) == 1
    assert "hall: expected a new or empty folder, got one with files in it" in (
        capsys.readouterr().err.replace("\n", " ")
    )
    assert [path.name for path in (tmp_path / "hall").iterdir()] == ["mine.txt"]


def test_a_file_is_no_place(tmp_path):
    (tmp_path / "hall").write_text("")
    with pytest.raises(Failure, match="expected a new or empty folder, got a file"):
        new.make(tmp_path / "hall")
    with pytest.raises(Failure, match="hall"):
        new.make(tmp_path / "hall" / "inner")


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "hall").mkdir()
    assert (new.make(tmp_path / "hall") / "config.json").is_file()
