"""firn.network: on boards with a fake radio, and on what the tests themselves run on."""

import asyncio
import sys

from fake_board import FakeBoard, state_is
from fake_network import PORTS, Air, Network, section

from expect import equal
from firn import log, network

HOME = {"ssid": "home", "password": "correct horse"}


def home():
    return Air(home=Network("correct horse", -61), work=Network("x" * 8, -40), cafe=Network())


def point_is_open():
    return network.values()["access_point"] is not None


async def test_values_of_a_board_that_has_joined():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME], hostname="lamp") as board:
            equal(network.values()["state"], "connecting")
            equal(board.air.tried(), ["home"], "begins at boot")
            await board.until(state_is("connected"))
            equal(network.values(), {
                "state": "connected", "ssid": "home", "address": "10.0.0.7", "rssi": -61,
                "access_point": None, "hostname": "lamp",
            })  # fmt: skip


async def test_values_of_a_board_with_its_access_point():
    for port in PORTS:
        with FakeBoard(port, wifi=[HOME]) as board:
            board.module.access_point.stations = [b"\1\2\3\4\5\6"]
            await board.until(point_is_open)
            await board.until(lambda: network.values()["access_point"]["clients"])
            values = network.values()
            equal(values["state"], "not found")
            equal(values["address"], None)
            point = {"ssid": "firn-beef", "address": "192.168.4.1", "clients": 1}
            equal(values["access_point"], point)


async def test_a_radio_that_nobody_needs_stays_off():
    for port in PORTS:
        with FakeBoard(port, access_point={"when": "never"}) as board:
            await network.run()
            equal(network.values()["state"], "off")
            equal(board.air.calls, [])
            equal(await network.scan(), [])


async def test_the_portal_is_on_while_the_fallback_is_open():
    for port in PORTS:
        with FakeBoard(port, wifi=[HOME]) as board:
            assert not network.is_captive()
            await board.until(network.is_captive)
            # Another run() of the network starts the name server anew.
            board.air.networks["home"] = Network("correct horse")
            await board.until(lambda: not network.is_captive())
            equal(board.names, ["192.168.4.1", None] * 2)
            equal(network.values()["state"], "connected")


async def test_always_has_no_portal():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME], access_point={"when": "always"}) as board:
            assert point_is_open()
            await board.until(state_is("connected"))
            assert not network.is_captive()
            equal(board.names, [])


async def test_who_came_over_the_access_point():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME], access_point={"when": "always"}) as board:
            await board.until(state_is("connected"))
            assert network.via_access_point("192.168.4.16")
            for other in ("10.0.0.8", "192.168.5.16", "127.0.0.1", "::1", "fe80::1:2.3.4.5"):
                assert not network.via_access_point(other), other
            # A network with the addresses of our own: nobody in it may be taken for near.
            board.air.address = "192.168.4.9"
            assert not network.via_access_point("192.168.4.16")


async def test_without_access_point_nobody_came_over_it():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME]) as board:
            await board.until(state_is("connected"))
            assert not network.via_access_point("192.168.4.16")


async def test_a_scan_is_sorted_and_has_each_name_once():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME]) as board:
            board.module.station.disconnect()
            listed = board.module.station.scan()
            listed.append((b"home", b"abcdef", 11, -35, 3, False))
            listed.append((b"", b"abcdef", 11, -20, 3, False))
            listed.append((b"\xff\xfe", b"abcdef", 11, -20, 3, False))
            board.module.station.scan = lambda: listed  # noqa: B023
            found = [("home", -35, True), ("work", -40, True), ("cafe", -50, False)]
            equal(await network.scan(), found)


async def test_a_scan_interrupts_an_attempt_which_then_is_made_again():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME]) as board:
            equal(len(await network.scan()), 3, "while joining a driver sees nothing")
            await board.until(state_is("connected"))
            equal(board.air.tried(), ["home", "home"])


async def test_several_who_want_a_scan_share_one():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME]) as board:
            first = asyncio.create_task(network.scan())
            second = asyncio.create_task(network.scan())
            equal(await first, await second)
            equal(board.air.count("scan"), 1)


async def test_a_scan_that_fails_finds_nothing():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME]) as board:
            board.module.station.fails = ("scan",)
            equal(await network.scan(), [])
            board.module.station.fails = ()
            equal(len(await network.scan()), 3)


async def test_the_clock_is_kept_with_the_networks_name_server():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME], ntp="ntp.example") as board:
            await board.until(lambda: board.clocks)
            equal(board.clocks, [("ntp.example", "10.0.0.1")])
        with FakeBoard(port, home(), wifi=[HOME], ntp=False) as board:
            await board.until(state_is("connected"))
            equal(board.clocks, [])


def _noting(notes):
    return lambda text, error: notes.append(str(error))


async def test_a_driver_that_fails_all_the_time_is_noted_once_and_waited_for():
    for port in PORTS:
        with FakeBoard(port, wifi=[HOME]) as board:
            await board.until(point_is_open)
            notes = []
            kept = log.exception
            log.exception = _noting(notes)
            try:
                board.module.access_point.fails = ("stations",)
                board.air.networks["home"] = Network("correct horse")
                await board.until(state_is("connected"))
            finally:
                log.exception = kept
            equal(len(notes), 1)
            assert "Wifi Internal Error" in notes[0]


async def test_a_radio_that_does_not_start_is_started_later():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME]) as board:
            board.module.station.fails = ("active",)
            network.start(board.section)
            equal(network.values()["state"], "off")
            equal(await network.scan(), [])
            tries = board.air.count("active")
            await board.until(lambda: board.air.count("active") > tries + 3)  # noqa: B023
            board.module.station.fails = ()
            await board.until(state_is("connected"))


async def test_an_access_point_that_does_not_open_at_boot_keeps_no_network_away():
    for port in PORTS:
        with FakeBoard(port, home(), wifi=[HOME], access_point={"when": "always"}) as board:
            board.module.access_point.fails = ("active", "config")
            network.start(board.section)
            await board.until(state_is("connected"))
            assert not point_is_open()


def test_passwords_are_in_no_value_and_in_no_line():
    text = repr(network.values()) + "".join(log.lines())
    assert "correct horse" not in text


async def test_the_machine_that_runs_this_has_no_radio():
    network.start(section(hostname="firn"))
    values = network.values()
    equal(values["state"], "lan" if sys.platform == "qemu" else "host")
    equal(values["hostname"], "firn")
    equal(values["address"], "10.0.2.15" if sys.platform == "qemu" else None)
    await network.run()
    equal(await network.scan(), [])
    assert not network.via_access_point("192.168.4.2")
    assert not network.is_captive()
