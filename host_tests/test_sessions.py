"""Whole sessions with an image: stop, change, restart, many requests, what the user types."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from firn_tools import boards, flash_image, ports
from targets import REQUEST_TIMEOUT, SAMPLE, Site

pytestmark = [pytest.mark.image, pytest.mark.timeout(300)]


def heap_used(site):
    """Bytes in use after a collection; the page handler itself runs while it is measured."""
    return json.loads(site.get("/heap").text)


@pytest.fixture
def counting(tmp_path):
    """A site with a route that says how much heap is in use."""
    site = tmp_path / "site"
    (site / "www").mkdir(parents=True)
    (site / "www" / "index.html").write_text("first")
    (site / "probe.py").write_text(
        "import gc\ndef heap(request):\n    gc.collect()\n    return str(gc.mem_alloc())\n"
        "def hello(request):\n    return 'hello'\n"
    )
    routes = [
        {"path": "/heap", "handler": "probe:heap"},
        {"path": "/hello", "handler": "probe:hello"},
    ]
    (site / "config.json").write_text(json.dumps({"routes": routes}))
    return site


def test_a_new_configuration_is_copied_by_mpremote_and_served_after_a_soft_reset(
    boot, counting, tmp_path
):
    with boot("qemu", counting) as site:
        assert site.get("/").text == "first"
        new = tmp_path / "config.json"
        new.write_text('{"routes": [{"path": "/", "redirect": "/new.html"}]}')
        page = tmp_path / "new.html"
        page.write_text("second")
        site.mpremote("fs", "cp", str(new), ":config.json", "+", "fs", "cp", str(page), ":www/")
        with pytest.raises((OSError, http.client.HTTPException)):
            site.request("GET", "/", timeout=1)  # mpremote leaves the REPL
        site.mpremote("resume", "soft-reset")
        # mpremote's soft reset skips main.py; Ctrl-D at the prompt is a whole one.
        site.type(b"\x02\x04")
        site.wait_until_served()
        assert site.get("/").headers["Location"] == "/new.html"
        assert site.get("/new.html").text == "second"


def test_ctrl_c_gives_the_repl_and_serve_serves_again(boot, counting):
    with boot("qemu", counting) as site:
        site.type(b"\x03")
        site.wait_for_console(">>> ")
        site.type(b"1 + 41\r")
        site.wait_for_console("\n42")
        site.type(b"import firn; firn.serve()\r")
        site.wait_until_served()
        assert site.get("/hello").text == "hello"


def test_twenty_soft_resets_leave_the_heap_where_it_was(boot, counting):
    with boot("qemu", counting) as site:
        used = []
        for number in range(20):
            site.wait_until_served()
            used.append(heap_used(site))
            site.type(b"\x03")
            site.wait_for_count(">>> ", number + 1)
            site.type(b"\x04")
            site.wait_for_count("serving on", number + 2)
        site.wait_until_served()
        used.append(heap_used(site))
        assert max(used) - min(used) < 512


def test_five_thousand_requests_all_succeed_and_leave_the_heap_where_it_was(boot, counting):
    with boot("qemu", counting) as site:
        for _ in range(3):
            before = heap_used(site)
        for _ in range(10):
            connection = http.client.HTTPConnection(
                "127.0.0.1", site.port, timeout=REQUEST_TIMEOUT
            )
            for number in range(500):
                path = "/hello" if number % 2 else "/"
                connection.request("GET", path)
                answer = connection.getresponse()
                expected = b"hello" if number % 2 else b"first"
                assert (answer.status, answer.read()) == (200, expected)
            connection.close()
        # The last connection may still be on its way out.
        site.wait(lambda: heap_used(site) - before < 512, "a heap of about %d" % before)


def test_the_flash_image_keeps_what_was_written(boot, counting, tmp_path):
    flash = tmp_path / "flash.img"
    with boot("qemu", counting, flash=flash) as site:
        site.mpremote("exec", "with open('/www/kept.txt', 'w') as f: f.write('kept')")
    assert flash_image.read(flash, "www/kept.txt") == b"kept"
    with boot("qemu", counting, flash=flash) as site:
        assert site.get("/kept.txt").text == "kept"


def test_another_heap_size_is_what_the_device_has(boot, counting):
    with boot("qemu", counting, heap=96 * 1024) as site:
        code = "import gc; print(gc.mem_free() + gc.mem_alloc())"
        assert 90 * 1024 < int(site.mpremote("exec", code)) <= 96 * 1024


@pytest.mark.parametrize("heap", [None, 500 * 1024])
def test_ctrl_c_stops_the_unix_image_cleanly(boot, counting, heap):
    with boot("unix", counting, heap=heap) as site:
        assert site.get("/hello").text == "hello"
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(10) == 0
        site.wait_for_console("firn: stopped\n")


class Emulation(Site):
    """``firn emulate`` as a user starts it."""

    def __init__(self, name, folder, *options):
        super().__init__(folder)
        command = [sys.executable, "-m", "firn_tools", "emulate", name, str(folder)]
        command += ["--port", str(self.port), *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.read_console(self.process.stdout)

    def ended(self):
        return self.process.poll() is not None

    def __enter__(self):
        try:
            self.wait_until_served()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        if not self.ended():
            self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def interrupt(self):
        """What Ctrl-C in a terminal does: SIGINT to every process of the group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(15)


