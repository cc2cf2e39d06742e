"""docs/commands.md: its commands are run on the emulated board, and print what stands there."""

import argparse
import re
import shlex
import shutil
import subprocess

import pytest
from pty_board import PtyBoard, finish

from firn_tools import cli
from targets import ROOT, SAMPLE

PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")
BLOCKS = re.findall(r"(?ms)^```console\n(.*?)^```", PAGE)
COMMANDS = sorted(
    set(re.findall(r"(?m)^(?:\$ )?(firn (?:push|pull|ls|rm|status|console|bridge).*)$", PAGE))
)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    with PtyBoard(SAMPLE, tmp_path_factory.mktemp("flash") / "flash.img") as board:
        yield board


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The folder in which the page's commands are typed."""
    top = tmp_path_factory.mktemp("docs")
    shutil.copytree(SAMPLE, top / "my-site")
    (top / "my-site" / "www" / "index.html").write_text("<h1>A new page</h1>\n12345")
    (top / "my-site" / "www" / "new.html").write_text("<h1>Another</h1>\n123456")
    shutil.copytree(SAMPLE, top / "broken-site")
    (top / "broken-site" / "config.json").write_text('{"server": {"port": "eighty"}}')
    return top


def same(text, board):
    """``text`` without what differs each time: times, room, the port and the address."""
    text = text.replace(board.tty, "/dev/ttyACM0").replace(board.url, "http://192.168.1.20/")
    text = re.sub(r"done in \d+\.\d s", "done in 0.0 s", text)
    return re.sub(r"\d+ KB of \d+ KB free", "1 KB of 2 KB free", text)


@pytest.mark.image
def test_the_commands_print_what_the_page_says(board, folders):
    for block in BLOCKS:
        for command, expected in re.findall(r"(?ms)^\$ firn (.*?)\n(.*?)(?=^\$ |\Z)", block):
            if "--dry-run" in command:
                old(board, folders)
            words = shlex.split(command)
            if words[0] == "push":
                words += ["--url", board.url]
            process = board.start(*words, cwd=folders, stderr=subprocess.STDOUT)
            assert same(finish(process).out, board) == same(expected, board), command


def old(board, folders):
    """Have a file on the device that the folder no longer has."""
    path = folders / "my-site" / "www" / "old.html"
    path.write_text("old")
    done = board.push(folders / "my-site")
    path.unlink()
    assert done.status == 0, done


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_exist_with_their_options(command):
    words = shlex.split(re.sub(r"[<>].*", "", command))[1:]
    options = cli.parser().parse_args(words)
    assert options.command == words[0]


def test_the_page_names_every_option():
    top = cli.parser()
    commands = next(
        one for one in top._actions if isinstance(one, argparse._SubParsersAction)
    ).choices
    for name in ("push", "pull", "ls", "rm", "status", "console", "bridge"):
        for action in commands[name]._actions:
            for option in action.option_strings[-1:]:
                assert option in ("--help", "--recursive") or option in PAGE, (name, option)
