"""firn.log_file: batches, two files of half the size, whole lines, faults that disturb nobody."""

import asyncio

from log_files import PATH, add, content, fresh, numbers

from expect import equal
from firn import config, log, log_file
from firn.log_file import LogFile


def test_lines_wait_for_a_batch():
    system, _ = fresh()
    file = LogFile(PATH, 16384)
    add(file, 0, 100)
    equal(content(system), [])
    add(file, 100, 140)
    assert 120 <= len(content(system)) < 140, len(content(system))
    file.flush()
    equal(numbers(content(system)), list(range(140)))
    changes = system.changes
    file.flush()
    equal(system.changes, changes)


def test_no_line_waits_long():
    system, clock = fresh()
    file = LogFile(PATH, 16384)
    add(file, 0, 1)
    clock.now += 9999
    add(file, 1, 2)
    equal(content(system), [])
    clock.now += 1
    add(file, 2, 3)
    equal(numbers(content(system)), [0, 1, 2])
    add(file, 3, 4)
    clock.now += 10
    file.flush_in_time()
    equal(numbers(content(system)), [0, 1, 2, 3])


def test_an_error_is_written_at_once_but_not_one_after_another():
    system, clock = fresh()
    log._file = LogFile(PATH, 16384)
    log.info("a")
    equal(content(system), [])
    log.error("b")
    equal(len(content(system)), 2)
    log.exception("c", ValueError("d"))
    equal(len(content(system)), 2)
    clock.now += 2000
    log.critical("e")
    written = content(system)
    assert written[-1].endswith(" critical e") and written[2].endswith(" error c"), written
    log.flush()
    equal(content(system), written)


def test_two_files_have_the_newest_lines_and_no_more_than_the_size():
    for size in (1024, 2000, 16384):
        system, _ = fresh()
        file = LogFile(PATH, size)
        for number in range(0, 2000, 10):
            add(file, number, number + 10)
            file.flush()
            for name in system.files:
                assert len(system.files[name]) <= size // 2, name
            kept = numbers(content(system))
            equal(kept, list(range(kept[0], number + 10)))
        equal(sorted(system.files), [PATH, PATH + ".1"])
        assert len(kept) * 15 > size // 2, len(kept)


def test_the_longest_lines_fit_the_smallest_file():
    system, _ = fresh(replaces=False)
    log._file = LogFile(PATH, 1024)
    for number in range(20):
        log.info("%04d %s" % (number, "ü" * 1000))
        log.flush()
        for name in system.files:
            assert len(system.files[name]) <= 512, name
    kept = [line.split(" ")[2] for line in content(system)]
    equal(kept, ["0018", "0019"])


def test_a_restart_goes_on_with_the_file():
    system, _ = fresh({PATH: b"0000 info line\n", PATH + ".1": b""})
    file = LogFile(PATH, 1024)
    add(file, 1, 3)
    file.flush()
    equal(numbers(content(system)), [0, 1, 2])


def test_half_a_line_at_the_end_stays_one_line():
    system, _ = fresh({PATH: b"0000 info line\n0001 in"})
    file = LogFile(PATH, 1024)
    add(file, 2, 3)
    file.flush()
    add(file, 3, 4)
    file.flush()
    equal(content(system), ["0000 info line", "0001 in", "0002 info line", "0003 info line"])


def test_a_full_filesystem_is_noted_once_and_tried_again():
    system, clock = fresh()
    file = log._file = LogFile(PATH, 1024)
    system.full = True
    for _ in range(3):
        log.error("before")
        log.flush()
        clock.now += 10000
    noted = [line for line in log.lines() if "expected a file that can be written" in line]
    equal(len(noted), 1)
    assert " warning /firn.log: expected" in noted[0] and "OSError 28" in noted[0], noted
    for number in range(100):
        log.info("lost %d" % number)
        assert file._size <= 512 and len(file._waiting) < 100
    equal(system.files.get(PATH, b""), b"")
    system.full = False
    log.info("not tried yet")
    equal(system.files.get(PATH, b""), b"")
    clock.now += 60000
    log.info("tried")
    log.flush()
    written = content(system)
    assert written[0].endswith("lines are missing here"), written
    missing = int(written[0].split(" ")[2])
    equal(missing + len(written) - 1, 3 + 1 + 100 + 2)
    assert written[-1].endswith(" tried"), written
    # What goes wrong later is noted again.
    system.full = True
    clock.now += 2000
    log.error("after")
    equal(len([line for line in log.lines() if "OSError 28" in line]), 1)


def test_a_directory_in_its_place_disturbs_nobody():
    system, _ = fresh()

    def refuse(path, mode):
        raise OSError(21)

    log_file.open = refuse
    log._file = LogFile(PATH, 1024)
    for _ in range(50):
        log.error("text")
        log.flush()
    log_file.open = system.open
    log.flush()
    assert len(content(system)) > 3


def test_secrets_leave_the_lines_that_wait():
    system, _ = fresh()
    log._file = LogFile(PATH, 1024)
    log.info("pass word 1")
    log.redact("pass word 1")
    log.info("pass word 1")
    log.flush()
    equal([line.split(" ", 1)[1] for line in content(system)], ["info ***"] * 2)


def test_the_configuration_names_the_file():
    system, _ = fresh()
    log.configure(config.check(b'{"log": {"file": "firn.log", "max_bytes": 2048}}').log)
    log.info("one")
    log.configure(config.check(b"{}").log)
    equal(len(content(system)), 1)
    log.info("two")
    log.flush()
    equal(len(content(system)), 1)


async def test_running_writes_in_time_and_when_cancelled():
    system, _ = fresh()
    file = log._file = LogFile(PATH, 1024)
    file.wait = 0
    task = asyncio.create_task(log.run())
    log.info("one")
    for _ in range(1000):
        if content(system):
            break
        await asyncio.sleep(0.001)
    equal(len(content(system)), 1)
    file.wait = 3600
    await asyncio.sleep(0.01)
    log.info("two")
    await asyncio.sleep(0.01)
    equal(len(content(system)), 1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    equal(len(content(system)), 2)
