"""The real marimo in an environment of its own, where our modules are not on the path."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from firn_tools import paths
from firn_tools.lock import locked
from targets import ROOT

_REQUIREMENTS = ROOT / "host_tests" / "marimo-requirements.txt"
_INSTALLING = 280  # seconds at most
_RUNNING = 120


def python():
    """The path (str) of a Python that has the real marimo; installed at the first call.

    Under build/, made anew when the requirements change.
    """
    folder = paths.build("marimo-venv-%d.%d" % sys.version_info[:2])
    stamp = folder / ".installed"
    wanted = _REQUIREMENTS.read_text()
    executable = folder / "bin" / "python"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if not stamp.is_file() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            venv.create(folder, with_pip=True)
            pip = [str(executable), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
            subprocess.run(
                [*pip, "-r", str(_REQUIREMENTS)], check=True, timeout=_INSTALLING
            )
            stamp.write_text(wanted)
    return str(executable)


def run(program, given):
    """What ``program`` (str, Python that binds ``answer``) finds for ``given``, both JSON."""
    text = "import json, sys\ngiven = json.load(sys.stdin)\n%s\nprint('\\n@' + json.dumps(answer))"
    kept = {n: v for n, v in os.environ.items() if not n.startswith("PYTHON")}
    done = subprocess.run(
        [python(), "-W", "ignore", "-c", text % program], input=json.dumps(given),
        capture_output=True, text=True, timeout=_RUNNING, env=kept, cwd=Path(__file__).parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rsplit("\n@", 1)[1])
