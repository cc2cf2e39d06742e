"""firn.log: lines by their numbers, for those who follow."""

import asyncio

from expect import equal
from firn import log


def fresh(count=0):
    """A log with ``count`` lines; the number before the first of them."""
    del log._lines[:]
    del log._hidden[:]
    log._file = None
    log._level = 1
    log.print = lambda *words: None
    before = log.last()
    note(0, count)
    return before


def note(first, last):
    for number in range(first, last):
        log.info("line %d" % number)


def numbers(found):
    """What the lines of [(number, line)] are called."""
    return [int(line.split(" ")[-1]) for _, line in found]


async def take(follower, count):
    found = []
    async for entry in follower:
        found.append(entry)
        if len(found) == count:
            return found


class Sleeps:
    """Counts how often somebody sleeps, and for how long at the least."""

    def __enter__(self):
        self.times = []
        self.sleep = asyncio.sleep
        asyncio.sleep = self
        return self

    async def __call__(self, seconds):
        self.times.append(seconds)
        await self.sleep(0.001)

    def __exit__(self, *error):
        asyncio.sleep = self.sleep


def test_every_line_has_the_next_number():
    before = fresh(3)
    equal([number for number, _ in log.since()], [before + 1, before + 2, before + 3])
    equal([line for _, line in log.since()], log.lines())
    equal(log.last(), before + 3)
    equal(numbers(log.since(before + 1)), [1, 2])
    equal(log.since(before + 3), [])


def test_a_number_of_another_start_gets_all_lines():
    before = fresh(3)
    for after in (None, before, before - 1, before + 4, 0, -1, 10**9):
        equal(numbers(log.since(after)), [0, 1, 2])


def test_lines_that_are_gone_leave_a_gap():
    before = fresh(1)
    log.info("x" * 300)
    for number in range(2, 100):
        log.info("%s %d" % ("x" * 100, number))
    found = log.since(before + 1)
    equal(numbers(found), list(range(100 - len(found), 100)))
    equal(found[-1][0], before + 100)
    assert len(found) < 60, len(found)


async def test_a_follower_gets_what_is_there_and_what_comes():
    fresh(3)
    follower = log.follow()
    equal(numbers(await take(follower, 3)), [0, 1, 2])
    with Sleeps():
        task = asyncio.create_task(take(follower, 4))
        await asyncio.sleep(0)
        note(3, 5)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        note(5, 7)
        equal(numbers(await task), [3, 4, 5, 6])


async def test_a_follower_of_an_empty_log_waits_for_the_first_line():
    fresh()
    with Sleeps() as sleeps:
        task = asyncio.create_task(take(log.follow(), 1))
        while len(sleeps.times) < 3:
            await sleeps.sleep(0)
        note(0, 1)
        equal(numbers(await task), [0])


async def test_several_followers_get_every_line():
    before = fresh(2)
    with Sleeps():
        tasks = [asyncio.create_task(take(log.follow(before + 1), 10)) for _ in range(5)]
        for number in range(2, 11):
            note(number, number + 1)
            await asyncio.sleep(0)
        for task in tasks:
            equal(numbers(await task), list(range(1, 11)))


async def test_waiting_is_sleeping():
    fresh(1)
    with Sleeps() as sleeps:
        task = asyncio.create_task(log.newer(log.last()))
        while len(sleeps.times) < 20:
            await sleeps.sleep(0)
        assert min(sleeps.times) >= 0.1, sleeps.times
        note(1, 2)
        equal(numbers(await task), [1])


async def test_a_cancelled_follower_leaves_nothing():
    fresh(1)
    names = dir(log)
    tasks = [asyncio.create_task(take(log.follow(), 5)) for _ in range(3)]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
    equal(dir(log), names)
    equal(len(log._lines), 1)
    note(1, 3)
    equal(numbers(await take(log.follow(), 3)), [0, 1, 2])


async def test_a_slow_follower_misses_the_oldest_and_can_tell():
    before = fresh(1)
    follower = log.follow()
    equal(await take(follower, 1), [(before + 1, log.lines()[0])])
    note(1, 300)
    found = await take(follower, 1)
    assert found[0][0] > before + 2, found
    equal(numbers(found)[0], 300 - len(log._lines))
    equal(found[0][0], before + 1 + numbers(found)[0])
