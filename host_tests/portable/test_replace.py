"""firn.replace: the old file or the new one, whatever the moment at which the power goes."""

import os
import sys

from fake_files import FakeFiles, PowerCut

from expect import equal, raises
from firn import config, replace

PATH = "/config.json"
OLD = b'{"setup": false}'
NEW = b'{"server": {"port": 8080}}'


def restarted(files, partial, replaces):
    system = FakeFiles(files, None, partial, replaces)
    system.install(replace)
    return system


def cut_everywhere(before, wanted, partial, replaces, action):
    """Run ``action`` on ``before`` with the power going at every change; check what is left."""
    cut = 0
    while True:
        system = FakeFiles(before, cut, partial, replaces)
        system.install(replace)
        try:
            action()
            done = True
        except PowerCut:
            done = False
        left = system.files
        again = 0
        while True:
            # The power may go once more while the restarted device tidies up.
            system = FakeFiles(left, again, partial, replaces)
            system.install(replace)
            try:
                replace.recover(PATH)
                break
            except PowerCut:
                again += 1
                check(restarted(system.files, partial, replaces), wanted)
        check(system, wanted)
        if done:
            equal(system.files.get(PATH), NEW)
            return cut
        cut += 1


def check(system, wanted):
    replace.recover(PATH)
    assert system.files.get(PATH) in wanted, system.files
    assert PATH + ".new" not in system.files, system.files


def test_a_cut_at_any_change_leaves_the_old_or_the_new_file():
    for partial in (False, True):
        for replaces in (False, True):
            for backup in ({}, {PATH + ".bak": b"older"}):
                before = {PATH: OLD}
                before.update(backup)
                cuts = cut_everywhere(
                    before, (OLD, NEW), partial, replaces, lambda: replace.write(PATH, NEW)
                )
                assert cuts >= 4, cuts


def test_a_cut_during_the_first_version_leaves_nothing_or_all_of_it():
    for partial in (False, True):
        for backup in ({}, {PATH + ".bak": b"of a deleted file"}):
            cuts = cut_everywhere(
                backup, (None, NEW), partial, False, lambda: replace.write(PATH, NEW)
            )
            assert cuts >= 3, cuts


def write_without_backup():
    with replace.Replacement(PATH, backup=False) as file:
        file.write(NEW)


def test_a_cut_without_a_backup_leaves_the_old_or_the_new_file():
    for partial in (False, True):
        for replaces in (False, True):
            for backup in ({}, {PATH + ".bak": b"older"}):
                before = {PATH: OLD}
                before.update(backup)
                cuts = cut_everywhere(before, (OLD, NEW), partial, replaces, write_without_backup)
                assert cuts >= 3, cuts
            cut_everywhere({}, (None, NEW), partial, replaces, write_without_backup)


def test_without_a_backup_there_is_a_file_at_every_moment():
    for cut in range(4):
        system = FakeFiles({PATH: OLD}, cut)
        system.install(replace)
        try:
            write_without_backup()
        except PowerCut:
            pass
        assert system.files[PATH] in (OLD, NEW), cut
    equal(system.files, {PATH: NEW})
    restarted({PATH: OLD}, False, False)
    write_without_backup()
    equal(replace.os.files, {PATH: NEW})


def test_pieces_are_cut_like_a_whole():
    def action():
        with replace.Replacement(PATH) as file:
            for at in range(0, len(NEW), 10):
                file.write(NEW[at : at + 10])

    cut_everywhere({PATH: OLD}, (OLD, NEW), True, True, action)


def test_a_write_after_a_cut_starts_clean():
    for left in ({PATH: OLD, PATH + ".new": b"ha"}, {PATH + ".bak": OLD, PATH + ".new": NEW}):
        system = restarted(left, True, False)
        replace.write(PATH, b"newest")
        equal(system.files[PATH], b"newest")
        assert system.files[PATH + ".bak"] in (OLD, NEW)
        assert PATH + ".new" not in system.files


def test_the_previous_file_is_kept_beside_the_new_one():
    system = restarted({PATH: OLD}, False, True)
    replace.write(PATH, "{}")
    equal(system.files, {PATH: b"{}", PATH + ".bak": OLD})


def test_without_a_cut_there_is_nothing_to_recover():
    for files in ({}, {PATH: OLD}, {PATH: OLD, PATH + ".bak": NEW}, {PATH + ".bak": OLD}):
        system = restarted(files, False, True)
        equal(replace.recover(PATH), False)
        equal(system.files, files)


def test_a_full_filesystem_leaves_the_old_file():
    system = restarted({PATH: OLD}, False, True)
    system.full = True
    equal(raises(OSError, replace.write, PATH, NEW).args[0], 28)
    equal(system.files, {PATH: OLD})


def test_an_exception_in_the_block_leaves_the_old_file():
    system = restarted({PATH: OLD}, False, True)

    def fail():
        with replace.Replacement(PATH) as file:
            file.write(b"half")
            raise ValueError

    raises(ValueError, fail)
    equal(system.files, {PATH: OLD})


def test_commit_and_abort_may_be_called_again():
    system = restarted({PATH: OLD}, False, True)
    file = replace.Replacement(PATH)
    file.write(NEW)
    file.commit()
    file.commit()
    file.abort()
    equal(system.files, {PATH: NEW, PATH + ".bak": OLD})


def load(files):
    """What config.load() makes of ``files``, with what is left of them."""
    system = FakeFiles(files)
    # load() forgets the modules it no longer needs; it must find this one, with its fake.
    sys.modules["firn.replace"] = replace
    system.install(config, replace)
    try:
        return config.load(PATH), system.files
    finally:
        config.os = os
        config.open = open


def test_loading_finishes_a_replacement_that_was_cut():
    loaded, files = load({PATH + ".bak": OLD, PATH + ".new": NEW})
    equal((loaded.server.port, loaded.problems), (8080, []))
    equal(files, {PATH: NEW, PATH + ".bak": OLD})


def test_loading_drops_a_replacement_that_may_be_half():
    loaded, files = load({PATH: OLD, PATH + ".new": NEW[:9]})
    equal((loaded.setup, loaded.problems), (False, []))
    equal(files, {PATH: OLD})
    loaded, files = load({PATH + ".new": NEW[:9]})
    equal((loaded.setup, loaded.problems, files), (True, [], {}))


def test_loading_does_not_bring_back_a_deleted_file():
    loaded, files = load({PATH + ".bak": OLD})
    equal((loaded.setup, loaded.problems, files), (True, [], {PATH + ".bak": OLD}))