@pytest.mark.parametrize("name", ["UNIX", "QEMU"])  # RPI_PICO: test_rp2040.py
def test_emulate_serves_the_sample_and_ctrl_c_stops_it(name, tmp_path):
    options = () if name == "UNIX" else ("--flash", str(tmp_path / "flash.img"))
    with Emulation(name, SAMPLE, *options) as site:
        assert "<title>Firn</title>" in site.get("/").text
        site.wait_for_console("http://127.0.0.1:%d" % site.port)
        assert site.interrupt() == 0
        assert "Traceback" not in site.console


def test_emulate_names_a_terminal_that_mpremote_can_use(counting, tmp_path):
    with Emulation("QEMU", counting, "--flash", str(tmp_path / "flash.img")) as site:
        site.wait_for_console("mpremote connect ")
        terminal = re.search(r"mpremote connect (\S+)", site.console).group(1)
        command = [sys.executable, "-m", "mpremote", "connect", terminal, "fs", "ls", ":www"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "index.html" in done.stdout, done.stderr


def test_emulate_gives_the_console_a_port_on_request(counting, tmp_path):
    serial = ports.free_port()
    options = ("--flash", str(tmp_path / "flash.img"), "--serial", str(serial))
    with Emulation("QEMU", counting, *options) as site:
        site.wait_for_console("socket://127.0.0.1:%d" % serial)
        command = [sys.executable, "-m", "mpremote", "connect", "socket://127.0.0.1:%d" % serial]
        done = subprocess.run(
            [*command, "exec", "print(6 * 7)"], capture_output=True, text=True, timeout=60
        )
        assert done.stdout.strip() == "42", done.stderr


@pytest.mark.parametrize("name", ["UNIX", "QEMU", "RPI_PICO"])
def test_emulate_refuses_what_is_no_folder(name, tmp_path):
    command = [sys.executable, "-m", "firn_tools", "emulate", name, str(tmp_path / "absent")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "expected a folder with a site" in done.stderr


def test_the_unix_image_is_a_micropython_with_the_packages_frozen_in(tmp_path):
    image = str(boards.find("UNIX").image)
    code = "import microdot, utemplate, firn, ssl, sys; print(sys.implementation.name, firn)"
    done = subprocess.run([image, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.startswith("micropython <module 'firn' from 'firn/__init__.py'>")
    script = tmp_path / "script.py"
    script.write_text("import sys\nprint(sys.argv[1:])\n")
    done = subprocess.run([image, str(script), "a", "-b"], capture_output=True, text=True)
    assert done.stdout == "['a', '-b']\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "--port: expected an integer from 1 to 65535, got 70000"),
        (["--port"], "expected --host ADDRESS or --port N, got --port"),
        (["--speed", "9"], "expected --host ADDRESS or --port N, got --speed"),
    ],
)
def test_the_unix_image_refuses_bad_arguments(tmp_path, arguments, message):
    command = [str(boards.find("UNIX").image), str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert message in done.stdout


def test_the_second_start_is_quick_because_nothing_is_built_again(counting):
    with Emulation("UNIX", counting):
        pass
    log = boards.find("UNIX").image.with_name("build.log")
    before = log.stat().st_mtime_ns
    with Emulation("UNIX", counting) as site:
        assert "building" not in site.console
    assert log.stat().st_mtime_ns == before
