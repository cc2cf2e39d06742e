"""firn.log_file: the power goes at every change of a filesystem."""

from fake_files import PowerCut
from log_files import PATH, add, content, fresh, numbers

from expect import equal
from firn.log_file import LogFile


def test_a_cut_at_any_change_leaves_whole_lines_and_all_that_were_written():
    for replaces in (False, True):
        cut = 0
        while True:
            system, _ = fresh(cut=cut, replaces=replaces)
            file = LogFile(PATH, 1024)
            known = number = 0
            try:
                while number < 200:
                    add(file, number, number + 9)
                    number += 9
                    file.flush()
                    known = number
                break
            except PowerCut:
                check_cut(system.files, known, number)
            cut += 1
        assert cut > 30, cut


def check_cut(files, known, number):
    """After a cut: the lines before ``known`` were flushed, some before ``number`` perhaps."""
    system, _ = fresh(files)
    kept = numbers(content(system))
    assert kept == list(range(known - len(kept), known)) or (
        known < kept[-1] + 1 <= number and kept == list(range(kept[0], kept[-1] + 1))
    ), (kept, known, number)
    file = LogFile(PATH, 1024)
    file.add("9999 info line")
    file.flush()
    equal(numbers(content(system))[-1], 9999)


def test_a_cut_where_halves_of_a_write_are_kept_leaves_one_line_that_is_half():
    cut = 0
    while True:
        system, _ = fresh(cut=cut, partial=True, replaces=False)
        file = LogFile(PATH, 1024)
        try:
            for number in range(0, 80, 4):
                add(file, number, number + 4)
                file.flush()
            break
        except PowerCut:
            pass
        system, _ = fresh(system.files)
        file = LogFile(PATH, 1024)
        file.add("9999 info line")
        file.flush()
        lines = content(system)
        equal(lines[-1], "9999 info line")
        half = [line for line in lines if len(line) != len("9999 info line")]
        assert len(half) <= 1 and half == lines[-2:-1][: len(half)], lines
        cut += 1
    assert cut > 100, cut
