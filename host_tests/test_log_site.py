"""The log and the secrets of a running device: its file, its failing handlers, its reset."""

import json
import os
import re
import stat

import pytest

from firn_tools import flash_image
from targets import UnixSite

pytestmark = pytest.mark.image

HANDLERS = """
import firn
from firn import log, secrets

async def fail(request, name):
    raise ValueError("no " + name)

async def note(request, name):
    log.warning(name)
    return "noted"

async def restart(request):
    log.info("last line")
    firn.restart()
    return "restarting"

def keys(request):
    return {"key": len(secrets.session_key()), "first": len(secrets.first_password())}
"""
CONFIG = {
    "log": {"file": "notes/firn.log", "max_bytes": 8192},
    "secret_key": "the secret of sessions",
    "routes": [
        {"path": "/fail/<name>", "handler": "handlers:fail"},
        {"path": "/note/<name>", "handler": "handlers:note"},
        {"path": "/restart", "handler": "handlers:restart"},
        {"path": "/keys", "handler": "handlers:keys"},
    ],
}


@pytest.fixture
def folder(tmp_path):
    site = tmp_path / "site"
    for name, text in (
        ("config.json", json.dumps(CONFIG)),
        ("www/index.html", "home"),
        ("notes/readme.txt", "the log is here"),
        ("handlers.py", HANDLERS),
    ):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    return site


def log_of(site):
    """The lines in the file of a site that runs, without their times."""
    if site.target == "unix":
        path = site.folder / "notes" / "firn.log"
        data = path.read_bytes() if path.exists() else b""
    else:
        data = flash_image.read(site.flash, "notes/firn.log") or b""
    assert not data or data.endswith(b"\n"), data
    return [line.partition(" ")[2] for line in data.decode().splitlines()]


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_what_a_device_notes_is_in_its_file(boot, target, folder):
    with boot(target, folder) as site:
        assert site.get("/fail/bread").status == 500
        site.wait(lambda: log_of(site), "lines in the file of the log")
        assert site.get("/note/a%0A9%20error%20forged").text == "noted"
        assert site.get("/note/" + CONFIG["secret_key"].replace(" ", "%20")).text == "noted"
        assert site.get("/restart").text == "restarting"
        site.wait(lambda: "info last line" in log_of(site), "the last line in the file")
        site.wait_for_count("serving on", 2)
        lines = log_of(site)
    assert lines[:2] == ["error a request failed", "error | Traceback (most recent call last):"]
    assert "error | ValueError: no bread" in lines
    assert lines[-3:] == ["warning a\\n9 error forged", "warning ***", "info last line"]
    shown = re.sub("\r", "", site.console)
    assert "firn: a request failed\nfirn: | Traceback (most recent call last):\n" in shown
    assert "firn: | ValueError: no bread\n" in shown
    assert CONFIG["secret_key"] not in shown


def test_a_directory_that_is_not_there_is_noted_and_the_site_is_served(boot, folder):
    (folder / "config.json").write_text(json.dumps(dict(CONFIG, log={"file": "none/firn.log"})))
    with boot("qemu", folder) as site:
        for _ in range(3):
            assert site.get("/fail/bread").status == 500
        assert site.get("/").text == "home"
        site.wait_for_console("firn: /none/firn.log: expected a file that can be written, got")
        assert site.console.count("expected a file that can be written") == 1


@pytest.mark.parametrize("target", ["unix", "qemu"])
def test_secrets_are_made_once_and_kept_from_others(boot, target, folder):
    with boot(target, folder) as site:
        assert json.loads(site.get("/keys").text) == {"key": 64, "first": 14}
        if target == "unix":
            data = (site.folder / "secrets.json").read_bytes()
            assert stat.S_IMODE(os.stat(site.folder / "secrets.json").st_mode) == 0o600
        else:
            data = flash_image.read(site.flash, "secrets.json")
        secrets = json.loads(data)
        assert secrets["session_key"] not in site.console
        # A board tells this one, once, to who is at its console.
        assert site.console.count(secrets["first_password"]) == (target == "qemu")


RENAMES = """
import os
for path, text in (("/a", "old"), ("/b", "new"), ("/much/longer.txt", "long")):
    with open(path, "w") as file:
        file.write(text)
os.rename("/a", "/b")
os.rename("/b", "/a longer name than all before it, which needs room.txt")
os.rename("much/longer.txt", "/c")
os.rename("/c", "much/d")
print("renamed", sorted(os.listdir("/much")), os.stat("/much/d")[6])
"""


def test_files_are_renamed_in_a_folder_on_unix(folder):
    (folder / "boot.py").write_text(RENAMES)
    (folder / "much").mkdir()
    with UnixSite(folder) as site:
        site.wait_for_console("renamed ['d'] 4")
    renamed = folder / "a longer name than all before it, which needs room.txt"
    assert renamed.read_text() == "old"
    assert not [name for name in ("a", "b", "c") if (folder / name).exists()]


def test_damaged_secrets_do_not_keep_a_device_from_serving(folder):
    (folder / "secrets.json").write_text('{"session_key": "')
    with UnixSite(folder) as site:
        assert json.loads(site.get("/keys").text) == {"key": 64, "first": 14}
        site.wait_for_console("firn: /secrets.json is damaged")
    assert (folder / "secrets.json.bad").read_text() == '{"session_key": "'
    assert len(json.loads((folder / "secrets.json").read_text())) == 2
