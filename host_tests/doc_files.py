"""The files that a page of docs/ shows, and the command that serves them."""

import re
import shlex

from hosted import Hosted

from targets import ROOT

_FILE = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^```sh\n(.*?)\n```\n\n```text\n(.*?)\n```$", re.M | re.S)


def write_files(page, folder):
    """Write the files of docs/``page`` (blocks with a file name) into ``folder``."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for name, content in _FILE.findall(text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def check_command(page, folder):
    """Run the command of docs/``page`` in ``folder``; its answer has to be what the page shows."""
    command, shown = _COMMAND.search((ROOT / "docs" / page).read_text(encoding="utf-8")).groups()
    files = folder / "files"
    files.mkdir()
    write_files(page, files)
    with Hosted(shlex.split(command), folder, files) as hosted:
        assert hosted.request("GET", "/").text == shown
