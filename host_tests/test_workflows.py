"""The workflows are well-formed, ask for no more than they need, and name what exists."""

import re
import shlex
import subprocess
import sys

import pytest
import yaml

from firn_tools import boards, cli, sources, versions
from targets import ROOT

FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.name for path in FOLDER.glob("*.yml"))
MAKE = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))


def workflow(name):
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


def steps(name):
    return [(job, step) for job in workflow(name)["jobs"].values() for step in job["steps"]]


def commands(name):
    """The words of every command that a workflow runs, each value of a matrix put in."""
    for job, step in steps(name):
        text = step.get("run", "")
        for board in job.get("strategy", {}).get("matrix", {}).get("board", [""]):
            line = text.replace("${{ matrix.board }}", board)
            for part in re.split(r"&&|\||;|\n", line):
                if part.strip():
                    yield shlex.split(part)


def test_there_is_one_for_tests_one_for_boards_one_for_releases():
    assert NAMES == ["boards.yml", "ci.yml", "release.yml"]


@pytest.mark.parametrize("name", NAMES)
def test_every_job_has_a_machine_and_steps(name):
    about = workflow(name)
    assert about["name"] and about[True]  # YAML 1.1 reads the key "on" as a truth value
    for job in about["jobs"].values():
        assert job["runs-on"] == "ubuntu-24.04"
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step)


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_by_their_commit(name):
    text = (FOLDER / name).read_text("utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, comment in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


@pytest.mark.parametrize("name", NAMES)
def test_nothing_may_be_written_but_a_release_and_no_secret_is_used(name):
    about = workflow(name)
    assert about["permissions"] == {"contents": "read"}
    for label, job in about["jobs"].items():
        if "permissions" in job:
            assert (name, label, job["permissions"]) == (
                "release.yml", "publish", {"contents": "write"},
            )  # fmt: skip
    text = (FOLDER / name).read_text("utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    # What others may choose never becomes part of a command.
    for _, step in steps(name):
        assert set(re.findall(r"\$\{\{ (.*?) \}\}", step.get("run", ""))) <= {"matrix.board"}


@pytest.mark.parametrize("name", NAMES)
def test_every_command_names_what_exists(name):
    found = 0
    for words in commands(name):
        if words[0] == "make":
            found += 1
            values = dict(word.split("=", 1) for word in words[1:] if "=" in word)
            targets = [word for word in words[1:] if "=" not in word]
            assert targets and set(targets) <= MAKE, words
            check_arguments(targets, values)
        for word in words:
            if word.startswith((".github/", "tools/")):
                assert (ROOT / word).is_file(), word
    assert found or name not in ("ci.yml", "boards.yml")


def check_arguments(targets, values):
    """The arguments that make hands on are such as the command takes."""
    if "BOARD" in values:
        assert values["BOARD"] in boards.names()
    parser = cli.parser()
    if "release" in targets:
        arguments = values["RELEASE_ARGS"].replace("$GITHUB_REF_NAME", "v0.1.0").split()
        assert parser.parse_args(["release", *arguments]).tag == "v0.1.0"
    if "FIRMWARE_ARGS" in values:
        arguments = values["FIRMWARE_ARGS"].split()
        assert parser.parse_args(["build", values["BOARD"], *arguments]).settings


def test_every_board_with_a_radio_is_built_somewhere():
    built = {
        word.split("=")[1]
        for words in commands("boards.yml")
        for word in words
        if word.startswith("BOARD=")
    }
    wanted = {n for n in boards.names() if boards.find(n).has_radio}
    assert wanted <= built


def test_a_checkout_has_all_that_the_build_asks_for():
    text = (ROOT / ".github" / "fetch_micropython.sh").read_text()
    assert {"lib/" + name for name in sources._SUBMODULES} <= set(text.split())
    subprocess.run(["sh", "-n", ROOT / ".github" / "fetch_micropython.sh"], check=True)


# tools/boot_esp32c3.py, with a stand-in for the emulator

EMULATOR = """#!%s
import re, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
arguments = " ".join(sys.argv)
flash = Path(re.search("file=([^,]+),if=mtd", arguments).group(1)).read_bytes()
console = Path(re.search("-serial file:([^ ]+)", arguments).group(1))
console.write_text("%%d bytes, image %%s" %% (len(flash), flash[:5]))
if %r == "ends":
    sys.exit(3)
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *arguments):
        pass
port = int(re.search(r"hostfwd=tcp:127.0.0.1:(\\d+)-:80", arguments).group(1))
HTTPServer(("127.0.0.1", port), Page).serve_forever()
"""


def boot(tmp_path, monkeypatch, behaviour):
    emulator = tmp_path / "qemu-system-riscv32"
    if behaviour != "missing":
        emulator.write_text(EMULATOR % (sys.executable, behaviour))
        emulator.chmod(0o755)
    monkeypatch.setenv("PATH", "%s:/usr/bin:/bin" % tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tools"))
    image = tmp_path / "firmware.bin"
    image.write_bytes(b"image")
    command = [sys.executable, ROOT / "tools" / "boot_esp32c3.py", image]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_emulated_c3_is_asked_for_its_page(tmp_path, monkeypatch):
    done = boot(tmp_path, monkeypatch, "serves")
    assert done.returncode == 0, done.stderr
    assert "4194304 bytes, image b'image'" in done.stdout
    assert "the start page came after" in done.stdout


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [("ends", "expected the start page within"), ("missing", "qemu-system-riscv32: not found")],
)
def test_an_emulator_that_fails_fails_the_job(tmp_path, monkeypatch, behaviour, message):
    done = boot(tmp_path, monkeypatch, behaviour)
    assert done.returncode == 1
    assert message in done.stderr


@pytest.mark.parametrize("name", ["boards.yml", "release.yml"])
def test_boards_are_built_from_the_pinned_micropython(name):
    jobs = workflow(name)["jobs"]
    found = {label: job["env"].get("MICROPYTHON") for label, job in jobs.items()}
    found.pop("esp32c3-emulated", None)  # which needs a later one
    found.pop("publish", None)
    assert set(found.values()) == {versions.MICROPYTHON_TAG}
