"""What outlives a reset: where it is kept, and that nothing else is taken for it."""

from fake_machine import Board, Machine

from expect import equal
from firn import boot_record


def save_and_load(**fields):
    boot_record.save(boot_record.Record(**fields))
    return boot_record.load()


def check_kept():
    record = save_and_load(
        failed=3, flags=boot_record.TRIED, kind=boot_record.WATCHDOG, watchdog=600
    )
    equal((record.failed, record.flags), (3, boot_record.TRIED))
    equal((record.kind, record.watchdog), (boot_record.WATCHDOG, 600))


def test_the_clocks_memory_keeps_it():
    with Board(Machine()) as board:
        check_kept()
        equal(len(board.machine.rtc), 16)
        equal(board.files.files, {})


def test_what_a_user_has_in_the_clocks_memory_stays_there():
    with Board(Machine(rtc=b"mine")) as board:
        check_kept()
        equal(board.machine.rtc, b"mine")
        equal(list(board.files.files), ["/boot_record.json"])


def test_scratch_registers_keep_it_and_only_the_first_four():
    for name, base in (("Pico W with RP2040", 0x40058000), ("Pico 2 W with RP2350", 0x400D8000)):
        with Board(Machine(rtc=None), name="rp2", board=name) as board:
            board.machine.mem32 = {base + offset: 0x11111111 for offset in range(0, 0x30, 4)}
            check_kept()
            changed = [a - base for a, word in board.machine.mem32.items() if word != 0x11111111]
            equal(sorted(changed), [0x0C, 0x10, 0x14, 0x18])
            equal(board.files.files, {})


def test_a_file_keeps_it_elsewhere():
    with Board(None) as board:
        check_kept()
        equal(list(board.files.files), ["/boot_record.json"])


def test_a_file_is_written_only_when_something_changes():
    with Board(None) as board:
        save_and_load()
        equal(board.files.changes, 0)
        save_and_load(failed=1)
        changes = board.files.changes
        assert changes
        save_and_load(failed=1)
        equal(board.files.changes, changes)


def test_anything_else_counts_as_no_record():
    with Board(Machine()) as board:
        boot_record.save(boot_record.Record(failed=9))
        good = board.machine.rtc
        for index in range(len(good)):
            board.machine.rtc = good[:index] + bytes([good[index] ^ 0x10]) + good[index + 1 :]
            equal(boot_record.load().failed, 0, index)
        for other in (b"", good[:-1], good + b"x", bytes(16), b"\xff" * 2048):
            board.machine.rtc = other
            equal(boot_record.load().failed, 0)


def test_any_file_can_be_read():
    for text in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"record": 3}',
        b'{"record": "zz"}',
        b"\xff",
        b"9" * 999,
    ):
        with Board(None, {"/boot_record.json": text}):
            equal(boot_record.load().failed, 0)


def test_a_full_filesystem_stops_nothing():
    with Board(None) as board:
        board.files.full = True
        equal(save_and_load(failed=2).failed, 0)


def test_more_crashes_than_a_byte_holds_stay_that_many():
    with Board(Machine()):
        equal(save_and_load(failed=1000).failed, 255)


def test_causes_have_names():
    for number, name in ((1, "power"), (2, "reset"), (3, "watchdog"), (4, "sleep"), (5, "soft")):
        with Board(Machine(number)):
            equal(boot_record.cause(), name)
    with Board(None):
        equal(boot_record.cause(), None)


def test_a_reset_that_was_asked_for_is_no_watchdogs():
    for reason, name in ((0, "power"), (1, "watchdog"), (2, "reset"), (3, "reset")):
        with Board(Machine(3 if reason else 1), name="rp2", board="RP2040") as board:
            board.machine.mem32[0x40058008] = reason
            equal(boot_record.cause(), name)
