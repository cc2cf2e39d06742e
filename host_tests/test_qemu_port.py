"""The emulated board itself: resets, watchdog, flash image, sockets."""

import hashlib
import os
import socket
import subprocess
import sys
import time

import pytest

from firn_tools import boards, emulate, flash_image, ports
from targets import mpremote

pytestmark = pytest.mark.image

HTTP_PORT = 8000  # of the device; not 80, where the image's own site listens
WAIT = 30  # seconds for what a busy machine may delay
CAUSE_AND_MEMORY = "import machine; print(machine.reset_cause(), machine.RTC().memory())"


class Device(emulate.Qemu):
    """The emulator, with all that its console has printed so far in ``printed``."""

    def __init__(self, flash=None, heap=None):
        self.printed = b""
        super().__init__(
            boards.find("QEMU"), flash, ports.free_port(), HTTP_PORT, heap, console=self._print
        )

    def _print(self, chunk):
        self.printed += chunk

    def wait_for(self, text, start=0):
        end = time.monotonic() + WAIT
        while text not in self.printed[start:]:
            assert time.monotonic() < end, "expected %r, got %r" % (text, self.printed[start:])
            time.sleep(0.02)

    def run(self, code):
        """What ``code`` prints; the device is not reset before."""
        self.wait_until_booted()
        return mpremote(self.serial, "resume", "exec", code).strip()

    def run_and_leave(self, code):
        mpremote(self.serial, "resume", "exec", "--no-follow", code)

    def start(self, command, code):
        """mpremote as a process, running ``code`` after ``command``; its output is a pipe."""
        connect = "socket://127.0.0.1:%d" % self.serial
        return subprocess.Popen(
            [sys.executable, "-m", "mpremote", "connect", connect, command, "exec", code],
            stdout=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def device():
    with Device() as running:
        yield running


def reset_by(device, code, message):
    """Run ``code``, which resets the machine, and give the cause as the next start sees it."""
    start = len(device.printed)
    device.run_and_leave(code)
    device.wait_for(message, start)
    return device.run(CAUSE_AND_MEMORY)


def test_power_on_is_a_cause_of_its_own_and_clears_the_rtc_memory():
    with Device() as device:
        device.run("import machine; machine.RTC().memory(b'before')")
    with Device() as device:
        cause, memory = device.run(CAUSE_AND_MEMORY).split(" ", 1)
        assert cause == "1" and "before" not in memory


def test_machine_reset_restarts_in_place_and_keeps_the_rtc_memory(device):
    code = "import machine; machine.RTC().memory(b'reset'); print('resetting'); machine.reset()"
    # Not for what it prints itself: what mpremote is slow to take, QEMU may copy to its log twice.
    assert reset_by(device, code, b"firn: serving on") == "2 b'reset'"


def test_watchdog_ends_a_loop(device):
    code = "import machine; machine.RTC().memory(b'dog'); machine.WDT(timeout=200)\nwhile 1: pass"
    assert reset_by(device, code, b"watchdog: not fed") == "3 b'dog'"


def test_fault_prints_registers_and_resets(device):
    code = "import machine; machine.RTC().memory(b'fault'); machine.mem32[0x70000000]"
    assert reset_by(device, code, b"bfar=70000000") == "3 b'fault'"


def test_soft_reset_is_a_cause_of_its_own(device):
    code = "import machine; print(machine.reset_cause() == machine.SOFT_RESET)"
    assert mpremote(device.serial, "soft-reset", "exec", code).strip() == "True"


def test_deep_recursion_raises(device):
    code = "def f(): f()\ntry: f()\nexcept RuntimeError as e: print(e)"
    assert device.run(code) == "maximum recursion depth exceeded"


def test_flash_image_is_made_and_kept(tmp_path):
    image = tmp_path / "flash.img"
    with Device(image) as device:
        device.run("f = open('/kept.txt', 'w'); f.write('once'); f.close()")
    with Device(image) as device:
        assert device.run("print(open('/kept.txt').read())") == "once"


def test_image_with_data_is_never_formatted(tmp_path):
    image = tmp_path / "flash.img"
    image.write_bytes(os.urandom(64 * 4096))
    before = hashlib.sha256(image.read_bytes()).hexdigest()
    with Device(image) as device:
        device.wait_for(b"is left as it is: expected a littlefs filesystem")
        device.run("f = open('/lost.txt', 'w'); f.write('in RAM'); f.close()")
    assert hashlib.sha256(image.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("heap", [96 * 1024, 2 * 1024 * 1024])
def test_heap_size_is_an_option_of_the_emulator(heap):
    code = "import gc; print(gc.mem_free() + gc.mem_alloc())"
    with Device(heap=heap) as device:
        assert heap * 0.95 < int(device.run(code)) <= heap


LATE_ACCEPT = """
import select, socket, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", %d))
s.listen(1)
print("listening")
listener = select.poll()
listener.register(s, select.POLLIN)
listener.poll()
time.sleep_ms(100)
c = s.accept()[0]
poll = select.poll()
poll.register(c, select.POLLIN)
print("readable" if poll.poll(0) else "not readable")
print(c.recv(100))
c.close()
s.close()
"""


def test_data_that_came_before_accept_is_readable_at_once(device):
    with device.start("resume", LATE_ACCEPT % HTTP_PORT) as process:
        assert process.stdout.readline().strip() == "listening"
        with socket.create_connection(("127.0.0.1", device.port), WAIT) as client:
            client.sendall(b"early")
            assert process.stdout.read().split("\n")[:2] == ["readable", "b'early'"]


OPEN_SOCKETS = """
import qemu, socket
assert qemu.tcp_pcbs() == (0, 0, 0, 0), qemu.tcp_pcbs()
s = socket.socket()
s.bind(("0.0.0.0", %d))
s.listen(2)
held = [socket.socket() for _ in range(3)]
print("listening")
c = s.accept()[0]
c.write(b"x" * 3000)
print(qemu.tcp_pcbs()[1])
"""


def test_soft_resets_close_all_connections(device):
    """Without SO_REUSEADDR: a connection that stayed would keep the port from being bound."""
    for _ in range(20):
        with device.start("soft-reset", OPEN_SOCKETS % HTTP_PORT) as process:
            assert process.stdout.readline().strip() == "listening"
            with socket.create_connection(("127.0.0.1", device.port), WAIT):
                assert process.stdout.read().strip() == "1"


@pytest.mark.parametrize("size", [1, 100, 128, 129, 400, 600])
def test_a_file_of_an_image_may_be_read_while_another_is_written(tmp_path, size):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "read.txt").write_bytes(b"r" * size)
    image = tmp_path / "flash.img"
    flash_image.create(folder, image, 256 * 1024)
    code = "r = open('/read.txt', 'rb'); w = open('/new.txt', 'wb'); w.write(r.read()); w.close()"
    with Device(image) as device:
        device.run(code)
    assert flash_image.read(image, "new.txt") == b"r" * size


def test_timers_call_back_once_or_again_and_again_until_stopped(device):
    code = """\
import machine, time
calls = []
Timer = machine.Timer
once = Timer(-1, mode=Timer.ONE_SHOT, period=20, callback=lambda t: calls.append(1))
again = machine.Timer(-1)
again.init(freq=50, callback=lambda t: calls.append(2))
while calls.count(2) < 5:
    pass
again.deinit()
before = len(calls)
time.sleep_ms(200)
print(calls.count(1), len(calls) - before)
"""
    assert device.run(code) == "1 0"


def test_timers_run_while_the_board_sleeps_and_at_the_repl(device):
    code = "import machine; n = []; t = machine.Timer(-1, period=20, callback=n.append)"
    device.run(code)
    assert int(device.run("import time; k = len(n); time.sleep(1); print(len(n) - k)")) > 1
    device.run("t.deinit(); del t, n")


def test_a_soft_reset_stops_timers(device):
    code = "import machine; t = machine.Timer(-1, period=50, callback=lambda t: print('tick'))"
    device.run_and_leave(code)
    device.wait_for(b"tick")
    out = mpremote(device.serial, "soft-reset", "exec", "import time; time.sleep(1); print('end')")
    assert "tick" not in out and "end" in out


@pytest.mark.parametrize("code", ["machine.Timer(5)", "machine.Timer(-1).init(period=1 << 31)"])
def test_a_timer_that_cannot_be_is_refused(device, code):
    text = (
        "import machine\ntry: %s\nexcept (ValueError, OverflowError) as e: print('refused')" % code
    )
    assert device.run(text) == "refused"
