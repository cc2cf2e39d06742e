"""The .pyi files beside the framework's modules: sound, and of the modules as they are."""

import os
import subprocess
import sys

import pytest

from targets import ROOT

pytest.importorskip("mypy")

# In the stubs although not at run time, or the other way round, and why.
ALLOWED = r"""
# any attribute may be set on request.g
microdot\.request_data\.G\.__(get|set)attr__
# attributes of a request that are made when they are asked for
microdot\.request\.Request\.__getattr__
microdot\.connection\.Connection\.__getattr__
# a protocol that loaders follow
microdot\.utemplate\.Loader
"""

PROGRAM = """\
from microdot import Microdot, Request, Response, abort, redirect, send_file

app = Microdot()

@app.get("/<int:n>")
async def show(request: Request, n: int) -> tuple[str, int, dict[str, str]]:
    if request.args.get("n", 5, type=int) > n:
        abort(404, "why")
    request.g.user = request.headers.get("X-User", "nobody")
    return request.cookies["a"], 200, {"X": request.path}

@app.before_request
def check(request: Request) -> Response | None:
    return redirect("/") if request.content_length else None

@app.errorhandler(KeyError)
async def missing(request: Request, error: KeyError) -> Response:
    response = send_file("a.html", root="www", max_age=5)
    response.set_cookie("a", "b", same_site="Lax")
    return response

reveal_type(show)  # still a function of the request and of n
app.static("/", "www", compressed=False)
app.run(port=80)
"""


def run(module, *arguments):
    environment = dict(os.environ, MYPYPATH=str(ROOT / "frozen"), PYTHONPATH=str(ROOT / "frozen"))
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip


def check(tmp_path, *arguments):
    """The output of a strict mypy, which ends with its verdict."""
    options = ("--strict", "--python-version", "3.10", "--cache-dir", tmp_path / "cache")
    return run("mypy", "--config-file", "", *options, *arguments).stdout


def test_the_stubs_are_strictly_typed(tmp_path):
    found = check(tmp_path, *sorted((ROOT / "frozen" / "microdot").glob("*.pyi")))
    assert "Success: no issues" in found, found


def test_the_stubs_are_of_the_modules_as_they_are(tmp_path):
    allowed = tmp_path / "allowed"
    allowed.write_text(ALLOWED)
    done = run("mypy.stubtest", "microdot", "--allowlist", allowed, "--ignore-unused-allowlist")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_program_is_checked_against_them(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    found = check(tmp_path, program)
    assert "error" not in found, found
    assert "def (request: microdot.request.Request, n: " in found
    program.write_text(PROGRAM + "app.run(port='80')\napp.get('/')(show).nothing\n")
    found = check(tmp_path, program)
    assert "[arg-type]" in found and "[attr-defined]" in found, found
