"""The pytest plugin, as somebody else's tests have it: in a process and a folder of its own."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from pty_board import PtyBoard

from targets import ROOT

SITE = ROOT / "host_tests" / "plugin_site"
PLUGIN = ("-p", "no:firn", "-p", "firn_tools.pytest_plugin")
_TIMEOUT = 240


def run_pytest(folder, *arguments, path=()):
    """pytest with the plugin in ``folder``, which knows nothing of this project's settings."""
    environment = dict(os.environ, NOTES=str(folder.parent / "notes"))
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT / "tools", *path)))
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGIN, "-p", "no:cacheprovider", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=_TIMEOUT,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A copy of the site, and beside it a package that is called as ours."""
    package = tmp_path / "packages" / "microdot"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("somebody_elses = True\n")
    copy = tmp_path / "site"
    shutil.copytree(SITE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.mark.image
@pytest.mark.parametrize("board", ["UNIX", "QEMU"])
def test_its_own_tests_pass(folder, board):
    chosen = () if board == "UNIX" else ("-k", "device or thread")
    done = run_pytest(
        folder, "checks.py", "--firn-board", board, *chosen, path=[folder.parent / "packages"]
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b%d passed" % (3 if chosen else 15), done.stdout), done.stdout
    ids = (folder.parent / "notes").read_text().split()
    assert len(set(ids)) == 2
    for number in map(int, ids):
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_the_options_are_in_the_help(folder):
    done = run_pytest(folder, "--help")
    for option in ("--firn-board={UNIX,QEMU}", "--firn-port=PORT", "--firn-url=URL"):
        assert option in done.stdout
    done = run_pytest(folder, "--fixtures", "checks.py", path=[folder.parent / "packages"])
    for fixture in ("firn_site", "firn_device"):
        assert re.search(r"(?m)^%s -- .*pytest_plugin.py" % fixture, done.stdout), done.stdout


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--firn-board=ESP", "invalid choice: 'ESP'"),
        ("--firn-url=device", "--firn-url: expected a URL such as http://192.168.1.20"),
    ],
)
def test_wrong_options_are_refused(folder, option, said):
    done = run_pytest(folder, option)
    assert done.returncode == 4 and said in done.stderr


def one_test(folder, text, *arguments):
    """What pytest says of a single test with the body ``text``."""
    (folder / "test_one.py").write_text(text)
    return run_pytest(folder, "test_one.py", *arguments)


@pytest.mark.parametrize("fixture", ["firn_site", "firn_device"])
def test_mistakes_of_the_site_fail_the_test(folder, fixture):
    (folder / "config.json").write_text('{\n"routes": [{"path": "/a", "handler": "none:on"}]}')
    done = one_test(folder, 'def test(%s): %s(".")\n' % (fixture, fixture))
    assert done.returncode == 1
    shown = (
        "expected a site without mistakes, got\nconfig.json:2:38: routes[0].handler: expected a"
    )
    assert shown in done.stdout, done.stdout
    assert "pytest_plugin.py" not in done.stdout


def test_mistakes_can_be_what_is_tested(folder):
    (folder / "config.json").write_text('{"prot": 1}')
    done = one_test(
        folder,
        "def test(firn_site):\n"
        '    site = firn_site(".", allow_mistakes=True)\n'
        '    assert [problem.key for problem in site.problems] == ["prot"]\n'
        '    assert "unknown key" in site.get("/").text\n',
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("fixture", ["firn_site", "firn_device"])
def test_a_folder_that_is_none_fails_the_test(folder, fixture):
    done = one_test(folder, 'def test(%s): %s("none")\n' % (fixture, fixture))
    assert done.returncode == 1
    assert "none: expected a folder with a site" in done.stdout


def test_a_port_that_is_none_fails_the_test(folder):
    done = one_test(
        folder, 'def test(firn_device): firn_device(".")\n', "--firn-port", "/dev/none-such"
    )
    assert done.returncode == 1
    assert "/dev/none-such: the folder could not be pushed" in done.stdout


@pytest.mark.image
def test_a_device_that_has_the_site_is_used_as_it_is(folder, boot):
    with boot("unix", folder) as site:
        done = one_test(
            folder,
            "def test(firn_device):\n"
            '    device = firn_device(".")\n'
            '    assert device.get("/count").json["total"] == 1\n'
            '    assert device.process_id is None and device.console == ""\n',
            "--firn-url=http://127.0.0.1:%d/" % site.port,
        )
        assert done.returncode == 0, done.stdout
        assert json.loads(site.get("/count").body)["total"] == 2


@pytest.mark.image
def test_a_board_at_a_port_gets_the_folder(folder, tmp_path):
    """The emulated board, its console on a pseudo-terminal; what it served before is replaced."""
    before = tmp_path / "before"
    (before / "www").mkdir(parents=True)
    (before / "www" / "index.html").write_text("what was there before\n")
    with PtyBoard(before, tmp_path / "flash.img") as board:
        done = one_test(
            folder,
            "def test(firn_device):\n"
            '    device = firn_device(".")\n'
            '    assert device.get("/").text == "the page\\n"\n'
            '    assert device.get("/count").json["total"] == 1\n'
            '    assert "the site answers" in device.console\n',
            "--firn-port",
            board.tty,
            "--firn-url",
            board.url,
        )
        assert done.returncode == 0, done.stdout
        assert "firn device: %s %s" % (board.tty, board.url) in done.stdout
        assert board.get("/").text == "the page\n"  # and it goes on serving
        done = one_test(
            folder, 'def test(firn_device): firn_device(".")\n', "--firn-port", board.tty
        )
        assert done.returncode == 1
        assert "name it with --firn-url" in done.stdout, done.stdout


def test_an_unused_plugin_loads_nothing(folder):
    done = one_test(
        folder,
        "import sys\ndef test():\n"
        '    ours = {name for name in sys.modules if name.startswith("firn_tools.")}\n'
        '    assert ours == {"firn_tools.pytest_plugin"}\n'
        '    assert "microdot" not in sys.modules and "rich" not in sys.modules\n',
    )
    assert done.returncode == 0, done.stdout
