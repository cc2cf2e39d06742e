"""docs/testing.md: its tests pass in a new project, and the project's workflow is as it says."""

import re

import pytest
from test_pytest_plugin import run_pytest

from firn_tools import new
from targets import ROOT

PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")


@pytest.mark.image
def test_the_tests_of_the_page_pass_in_a_new_project(tmp_path):
    project = new.make(tmp_path / "garden")
    blocks = re.findall(r"(?ms)^```python test\n(.*?)^```$", PAGE)
    names = re.findall(r"(?m)^def (test_\w+)", "".join(blocks))
    assert len(blocks) == 3 and len(names) == 4
    (project / "test_site.py").write_text("\n\n".join(blocks))
    done = run_pytest(project)
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout


def test_the_workflow_is_as_the_page_says(tmp_path):
    project = new.make(tmp_path / "garden")
    steps = (project / ".github" / "workflows" / "test.yml").read_text().split("steps:\n")[1]
    (shown,) = re.findall(r"(?ms)^```yaml\n(.*?)^```$", PAGE)
    made = [line.strip() for line in steps.splitlines()]
    said = shown.splitlines()
    assert [made[0], made[2]] == [said[0], said[2]]
    assert made[1].startswith(said[1].partition("…")[0].rpartition("https")[0])


def test_every_option_is_on_the_page(pytestconfig):
    from _pytest.config.argparsing import Parser

    from firn_tools import pytest_plugin

    parser = Parser(_ispytest=True)
    pytest_plugin.pytest_addoption(parser)
    options = [name for option in parser.getgroup("firn").options for name in option.names()]
    assert len(options) == 3
    for name in options:
        assert "| `%s " % name in PAGE
