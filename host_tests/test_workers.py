"""How the tests are handed out to several processes."""

import pytest
import workers

from targets import PORTABLE, ROOT


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("host_tests/test_a.py::test_b", "host_tests/test_a.py"),
        ("host_tests/test_a.py::test_b[c::d]", "host_tests/test_a.py"),
        ("host_tests/test_a.py::test_b[qemu]", "host_tests/test_a.py[qemu]"),
        ("host_tests/test_a.py::test_b[QEMU]", "host_tests/test_a.py[qemu]"),
        ("host_tests/test_a.py::test_b[unix-c]", "host_tests/test_a.py[unix]"),
        ("host_tests/test_a.py::test_b[unixes]", "host_tests/test_a.py"),
        ("host_tests/test_a.py::test_b[c-unix]", "host_tests/test_a.py"),
        ("host_tests/portable/test_a.py[qemu]::test_b", "host_tests/portable/test_a.py[qemu]"),
        ("host_tests/test_bench_extensions.py::test_a", "host_tests/test_bench.py"),
    ],
)
def test_tests_of_a_module_on_an_image_are_one_unit(test, unit):
    assert workers.unit(test) == unit


def test_modules_that_are_named_exist():
    there = {path.stem for folder in (PORTABLE.parent, PORTABLE) for path in folder.glob("*.py")}
    assert set(workers._FIRST) <= there
    for module in (*workers._TOGETHER, *workers._TOGETHER.values()):
        assert (ROOT / module).is_file()


class Item:
    def __init__(self, nodeid):
        self.nodeid = nodeid


def test_the_longest_modules_come_first_and_the_others_keep_their_order():
    names = [
        "host_tests/test_z.py::test_a",
        "host_tests/portable/test_station.py[qemu]::test_a",
        "host_tests/test_fuzz.py::test_b",
        "host_tests/test_fuzz.py::test_a",
        "host_tests/test_a.py::test_a",
    ]
    items = [Item(name) for name in names]
    workers.put_in_order(items)
    assert [item.nodeid for item in items] == [names[at] for at in (2, 3, 1, 0, 4)]


def test_there_are_more_workers_than_cores():
    assert workers.count() > 2


def test_no_test_has_the_name_of_another(request):
    names = [item.nodeid for item in request.session.items]
    assert len(names) == len(set(names))  # a worker is told by its name what to run
