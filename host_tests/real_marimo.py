"""The real marimo in an environment of its own, where our modules are not on the path."""

import json
import os
import subprocess
from pathlib import Path

from bench import peers

_RUNNING = 120


python = peers.marimo  # the path (str) of a Python that has it; installed at the first call


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
