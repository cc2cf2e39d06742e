"""Boots an ESP32-C3 image in Espressif's emulator and asks it for its start page.

``python tools/boot_esp32c3.py build/ESP32_GENERIC_C3/firmware.bin`` needs qemu-system-riscv32 of
ESP-IDF on PATH and an image that was built with BOARD_VARIANT=QEMU: the emulator has no radio but
an Ethernet controller. The site is the one that the image has in its filesystem.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from firn_tools import boards, ports
from firn_tools.errors import Failure

_BOARD = "ESP32_GENERIC_C3"
_EMULATOR = "qemu-system-riscv32"
_TIME = 180  # seconds until the page has to be there


def main(arguments=None):
    """Returns the exit status: 0 when the page came, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image", type=Path, help="firmware.bin")
    parser.add_argument("--time", type=float, default=_TIME, help="seconds to wait (180)")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            _boot(options.image, Path(folder), options.time)
    except Failure as failure:
        print("firn: %s" % failure, file=sys.stderr)
        return 1
    return 0


def _boot(image, folder, seconds):
    if not shutil.which(_EMULATOR):
        raise Failure("%s: not found; ESP-IDF's tools/idf_tools.py installs it" % _EMULATOR)
    flash, console, port = folder / "flash.bin", folder / "console.txt", ports.free_port()
    # The emulator takes a flash of a chip's size; on this chip an image begins where it does.
    size = boards.find(_BOARD).about["flash_size"]
    flash.write_bytes(image.read_bytes().ljust(size, b"\xff"))
    command = [_EMULATOR, "-machine", "esp32c3", "-display", "none", "-monitor", "none"]
    command += ["-serial", "file:%s" % console]
    command += ["-drive", "file=%s,if=mtd,format=raw" % flash]
    # Its clock is not the wall's: the chip's own watchdogs would bite.
    command += ["-global", "driver=timer.esp32c3.timg,property=wdt_disable,value=true"]
    command += ["-nic", "user,model=open_eth,hostfwd=tcp:127.0.0.1:%d-:80" % port]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        page, waited = _page(port, process, seconds)
    finally:
        process.terminate()
        process.wait()
        if console.is_file():
            print(console.read_text(errors="replace"))
    if page is None:
        raise Failure("expected the start page within %d s, got none" % seconds)
    print("firn: the start page came after %.1f s: %d bytes" % (waited, len(page)))


def _page(port, process, seconds):
    """(the start page or None, after how many seconds)."""
    started = time.monotonic()
    while time.monotonic() - started < seconds and process.poll() is None:
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/" % port, timeout=10) as answer:
                return answer.read(), time.monotonic() - started
        except OSError:
            time.sleep(0.5)
    return None, seconds


if __name__ == "__main__":
    sys.exit(main())
