"""Station mode over fakes of both ports' radios, with a clock that the tests drive."""

from fake_network import Air, Network, on_both

from expect import equal

HOME = {"ssid": "home", "password": "correct horse"}
WORK = {"ssid": "work", "password": "battery staple"}
CAFE = {"ssid": "cafe"}


def home():
    return Air(home=Network("correct horse"))


def only(**values):
    values.setdefault("access_point", {"when": "never"})
    return values


def test_a_known_network_is_joined():
    for board in on_both(home, **only(wifi=[HOME])):
        equal(board.station.state, "connecting")
        board.run(5)
        equal(board.states, ["connecting", "connected"])
        equal(board.station.ssid, "home")
        equal(board.air.count("connect"), 1)
        equal(board.air.count("scan"), 0, "nothing to choose")


def test_name_and_country_are_set_before_the_interface_comes_up():
    for board in on_both(home, **only(wifi=[HOME], hostname="lamp", country="DE")):
        board.run(5)
        names = [call[0] for call in board.air.calls]
        first = names.index("active")
        assert ("country", "DE") in board.air.calls[:first]
        assert ("hostname", "lamp") in board.air.calls[:first]
        assert first < names.index("connect")


def test_power_saving_is_set_by_the_ports_constant():
    for name, number in (("none", 0), ("performance", 1), ("powersave", 2)):
        for board in on_both(home, **only(wifi=[HOME], power_save=name)):
            equal(board.module.station.config_values["pm"], number, name)


def test_the_driver_makes_one_attempt_at_a_time():
    for board in on_both(home, **only(wifi=[HOME])):
        kept = board.module.station.config_values.get("reconnects")
        equal(kept, 0 if board.module.port == "esp32" else None)


def test_what_the_driver_does_not_know_does_no_harm():
    for board in on_both(home, **only(wifi=[HOME])):
        del board.module.WLAN.PM_NONE
        board.radio.start(board.section)
        board.run(5)
        equal(board.station.state, "connected")


def test_a_static_address_is_set():
    ip = {"address": "10.0.0.9", "gateway": "10.0.0.1"}

    def silent():
        return Air(home=Network("correct horse", leases=False))

    for board in on_both(silent, **only(wifi=[HOME], ip=ip)):
        board.run(5)
        equal(board.station.state, "connected")
        equal(board.radio.address(), ("10.0.0.9", "255.255.255.0"))
        assert not board.module.station.dhcp
        assert ("dns", "10.0.0.1") in board.air.calls


def test_dhcp_takes_the_place_of_a_static_address():
    for board in on_both(home, **only(wifi=[HOME])):
        board.module.station.dhcp = False  # as a soft reset has left it
        board.radio.start(board.section)
        assert board.module.station.dhcp


def test_a_wrong_password_is_told_and_tried_again():
    for board in on_both(home, **only(wifi=[{"ssid": "home", "password": "wrong horse"}])):
        took = board.seconds_until(board.is_in("wrong password"))
        assert took < 10, took
        equal(board.station.ssid, "home")
        board.run(200)
        equal(board.states, ["connecting", "wrong password"])
        assert board.air.count("connect") > 4
        board.air.networks["home"].password = "wrong horse"
        board.seconds_until(board.is_in("connected"), 120)


def test_states_are_known_by_their_numbers_where_the_port_lacks_the_names():
    changed = {"ssid": "home", "password": "wrong horse"}
    for wifi, state in ((changed, "wrong password"), (WORK, "not found"), (HOME, "connected")):
        for board in on_both(home, **only(wifi=[wifi])):
            for name in dir(board.module):
                if name[:5] == "STAT_":
                    delattr(board.module, name)
            board.run(15)
            equal(board.states, ["connecting", state])


def test_what_a_soft_reset_has_left_joined_is_left():
    for board in on_both(home, **only(wifi=[HOME])):
        board.module.station.joined = "home"
        board.radio.start(board.section)
        assert not board.radio.is_connected()


def test_an_absent_network_is_told_and_joined_when_it_appears():
    for board in on_both(Air, **only(wifi=[HOME])):
        board.run(300)
        equal(board.states, ["connecting", "not found"])
        board.air.networks["home"] = Network("correct horse")
        board.seconds_until(board.is_in("connected"), 90)


