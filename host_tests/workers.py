"""Tests in several processes at once (pytest-xdist): how many, and who runs what.

Much of the time of a test is spent waiting: for an emulator to start, for a server's time limit to
pass. So there are more workers than cores. What belongs together stays with one worker, as it
shares a running site or the outcome of a run on a board.
"""

import os
import re
from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling

_WAITING = 2  # workers beside those that keep the cores busy
# The longest go first, so that nobody works on one of them alone at the end.
_FIRST = (
    "test_bundle", "test_reproducible", "test_frozen_boards", "test_rp2040", "test_usb_bridge",
    "test_usb_page", "test_rp2_network", "test_flash_esp",
    "test_notebook_browser", "test_safety", "test_power_cuts", "test_fuzz", "test_sessions",
    "test_bench", "test_qemu_port", "test_pytest_plugin", "test_corpus", "test_server_faults",
    "test_device_commands", "test_notebook_outcomes", "test_websocket_cases",
    "test_server_slow_body", "test_notebook_page", "test_multipart_upload", "test_config_schema",
    "test_notebook_fuzz", "test_station", "test_setup_access", "test_event_streams",
)  # fmt: skip
# Modules that build the same image go to the same worker.
_TOGETHER = {"host_tests/test_bench_extensions.py": "host_tests/test_bench.py"}
# Tests of one image, by how the name of the test goes on.
_IMAGE = re.compile(r"[^\[]*\[(cpython|unix|qemu|uvicorn)\b", re.IGNORECASE)


def count():
    """How many workers suit this machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) + _WAITING
    return (os.cpu_count() or 1) + _WAITING


def unit(nodeid):
    """The unit of work that the test ``nodeid`` belongs to: its module, on one image."""
    module, _, name = nodeid.partition("::")
    module = _TOGETHER.get(module, module)
    image = _IMAGE.match(name)
    return module + "[%s]" % image.group(1).lower() if image else module


def put_in_order(items):
    """Sort the tests: those of the longest modules first, otherwise as they were."""

    def place(item):
        name = PurePosixPath(item.nodeid.partition("::")[0]).name.partition(".")[0]
        return _FIRST.index(name) if name in _FIRST else len(_FIRST)

    items.sort(key=place)


class Scheduling(LoadScopeScheduling):
    """Gives the units of work to the workers in the order of the tests."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid):
        return unit(nodeid)
