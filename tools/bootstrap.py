"""Makes the virtual environment that everything else runs in: ``bootstrap.py VENV``.

Runs with the system's python3 and its standard library alone. What is installed is pinned with
checksums in requirements.lock. A half-made environment is never taken for a whole one: the stamp
that make looks at is written last.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 9)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: bootstrap.py VENV")
    if sys.version_info < OLDEST:
        sys.exit(
            "firn: expected Python %d.%d or newer, got %s" % (*OLDEST, sys.version.split()[0])
        )
    venv = Path(sys.argv[1]).absolute()
    started = time.monotonic()
    say("preparing the tools in %s (once) ..." % os.path.relpath(venv))
    make_venv(venv)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q"]
    run([*pip, "install", "--require-hashes", "--no-deps", "-r", str(ROOT / "requirements.lock")])
    run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    (venv / ".firn-stamp").write_text("complete\n")
    say("tools ready after %.0f s" % (time.monotonic() - started))


def make_venv(venv):
    if venv.exists():
        if not (venv / "pyvenv.cfg").exists():
            sys.exit("firn: %s exists and is no virtual environment; move it away" % venv)
        shutil.rmtree(venv)
    if not has_ensurepip():
        install_venv_package()
    run([sys.executable, "-m", "venv", str(venv)])


def has_ensurepip():
    """Debian splits ensurepip from python3; without it ``venv`` cannot install pip."""
    return (
        subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) == 0
    )


def install_venv_package():
    apt = "apt-get update && apt-get install -y python3-venv"
    if not shutil.which("apt-get"):
        sys.exit("firn: this Python has no ensurepip; install your system's venv package for it")
    if os.geteuid() != 0:
        if subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) != 0:
            sys.exit("firn: python3-venv is missing; type: sudo sh -c '%s'" % apt)
        apt = "sudo sh -c '%s'" % apt
    say("installing python3-venv ...")
    run(["sh", "-c", apt], env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"), quiet=True)


def run(command, env=None, quiet=False):
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, env=env, stdout=output, stderr=subprocess.STDOUT if quiet else None, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout or "")
        sys.exit("firn: failed (%d): %s" % (done.returncode, " ".join(command)))


def say(text):
    print("firn: " + text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
