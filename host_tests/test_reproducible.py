"""An image has the same bytes wherever the project lies: a second build, in another folder."""

import datetime
import os
import shutil
import subprocess
import sys

import pytest

from firn_tools import boards, image_mark
from targets import ROOT

# What `firn build` needs of the project.
_PARTS = ("boards", "firmware", "frozen", "manifest.py", "pyproject.toml", "tools")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The project as it is, in a folder with another and longer name."""
    folder = (
        tmp_path_factory.mktemp("the project at a place with".replace(" ", "-")) / "a-long-name"
    )
    folder.mkdir()
    for name in _PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.image
@pytest.mark.timeout(900)  # two cores that others use, too
@pytest.mark.parametrize("name", ["QEMU", "UNIX"])
def test_a_build_in_another_folder_has_the_same_bytes(name, elsewhere):
    image = boards.find(name).image
    # That image may be of an earlier commit with the same sources: as new as it says it is.
    day = datetime.datetime.strptime(image_mark.read(image.read_bytes())["date"], "%Y%m%d")
    noon = day.replace(hour=12, tzinfo=datetime.timezone.utc).timestamp()
    environment = dict(
        os.environ, PYTHONPATH=str(elsewhere / "tools"), SOURCE_DATE_EPOCH=str(int(noon))
    )
    command = [sys.executable, "-m", "firn_tools", "build", name, "--if-needed"]
    subprocess.run(command, cwd=elsewhere, env=environment, check=True)
    second = elsewhere / "build" / name / image.name
    assert str(elsewhere).encode() not in second.read_bytes()
    assert second.read_bytes() == image.read_bytes()
