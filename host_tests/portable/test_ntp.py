"""The clock, set from a fake NTP server on loopback."""

import asyncio
import sys

from udp import Server

from expect import equal, raises, raises_async
from firn import ntp
from firn.ntp import Kiss, date, time_in

NOW = 1900000000  # in March 2030, in seconds since 1970
COOKIE = b"\1\2\3\4\5\6\7\x08"


def number(value, size=4):
    return bytes([value >> 8 * at & 255 for at in range(size - 1, -1, -1)])


def reply_to(cookie=COOKIE, first=0x24, stratum=2, delay=0, dispersion=0, seconds=NOW,
             fraction=0, name=b"GPS\0"):  # fmt: skip
    """An answer of a server; ``seconds`` since 1970."""
    head = bytes((first, stratum, 6, 0xEC)) + number(delay) + number(dispersion) + name
    told = number((seconds + 2208988800) & 0xFFFFFFFF) + number(fraction)
    return head + bytes(8) + cookie + told + told


def test_the_time_of_an_answer():
    equal(time_in(reply_to(), COOKIE), NOW)
    for first in (0x0C, 0x14, 0x1C, 0x24, 0x64, 0xA4):  # versions; leap seconds to come
        equal(time_in(reply_to(first=first), COOKIE), NOW)


def test_the_fraction_and_half_of_the_way_are_added():
    equal(time_in(reply_to(fraction=0x7FFF0000), COOKIE), NOW)
    equal(time_in(reply_to(fraction=0x80000000), COOKIE), NOW + 1)
    equal(time_in(reply_to(fraction=0x40000000), COOKIE, 600), NOW + 1)
    equal(time_in(reply_to(), COOKIE, 4200), NOW + 2)


def test_the_count_that_begins_anew_in_2036():
    for seconds in (2085978495, 2085978496 + 1, 2085978496 + 1000000):
        equal(time_in(reply_to(seconds=seconds), COOKIE), seconds)


def test_answers_not_to_be_believed():
    for bad in (
        reply_to()[:47],
        b"",
        reply_to(first=0x23),  # of a client
        reply_to(first=0x25),  # broadcast
        reply_to(first=0x04),  # version 0
        reply_to(first=0x2C),  # version 5
        reply_to(first=0xE4),  # its clock is not set
        reply_to(stratum=16),
        reply_to(stratum=255),
        reply_to(delay=16 << 16),
        reply_to(delay=0xFFFF0000),
        reply_to(dispersion=16 << 16),
        reply_to(cookie=bytes(8)),
        reply_to(cookie=COOKIE[:7] + b"\x09"),
        reply_to(seconds=-2208988800),  # no time
        reply_to(seconds=1500000000),  # years ago
    ):
        error = raises(ValueError, time_in, bad, COOKIE)
        assert not isinstance(error, Kiss), bad


def test_a_server_that_wants_to_be_left_alone():
    error = raises(Kiss, time_in, reply_to(stratum=0, first=0xE4, name=b"RATE"), COOKIE)
    assert "RATE" in str(error)


def test_dates_for_both_epochs():
    # A port's gmtime() counts from its own epoch; on the machine at hand from one of the two.
    import time

    own = time.gmtime(0)[0]
    expected = (2030, 3, 17, 6, 17, 46, 40, 0)
    equal(date(NOW), expected)
    equal(date(NOW, own), expected)
    other = 1970 if own == 2000 else 2000
    shift = 946684800 if own == 2000 else -946684800
    equal(date(NOW - shift, other), expected)


async def test_a_server_is_asked():
    asked = []

    def answers(data):
        asked.append(data)
        return [reply_to(data[40:48])]

    async with Server(answers) as server:
        for _ in range(2):
            got = await ntp.ask("127.0.0.1", server.port, 20)
            assert NOW <= got <= NOW + 11, got
    equal([data[:40] for data in asked], [b"\x23" + bytes(39)] * 2)
    assert asked[0][40:] != asked[1][40:], "each question is another"


