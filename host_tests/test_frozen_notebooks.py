"""Notebooks whose cells are found when an image is built."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from firn_tools import boards, notebooks
from firn_tools.errors import Failure
from marimo import notebook
from targets import ROOT

_SAMPLES = Path(__file__).parent / "notebooks"
_FIELDS = (
    "id", "index", "name", "kind", "line", "code", "defs", "refs", "deletes", "privates",
    "is_async", "disabled", "hide_code", "error", "markdown",
)  # fmt: skip
_PROGRAM = """
import json, sys
sys.path.insert(0, %r)
from marimo import notebook
found = notebook.load_frozen(%r)
assert "marimo.reader" not in sys.modules
rows = [[getattr(cell, name) for name in %r] for cell in found.cells]
print(json.dumps([found.path, found.options, rows]))
"""
_NAMES = ("weather", "workshop", "ordering")


@pytest.fixture
def package(tmp_path):
    """A folder with the frozen samples, but for the one with mistakes."""
    source = tmp_path / "notebooks"
    source.mkdir()
    for name in _NAMES:
        (source / (name + ".py")).write_bytes((_SAMPLES / (name + ".py")).read_bytes())
    for name in ("_hidden.py", "no name.py", "notes.txt"):
        (source / name).write_text("no notebook")
    notebooks.freeze(source, tmp_path / "frozen_notebooks")
    return tmp_path


def expected(name):
    found = notebook.parse((_SAMPLES / (name + ".py")).read_text(), name + ".py")
    rows = [[getattr(cell, field) for field in _FIELDS] for cell in found.cells]
    return json.loads(json.dumps([found.path, found.options, rows]))


@pytest.mark.parametrize("name", _NAMES)
def test_a_frozen_notebook_is_the_parsed_one(package, name):
    program = _PROGRAM % (str(package), name, _FIELDS)
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "frozen"))
    command = [sys.executable, "-c", program]
    got = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(got.stdout) == expected(name)


@pytest.mark.image
@pytest.mark.parametrize("name", _NAMES)
def test_a_frozen_notebook_is_the_parsed_one_in_an_image(package, name):
    program = _PROGRAM % (str(package), name, _FIELDS)
    environment = dict(os.environ, MICROPYPATH=".frozen")
    command = [str(boards.find("UNIX").image), "-c", program]
    got = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert json.loads(got.stdout) == expected(name), got.stderr


def test_only_notebooks_with_a_name_are_frozen_and_others_go(package):
    folder = package / "frozen_notebooks"
    names = ["__init__.py", *sorted(name + ".py" for name in _NAMES)]
    assert sorted(file.name for file in folder.glob("*")) == names
    assert notebooks.freeze(package / "nothing", folder) == [folder / "__init__.py"]
    assert [file.name for file in folder.glob("*")] == ["__init__.py"]


def test_what_has_not_changed_is_not_written_again(package):
    file = package / "frozen_notebooks" / "weather.py"
    os.utime(file, (1, 1))
    notebooks.freeze(package / "notebooks", package / "frozen_notebooks")
    assert file.stat().st_mtime == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "bad.py: expected a marimo notebook"),
        ("@app.cell\ndef _():\n    if a:\n        return\n", "bad.py: line 7: 'return' outside"),
        ("@app.cell\ndef _():\n    a\n    b = 1 +\n", "bad.py: line 7: "),
    ],
)
def test_what_cannot_run_is_found_when_it_is_built(text, words):
    head = "" if text == "x = 1\n" else "import marimo\n\napp = marimo.App()\n"
    with pytest.raises(Failure) as caught:
        notebooks.module((head + text).encode(), "bad.py")
    assert str(caught.value).startswith(words)


def test_the_real_marimo_may_be_loaded_beside():
    program = (
        "import sys, types; sys.modules['marimo'] = real = types.ModuleType('marimo')\n"
        "from firn_tools import notebooks\n"
        "notebooks.module(b'import marimo\\napp = marimo.App()\\n', 'a.py')\n"
        "assert sys.modules['marimo'] is real and 'marimo.notebook' not in sys.modules\n"
    )
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"))
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


_LIBRARY = """
import sys
sys.path.insert(0, sys.argv[1])
from marimo.library import Library
found = Library().load(sys.argv[2])
print(found.path, len(found.cells), "marimo.reader" in sys.modules)
"""


def test_a_file_is_only_read_where_it_differs_from_what_is_frozen(package):
    file = package / "notebooks" / "weather.py"
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "frozen"))

    def load():
        command = [sys.executable, "-c", _LIBRARY, str(package), str(file)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.split()

    count = str(len(notebook.parse(file.read_text(), "weather.py").cells))
    assert load() == [str(file), count, "False"]
    text = file.read_text()
    file.write_text(text.replace("import marimo", "import  marimo", 1)[:-1])  # of the same size
    assert load() == [str(file), count, "True"]
