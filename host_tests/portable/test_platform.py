"""firn.platform: what only some ports have is used there, and not missed elsewhere."""

import sys

from expect import equal
from firn import platform, safety


class Partition:
    """esp32.Partition of a firmware that came by an update."""

    calls = 0
    error = None

    @classmethod
    def mark_app_valid_cancel_rollback(cls):
        cls.calls += 1
        if cls.error:
            raise cls.error


class Esp32:
    """The module esp32."""

    def __enter__(self):
        self.Partition = Partition
        Partition.calls = 0
        Partition.error = None
        sys.modules["esp32"] = self
        return self

    def __exit__(self, *error):
        del sys.modules["esp32"]


def test_an_updated_firmware_stays_once_its_boot_is_a_good_one():
    was = safety._good
    with Esp32():
        safety.good()
        equal(Partition.calls, 1)
    safety._good = was


def test_a_bootloader_that_has_nothing_to_go_back_to_is_no_error():
    with Esp32():
        Partition.error = OSError(-261)
        platform.keep_firmware()
        equal(Partition.calls, 1)


def test_a_board_with_another_bootloader_is_left_alone():
    Partition.calls = 0
    platform.keep_firmware()
    equal(Partition.calls, 0)
