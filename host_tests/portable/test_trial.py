"""A changed network: kept when a client comes, undone when none does, never half of either."""

from fake_files import FakeFiles, PowerCut
from fake_machine import Board, Machine

from expect import equal
from firn import config, known_good, trial

OLD = b'{"network": {"hostname": "old"}}'
NEW = b'{"network": {"hostname": "new"}, "setup": true}'
FILES = {"/config.json": NEW, "/config.good.json": OLD}


def test_the_network_alone_decides_whether_there_is_a_trial():
    for text, changed in (
        (OLD, False),
        (b'{"network": {"hostname": "old"}, "setup": false}', False),
        (NEW, True),
        (b"{}", True),
        (b'{"network": {"hostname": "old", "ntp": false}}', True),
    ):
        with Board(Machine(), {"/config.json": text, "/config.good.json": OLD}):
            equal(known_good.network_changed(config.load()), changed, text)


def test_time_runs_until_nobody_has_come():
    with Board(Machine(), FILES) as board:
        assert trial.begin()
        board.now = 119000
        assert not trial.over()
        equal(trial.values(), {"seconds_left": 1})
        board.now = 120000
        assert trial.over()


def test_a_client_from_elsewhere_ends_it():
    with Board(Machine(), FILES) as board:
        trial.begin()
        trial.reached("192.168.1.7")
        board.now = 500000
        assert not trial.pending and not trial.over() and trial.values() is None


def test_the_device_itself_proves_nothing():
    with Board(Machine(), FILES):
        trial.begin()
        for address in ("127.0.0.1", "127.9.9.9", "::1"):
            trial.reached(address)
            assert trial.pending
        trial.reached("10.0.2.2")
        assert not trial.pending


def test_a_client_on_the_access_point_stops_the_time_and_proves_nothing():
    class Network:
        @staticmethod
        def via_access_point(address):
            return address[:10] == "192.168.4."

    real = trial._via_access_point
    trial._via_access_point = Network.via_access_point
    try:
        with Board(Machine(), FILES) as board:
            trial.begin()
            trial.reached("192.168.4.16")
            assert trial.pending and trial.values() is None
            board.now = 500000
            assert not trial.over()
            trial.reached("192.168.1.7")
            assert not trial.pending
    finally:
        trial._via_access_point = real


def test_without_a_good_configuration_there_is_nothing_to_go_back_to():
    for good in (None, b"", b"{", b'{"network": 3}'):
        files = {"/config.json": NEW}
        if good is not None:
            files["/config.good.json"] = good
        with Board(Machine(), files) as board:
            assert not trial.begin()
            board.now = 500000
            assert not trial.over()
            assert not trial.roll_back("nobody came")
            equal(board.files.files, files)


def test_going_back_keeps_what_was_tried():
    with Board(Machine(), FILES) as board:
        assert trial.roll_back("nobody came")
        files = board.files.files
        equal(files["/config.json"], OLD)
        equal(files["/config.good.json"], OLD)
        equal(files["/config.tried.json"], NEW)


def test_a_power_cut_while_going_back_leaves_the_new_or_the_old_whole():
    for partial in (False, True):
        for replaces in (False, True):
            cut = 0
            while _cut_at(cut, partial, replaces):
                cut += 1
            assert cut > 6


def _cut_at(cut, partial, replaces):
    """Roll back with the power going after ``cut`` changes; False when it was done before."""
    with Board(Machine(), FILES) as board:
        board.files = FakeFiles(FILES, cut, partial, replaces)
        board.install()
        try:
            trial.roll_back("nobody came")
            ended = True
        except PowerCut:
            ended = False
        board.files.cut = None
        config.load("/config.json")  # finishes or undoes what was under way
        found = board.files.files["/config.json"]
        assert found in (OLD, NEW), found
        equal(board.files.files["/config.good.json"], OLD)
        if found == OLD:
            equal(board.files.files["/config.tried.json"], NEW)
    return not ended


def test_a_full_filesystem_leaves_everything_as_it_is():
    with Board(Machine(), FILES) as board:
        board.files.full = True
        try:
            trial.roll_back("nobody came")
            raise AssertionError("expected an OSError")
        except OSError:
            pass
        equal(board.files.files, FILES)
