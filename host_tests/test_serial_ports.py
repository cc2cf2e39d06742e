"""Finding a device's serial port, and what is said of one that cannot be used."""

import errno
import os
import pty
import subprocess
import sys
from types import SimpleNamespace

import pytest

from firn_tools import serial_ports
from firn_tools.errors import Failure


def usb(device, vid, pid, product=None, serial_number=None):
    return SimpleNamespace(
        device=device, vid=vid, pid=pid, product=product, serial_number=serial_number
    )


PICO = usb("/dev/ttyACM0", 0x2E8A, 0x0005, "Board in FS mode", "e6614c311b")
ESP32_S3 = usb("/dev/ttyACM1", 0x303A, 0x1001)
CP210X = usb("/dev/ttyUSB0", 0x10C4, 0xEA60, "CP2102 USB to UART Bridge Controller")
CH340 = usb("/dev/ttyUSB1", 0x1A86, 0x7523, "USB Serial")
FTDI = usb("/dev/ttyUSB2", 0x0403, 0x6001)
BUILT_IN = usb("/dev/ttyS0", None, None)
PHONE = usb("/dev/ttyACM9", 0x04E8, 0x6860)


@pytest.mark.parametrize("port", [PICO, ESP32_S3, CP210X, CH340, FTDI])
def test_the_only_board_is_used(port):
    assert serial_ports.choose(None, {}, [BUILT_IN, PHONE, port]) == port.device


def test_a_named_port_is_used_before_the_variable_and_the_variable_before_a_board():
    assert serial_ports.choose("/dev/x", {"FIRN_PORT": "/dev/y"}, [PICO]) == "/dev/x"
    assert serial_ports.choose(None, {"FIRN_PORT": "/dev/y"}, [PICO]) == "/dev/y"
    assert serial_ports.choose(None, {"FIRN_PORT": ""}, [PICO]) == "/dev/ttyACM0"


def test_several_boards_are_listed_with_the_option_to_type():
    with pytest.raises(Failure) as caught:
        serial_ports.choose(None, {}, [CP210X, PICO, BUILT_IN])
    text = str(caught.value)
    assert "several devices" in text and "FIRN_PORT" in text
    assert "--port /dev/ttyACM0 (Raspberry Pi, Board in FS mode, serial number e6614c" in text
    assert "--port /dev/ttyUSB0 (CP210x, CP2102 USB" in text
    assert "ttyS0" not in text


def test_without_a_board_the_message_says_what_to_do():
    with pytest.raises(Failure) as caught:
        serial_ports.choose(None, {}, [BUILT_IN, PHONE])
    assert "no device found" in str(caught.value)
    assert "--port" in str(caught.value) and "USB" in str(caught.value)


def test_other_products_of_a_bridge_maker_are_no_boards():
    assert serial_ports.boards([usb("/dev/ttyUSB7", 0x0403, 0x1234)]) == []


def test_a_port_that_is_not_there():
    text = str(serial_ports.explain("/dev/ttyACM77", OSError(errno.ENOENT, "")))
    assert text.startswith("/dev/ttyACM77: no such port")


def test_a_file_is_no_port(tmp_path):
    path = tmp_path / "port"
    path.write_text("")
    text = str(serial_ports.explain(str(path), OSError(errno.ENOTTY, "")))
    assert "expected a serial port, got something else" in text


def test_a_port_without_permission_names_the_group(monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(serial_ports, "_group", lambda path: "dialout")
    master, slave = pty.openpty()
    try:
        os.fchmod(slave, 0o660)
        text = str(serial_ports.explain(os.ttyname(slave), PermissionError(errno.EACCES, "")))
        assert "no permission" in text and "usermod -a -G dialout $USER" in text
        os.fchmod(slave, 0o600)
        text = str(serial_ports.explain(os.ttyname(slave), PermissionError(errno.EACCES, "")))
        assert "chmod a+rw" in text
    finally:
        os.close(master)
        os.close(slave)


def test_a_busy_port_names_the_process():
    master, slave = pty.openpty()
    name = os.ttyname(slave)
    code = "import sys; port = open(%r, 'rb', 0); print('open', flush=True); sys.stdin.read()"
    user = subprocess.Popen(
        [sys.executable, "-c", code % name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert user.stdout.readline() == b"open\n"
        assert user.pid in [pid for _name, pid in serial_ports.holders(name)]
        text = str(serial_ports.explain(name, OSError(errno.EAGAIN, "lock")))
        assert "in use by python" in text and "(process %d)" % user.pid in text
    finally:
        user.stdin.close()
        user.wait(10)
        user.stdout.close()
        os.close(master)
        os.close(slave)


def test_a_socket_that_nobody_listens_on():
    error = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
    text = str(serial_ports.explain("socket://127.0.0.1:1", error))
    assert "nothing listens there" in text and "emulator" in text


def test_the_reason_is_found_behind_other_errors():
    try:
        try:
            raise OSError(errno.EBUSY, "busy")
        except OSError as cause:
            raise RuntimeError("failed to access") from cause
    except RuntimeError as error:
        assert serial_ports._number(error) == errno.EBUSY
