"""What a push sends, deletes and keeps, in which order, and what an interruption leaves."""

import json

import pytest
from fake_device import FakeDevice

from firn_tools import push
from firn_tools.device import DeviceError
from firn_tools.errors import Failure
from firn_tools.site_folder import Rules

OLD_CONFIG = json.dumps({"static": [{"path": "/", "directory": "old"}]}).encode()
NEW_CONFIG = json.dumps({"static": [{"path": "/", "directory": "zoo"}]}).encode()
OLD = {
    "/config.json": OLD_CONFIG,
    "/old/index.html": b"old" * 50,
    "/both.bin": bytes(range(200)),
    "/same.txt": b"same",
}
NEW = {
    "config.json": NEW_CONFIG,
    "zoo/index.html": b"new" * 70,
    "zoo/deep/er/x.bin": bytes(range(256)),
    "both.bin": bytes(range(200, 0, -1)),
    "same.txt": b"same",
}


@pytest.fixture
def folder(tmp_path):
    for name, content in NEW.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def do(device, folder, delete=False):
    plan = push.compare(device, Rules(folder), delete)
    push.require_room(plan, device.block, device.lines("room()")[0][1] * device.block)
    push.send(device, plan)


def test_only_what_changed_is_sent_and_the_configuration_last(folder):
    device = FakeDevice(OLD)
    do(device, folder)
    assert device.log == [
        "put /both.bin", "put /zoo/deep/er/x.bin", "put /zoo/index.html", "put /config.json",
    ]  # fmt: skip
    assert {name: device.files["/" + name] for name in NEW} == NEW
    assert device.files["/old/index.html"] == OLD["/old/index.html"]


def test_the_same_site_again_sends_nothing(folder):
    device = FakeDevice({"/" + name: content for name, content in NEW.items()})
    do(device, folder)
    assert device.log == []


def test_a_file_of_the_same_size_that_differs_is_sent(folder):
    device = FakeDevice({"/" + name: content for name, content in NEW.items()})
    device.files["/same.txt"] = b"Same"
    do(device, folder)
    assert device.log == ["put /same.txt"]


def test_deleting_comes_after_the_configuration_and_spares_what_is_not_the_sites(folder):
    (folder / ".firnignore").write_text("data\n")
    own = (
        "/secrets.json", "/config.good.json", "/config.tried.json", "/crash.txt",
        "/boot_record.json", "/firn.log", "/config.json.bak", "/zoo/index.html.bak", "/data/a.csv",
    )  # fmt: skip
    device = FakeDevice({**OLD, **dict.fromkeys(own, b"mine")})
    do(device, folder, delete=True)
    assert device.log[-3:] == ["put /config.json", "remove /old/index.html", "remove /old"]
    assert all(device.files[name] == b"mine" for name in own)


def test_without_delete_nothing_is_deleted(folder):
    device = FakeDevice({**OLD, "/extra.txt": b""})
    do(device, folder)
    assert not any(line.startswith("remove") for line in device.log)


def units_of(folder):
    device = FakeDevice(OLD, units=10**6)
    do(device, folder)
    return 10**6 - device.units


def consistent(files):
    """Each file is whole, old or new, and the configuration names a directory that is there."""
    for path, content in files.items():
        assert content in (OLD.get(path), NEW.get(path[1:])), path
    directory = json.loads(files["/config.json"])["static"][0]["directory"]
    assert any(path.startswith("/%s/" % directory) for path in files)
    if files["/config.json"] == NEW_CONFIG:
        assert {name: files.get("/" + name) for name in NEW} == NEW


@pytest.mark.parametrize("fault", [None, DeviceError("OSError: [Errno 28] ENOSPC")])
def test_an_interruption_anywhere_leaves_a_consistent_site_and_a_push_again_completes_it(
    folder, fault
):
    total = units_of(folder)
    assert total > 8
    for units in range(total):
        device = FakeDevice(OLD, units, fault)
        with pytest.raises(Failure) as caught:
            do(device, folder)
        assert "files were sent" in str(caught.value) and "each whole" in str(caught.value)
        consistent(device.files)
        device.units = None
        do(device, folder)
        assert {name: device.files["/" + name] for name in NEW} == NEW


def test_ctrl_c_says_what_was_sent(folder, capsys):
    device = FakeDevice(OLD, 4, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        do(device, folder)
    consistent(device.files)
    assert "1 of 4 files were sent (both.bin), each whole" in capsys.readouterr().err


def test_the_device_refusing_is_told_with_the_file(folder):
    device = FakeDevice(OLD, 0, DeviceError("OSError: [Errno 28] ENOSPC"))
    with pytest.raises(Failure, match=r"^both\.bin: the device says: no room left"):
        do(device, folder)


def test_a_push_that_does_not_fit_sends_nothing(folder):
    (folder / "big.bin").write_bytes(bytes(50 * 4096))
    device = FakeDevice(OLD, blocks=52)
    with pytest.raises(Failure, match=r"big\.bin needs 204\.8 KB, and .* nothing was sent"):
        do(device, folder)
    assert device.log == [] and device.files == OLD


def test_a_file_that_is_replaced_needs_room_for_both(folder):
    (folder / "big.bin").write_bytes(bytes(10 * 4096))
    files = {**{"/" + name: content for name, content in NEW.items()}, "/big.bin": b"1" * 40960}
    # 5 small files and 10 blocks are taken; 10 more and a margin of 2 are needed.
    with pytest.raises(Failure, match="nothing was sent"):
        do(FakeDevice(files, blocks=26), folder)
    device = FakeDevice(files, blocks=27)
    do(device, folder)
    assert device.log == ["put /big.bin"]
