"""The check that runs the site's programs: the UNIX image builds the site of a copied folder."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import boards, build, environment, flash_image
from .errors import Failure

_TIMEOUT = 60  # seconds; handlers' modules may do some work when they are loaded
_MARK = "firn check: "
_LISTED = 5  # lines of the image's own words that are shown when it fails

# Run by the image, as its _start module runs a site: the folder is the root.
_SCRIPT = """\
import json, os, sys, vfs
root = sys.argv[1]
vfs.umount("/")
vfs.mount(vfs.VfsPosix(root), "/")
os.chdir("/")
sys.path[:] = ["", ".frozen", "/lib"]
from firn import startup, site
config = startup.load()
site.Site(config)
found = [(p.file, p.line, p.column, p.key, p.message) for p in config.problems]
print("\\n%s" + json.dumps(found))
"""


def run_check(folder):
    """The problems of the site in ``folder`` (Path), its programs having been loaded."""
    board = boards.find("UNIX")
    build.build(board, if_needed=True)
    with tempfile.TemporaryDirectory(prefix="firn-check-") as temporary:
        # A copy: what programs write at their start does not get into the folder.
        copy = Path(temporary) / "site"
        copy_site(folder, copy)
        script = Path(temporary) / "check.py"
        script.write_text(_SCRIPT % _MARK, encoding="utf-8")
        try:
            done = subprocess.run(
                [str(board.image), str(script), str(copy)], stdin=subprocess.DEVNULL,
                capture_output=True, timeout=_TIMEOUT,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Failure(
                "%s: expected handler modules that load within %d s; one does not end (a server "
                "or a loop at its top level?)" % (folder, _TIMEOUT)
            )
    return _problems(folder, done)


def copy_site(folder, target):
    """Copy the files of a site ``folder`` that belong on a device to ``target`` (Paths)."""
    target.mkdir(parents=True)
    for path in flash_image.site_folders(folder):
        (target / path.relative_to(folder)).mkdir()
    for path in flash_image.site_files(folder):
        shutil.copyfile(path, target / path.relative_to(folder))


def _problems(folder, done):
    for line in reversed(done.stdout.decode(errors="replace").splitlines()):
        if line.startswith(_MARK):
            with environment.firn():
                from firn.config import Problem

                return [Problem(*parts) for parts in json.loads(line[len(_MARK) :])]
    said = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()
    raise Failure(
        "%s: expected a site that can be built; the image ended with status %d and said:\n%s"
        % (folder, done.returncode, "\n".join(said[-_LISTED:]))
    )
