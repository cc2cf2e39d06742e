"""A changed network on trial, on the emulated board; and crashes of a site on a host."""

import pytest
from test_safety import QUICK, make_site, put, values, wait_for_answer, write_config

from firn_tools import flash_image

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

NEW = {"network": {"hostname": "new"}}
OLD = {"network": {"hostname": "old"}}
SECONDS = "trial.SECONDS = %d\n"
TAKE_HOST_PORT = """\
import firn, socket
firn.taken = s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(socket.getaddrinfo("127.0.0.1", firn.overrides["port"])[0][-1])
s.listen(1)
"""


def make_changed(folder, boot_py, good=OLD):
    """A site whose network is no longer that of the last good configuration."""
    make_site(folder, NEW, boot_py)
    if good:
        write_config(folder / "config.good.json", good)
    return folder


def stored(site, name):
    return flash_image.read(site.flash, name)


def test_a_network_over_which_nobody_comes_is_rolled_back(boot, tmp_path):
    folder = make_changed(tmp_path, SECONDS % 3)
    with boot("qemu", folder, wait=False) as site:
        site.wait_for_console("on trial until a client has reached the device, for 3 s")
        site.wait_for_console("the last good configuration is back")
        site.wait_for_count("serving on http", 2)
        found = values(site)
        assert (found["failed_boots"], found["trial"]) == (0, None)
        assert found["rolled_back"] == "/config.tried.json"
        assert stored(site, "config.tried.json") == (folder / "config.json").read_bytes()
        good = (folder / "config.good.json").read_bytes()
        assert stored(site, "config.json") == stored(site, "config.good.json") == good
        assert site.console.count("on trial") == 1


def test_a_network_over_which_a_client_comes_is_kept_at_once(boot, tmp_path):
    folder = make_changed(tmp_path, SECONDS % 600)
    with boot("qemu", folder) as site:
        site.wait_for_console("the changed network works: reached by 10.0.2.2")
        site.wait_for_console("kept the configuration as the last good one")
        config = (folder / "config.json").read_bytes()
        assert stored(site, "config.good.json") == stored(site, "config.json") == config
        assert values(site)["trial"] is None
        site.mpremote("reset")
        site.wait_for_count("serving on http", 2)
        assert site.console.count("on trial") == 1


def test_a_crash_on_trial_ends_it(boot, tmp_path):
    crash = "if b'new' in open('/config.json', 'rb').read():\n    import time\n"
    crash += "    import firn, socket\n    firn.taken = s = socket.socket()\n"
    crash += "    s.bind(('0.0.0.0', 80))\n    s.listen(1)\n"
    folder = make_changed(tmp_path, SECONDS % 600 + crash)
    with boot("qemu", folder, wait=False) as site:
        site.wait_for_console("the device crashed with a changed network")
        found = values(site)
        assert (found["mode"], found["failed_boots"]) == ("normal", 1)
        assert stored(site, "config.json") == (folder / "config.good.json").read_bytes()
        assert stored(site, "config.tried.json") == (folder / "config.json").read_bytes()


def test_without_a_last_good_configuration_nothing_is_undone(boot, tmp_path):
    folder = make_changed(tmp_path, SECONDS % 1, good=None)
    with boot("qemu", folder) as site:
        site.wait_for_console("kept the configuration as the last good one")
        assert "the last good configuration is back" not in site.console
        assert stored(site, "config.tried.json") is None


def test_a_trial_that_is_interrupted_begins_again(boot, tmp_path):
    folder = make_changed(tmp_path, SECONDS % 600)
    with boot("qemu", folder, wait=False) as site:
        site.wait_for_count("serving on http", 1)
        put(site, "/boot.py", QUICK % 600 + SECONDS % 2)
        site.wait_for_console("the last good configuration is back")


def test_a_crash_on_a_host_ends_the_program_with_status_1_and_is_counted(boot, tmp_path):
    folder = make_site(tmp_path, boot_py=TAKE_HOST_PORT)
    for count in (1, 2, 3):
        with boot("unix", folder, wait=False) as site:
            assert site.process.wait(60) == 1
            site.wait_for_console("the site has crashed; crashes in a row: %d" % count)
    assert "EADDRINUSE" in (folder / "crash.txt").read_text()
    with boot("unix", folder) as site:
        assert "<h1>Safe mode</h1>" in site.get("/").text
        assert "EADDRINUSE" in site.get("/anything").text
    (folder / "boot.py").write_text(QUICK % 600)
    with boot("unix", folder) as site:
        answer = wait_for_answer(site, "/", lambda answer: answer.status == 200)
        assert answer.text == "the site itself"
        assert values(site)["failed_boots"] == 0


def test_a_host_keeps_no_files_of_a_site_that_works(boot, tmp_path):
    folder = make_site(tmp_path, good_after=0)
    before = sorted(path.name for path in folder.iterdir())
    with boot("unix", folder) as site:
        wait_for_answer(site, "/values", lambda answer: answer.status == 200)
        site.process.terminate()
        site.process.wait(10)
    assert sorted(path.name for path in folder.iterdir()) == before
