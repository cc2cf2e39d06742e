"""Crashes, watchdog and trials on the emulated board, which really resets."""

import json
import re
import time

import pytest

from firn_tools import flash_image
from targets import Patience

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]

# What makes the tests quick; and port 80 taken away, so that the site ends in an OSError.
QUICK = "from firn import safety, trial\nsafety.PAUSE = 0\nsafety.GOOD_AFTER = %d\n"
TAKE_PORT = (
    "import firn, socket\nfirn.taken = s = socket.socket()\ns.bind(('0.0.0.0', 80))\ns.listen(1)\n"
)
HOG = "import firn, gc\ngc.collect()\nfirn.hog = bytearray(gc.mem_free() - 15000)\n"
HANDLERS = """\
import firn
from firn import safety

def values(request):
    return safety.values()

def loop(request):
    while True:
        pass

def restart(request):
    firn.restart()
    return "restarting"
"""
ROUTES = [
    {"path": "/" + name, "handler": "handlers:" + name} for name in ("values", "loop", "restart")
]


def make_site(folder, config=None, boot_py="", good_after=600):
    """A site folder whose boots become good after ``good_after`` seconds."""
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_text("the site itself")
    (folder / "handlers.py").write_text(HANDLERS)
    (folder / "boot.py").write_text(QUICK % good_after + boot_py)
    write_config(folder / "config.json", config)
    return folder


def write_config(path, config=None):
    path.write_text(json.dumps(dict({"routes": ROUTES}, **(config or {}))))


def wait_for_answer(site, path, condition):
    """Ask for ``path`` until ``condition(answer)``; while the device restarts nobody answers."""
    patience = Patience()

    def asked():
        try:
            answer = site.request("GET", path, timeout=patience.seconds)
        except TimeoutError:
            patience.lost()
            return None
        except Exception:
            return None
        return answer if condition(answer) else None

    return site.wait(asked, "an answer of %s that is right" % path)


def values(site):
    return json.loads(wait_for_answer(site, "/values", lambda answer: answer.status == 200).text)


def boots(site):
    return site.console.count("serving on http")


def put(site, path, text):
    """Write a file as somebody with mpremote does, then reset."""
    code = "f = open(%r, 'w'); f.write(%r); f.close()" % (path, text)
    site.mpremote("exec", code)
    site.mpremote("reset")


def test_three_crashing_boots_lead_to_safe_mode_and_a_fixed_file_out_of_it(boot, tmp_path):
    folder = make_site(tmp_path, {"network": {"hostname": "kept"}}, TAKE_PORT)
    with boot("qemu", folder, wait=False) as site:
        page = wait_for_answer(site, "/", lambda answer: True)
        assert page.status == 503
        assert "<h1>Safe mode</h1>" in page.text
        assert "Traceback" in page.text and "EADDRINUSE" in page.text
        assert site.console.count("the site has crashed") == 3
        for path in ("/values", "/absent", "/index.html"):
            assert site.get(path).status == 503
        config = flash_image.read(site.flash, "config.json")
        assert config == (folder / "config.json").read_bytes()
        put(site, "/boot.py", QUICK % 600)
        answer = wait_for_answer(site, "/", lambda answer: answer.status == 200)
        assert answer.text == "the site itself"
        found = values(site)
        assert (found["mode"], found["failed_boots"]) == ("normal", 0)
        assert "EADDRINUSE" in found["last_crash"]  # kept until somebody removes it


def test_safe_mode_lasts_until_somebody_restarts(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"max_failed_boots": 1}}, TAKE_PORT)
    with boot("qemu", folder, wait=False) as site:
        wait_for_answer(site, "/", lambda answer: answer.status == 503)
        start = site.console.count("the site has crashed")
        assert start == 1
        site.mpremote("reset")  # the row has ended: a normal start, which crashes again
        site.wait_for_count("the site has crashed", 2)
        wait_for_answer(site, "/", lambda answer: answer.status == 503)


def test_the_last_good_configuration_is_tried_first(boot, tmp_path):
    folder = make_site(tmp_path, {"server": {"port": 8000}, "safety": {"max_failed_boots": 2}})
    # Only the new port is taken: the good configuration works.
    (folder / "boot.py").write_text(QUICK % 600 + TAKE_PORT.replace("80)", "8000)"))
    write_config(folder / "config.good.json", {"server": {"port": 80}})
    flash = tmp_path.parent / (tmp_path.name + ".img")
    with boot("qemu", folder, flash=flash, wait=False) as site:
        site.wait_for_console("trying the last good configuration")
        site.wait_for_console("serving on http://0.0.0.0:80\r")
        assert site.console.count("the site has crashed") == 2
    before = (folder / "config.json").read_bytes()
    assert flash_image.read(flash, "config.json") == before


