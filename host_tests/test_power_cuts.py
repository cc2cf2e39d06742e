"""Power cuts: the emulated board killed at random moments while it writes to its flash.

A board is booted, begins one kind of work, and is killed. Its flash image is then read on the
host, and by the board when it boots again: every file has to be the old one or the new one, whole,
the log has to consist of whole lines, and the site has to be served. FIRN_POWER_CUTS is the number
of cuts (200 if not set); each board has a seed of its own, which is in the name of its test.
"""

import http.client
import os
import random
import re
import shutil
import socket
import sys
import time

import pytest

from firn_tools import flash_image
from targets import ROOT, QemuSite

sys.path.insert(0, str(ROOT / "host_tests" / "power_cut_site"))
import contents

pytestmark = [pytest.mark.image, pytest.mark.timeout(900)]

BOARDS = 8
CUTS = -(-int(os.environ.get("FIRN_POWER_CUTS", "200")) // BOARDS)  # of each board
FLASH = 512 * 1024  # bytes: small, so that blocks are used again
OPERATION = 0.015  # seconds that a replacement takes, about
CONFIG, UPLOAD, LOG = "config.json", "www/upload.bin", "firn.log"
HALF_LOG = 4096  # bytes
_LINE = re.compile(r"(?:\d+|\d{4}-\S+Z) (?:info|warning|error) (.+)")


class Board:
    """A board and what its files are expected to be: sets of contents, None for no file."""

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.site_folder = folder / "site"
        self.flash = folder / "flash.img"
        self.version = 0
        self.number = 0  # of the log's last line that is known to be in the file
        self.begun = 0  # number that the log's lines of the last start began after
        self.expected = {CONFIG: {contents.config(0).encode()}, UPLOAD: {None}}
        self.half_done = 0
        self.cuts = 0
        self.outcomes = set()
        shutil.copytree(ROOT / "host_tests" / "power_cut_site", self.site_folder)
        (self.site_folder / CONFIG).write_text(contents.config(0))
        flash_image.create(self.site_folder, self.flash, FLASH)

    def boot(self):
        """The site, running."""
        for _ in range(5):
            site = QemuSite(self.site_folder, self.flash, wait=False)
            site.__enter__()
            try:
                return started(site)
            except AssertionError:
                kill(site)
                # Somebody else took a port between its choice and its use.
                if not re.search("forwarding rule|Address already in use", site.console):
                    raise
        raise AssertionError(site.console)

    def cut(self):
        """Boot, check what the last cut left, begin something, cut the power, check the flash."""
        self.cuts += 1
        site = self.boot()
        try:
            self.check_served(site)
            work = self.random.choice((self.configure, self.note, self.upload))
            settle = work(site)
        finally:
            kill(site)
        settle(site.console)
        self.check_flash()

    # Work, each of which returns what takes the console of a dead board and notes what it did

    def configure(self, site):
        request(site, "GET", "/configure?from=%d" % self.version)
        self.wait_for_moment(site, 10)

        def settle(console):
            begun, done = marks(console)
            self.expected[CONFIG] = {contents.config(done or self.version).encode()}
            if begun != done:
                self.expected[CONFIG].add(contents.config(begun).encode())

        return settle

    def note(self, site):
        # A gap in the numbers, as lines that were not yet flushed are lost.
        self.number += 100000
        self.begun = self.number
        request(site, "GET", "/note?from=%d" % self.number)
        self.wait_for_moment(site, 3)

        def settle(console):
            self.number = marks(console)[1] or self.number

        return settle

    def upload(self, site):
        """Cut the power while a body comes, or about when it is whole."""
        whole = self.random.random() < 0.5
        size = self.random.choice((1, 500, 5000, 30000, 60000) if whole else (30000, 60000))
        new = self.random.randbytes(size)
        sent = size if whole else self.random.randrange(1000, size)
        head = "POST /upload HTTP/1.1\r\nHost: board\r\nContent-Length: %d\r\n\r\n" % size
        with socket.create_connection(("127.0.0.1", site.port)) as client:
            client.sendall(head.encode() + new[:sent])
            # The board takes 512 bytes at a time, and says so after it has written them.
            least = size if whole else sent - 1024
            wait_until(site, lambda: received(site.console) >= least)
            time.sleep(self.random.uniform(0, OPERATION))
            site.device.process.kill()

        def settle(console):
            if marks(console)[1]:
                self.expected[UPLOAD] = {new}
            elif whole:
                self.expected[UPLOAD].add(new)

        return settle

    def wait_for_moment(self, site, most):
        count = self.random.randrange(1, most)
        wait_until(site, lambda: site.console.count("<") >= count)
        time.sleep(self.random.uniform(0, OPERATION))

    # Checks

    def check_flash(self):
        """What is on the flash of the board that has no power."""
        for name in (CONFIG, UPLOAD):
            found = self.read(name)
            new, backup = self.read(name + ".new"), self.read(name + ".bak")
            self.half_done += new is not None
            if found is None and new is not None and backup is not None:
                found = new  # as the board finds when it starts
            assert found in self.expected[name], self.describe(name, found)
            if len(self.expected[name]) > 1:
                self.outcomes.add(found == max(self.expected[name], key=lambda one: one or b""))
            self.expected[name] = {found}
        self.version = int(re.search(r'version (\d+)"', self.settled(CONFIG)).group(1))
        self.check_log(self.read(LOG + ".1"), self.read(LOG))

    def check_log(self, older, newer):
        for part in (older or b"", newer or b""):
            assert len(part) <= HALF_LOG
            assert not part or part.endswith(b"\n"), part[-100:]
        last = None
        for line in ((older or b"") + (newer or b"")).decode().splitlines():
            text = _LINE.fullmatch(line)
            assert text, line
            if not text.group(1).startswith("line "):
                continue
            number = int(text.group(1).split()[1])
            assert text.group(1) == contents.line(number)
            begun_anew = last is not None and number // 100000 > last // 100000
            assert last is None or begun_anew or number == last + 1, (last, number)
            last = number
        assert self.number == self.begun or (last is not None and last >= self.number), last
        self.number = max(self.number, last or 0) // 100000 * 100000

    def check_served(self, site):
        """That the board serves, and finds what was found on its flash."""
        answer = request(site, "GET", "/")
        assert answer.status == 200, answer.text + site.console
        for name in (CONFIG, UPLOAD):
            answer = request(site, "GET", "/file?path=/" + name)
            served = answer.body if answer.status == 200 else None
            assert {served} == self.expected[name], self.describe(name, served)
        assert request(site, "GET", "/file?path=/config.json.new").status == 404

    def read(self, name):
        return flash_image.read(self.flash, name)

    def settled(self, name):
        (content,) = self.expected[name]
        return content.decode()

    def describe(self, name, found):
        """For a failure, what was found, in short."""
        return "%s: expected one of %s, got %s" % (
            name,
            [one and (len(one), one[:60]) for one in self.expected[name]],
            found and (len(found), found[:60]),
        )


def marks(console):
    """(what was begun last, what was done last) of the marks on the console; 0 for nothing."""
    return tuple(
        max([int(number) for number in re.findall(r"^%s(\d+)\r?$" % mark, console, re.M)] + [0])
        for mark in "<>"
    )


def received(console):
    """The bytes of an upload that the board has written."""
    counts = re.findall(r"^\+(\d+)\r?$", console, re.M)
    return int(counts[-1]) if counts else 0


def wait_until(site, condition):
    """As site.wait(), but close to the moment."""
    end = time.monotonic() + 60
    while not condition():
        assert not site.ended(), site.console
        assert time.monotonic() < end, site.console
        time.sleep(0.001)


def started(site):
    """``site``, once it serves."""
    wait_until(site, lambda: "serving on" in site.console)
    return site


def request(site, method, path):
    """An answer; the board listens a moment after it has said so."""
    end = time.monotonic() + 60
    while True:
        try:
            return site.request(method, path)
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < end and not site.ended(), site.console
            time.sleep(0.01)


def kill(site):
    """Cut the power, and take in all that the board has said before."""
    site.device.process.kill()
    site.device.process.wait()
    site.device._pump.join()
    site.__exit__()


@pytest.fixture(scope="module")
def boards():
    """The boards whose power was cut: in so many cuts, some hit a replacement, before and after
    it counted."""
    boards = []
    yield boards
    if sum(board.cuts for board in boards) >= 100:
        assert any(board.half_done for board in boards)
        assert set().union(*[board.outcomes for board in boards]) == {False, True}


@pytest.mark.parametrize("seed", range(BOARDS))
def test_a_power_cut_leaves_whole_files_and_a_board_that_serves(seed, tmp_path, boards):
    board = Board(tmp_path, seed)
    boards.append(board)
    for _ in range(CUTS):
        board.cut()
    site = board.boot()
    try:
        board.check_served(site)
    finally:
        kill(site)
