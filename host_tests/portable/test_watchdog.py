"""The watchdog is fed as long as a served site's heart beats, and always at the REPL."""

from fake_machine import Board, Machine

from expect import equal, raises
from firn import watchdog


def test_it_is_fed_while_the_heart_beats():
    with Board(Machine()) as board:
        equal(watchdog.start(30), 32)
        equal(board.machine.watchdogs, [32000])
        for _ in range(100):
            watchdog.beat()
            board.tick()
        equal(board.machine.fed, 100)


def test_without_heartbeats_it_bites_once_and_is_no_longer_fed():
    bites = []
    with Board(Machine()) as board:
        watchdog.start(5, lambda: bites.append(board.now))
        board.tick(6)
        equal((board.machine.fed, bites), (6, []))
        board.tick(10)
        equal((board.machine.fed, bites), (6, [7000]))


def test_at_rest_it_is_always_fed():
    with Board(Machine()) as board:
        watchdog.start(2)
        watchdog.rest()
        board.tick(50)
        equal(board.machine.fed, 50)
        watchdog.beat()  # of a task that is still to be cancelled
        board.tick(50)
        equal(board.machine.fed, 100)


def test_it_starts_again_with_the_same_timer():
    with Board(Machine()) as board:
        watchdog.start(2)
        watchdog.rest()
        watchdog.start(4)
        equal((len(board.machine.timers), board.machine.watchdogs), (1, [4000, 6000]))


def test_chips_with_a_short_watchdog_are_fed_in_time():
    with Board(Machine(), name="rp2", board="RP2040") as board:
        equal(watchdog.start(600), 8)
        assert board.machine.watchdogs[0] <= 8388
        for _ in range(600):
            board.tick()
        equal(board.machine.fed, 600)


def test_zero_seconds_start_nothing():
    with Board(Machine()) as board:
        equal(watchdog.start(0), 0)
        equal((board.machine.watchdogs, board.machine.timers), ([], []))


def test_a_host_has_none():
    with Board(None):
        equal(watchdog.start(30), 0)
        watchdog.beat()
        watchdog.rest()


def test_without_a_timer_it_is_not_started():
    with Board(Machine()) as board:
        board.machine.timer_number = 77
        raises(ValueError, watchdog.start, 30)
        equal(board.machine.watchdogs, [])


def test_a_timer_of_hardware_does_as_well():
    with Board(Machine()) as board:
        board.machine.timer_number = 1
        watchdog.start(30)
        equal(len(board.machine.timers), 1)


def test_a_soft_reset_is_survived_by_what_runs():
    with Board(Machine(5)) as board:
        assert watchdog.take_over(10, "soft")
        equal(board.machine.watchdogs, [10000])
        board.tick(30)
        equal(board.machine.fed, 30)


def test_nothing_is_taken_over_that_does_not_run_or_is_not_ours():
    for seconds, cause in ((0, "soft"), (10, "power"), (10, "reset"), (10, "watchdog")):
        with Board(Machine()) as board:
            assert not watchdog.take_over(seconds, cause)
            equal(board.machine.watchdogs, [])


def test_the_chip_tells_whether_it_runs():
    for control, runs in ((0, False), (1 << 30, True)):
        with Board(Machine(), name="rp2", board="RP2040") as board:
            board.machine.mem32[0x40058000] = control
            equal(watchdog.take_over(8, "power"), runs)
