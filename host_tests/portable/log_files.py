"""A log whose files and clock are the test's own."""

from fake_files import FakeFiles

from firn import log, log_file

PATH = "/firn.log"


class Clock:
    """Stands in for firn.platform: ``now`` (ms) is set by the test."""

    def __init__(self):
        self.now = 1000

    def ticks_ms(self):
        return self.now

    def ticks_diff(self, later, earlier):
        return later - earlier


def fresh(files=None, **options):
    """(files, clock) for a log without lines and without a file."""
    system = FakeFiles(files, **options)
    system.install(log_file)
    clock = Clock()
    log_file.platform = clock
    del log._lines[:]
    del log._hidden[:]
    log._file = None
    log._level = 1
    log.print = lambda *words: None
    return system, clock


def content(system):
    """The lines of both files, the oldest first."""
    found = b""
    for name in (PATH + ".1", PATH):
        part = system.files.get(name, b"")
        assert not part or part.endswith(b"\n"), part
        found += part
    return found.decode().split("\n")[:-1]


def add(file, first, last):
    for number in range(first, last):
        file.add("%04d info line" % number)


def numbers(lines):
    return [int(line[:4]) for line in lines]
