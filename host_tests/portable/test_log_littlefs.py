"""firn.log_file on the real littlefs, with the power going at every write to its storage."""

import os

from cut_storage import made, on

from firn import log
from firn.log_file import LogFile

PATH = "/cut/firn.log"


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def numbers():
    """The numbers of the lines in both files; every line has to be whole."""
    found = []
    for name in (PATH + ".1", PATH):
        data = read(name)
        assert len(data) <= 512
        assert not data or data.endswith(b"\n"), data
        for line in data.decode().split("\n")[:-1]:
            assert line[4:] == " info the line", line
            found.append(int(line[:4]))
    return found


def work(file, first, last):
    """Add lines, three to a batch; how many of them are known to be written."""
    known = first
    for number in range(first, last):
        file.add("%04d info the line" % number)
        if number % 3 == 2:
            file.flush()
            if file._failed:
                return known
            known = number + 1
    return known


def go_on():
    """Add two batches more, as a restarted device."""
    last = numbers()[-1]
    return work(LogFile(PATH, 1024), last + 1, last + 7)


def cut_everywhere(first, last):
    """Add lines ``first`` to ``last`` with every cut; how many cuts there were."""
    log.print = lambda *words: None
    log._file = None
    storage = made()
    on(storage, lambda: work(LogFile(PATH, 1024), 0, first))
    before = bytes(storage.data)
    cut = 0
    known = 0
    while known < last:
        storage.data[:] = before
        storage.left = cut
        mounted, known = on(storage, lambda: work(LogFile(PATH, 1024), first, last))
        storage.left = None
        known = known if mounted else first
        found = on(storage, numbers)[1]
        assert known <= found[-1] + 1 <= min(known + 3, last), (cut, known, found)
        assert found == list(range(found[0], found[-1] + 1)), (cut, found)
        on(storage, go_on)
        after = on(storage, numbers)[1]
        assert after[-1] >= found[-1] + 3, (cut, after)
        cut += 1
    return cut


if hasattr(os, "VfsLfs2"):

    def test_a_cut_at_any_block_while_lines_are_appended_leaves_whole_lines():
        assert cut_everywhere(3, 12) > 5

    def test_a_cut_at_any_block_while_files_change_places_leaves_whole_lines():
        assert cut_everywhere(24, 36) > 8
        assert cut_everywhere(51, 63) > 8
