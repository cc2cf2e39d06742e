"""Which ends of a boot count as crashes, and what the next boot is like."""

from fake_machine import Board, Machine, Reset

from expect import equal
from firn import boot_record, safety

CONFIG = b"""{"safety": {"max_failed_boots": 2, "watchdog": 9},
"server": {"port": 81, "timeout": 3}, "users": {"admin": "pbkdf2$1000$0a0a0a0a0a0a0a0a$%s"},
"network": {"hostname": "kept"}, "static": [{"path": "/", "directory": "files"}]}""" % (b"1b" * 32)
GOOD = b'{"network": {"hostname": "kept"}, "server": {"port": 82}}'
POWER, RESET, WATCHDOG, SLEEP, SOFT = 1, 2, 3, 4, 5


def serve():
    """The configuration of this boot, being served."""
    config = safety.load()
    safety.arm(config)
    return config


def crash(board, error=None):
    """The site ends in an exception, and the board is reset."""
    serve()
    safety.rest()
    safety.PAUSE = 0
    try:
        safety.failed(error or ValueError("broken"))
        raise AssertionError("expected a reset")
    except Reset:
        pass
    finally:
        safety.PAUSE = 2
    board.restart(RESET)


def state():
    return safety.mode, safety._record.failed


def test_a_first_start_is_normal():
    for cause in (POWER, RESET, WATCHDOG, SLEEP, SOFT):
        with Board(Machine()) as board:
            board.restart(cause)
            equal(state(), ("normal", 0))


def test_exceptions_are_counted_up_to_safe_mode():
    with Board(Machine(), {"/config.json": CONFIG}) as board:
        crash(board)
        equal(state(), ("normal", 1))
        crash(board)
        equal(state(), ("safe", 2))
        crash(board)
        equal(state(), ("safe", 3))
        assert b"broken" in board.files.files["/crash.txt"]
        equal(board.files.files["/config.json"], CONFIG)


def test_only_a_watchdog_while_serving_is_a_crash():
    for cause, failed in ((POWER, 0), (RESET, 0), (WATCHDOG, 1), (SLEEP, 0), (SOFT, 0)):
        with Board(Machine(), {"/config.json": CONFIG}) as board:
            serve()
            board.restart(cause)
            equal(safety._record.failed, failed, cause)
        with Board(Machine(), {"/config.json": CONFIG}) as board:
            serve()
            safety.rest()  # Ctrl-C
            board.restart(cause)
            equal(safety._record.failed, 0, cause)


def test_the_hardwares_bite_is_told_apart():
    with Board(Machine(), {"/config.json": CONFIG}) as board:
        serve()
        board.restart(WATCHDOG)
        equal(safety._record.kind, boot_record.WATCHDOG)
        assert b"a block of more than 11 s" in board.files.files["/crash.txt"]


def test_a_missing_heartbeat_is_noted_and_resets():
    with Board(Machine(), {"/config.json": CONFIG}) as board:
        serve()
        try:
            board.tick(20)
            raise AssertionError("expected a reset")
        except Reset:
            pass
        equal(board.now, 11000)
        board.restart(RESET)
        equal(state(), ("normal", 1))
        assert b"watchdog: no progress for 11 s" in board.files.files["/crash.txt"]


def test_a_panic_of_an_esp32_is_a_crash_but_no_announced_restart():
    with Board(Machine(), {"/config.json": CONFIG}, name="esp32") as board:
        serve()
        board.restart(RESET)
        equal(safety._record.failed, 1)
        serve()
        safety.leave()  # firn.restart()
        board.restart(RESET)
        equal(safety._record.failed, 0)


def test_anything_but_a_crash_ends_the_row():
    for cause in (POWER, RESET, SLEEP, SOFT):
        with Board(Machine(), {"/config.json": CONFIG}) as board:
            crash(board)
            crash(board)
            serve()
            board.restart(cause)
            equal(state(), ("normal", 0))


