"""microdot.throttle: failures are counted, for a time, of a few clients."""

from expect import equal
from microdot import throttle
from microdot.throttle import Throttle


class Clock:
    """Inside ``with Clock() as clock:`` time goes on by ``clock.now += milliseconds``."""

    def __enter__(self):
        self.now = 1000
        self.real = throttle.ticks_ms
        throttle.ticks_ms = lambda: self.now
        return self

    def __exit__(self, *error):
        throttle.ticks_ms = self.real


def test_clients_wait_after_their_failures():
    with Clock() as clock:
        known = Throttle(max_failures=2, window=60)
        equal(known.delay("a"), 0)
        known.failed("a")
        equal(known.delay("a"), 0)
        clock.now += 10000
        known.failed("a")
        equal(known.delay("a"), 50)
        equal(known.delay("b"), 0)
        clock.now += 49999
        equal(known.delay("a"), 1)
        clock.now += 1
        equal(known.delay("a"), 0)


def test_more_failures_do_not_make_the_wait_longer():
    with Clock() as clock:
        known = Throttle(max_failures=1, window=60)
        known.failed("a")
        clock.now += 30000
        for _ in range(9):
            known.failed("a")
        clock.now += 30000
        equal(known.delay("a"), 0)
        known.failed("a")
        equal(known.delay("a"), 60)


def test_success_forgets_failures():
    known = Throttle(max_failures=1)
    known.failed("a")
    known.failed("b")
    assert known.delay("a")
    known.succeeded("a")
    known.succeeded("c")
    equal(known.delay("a"), 0)
    assert known.delay("b")


def test_the_table_does_not_grow():
    with Clock() as clock:
        known = Throttle(max_failures=1, size=3)
        for client in range(50):
            clock.now += 1
            known.failed(client)
            assert known.delay(client)
            assert len(known._known) <= 3
        equal([known.delay(client) > 0 for client in (46, 47, 48, 49)], [False, True, True, True])
        clock.now += 60000
        known.delay("x")
        equal(len(known._known), 0)


def test_clients_without_an_address_are_one():
    known = Throttle(max_failures=2)
    known.failed(None)
    known.failed(None)
    assert known.delay(None)
