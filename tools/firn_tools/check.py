"""``firn check``: what a device would say of a site folder, said on the host before it is sent.

The words come from the modules that the device itself uses. No program of the folder is run for
it: what config.json names is looked for in its files. With ``run`` the device's own Python, the
UNIX image, builds the site of a copy of the folder and reports.
"""

import sys
from pathlib import Path

from . import environment
from .errors import Failure
from .progress import count, say

CONFIG = "config.json"


def check_folder(folder, run=False):
    """The mistakes in the site ``folder`` (Path), in the order in which a device reports them.

    Each has ``file``, ``line``, ``column`` (from 1; 0 if unknown), ``key``, ``message``, and as
    str() the line that the device prints. ``run``: build the site as well, in the UNIX image.
    Failure where there is no such folder, or the image cannot be built.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise Failure("%s: expected a folder with a site" % folder)
    if run:
        from .check_run import run_check

        return run_check(folder)
    with environment.firn():
        from firn import config

        path = folder / CONFIG
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = b"{}"
        except OSError as error:
            raise Failure("%s: %s" % (path, error.strerror))
        from .check_site import check_site

        checked = config.check(data, str(path))
        check_site(checked, folder)
        return checked.problems


def passes(folder, otherwise):
    """Whether check_folder() finds nothing wrong; says what it finds, and what was not done then.

    ``otherwise``: that, such as "nothing was sent".
    """
    problems = check_folder(folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        say("%s in %s; %s" % (count(len(problems), "mistake"), folder, otherwise))
    return not problems