def test_safe_mode_comes_when_the_last_good_configuration_crashes_too(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"max_failed_boots": 1}}, TAKE_PORT)
    write_config(folder / "config.good.json", {"safety": {"max_failed_boots": 50}})
    with boot("qemu", folder, wait=False) as site:
        wait_for_answer(site, "/", lambda answer: answer.status == 503)
        assert site.console.count("the site has crashed") == 2
        assert site.console.count("trying the last good configuration") == 1


@pytest.mark.parametrize("broken", ["", "{", '{"safety": {"max_failed_boots": "x"}}', "\0" * 9])
def test_a_broken_last_good_configuration_is_no_obstacle(boot, tmp_path, broken):
    folder = make_site(tmp_path, {"safety": {"max_failed_boots": 1}}, TAKE_PORT)
    (folder / "config.good.json").write_text(broken)
    with boot("qemu", folder, wait=False) as site:
        wait_for_answer(site, "/", lambda answer: answer.status == 503)
        assert site.console.count("the site has crashed") == 1


def test_too_little_memory_to_start_is_counted_and_reported(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"max_failed_boots": 2}}, HOG)
    with boot("qemu", folder, wait=False) as site:
        page = wait_for_answer(site, "/", lambda answer: answer.status == 503)
        assert "MemoryError" in page.text
        assert site.console.count("the site has crashed") == 2


def test_an_endless_loop_ends_in_a_reset_that_is_counted(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"watchdog": 2}})
    with boot("qemu", folder) as site:
        with pytest.raises(OSError):
            site.request("GET", "/loop", timeout=8)
        site.wait_for_count("serving on http", 2)
        found = values(site)
        assert (found["mode"], found["failed_boots"]) == ("normal", 1)
        assert re.match(r"watchdog: no progress for \d+ s", found["last_crash"])
        assert "GET /loop" in found["last_crash"]
        assert "crashes in a row: 1" in site.console


def test_a_block_in_c_ends_in_a_reset_by_the_hardware_that_is_counted(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"watchdog": 1}})
    # Without interrupts no timer of Python comes to run, as in a function of C that hangs.
    block = "import machine\ndef loop(request):\n    machine.disable_irq()\n    while True: pass\n"
    (folder / "handlers.py").write_text(HANDLERS + block)
    with boot("qemu", folder) as site:
        with pytest.raises(OSError):
            site.request("GET", "/loop", timeout=8)
        site.wait_for_count("serving on http", 2)
        found = values(site)
        assert found["failed_boots"] == 1
        assert found["reset_cause"] == "watchdog"
        assert "a block of more than" in found["last_crash"]


def test_a_module_that_loops_when_imported_leads_to_safe_mode(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"watchdog": 1, "max_failed_boots": 2}})
    (folder / "handlers.py").write_text("while True:\n    pass\n")
    with boot("qemu", folder, wait=False) as site:
        page = wait_for_answer(site, "/", lambda answer: answer.status == 503)
        assert "watchdog: no progress" in page.text


def test_who_works_at_the_repl_is_never_reset(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"watchdog": 1}})
    with boot("qemu", folder) as site:
        site.type(b"\x03")
        site.wait_for_console("firn: stopped")
        time.sleep(5)
        site.type(b"1000 + 234\r")
        site.wait_for_console("\r\n1234\r\n")
        # A soft reset, as mpremote makes it: the hardware runs on, boot.py takes over.
        assert "1234" in site.mpremote("exec", "import time; time.sleep(5); print(1234)")
        assert boots(site) == 1
        assert "failed_boots': 0" in site.mpremote(
            "exec", "from firn import safety; print(safety.values())"
        )


def test_a_boot_that_has_served_a_while_ends_a_row_of_crashes(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"watchdog": 1}}, good_after=5)
    with boot("qemu", folder) as site:
        with pytest.raises(OSError):
            site.request("GET", "/loop", timeout=8)
        site.wait_for_count("serving on http", 2)
        wait_for_answer(site, "/values", lambda answer: '"failed_boots": 0' in answer.text)
        site.wait_for_console("kept the configuration as the last good one")
        assert flash_image.read(site.flash, "config.good.json") == flash_image.read(
            site.flash, "config.json"
        )


def test_a_restart_of_its_own_is_no_crash(boot, tmp_path):
    folder = make_site(tmp_path, {"safety": {"max_failed_boots": 1}})
    with boot("qemu", folder) as site:
        for count in (2, 3):
            wait_for_answer(site, "/restart", lambda answer: answer.status == 200)
            site.wait_for_count("serving on http", count)
            found = values(site)
            assert (found["mode"], found["failed_boots"]) == ("normal", 0)
            assert found["reset_cause"] == "reset"
