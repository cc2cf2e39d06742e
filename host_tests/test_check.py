"""`firn check`: the device's own words, said before a folder is sent."""

import json
import os
import pty
import subprocess
import sys

import pytest

from firn_tools import check, check_report, cli, flash_image, python_names
from firn_tools.errors import Failure
from targets import ROOT, SAMPLE

BROKEN = """\
{
  "server": {"prot": 80},
  "static": [{"path": "/", "directory": "wwww"}],
  "routes": [
    {"path": "/a", "handler": "led:toggle"},
    {"path": "/b", "handler": "led:on"},
    {"path": "/c", "handler": "nothing:on"},
    {"path": "/d", "handler": "broken:on"},
    {"path": "/e", "handler": "pkg.none:on"},
    {"path": "/f", "handler": "led.none:on"},
    {"path": "/g", "handler": "no.none:on"},
    {"path": "/h", "mount": "led:on"},
    {"path": "/i", "mount": "led:aon"},
    {"path": "/j", "mount": "led:C"},
    {"path": "/k", "mount": "led:number"},
    {"path": "/l", "handler": "led:none"},
    {"path": "/m", "handler": "led:text"},
    {"path": "/n", "handler": "led:part"},
    {"path": "/o", "handler": "led:items"},
    {"path": "/p", "handler": "led:short"},
    {"path": "/q", "handler": "led:C"},
    {"path": "/r", "handler": "pkg:inner"},
    {"path": "/s", "handler": "indented:on"},
    {"path": "/t", "handler": "microdot:redirect"},
    {"path": "/u", "handler": "lib_only:on"},
    {"path": "/v", "template": "none.html"},
    {"path": "/w", "template": "there.html"}
  ],
  "apps": [{"path": "/x", "root": "n.py"}]
}
"""
LED = """\
def on(request): return "on"
async def aon(request): return "on"
class C: pass
number = 3
none = None
text = "x"
part = 1.5
items = [1]
short = lambda request: "on"
"""


@pytest.fixture
def broken(tmp_path):
    """A folder with about every mistake that there is."""
    folder = tmp_path / "broken"
    for name in ("templates", "pkg", "lib"):
        (folder / name).mkdir(parents=True)
    files = {
        "config.json": BROKEN,
        "led.py": LED,
        "broken.py": "def on(request):\n    return 1\n\nx = = 2\n",
        "indented.py": "def on(request):\n  return 1\n   x = 1\n",
        "pkg/__init__.py": "",
        "pkg/inner.py": "",
        "lib/lib_only.py": "def on(request): return 1\n",
        "templates/there.html": "",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def lines(folder, **options):
    return [str(problem) for problem in check.check_folder(folder, **options)]


@pytest.mark.image
def test_the_lines_are_those_of_the_image_at_boot(broken, boot):
    with boot("unix", broken) as site:
        site.wait_for_console("serving on")
        printed = [line for line in site.console.splitlines() if "config.json" in line]
    said = lines(broken)
    assert len(printed) > 18
    in_config = [line for line in said if line.startswith("config.json")]
    assert ["firn: " + line for line in in_config] == printed
    # The place in the module itself is on the device's console as a traceback.
    assert [line for line in said if line not in in_config] == [
        "broken.py:4:1: SyntaxError: invalid syntax",
        "indented.py:3:1: IndentationError: unexpected indent",
    ]


@pytest.mark.image
def test_run_finds_what_shows_only_when_modules_are_loaded(tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "led.py").write_text(
        "import os\nopen('made', 'w').close()\nimport absent\ndef on(request): return 1\n"
    )
    (tmp_path / "config.json").write_text('{"routes": [{"path": "/a", "handler": "led:on"}]}')
    assert lines(tmp_path) == []
    assert lines(tmp_path, run=True) == [
        'config.json:1:39: routes[0].handler: expected a function "on" in module "led", '
        "got ImportError: no module named 'absent'"
    ]
    assert not (tmp_path / "made").exists()


@pytest.mark.image
def test_run_says_what_an_image_said_that_ended(tmp_path):
    (tmp_path / "led.py").write_text("import sys\nprint('going')\nsys.exit(3)\n")
    (tmp_path / "config.json").write_text('{"routes": [{"path": "/a", "handler": "led:on"}]}')
    with pytest.raises(Failure, match=r"(?s)expected a site that can be built.*status 3.*going"):
        check.check_folder(tmp_path, run=True)


def test_no_program_of_the_folder_is_run(tmp_path):
    (tmp_path / "led.py").write_text("raise SystemExit(7)\ndef on(request): pass\n")
    (tmp_path / "config.json").write_text(
        '{"static": [], "routes": [{"path": "/a", "handler": "led:on"}]}'
    )
    before = dict(sys.modules), list(sys.path), os.getcwd()
    assert lines(tmp_path) == []
    assert (sys.path, os.getcwd()) == before[1:]
    assert all(sys.modules[name] is module for name, module in before[0].items())
    assert "led" not in sys.modules
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "led.py"]


def test_a_name_that_only_shows_when_it_is_run_is_no_mistake(tmp_path):
    texts = {
        "star": "from other import *\n",
        "lazily": "def __getattr__(name): pass\n",
        "dynamic": "globals()['on'] = 1\n",
        "branch": "try:\n    from other import on\nexcept ImportError:\n    on = None\n",
        "made": "def make():\n    global on\n    def on(r): pass\nmake()\n",
        "decorated": "@other\ndef on(request): pass\n",
        "walrus": "(on := len)\n",
        "loop": "for on in (len,): pass\n",
    }
    for name, text in texts.items():
        (tmp_path / (name + ".py")).write_text(text)
        for kind in ("a function", "an application"):
            assert python_names.lookup(tmp_path, name, "on", kind) == (None, None), name