def test_a_good_boot_ends_the_row_but_not_safe_mode():
    with Board(Machine(), {"/config.json": CONFIG}) as board:
        crash(board)
        safety.good()
        equal(safety._record.failed, 0)
        crash(board)
        equal(state(), ("normal", 1))
        crash(board)
        serve()
        safety.good()
        equal(state(), ("safe", 2))


def test_the_last_good_configuration_has_one_boot():
    files = {"/config.json": CONFIG, "/config.good.json": GOOD}
    with Board(Machine(), files) as board:
        crash(board)
        crash(board)
        equal(state(), ("last good", 2))
        equal(safety.load().server.port, 82)
        crash(board)
        equal(state(), ("safe", 3))


def test_a_last_good_configuration_that_is_the_same_or_broken_is_not_tried():
    for good in (CONFIG, b"", b"{", b'{"setup": 3}', b"\xff\xfe"):
        with Board(Machine(), {"/config.json": CONFIG, "/config.good.json": good}) as board:
            crash(board)
            crash(board)
            equal(state(), ("safe", 2), good)


def test_safe_mode_keeps_network_users_and_port_alone():
    with Board(Machine(), {"/config.json": CONFIG}):
        safety.mode = "safe"
        config = safety.load()
        equal(config.network.hostname, "kept")
        equal(list(config.users), ["admin"])
        equal((config.server.port, config.server.timeout), (81, 10))
        equal((config.static, config.dynamic_directories, config.routes), ([], [], []))


def test_safe_mode_does_without_any_configuration():
    for text in (None, b"", b"{", b'{"network": 3, "users": [], "server": {"port": 0}}'):
        with Board(Machine(), {} if text is None else {"/config.json": text}):
            safety.mode = "safe"
            config = safety.load()
            equal((config.network.hostname, config.server.port), ("firn", 80))


def test_a_broken_configuration_that_crashes_ends_in_safe_mode_after_three():
    with Board(Machine(), {"/config.json": b"{"}) as board:
        for _ in range(3):
            equal(safety.mode, "normal")
            crash(board)
        equal(state(), ("safe", 3))


def test_a_long_traceback_is_cut_at_its_beginning():
    with Board(Machine(), {"/config.json": CONFIG}) as board:
        crash(board, ValueError("x" * 5000 + "end"))
        text = board.files.files["/crash.txt"]
        equal(len(text), 2048)
        assert text.strip().endswith(b"end")


def test_a_full_filesystem_stops_no_restart():
    with Board(Machine(), {"/config.json": CONFIG}) as board:
        board.files.full = True
        crash(board, MemoryError())
        equal((state(), safety._record.kind), (("normal", 1), boot_record.MEMORY))
        equal(safety.last_crash(), None)


def test_a_host_ends_with_status_1_and_counts_in_a_file():
    class Host:
        platform = "linux"

        @staticmethod
        def exit(status):
            raise SystemExit(status)

    with Board(None, {"/config.json": CONFIG}) as board:
        safety.sys = Host
        for expected in (("normal", 1), ("safe", 2)):
            serve()
            safety.rest()
            try:
                safety.failed(ValueError("broken"))
                raise AssertionError("expected an exit")
            except SystemExit as error:
                equal(error.args[0], 1)
            safety.begin()
            equal(state(), expected)
        safety.begin()  # somebody has started it again
        equal(state(), ("normal", 0))
        assert "/boot_record.json" in board.files.files


def test_a_crash_with_a_changed_network_undoes_it_at_once():
    new = CONFIG.replace(b"kept", b"new").replace(b'boots": 2', b'boots": 1')
    with Board(Machine(), {"/config.json": new, "/config.good.json": CONFIG}) as board:
        crash(board)
        equal(state(), ("normal", 1))
        equal(board.files.files["/config.json"], CONFIG)
        equal(board.files.files["/config.tried.json"], new)
