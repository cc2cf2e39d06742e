# Run by pytest with the plugin, in a copy of this folder, beside a `microdot` of somebody else.
import asyncio
import os
import sys
import threading

import pytest

import microdot

BEFORE = dict(sys.modules), list(sys.path), os.getcwd()


@pytest.fixture(autouse=True)
def nothing_has_changed():
    yield
    assert microdot.somebody_elses and sys.modules["microdot"] is microdot
    assert (sys.path, os.getcwd()) == BEFORE[1:]
    assert [
        name for name in ("firn", "counter", "steps", "utemplate") if name in sys.modules
    ] == []
    files = sorted(path for path in os.listdir() if path[0] not in "._")
    assert files == ["checks.py", "config.json", "counter.py", "lib", "templates", "www"]
    assert os.listdir("templates") == ["page.html"]


def test_requests_are_answered(firn_site):
    site = firn_site(".")
    assert site.get("/").text == "the page\n"
    assert site.get("/page").text == "<p>/page</p>\n"
    answer = site.post("/count", body={"a": [1]})
    assert (answer.status_code, answer.reason) == (200, "OK")
    assert answer.json == {"total": 1, "got": {"a": [1]}}
    assert site.request("GET", "/count", headers={"X": "y"}).json["total"] == 2
    assert site.head("/").body is None and site.options("/count").status_code < 300
    for method in (site.put, site.patch, site.delete):
        assert method("/count").status_code == 405
    assert site.get("/absent").status_code == 404


def test_sites_know_nothing_of_each_other(firn_site):
    one, two = firn_site("."), firn_site(".")
    assert [one.get("/count").json["total"] for _ in range(3)] == [1, 2, 3]
    assert two.get("/count").json["total"] == 1
    assert one.module("counter").total == 3
    assert one.module("counter").ours is not two.module("counter").ours
    assert not hasattr(one.module("microdot"), "somebody_elses")
    assert [one.get("/file").text, one.get("/file").text, two.get("/file").text] == [
        "x",
        "xx",
        "x",
    ]


def test_secrets_stay_in_the_copy(firn_site):
    site = firn_site(".")
    assert [site.get("/secret").text for _ in range(2)] == ["none", "red"]
    assert b"red" in (site.files / "secrets.json").read_bytes()


def test_a_module_can_be_changed_for_a_test(firn_site):
    site = firn_site(".")
    site.module("steps").step = 5
    assert site.get("/count").json["total"] == 5


def test_the_limits_of_the_configuration_hold(firn_site):
    site = firn_site(".")
    assert site.post("/count", body="1" * 100).status_code == 200
    assert site.post("/count", body="1" * 101).status_code == 413


def test_events_and_cookies(firn_site):
    site = firn_site(".")
    assert site.get("/news").events[0]["data_json"] == {"total": 0}
    assert [site.get("/cookie").text for _ in range(2)] == ["had None", "had yes"]
    assert site.cookies == {"seen": "yes"}


def test_websockets(firn_site):
    site = firn_site(".")
    heard = []

    def talk():
        heard.append((yield "hello"))
        heard.append((yield b"\x00"))

    assert site.websocket("/echo", talk) is None
    assert heard == ["hello", b"\x00"]
    assert site.websocket("/", talk).text == "the page\n"


def test_what_handlers_left_running_is_ended(firn_site):
    site = firn_site(".")
    assert site.get("/background").text == "started"
    site.get("/")
    module = site.module("counter")
    site.close()
    assert module.cancelled == [True]
    site._loop = asyncio.new_event_loop()  # closed once more at the end


def test_the_site_is_left_when_a_test_fails(firn_site):
    site = firn_site(".")
    with pytest.raises(ZeroDivisionError):
        site.websocket("/echo", lambda: (1 / 0 for _ in "x"))


def test_asynchronously(firn_site):
    async def use():
        async with firn_site(".") as client:
            assert __import__("microdot") is not microdot
            answer = await client.get("/count")
            first, second = await asyncio.gather(client.get("/count"), client.get("/count"))
        assert answer.json["total"] == 1
        assert {first.json["total"], second.json["total"]} == {2, 3}

    asyncio.run(use())


def test_asynchronously_within_each_other(firn_site):
    async def use():
        async with firn_site(".") as outer:
            async with firn_site(".") as inner:
                assert (await inner.get("/count")).json["total"] == 1
                assert (await inner.get("/count")).json["total"] == 2
            assert (await outer.get("/count")).json["total"] == 1

    asyncio.run(use())


def test_a_coroutine_is_told_how(firn_site):
    site = firn_site(".")

    async def use():
        site.get("/count")

    with pytest.raises(RuntimeError, match=r"use `async with site as client`"):
        asyncio.run(use())


def test_on_a_device(firn_device):
    device = firn_device(".")
    assert device.get("/").text == "the page\n"
    assert device.get("/page").text == "<p>/page</p>\n"
    answer = device.post("/count", body={"a": [1]})
    assert (answer.status_code, answer.reason) == (200, "OK")
    assert answer.json == {"total": 1, "got": {"a": [1]}}
    assert device.get("/").json is None
    assert device.head("/").body == b""
    for method in (device.put, device.patch, device.delete):
        assert method("/count").status_code == 405
    assert [device.get("/cookie").text for _ in range(2)] == ["had None", "had yes"]
    assert device.post("/count", body="1" * 101).status_code == 413
    assert device.get("/file").text == "x"
    device.wait_for_console("firn: serving on http://")
    assert "Traceback" not in device.console


def test_two_devices_at_a_time(firn_device):
    one, two = firn_device("."), firn_device(".")
    assert [one.get("/count").json["total"] for _ in range(2)] == [1, 2]
    assert two.get("/count").json["total"] == 1
    with open(os.environ["NOTES"], "w") as notes:
        notes.write("%d %d" % (one.process_id, two.process_id))


def test_no_thread_is_left():
    assert threading.active_count() == 1, threading.enumerate()