async def test_a_silent_server_is_an_error():
    async with Server(lambda data: []) as server:
        await raises_async(OSError, ntp.ask("127.0.0.1", server.port, 0.1))
        equal(server.received, 1)


async def test_an_answer_to_another_question_is_an_error():
    async with Server(lambda data: [reply_to()]) as server:
        await raises_async(ValueError, ntp.ask("127.0.0.1", server.port, 20))


class Course:
    """What ntp.run() does, with names, servers and pauses that are fakes.

    ``answers``: what each ask() gives or raises; ``pauses``: what is slept, ``clock``: what is
    set. Ends when there are no answers left.
    """

    def __init__(self, *answers):
        self.answers = list(answers)
        self.pauses = []
        self.clock = []
        self.connected = True

    async def lookup(self, host, server):
        equal((host, server), ("ntp.example", "192.0.2.53"))
        return "192.0.2.7"

    async def ask(self, address):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def sleep(self, seconds):
        self.pauses.append(seconds)
        self.connected = True
        if not self.answers:
            raise asyncio.CancelledError
        await asyncio.sleep(0)

    async def run(self):
        kept = (ntp.lookup, ntp.ask, ntp.set_clock, ntp.asyncio)
        ntp.lookup, ntp.ask, ntp.set_clock, ntp.asyncio = (
            self.lookup, self.ask, self.clock.append, self
        )  # fmt: skip
        try:
            await ntp.run("ntp.example", lambda: self.connected, lambda: "192.0.2.53")
        except asyncio.CancelledError:
            pass
        finally:
            ntp.lookup, ntp.ask, ntp.set_clock, ntp.asyncio = kept
        return self


async def test_the_clock_is_set_once_a_day():
    course = await Course(NOW, NOW + 86400).run()
    equal(course.clock, [NOW, NOW + 86400])
    equal(course.pauses, [86400, 86400])


async def test_pauses_grow_up_to_an_hour_and_begin_anew():
    failures = [OSError(110), ValueError("no sense")] * 6
    course = await Course(*failures, NOW, OSError(110)).run()
    equal(course.pauses[:5], [15, 30, 60, 120, 240])
    equal(course.pauses[9:], [3600, 3600, 3600, 86400, 15])
    equal(course.clock, [NOW])


async def test_who_wants_to_be_left_alone_is_asked_the_next_day():
    course = await Course(Kiss("RATE"), NOW).run()
    equal(course.pauses, [86400, 86400])


async def test_nobody_is_asked_before_there_is_a_network():
    course = Course(NOW)
    course.connected = False
    await course.run()
    equal(course.pauses, [2, 86400])


def test_the_clock_of_a_host_is_left_alone():
    import time

    if sys.platform != "qemu":
        before = time.time()
        ntp.set_clock(NOW)
        assert time.time() - before < 1000


def test_the_clock_of_a_board_is_set():
    """With a fake of machine.RTC, or the real one of the emulated board."""
    import time

    from firn import platform

    kept = platform.keeps_time
    platform.keeps_time = lambda: False
    try:
        if sys.platform == "qemu":
            from machine import RTC

            before = RTC().datetime()
            ntp.set_clock(NOW)
            equal(RTC().datetime()[:4], (2030, 3, 17, 6))
            assert abs(time.time() - (NOW if time.gmtime(0)[0] == 1970 else NOW - 946684800)) < 60
            RTC().datetime(before)
        else:
            machine = sys.modules.get("machine")
            sys.modules["machine"] = FakeMachine
            try:
                ntp.set_clock(NOW)
            finally:
                del sys.modules["machine"]
                if machine:
                    sys.modules["machine"] = machine
            equal(FakeMachine.set_to, [(2030, 3, 17, 6, 17, 46, 40, 0)])
    finally:
        platform.keeps_time = kept


class FakeMachine:
    """The module ``machine`` with its RTC."""

    set_to = []

    class RTC:
        def datetime(self, value):
            FakeMachine.set_to.append(value)