def test_without_config_there_is_nothing_to_be_missed(tmp_path):
    assert lines(tmp_path) == []
    (tmp_path / "config.json").write_text('{"static": [{"path": "/", "directory": "www"}]}')
    assert 'static[0].directory: expected a directory, got nothing at "www"' in lines(tmp_path)[0]


def test_a_missing_certificate_is_named(tmp_path):
    (tmp_path / "config.json").write_text(
        '{"static": [], "server": {"tls": {"cert": "c.der", "key": "k.der"}}}'
    )
    assert lines(tmp_path) == [
        "config.json:1:34: server.tls: expected a certificate and its key (DER), "
        "got OSError: [Errno 2] ENOENT"
    ]


def test_no_json_is_the_only_mistake(tmp_path):
    (tmp_path / "config.json").write_text('{"routes": [,]}')
    said = lines(tmp_path)
    assert len(said) == 1 and said[0].startswith("config.json:1:13: expected")


def test_a_folder_that_is_none_is_a_failure(tmp_path, capsys):
    assert cli.main(["check", str(tmp_path / "none")]) == 1
    assert "none: expected a folder with a site" in capsys.readouterr().err


def test_the_sample_site_is_right(capsys):
    assert cli.main(["check", str(SAMPLE)]) == 0
    assert capsys.readouterr().out == ""


def test_the_command_prints_lines_alone_where_there_is_no_terminal(broken, capsys):
    assert cli.main(["check", str(broken)]) == 1
    assert capsys.readouterr().out.splitlines() == lines(broken)


def test_json_has_the_parts(broken, capsys):
    assert cli.main(["check", "--json", str(broken)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found) == len(lines(broken))
    assert found[0] == {
        "file": "config.json",
        "line": 2,
        "column": 14,
        "key": "server.prot",
        "message": 'unknown key "prot", did you mean "port"?',
    }
    assert cli.main(["check", "--json", str(SAMPLE)]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_schema_is_written(tmp_path, capsys):
    file = tmp_path / "config.schema.json"
    assert cli.main(["check", "--schema", str(file)]) == 0
    assert file.read_bytes() == (ROOT / "docs" / "config.schema.json").read_bytes()
    assert cli.main(["check", "--schema", str(tmp_path / "no" / "s.json")]) == 1
    output = capsys.readouterr()
    assert output.out == "" and "no such file" in output.err


def test_a_terminal_shows_the_place(broken):
    """In a pseudo-terminal of 60 columns."""
    main, other = pty.openpty()
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "tools"), COLUMNS="60")
    command = [sys.executable, "-m", "firn_tools", "check", str(broken)]
    process = subprocess.Popen(command, stdout=other, stderr=other, env=environment)
    os.close(other)
    output = b""
    try:
        while True:
            output += os.read(main, 4096)
    except OSError:  # how Linux says that the other side is closed
        pass
    finally:
        os.close(main)
        assert process.wait(30) == 1
    shown = output.decode().replace("\r", "").split("\n")
    assert shown[:3] == [
        'config.json:2:14: server.prot: unknown key "prot", did you mean "port"?',
        '      "server": {"prot": 80},',
        " " * 17 + "^",
    ]


class Place:
    """A problem somewhere."""

    def __init__(self, line, column, key="server"):
        self.file, self.line, self.column, self.key = "config.json", line, column, key


@pytest.mark.parametrize("column", [1, 30, 500, 999, 1000])
def test_of_a_long_line_the_part_around_the_place_is_shown(tmp_path, column):
    line = "".join(chr(ord("a") + i % 26) for i in range(999)) + "!"
    (tmp_path / "config.json").write_text(line + "\n")
    text, caret, end = check_report.place(tmp_path, Place(1, column), 50).split("\n")
    assert len(text) < 50 and end == ""
    assert text[len(caret) - 1] == line[column - 1]


def test_the_caret_is_below_its_character_behind_wide_ones(tmp_path):
    (tmp_path / "config.json").write_text('\ufeff{"日本": \tx}', encoding="utf-8")
    shown = check_report.place(tmp_path, Place(1, 8))
    assert shown == '    {"日本":  x}\n    ' + " " * 9 + "^\n"


def test_lines_with_secrets_are_not_shown(tmp_path):
    text = '{"network": {"wifi": [{"password": "short"}]},\n"users": {"a":\n"hunter2"}}'
    (tmp_path / "config.json").write_text(text)
    assert check_report.place(tmp_path, Place(1, 36)) == ""
    assert check_report.place(tmp_path, Place(3, 1, "users.a")) == ""
    assert check_report.place(tmp_path, Place(2, 12, "users.a")) == ""
    assert check_report.place(tmp_path, Place(0, 0)) == ""
    assert check_report.place(tmp_path, Place(9, 1)) == ""


def test_what_is_no_site_stays_off_the_device(tmp_path):
    kept = ["config.json", "www/.well-known/a", "www/test_page.html", "light.py", "lib/tests/a.py"]
    left = ["test_site.py", "conftest.py", "README.md", ".gitignore", ".github/workflows/t.yml"]
    left += ["config.schema.json", "www/.DS_Store", "__pycache__/a.pyc", "env/pyvenv.cfg"]
    left += ["env/lib/x.py", "tests/test_a.py", ".venv/pyvenv.cfg"]
    for name in kept + left:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "data" / "empty").mkdir(parents=True)
    found = [path.relative_to(tmp_path).as_posix() for path in flash_image.site_files(tmp_path)]
    assert sorted(found) == sorted(kept)
    folders = [path.relative_to(tmp_path) for path in flash_image.site_folders(tmp_path)]
    assert [path.as_posix() for path in folders] == [
        "data", "data/empty", "lib", "lib/tests", "www", "www/.well-known",
    ]  # fmt: skip
