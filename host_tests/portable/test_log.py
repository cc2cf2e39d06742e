"""firn.log: the ring of lines in RAM, the console, levels, and what is kept out of all of them."""

from expect import equal
from firn import config, log, platform, status

PRINTED = []


def keep_print(*words):
    PRINTED.append(" ".join([str(word) for word in words]))


class Clock:
    """Stands in for ``time``: a clock that somebody has set, or nobody."""

    def __init__(self, *fields):
        self.fields = fields + (0, 1)

    def gmtime(self):
        return self.fields


def fresh(text=b"{}", clock=(1970, 1, 1, 0, 0, 0)):
    """A log with no line, configured by ``text``, whose console is PRINTED."""
    del PRINTED[:]
    del log._lines[:]
    del log._hidden[:]
    log.print = keep_print
    log.time = Clock(*clock)
    log.configure(config.check(text).log)


def texts():
    """What follows the time in the lines that are kept."""
    return [line[line.index(" ") + 1 :] for line in log.lines()]


def test_a_line_has_time_level_and_text_and_the_console_the_text():
    fresh()
    before = status.uptime()
    log.info("first")
    after = status.uptime()
    assert log.lines()[0] in ["%d info first" % time for time in range(before, after + 1)]
    log.warning("second")
    log.error("third")
    log.critical("fourth")
    log.note(1, "fifth")
    found = ["info first", "warning second", "error third", "critical fourth", "info fifth"]
    equal(texts(), found)
    equal(PRINTED, ["firn: first", "firn: second", "firn: third", "firn: fourth", "firn: fifth"])


def test_time_is_that_of_the_day_once_the_clock_is_set():
    fresh(clock=(2025, 3, 9, 8, 5, 1))
    log.info("now")
    equal(log.lines(), ["2025-03-09T08:05:01Z info now"])
    fresh(clock=(2023, 12, 31, 23, 59, 59))
    log.info("not yet")
    assert not log.lines()[0].startswith("2023-"), log.lines()


def test_the_real_clock_is_read():
    fresh()
    import time

    log.time = time
    time = log.now()
    assert time.isdigit() or (len(time) == 20 and time[10] == "T" and time[19] == "Z"), time


def test_lines_below_the_level_go_nowhere():
    fresh()
    log.debug("detail")
    equal((log.lines(), PRINTED), ([], []))
    for index, level in enumerate(log.LEVELS):
        fresh(b'{"log": {"level": "%s"}}' % level.encode())
        for number in range(len(log.LEVELS)):
            log.note(number, log.LEVELS[number])
        equal([text.split()[0] for text in texts()], list(log.LEVELS[index:]))
        equal(len(PRINTED), len(log.LEVELS) - index)


def test_the_ring_is_bounded_in_bytes_and_loses_the_oldest():
    for text in ("x" * 50, "ü" * 50, "x", "y" * 700):
        fresh()
        log.print = lambda *words: None
        for number in range(300):
            log.info("%d %s" % (number, text))
        kept = log.lines()
        size = sum([len(line.encode()) for line in kept])
        assert 1500 < size + 40 * len(kept) <= 3600, size
        numbers = [int(line.split(" ")[2]) for line in kept]
        equal(numbers, list(range(300 - len(kept), 300)))


def test_a_long_text_is_cut():
    fresh()
    log.info("x" * log.LONGEST)
    equal(texts()[0], "info " + "x" * log.LONGEST)
    for text in ("x" * (log.LONGEST + 1), "x" * 10000, "ü" * log.LONGEST, "\n" * log.LONGEST):
        log.info(text)
        cut = texts()[-1]
        assert cut.endswith("..."), cut
        assert log.LONGEST - 8 <= len(cut[len("info ") :].encode()) <= log.LONGEST, cut


