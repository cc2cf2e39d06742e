"""docs/check.md: the messages that it shows are those of its example."""

import re

from firn_tools import check, cli, flash_image
from targets import ROOT

PAGE = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")


def test_the_messages_are_those_of_the_example(tmp_path):
    (config,) = re.findall(r"(?ms)^```json check\n(.*?)^```$", PAGE)
    (said,) = re.findall(r"(?ms)^```text check\n(.*?)^```$", PAGE)
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "light.py").write_text("async def page(request):\n    return 'light'\n")
    assert [str(problem) for problem in check.check_folder(tmp_path)] == said.splitlines()


def test_every_option_is_on_the_page():
    command = cli.parser()._subparsers._group_actions[0].choices["check"]
    options = [name for action in command._actions for name in action.option_strings]
    for name in options:
        assert name in ("-h", "--help") or "| `%s" % name in PAGE, name


def test_what_is_left_out_is_on_the_page():
    for pattern in (*flash_image._PROJECT, *flash_image._IGNORED):
        assert pattern == ".*" or "`%s" % pattern in PAGE, pattern
