"""The device's own network over fakes of both ports' radios, with a clock that the tests drive."""

from fake_network import Air, Network, on_both

from expect import equal
from firn.access_point import same_network

HOME = {"ssid": "home", "password": "correct horse"}
WORK = {"ssid": "work", "password": "battery staple"}


def home():
    return Air(home=Network("correct horse"))


def is_open(board):
    return lambda: board.access_point.is_open


def is_closed(board):
    return lambda: not board.access_point.is_open


def is_up(board):
    return board.module.access_point.up


def test_without_known_networks_the_fallback_opens_at_once():
    for board in on_both():
        board.run(0.5)
        assert board.access_point.is_open and is_up(board)
        assert board.access_point.is_fallback
        equal(board.access_point.address, "192.168.4.1")


def test_its_name_has_the_last_digits_of_the_devices_address():
    for board in on_both():
        board.run(1)
        equal(board.access_point.ssid, "firn-beef")
        equal(board.module.access_point.config_values["ssid"], "firn-beef")


def test_it_is_open_or_has_a_password_as_configured():
    for board in on_both():
        board.run(1)
        equal(board.module.access_point.config_values["security"], 0)
    point = {"ssid": "attic", "password": "long enough", "channel": 11}
    for board in on_both(access_point=point):
        board.run(1)
        values = board.module.access_point.config_values
        equal(values["security"], {"esp32": 3, "rp2": 0x00400006}[board.module.port])
        equal((values["ssid"], values["key"], values["channel"]), ("attic", "long enough", 11))


def test_while_a_known_network_is_joined_there_is_no_fallback():
    for board in on_both(home, wifi=[HOME]):
        board.run(600)
        assert not board.access_point.is_open
        equal(board.module.access_point.up, False)


def test_the_fallback_opens_when_no_known_network_was_joined_for_a_while():
    for board in on_both(wifi=[HOME]):
        took = board.seconds_until(is_open(board))
        assert 15 <= took <= 25, took
        equal(board.station.state, "not found")


def test_the_fallback_opens_while_the_password_is_wrong():
    for board in on_both(home, wifi=[{"ssid": "home", "password": "wrong horse"}]):
        board.seconds_until(is_open(board), 30)
        equal(board.station.state, "wrong password")


def test_the_fallback_opens_after_a_loss_and_closes_after_the_return():
    for board in on_both(home, wifi=[HOME]):
        board.run(100)
        gone = board.air.networks.pop("home")
        took = board.seconds_until(is_open(board))
        assert 50 <= took <= 90, took
        board.air.networks["home"] = gone
        board.seconds_until(board.is_in("connected"), 90)
        assert board.access_point.is_open, "for a while yet"
        took = board.seconds_until(is_closed(board))
        assert 50 <= took <= 70, took
        assert not is_up(board)
        board.run(600)
        assert not board.access_point.is_open


def test_the_fallback_stays_open_as_long_as_somebody_is_on_it():
    for board in on_both(wifi=[HOME]):
        board.seconds_until(is_open(board))
        board.module.access_point.stations = [b"\1\2\3\4\5\6"]
        board.air.networks["home"] = Network("correct horse")
        board.seconds_until(board.is_in("connected"))
        board.run(600)
        assert board.access_point.is_open
        equal(board.access_point.clients, 1)
        board.module.access_point.stations = []
        board.seconds_until(is_closed(board), 70)


def test_who_is_on_the_access_point_is_seldom_cut_off_by_attempts():
    for board in on_both(wifi=[HOME, WORK]):
        board.seconds_until(is_open(board))
        board.module.access_point.stations = [b"\1\2\3\4\5\6"]
        board.run(30)
        count, scans = board.air.count("connect"), board.air.count("scan")
        board.run(600)
        attempts = board.air.count("connect") - count
        assert 3 <= attempts <= 5, attempts
        equal(board.air.count("scan"), scans)
        assert {"home", "work"} <= set(board.air.tried()[count:]), "each in its turn"


def test_the_station_goes_on_trying_while_the_access_point_is_open():
    for board in on_both(wifi=[HOME]):
        board.seconds_until(is_open(board))
        board.air.networks["home"] = Network("correct horse")
        board.seconds_until(board.is_in("connected"), 90)


def test_always_means_beside_a_joined_network_too():
    for board in on_both(home, wifi=[HOME], access_point={"when": "always"}):
        board.run(1)
        assert board.access_point.is_open
        board.run(600)
        equal(board.station.state, "connected")
        assert board.access_point.is_open
        assert not board.access_point.is_fallback, "no portal"


def test_a_driver_that_refuses_is_asked_again_later():
    for board in on_both():
        wlan = board.module.access_point
        wlan.fails = ("config", "active")
        board.run(50)
        assert not board.access_point.is_open
        equal(len([call for call in board.air.calls if call[:2] == ("active", 1)]) <= 1, True)
        wlan.fails = ()
        board.seconds_until(is_open(board), 70)


def test_addresses_are_compared_under_the_mask():
    assert same_network("192.168.4.2", "192.168.4.1", "255.255.255.0")
    assert not same_network("192.168.5.2", "192.168.4.1", "255.255.255.0")
    assert same_network("10.1.2.3", "10.200.0.1", "255.0.0.0")
    assert not same_network("192.168.4.20", "192.168.4.1", "255.255.255.240")