def test_no_text_forges_a_line_or_moves_a_cursor():
    fresh()
    cases = [
        ("GET /a\n9 error forged", "GET /a\\n9 error forged"),
        ("a\r\nb\tc\0d", "a\\x0d\\nb\\x09c\\x00d"),
        ("\x1b[2J\x7f", "\\x1b[2J\\x7f"),
        ("\x9b2J", "\\xc2\\x9b2J"),
        ("a\u202eb", "a\\xe2\\x80\\xaeb"),
        ("a\u2028b\u2029c", "a\\xe2\\x80\\xa8b\\xe2\\x80\\xa9c"),
        ("a\u2066b\ufeff", "a\\xe2\\x81\\xa6b\\xef\\xbb\\xbf"),
        ("Café · Küche 日本 \U0001f600", "Café · Küche 日本 \U0001f600"),
    ]
    for text, shown in cases:
        log.info(text)
        equal(texts()[-1], "info " + shown)
        equal(PRINTED[-1], "firn: " + shown)


def test_what_is_no_text_is_noted_as_what_it_shows():
    fresh()
    log.info(12)
    log.info(ValueError("ü\n"))
    equal(texts(), ["info 12", "info ü\\n"])


def sink(depth, message):
    if depth:
        sink_deeper(depth - 1, message)
    raise ValueError(message)


def sink_deeper(depth, message):
    sink(depth, message)


def failure(depth, message):
    try:
        sink(depth, message)
    except ValueError as error:
        return error


def test_an_exception_has_its_traceback_in_lines_of_their_own():
    fresh()
    log.exception("GET /a failed", failure(1, "no\n12 error forged"))
    kept = texts()
    equal(kept[0], "error GET /a failed")
    equal(kept[1], "error | Traceback (most recent call last):")
    equal(kept[-2:], ["error | ValueError: no", "error | 12 error forged"])
    assert all(text.startswith("error | ") for text in kept[1:]), kept
    assert len([text for text in kept if "in sink" in text]) == 3, kept
    equal(PRINTED[0], "firn: GET /a failed")


def test_a_long_traceback_keeps_its_two_ends():
    for error in (failure(10, "deep"), failure(1, "\n".join(["of many lines"] * 500 + ["deep"]))):
        fresh()
        log.exception("failed", error)
        kept = texts()
        equal(kept[1], "error | Traceback (most recent call last):")
        assert kept[-1].endswith("deep"), kept
        assert 12 <= len(kept) <= 14, kept
        assert [text for text in kept if text.endswith("lines left out)")], kept


def test_an_exception_is_noted_when_there_is_no_memory_for_its_traceback():
    fresh()

    def no_memory(*arguments):
        raise MemoryError

    traceback = platform.traceback
    platform.traceback = no_memory
    try:
        log.exception("failed", ValueError("x"))
    finally:
        platform.traceback = traceback
    equal(texts(), ["error failed"])
    equal(PRINTED, ["firn: failed", "firn: ValueError"])
    log.print = no_memory
    try:
        log.error("text")
    finally:
        log.print = keep_print
    equal(texts(), ["error failed"])


def test_secrets_are_in_no_line():
    fresh()
    log.info("joining with pass word 1")
    log.redact("pass word")
    log.redact("pass word 1")
    log.redact("pass word 1")
    log.redact("abc")
    log.redact("")
    log.redact(None)
    log.error("tried pass word 1 and pass word 2, abc")
    log.exception("failed", failure(0, "got pass word 1"))
    log.info("x" * (log.LONGEST - 4) + "pass word 1")
    kept = texts()
    equal(kept[0], "info joining with *** 1")
    equal(kept[1], "error tried *** and *** 2, abc")
    for line in kept + PRINTED[1:]:
        assert "pass" not in line, line
    assert [line for line in kept if line.endswith("ValueError: got ***")], kept


def test_so_many_secrets_are_known_as_a_configuration_has():
    fresh()
    for number in range(200):
        log.redact("secret-%04d" % number)
    assert len(log._hidden) <= 40, len(log._hidden)


def test_secrets_of_the_configuration_are_known():
    fresh()
    text = b"""{"secret_key": "0123456789abcdef-key", "network": {
        "wifi": [{"ssid": "open"}, {"ssid": "a", "password": "wifi one"},
                 {"ssid": "b", "password": "wifi two"}],
        "access_point": {"password": "of the point"}}}"""
    found = config.check(text)
    equal(found.problems, [])
    log.redact_configuration(found)
    log.info("0123456789abcdef-key, wifi one, wifi two, of the point")
    equal(texts(), ["info ***, ***, ***, ***"])
    log.redact_configuration(config.check(b"{}"))