def test_pauses_grow_to_a_minute():
    for board in on_both(Air, **only(wifi=[HOME])):
        starts = []
        for _ in range(9):
            count = board.air.count("connect")
            board.seconds_until(lambda: board.air.count("connect") > count)  # noqa: B023
            starts.append(board.clock.now // 1000)
        between = [later - earlier for earlier, later in zip(starts, starts[1:])]
        assert between[0] < 10, between
        assert all(b >= a - 6 for a, b in zip(between, between[1:])), between
        assert 60 <= between[-1] <= 70, between


def test_a_network_without_addresses_is_tried_again():
    def silent():
        return Air(home=Network("correct horse", leases=False))

    for board in on_both(silent, **only(wifi=[HOME])):
        board.run(60)
        equal(board.states, ["connecting"])
        assert 2 <= board.air.count("connect") <= 4
        board.air.networks["home"].leases = True
        board.seconds_until(board.is_in("connected"), 120)


def test_a_refusal_does_not_drop_the_network():
    def full():
        return Air(home=Network("correct horse", accepts=False))

    for board in on_both(full, **only(wifi=[HOME])):
        board.run(30)
        equal(board.states, ["connecting"])
        assert board.air.count("connect") >= 3
        board.air.networks["home"].accepts = True
        board.seconds_until(board.is_in("connected"), 120)


def test_the_preferred_of_several_is_joined_without_a_scan():
    def both():
        return Air(work=Network("battery staple", -30), home=Network("correct horse", -80))

    for board in on_both(both, **only(wifi=[HOME, WORK])):
        board.run(5)
        equal(board.station.ssid, "home")
        equal(board.air.tried(), ["home"])


def test_of_several_those_that_a_scan_sees_are_tried_first():
    def there():
        return Air(cafe=Network())

    for board in on_both(there, **only(wifi=[HOME, WORK, CAFE])):
        board.seconds_until(board.is_in("connected"), 20)
        equal(board.air.tried(), ["home", "cafe"])
        equal(board.station.ssid, "cafe")


def test_hidden_networks_are_tried_though_no_scan_sees_them():
    def hidden():
        air = Air(cafe=Network())
        air.hidden.append("cafe")
        return air

    for board in on_both(hidden, **only(wifi=[HOME, WORK, CAFE])):
        board.seconds_until(board.is_in("connected"), 20)
        equal(board.air.tried(), ["home", "work", "cafe"])


def test_the_next_is_tried_where_one_refuses():
    def both():
        return Air(home=Network("changed"), work=Network("battery staple"))

    for board in on_both(both, **only(wifi=[HOME, WORK])):
        board.seconds_until(board.is_in("connected"), 30)
        equal(board.station.ssid, "work")


def test_while_connecting_the_network_being_tried_is_named():
    for board in on_both(Air, **only(wifi=[HOME, WORK])):
        named = []
        while board.station.state == "connecting":
            board.run(0.5)
            if board.station.ssid not in named:
                named.append(board.station.ssid)
        equal(named, ["home", "work"])
        equal((board.station.state, board.station.ssid), ("not found", "home"))


def test_the_owner_is_told_what_the_owner_can_mend():
    def changed():
        return Air(work=Network("changed"))

    for board in on_both(changed, **only(wifi=[HOME, WORK, CAFE])):
        board.run(60)
        equal(board.states, ["connecting", "wrong password"])
        equal(board.station.ssid, "work")


def test_a_scan_that_blocks_is_made_once():
    for board in on_both(Air, **only(wifi=[HOME, WORK, CAFE])):
        board.run(300)
        scans = board.air.count("scan")
        if board.module.port == "rp2":
            equal(scans, 1)
        else:
            assert scans > 4, scans


def test_a_lost_network_is_joined_again():
    for board in on_both(home, **only(wifi=[HOME])):
        board.run(10)
        gone = board.air.networks.pop("home")
        board.seconds_until(board.is_in("connecting"), 15)
        board.run(300)
        equal(board.states, ["connecting", "connected", "connecting", "not found"])
        board.air.networks["home"] = gone
        board.seconds_until(board.is_in("connected"), 90)


def test_a_short_loss_is_left_to_the_driver():
    for board in on_both(home, **only(wifi=[HOME])):
        board.run(10)
        wlan = board.module.station
        wlan.joined = None
        board.run(3)
        wlan.joined = "home"
        board.run(30)
        equal(board.states, ["connecting", "connected"])
        equal(board.air.count("connect"), 1)


def test_after_a_loss_another_network_does():
    def both():
        return Air(home=Network("correct horse"), work=Network("battery staple"))

    for board in on_both(both, **only(wifi=[HOME, WORK])):
        board.run(10)
        del board.air.networks["home"]
        board.seconds_until(board.is_in("connecting"), 15)
        board.seconds_until(board.is_in("connected"), 60)
        equal(board.station.ssid, "work")


def test_a_driver_that_raises_is_tried_again():
    for board in on_both(home, **only(wifi=[HOME])):
        board.module.station.fails = ("connect", "disconnect")
        board.run(30)
        equal(board.states, ["connecting"])
        board.module.station.fails = ()
        board.seconds_until(board.is_in("connected"), 120)


def test_an_interrupted_attempt_is_made_again():
    for board in on_both(home, **only(wifi=[HOME, WORK])):
        board.run(1)
        assert board.station.busy
        board.station.interrupt(board.clock.now)
        assert not board.station.busy
        board.run(6)
        equal(board.air.tried(), ["home", "home"])
        equal(board.station.state, "connected")


def test_without_known_networks_there_is_nothing_to_join():
    for board in on_both(home, **only()):
        board.run(100)
        equal(board.states, ["off"])
        equal(board.air.tried(), [])
